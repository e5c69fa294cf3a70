//! `unisleeve compare`: the ladder from SMA to UMA and the Shapley value of each switch, over start dates.

mod page;
mod runs;
mod text;
mod worth;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;
use unisleeve_core::setup::{Switch, Switches};
use unisleeve_core::study::compare::Figures;
use unisleeve_core::study::config_hash;

pub(crate) use text::meaning;

use super::progress_bar;
use crate::failure::Failure;
use crate::readers::inputs::{Inputs, Source};
use crate::results::write_folder;

/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    #[command(flatten)]
    source: Source,
    /// Years of each run; with it, runs start on several dates. Without it, one run over the configuration's dates.
    #[arg(long, value_name = "N")]
    years: Option<u32>,
    /// Months between start dates.
    #[arg(long, default_value_t = 12, value_name = "MONTHS")]
    step: u32,
    /// Compare at equal risk aversion only: a fifth of the time.
    #[arg(long)]
    quick: bool,
    /// Folder for the results; an earlier result there is replaced.
    #[arg(long, default_value = "out-compare", value_name = "DIR")]
    out: PathBuf,
    /// Print summary.json instead of the table.
    #[arg(long)]
    json: bool,
}

/// What is held equal between runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Equal {
    /// Realised tracking error: SMA's.
    TrackingError,
    /// Risk aversion.
    RiskAversion,
}

/// One run.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RunRow {
    /// First date.
    pub start: NaiveDate,
    /// Last date.
    pub end: NaiveDate,
    /// What is held equal.
    pub equal: Equal,
    /// `sma+wash`, ... , `uma`.
    pub name: String,
    /// Switches that are on; those that can't act count as on.
    pub switches: Vec<Switch>,
    /// Whether it has the tracking error asked for.
    pub matched: bool,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

impl RunRow {
    /// The row of a set of switches.
    pub(crate) fn new(
        (start, end): (NaiveDate, NaiveDate),
        equal: Equal,
        set: Switches,
        figures: Figures,
        matched: bool,
    ) -> Self {
        let switches = Switch::ALL.into_iter().filter(|x| set.has(*x)).collect();
        Self { start, end, equal, name: set.name(), switches, matched, figures }
    }
}

/// The command's result.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CompareSummary {
    pub version: &'static str,
    pub seed: u64,
    pub config_hash: String,
    pub data_hash: String,
    /// Order of ladder and values.
    pub switches: [Switch; 7],
    /// Switches that can act in this household.
    pub acting: Vec<Switch>,
    pub start_dates: usize,
    /// What each switch is worth, by what is held equal and by figure.
    pub worth: Vec<worth::Worth>,
    /// Work in each setup, totals over all start dates.
    pub workload: Vec<worth::Work>,
    pub assumptions: Vec<String>,
    pub runs: Vec<RunRow>,
}

/// Runs the command and returns what it prints.
pub(crate) fn run(args: &CompareArgs) -> Result<String, Failure> {
    crate::results::check_replaceable(&args.out)?;
    let Inputs { config, market, notes, .. } = args.source.load()?;
    crate::results::check_replaceable(&args.out)?;
    let bar = progress_bar();
    let runs = runs::run_all(&config, &market, args, &bar).map_err(|e| match e {
        runs::RunsError::Study(e) => super::study_failure(&args.source.name(), e),
        runs::RunsError::Window(message) => Failure::input(message),
    })?;
    bar.finish_and_clear();
    let mut assumptions = vec![
        "Every run: the same household, prices, flows, law and trading terms; only the switches differ.".to_owned(),
        "Ladder: switches turned on one after the other in the order shown. Shapley value: the average over all orders; the \
         values add up to UMA less SMA, to the ten-thousandth of a dollar."
            .to_owned(),
        "A switch that can't act in this household (no name in common, no cash needs, no lag, equal fees) is worth nothing."
            .to_owned(),
    ];
    if !args.quick {
        assumptions.push(
            "Equal tracking error: each set of switches runs at the risk aversion that gives it SMA's realised tracking error; \
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
        worth: worth::worth(&runs),
        workload: worth::work(&runs, config.workload.minutes_per_task),
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
