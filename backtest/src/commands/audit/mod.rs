//! `unisleeve audit`: recomputes every balance, lot, gain, wash sale, tax and measure of a result folder from
//! its files alone, and lists mismatches.
//!
//! It shares no code with the engine, the ledger and the lot book. From the core it uses only fixed-point
//! numbers, the law of a year's return and plain statistics.

mod arm;
mod bootstrap;
mod cash;
mod classes;
mod client;
mod difference;
mod endings;
mod facts;
mod figures;
mod folder;
mod income;
mod lots;
mod measures;
#[cfg(test)]
mod mutations;
mod performance;
mod policy;
mod prices;
mod raw_json;
mod report;
mod required;
mod rows;
mod series;
mod shadow;
mod sleeves;
mod study;
mod tax;
mod trades;
mod value;
mod vintages;
mod wash;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use crate::failure::Failure;
use classes::check_classes;
use facts::Facts;
use figures::{FILE, NOT_CHECKED};
use folder::{Folder, WorkedOut, check_daily, compare};
use prices::Prices;
use report::{Check, Report};
use rows::ArmRows;

/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Folder of a backtest's results.
    dir: PathBuf,
    /// Print JSON with every mismatch instead.
    #[arg(long)]
    json: bool,
}

/// Audits a folder. Returns whether it is clean, and what the command prints.
///
/// # Errors
/// When a file is missing or can't be read. The message names the file, line, column, value and what was
/// expected.
pub(crate) fn run(args: &AuditArgs) -> Result<(bool, String), Failure> {
    let report = audit(&args.dir)?;
    Ok((report.clean, if args.json { report.json()? } else { report.text() }))
}

fn audit(folder: &Path) -> Result<Report, Failure> {
    if !folder.is_dir() {
        let name = folder.display();
        return Err(Failure::input(format!(
            "{name}: not a folder: expected a result of `unisleeve backtest`"
        )));
    }
    let read = Folder::read(folder)?;
    let (outcomes, mut checks) = read.replay()?;
    let figures = read.figures(&outcomes)?;
    let (classes, series) = read.series(&outcomes, &figures)?;
    let parts = read.parts(&series);
    for (((rows, outcome), series), check) in read.rows.iter().zip(&outcomes).zip(&series).zip(&mut checks) {
        check_daily(&read.prices, rows, outcome, check);
        if let Some(series) = series {
            check_classes(&classes, (&outcome.marks, series), rows, check);
        }
    }
    let mut general = read.general;
    let worked_out = WorkedOut { outcomes: &outcomes, figures: &figures, parts: &parts };
    compare(&read.facts, &read.text, (read.arms.all(), &worked_out), &mut checks, &mut general)?;
    check_dates(&read.facts, &read.prices, &mut general);
    let rows = read.rows.iter().map(ArmRows::len).chain([read.prices.rows]);
    checks.push(general);
    let not_checked: Vec<String> =
        NOT_CHECKED.iter().map(|(paths, why)| format!("{}: {why}", paths.join(", "))).collect();
    Ok(Report::new(checks.into_iter().zip(rows).collect(), not_checked))
}

fn check_dates(facts: &Facts, prices: &Prices, check: &mut Check) {
    let (first, last) = (prices.dates.first().copied(), prices.dates.last().copied());
    check.same(FILE, "start", "figure", facts.start, first.unwrap_or(facts.start));
    check.same(FILE, "end", "figure", facts.end, last.unwrap_or(facts.end));
    check.same(FILE, "tracking_error_periods", "figure", facts.tracking_error_periods.as_str(), "daily");
    let mut order: Vec<&str> = facts.arm_order.iter().map(String::as_str).collect();
    order.sort_unstable();
    let arms: Vec<&str> = facts.arms.keys().map(String::as_str).collect();
    check.same(FILE, "arm_order", "figure", order.join(", "), arms.join(", "));
    for (name, arm) in &facts.arms {
        if !arm.is_object() {
            check.fault(FILE, format!("arms.{name}"), "figure", kind_of(arm), "figures by name");
        }
    }
}

fn kind_of(value: &Value) -> &'static str {
    if value.is_null() { "nothing" } else { "another kind of value" }
}
