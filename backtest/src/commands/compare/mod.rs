//! `unisleeve compare`: from typical to the best separate managers habit by habit, and from there to UMA switch
//! by switch, over start dates.

mod args;
mod page;
mod practice;
mod runs;
mod spread;
mod summary;
mod text;
mod worth;

use unisleeve_core::mandates::Switch;
use unisleeve_core::study::config_hash;

pub(crate) use args::CompareArgs;
use summary::CompareSummary;

use crate::commands::progress::progress_bar;
use crate::failure::Failure;
use crate::readers::inputs::Inputs;
use crate::results::write_folder;

/// Runs the command and returns what it prints.
pub(crate) fn run(args: &CompareArgs) -> Result<String, Failure> {
    crate::results::check_replaceable(&args.out)?;
    let Inputs { config, market, notes, .. } = args.source.load()?;
    crate::results::check_replaceable(&args.out)?;
    let bar = progress_bar();
    let runs = runs::run_all(&config, &market, args, &bar).map_err(|e| match e {
        runs::RunsError::Study(e) => Failure::study(&args.source.name(), e),
        runs::RunsError::Window(message) => Failure::input(message),
    })?;
    bar.finish_and_clear();
    let mut assumptions = vec![
        "Every run: the same household, prices, flows, law and trading terms; only the switches differ.".to_owned(),
        "Ladder: switches turned on one after the other in the order shown. Shapley value: the average over all orders; the \
         values add up to UMA less the best separate managers, to the ten-thousandth of a dollar."
            .to_owned(),
        "Two stages: from typical to the best practice of separate managers, habit by habit, which needs no unified account; \
         then from the best practice to one manager, switch by switch. In the setup effect the two add up to UMA less typical \
         managers. With more than seven habits the orders are sampled in antithetic pairs, and the error of the sampling is \
         shown."
            .to_owned(),
        "A switch that can't act in this household (no name in common, no cash needs, no lag, equal fees) is worth nothing."
            .to_owned(),
    ];
    if !args.quick {
        assumptions.push(
            "Equal tracking error: each set of switches runs at the risk aversion that gives it SMA's realized tracking error; \
             runs that can't be matched to 1% are marked."
                .to_owned(),
        );
    }
    assumptions.extend(notes);
    let summary = CompareSummary {
        version: env!("CARGO_PKG_VERSION"),
        seed: config.seed,
        config_hash: config_hash(&config),
        data_hash: market.hash().to_owned(),
        switches: Switch::ALL,
        acting: Switch::ALL.into_iter().filter(|s| runs.acting.has(*s)).collect(),
        start_dates: runs.start_dates,
        better_practice: practice::worth(&runs.practice),
        worth: worth::worth(&runs),
        workload: worth::work(&runs, &config.workload),
        assumptions,
        runs: runs.rows(),
    };
    let json = serde_json::to_string_pretty(&summary).map_err(|e| Failure::Environment(e.to_string()))?;
    let table = text::table(&summary);
    let page = page::page(&summary).map_err(|e| Failure::Environment(e.to_string()))?;
    write_folder(
        &args.out,
        &[
            ("summary.json", json.clone().into_bytes()),
            ("runs.csv", text::csv(&summary)?),
            ("report.html", page.into_bytes()),
        ],
    )?;
    if args.json {
        return Ok(format!("{json}\n"));
    }
    Ok(format!("{table}\nReport: {}\n", args.out.join("report.html").display()))
}
