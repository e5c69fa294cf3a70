//! `unisleeve backtest`: runs a study, the ladder from its SMA to its UMA, and both setups from later start
//! dates.

use std::path::PathBuf;

use clap::Args;
use unisleeve_core::study::difference::one_run;
use unisleeve_core::study::{Scope, study, summary};

use super::progress::progress_bar;
use crate::args::Source;
use crate::failure::Failure;
use crate::readers::inputs::Inputs;
use crate::render::arm_table::print_table;
use crate::results::{check_replaceable, result_files, write_folder};
use crate::studies::full_summary::FullSummary;
use crate::studies::ladder::ladder;
use crate::studies::vintages::vintages;

/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct BacktestArgs {
    #[command(flatten)]
    source: Source,
    /// Folder for the results; an earlier result there is replaced.
    #[arg(long, default_value = "out", value_name = "DIR")]
    out: PathBuf,
    /// Length in years of the runs from later start dates (UMA and SMA by vintage). The dates are a year
    /// apart; 0 leaves these runs out.
    #[arg(long, default_value_t = 5, value_name = "YEARS", value_parser = clap::value_parser!(u32).range(0..=200))]
    vintages: u32,
    /// Print summary.json instead of the table.
    #[arg(long)]
    json: bool,
}

/// Runs the command and returns what it prints.
pub(crate) fn run(args: &BacktestArgs) -> Result<String, Failure> {
    check_replaceable(&args.out)?;
    let Inputs { config, market, notes, findings } = args.source.load()?;
    // Check again after loading: a file in that folder may be an input.
    check_replaceable(&args.out)?;
    let failed = |e| Failure::study(&args.source.name(), e);
    let bar = progress_bar();
    let result =
        study(&config, &market, Scope::Full, &mut |step| bar.set_message(step.to_owned())).map_err(failed)?;
    bar.set_message("from SMA to UMA, switch by switch");
    let ladder = ladder(&result, &config).map_err(failed)?;
    bar.set_message("later start dates");
    let vintages = vintages(&config, &market, args.vintages);
    bar.finish_and_clear();
    let mut summary = FullSummary { study: summary(&result, &config, &market, &notes), ladder, vintages };
    if let Some(vintages) = &summary.vintages {
        summary.study.difference = one_run(&result.differences, &|d| vintages.interval(d));
    }
    summary.study.assumptions.extend(summary.further_assumptions());
    write_folder(&args.out, &result_files(&result, &summary, &market, &notes, &findings)?)?;
    if args.json {
        let text = serde_json::to_string_pretty(&summary).map_err(|e| Failure::Environment(e.to_string()))?;
        return Ok(format!("{text}\n"));
    }
    let table = print_table(&result, &summary.study);
    Ok(format!("{table}\nReport: {}\n", args.out.join("report.html").display()))
}
