//! `unisleeve audit`: recomputes every balance, lot, gain, wash sale, tax and measure of a result folder from
//! its files alone, and lists mismatches.
//!
//! It shares no code with the engine, the ledger and the lot book. From the core it uses only fixed-point
//! numbers, the law of a year's return and plain statistics.

mod arm;
mod cash;
mod client;
mod endings;
mod facts;
mod income;
mod lots;
mod measures;
mod prices;
mod report;
mod rows;
mod tax;
mod trades;
mod value;
mod wash;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::failure::Failure;
use crate::readers::result_table::Names;
use arm::World;
use facts::Facts;
use prices::Prices;
use report::{Check, Report};
use rows::Words;

/// What the files of a run do not suffice to check.
const NOT_CHECKED: [&str; 3] = [
    "benchmark_return and te_ex_ante of a day (what follows from them is), risk_aversion, worst_gap, workload.tickets",
    "the neighboring runs behind the headline's median and range; config_hash, data_hash, result_hash",
    "why orders were made; names excluded by sector; which lots a client wants kept",
];

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
    let mut general = Check::new("");
    let facts = Facts::read(folder)?;
    let prices = Prices::read(folder, &mut general)?;
    let mut arms = Names::default();
    for arm in facts.arms.keys() {
        arms.id(arm);
    }
    let mut words = Words { symbols: prices.symbols.clone(), ..Words::default() };
    for account in &facts.accounts {
        words.accounts.id(&account.account);
    }
    let rows = rows::read(folder, &mut arms, &mut words)?;
    check_general(&facts, &prices, &mut general);

    let taxable = facts.accounts.iter().map(|a| a.kind.is_taxable()).collect();
    let world = World { facts: &facts, prices: &prices, words: &words, taxable };
    let mut checks = Vec::new();
    let mut yearly = Vec::new();
    for (name, rows) in arms.all().iter().zip(&rows) {
        let mut check = Check::new(name);
        let outcome = arm::audit(&world, name, rows, &mut check)?;
        if let Some(arm) = facts.arms.get(name) {
            yearly.push((name.as_str(), arm, measures::check_arm(&facts, arm, rows, &outcome, &mut check)?));
        } else {
            check.fault("summary.json", "arms", "arm", "nothing", name);
        }
        checks.push((check, rows.len()));
    }
    let shadow = yearly.iter().find(|(name, ..)| *name == "shadow").map(|(.., y)| *y);
    for (name, arm, of) in &yearly {
        if let Some((check, _)) = checks.iter_mut().find(|(c, _)| c.arm == *name) {
            measures::check_tax_alpha((name, arm), of, shadow.as_ref(), check);
        }
    }
    checks.push((general, prices.rows));
    Ok(Report::new(checks, &NOT_CHECKED))
}

fn check_general(facts: &Facts, prices: &Prices, check: &mut Check) {
    let file = "summary.json";
    let (first, last) = (prices.dates.first().copied(), prices.dates.last().copied());
    check.same(file, "start", "figure", facts.start, first.unwrap_or(facts.start));
    check.same(file, "end", "figure", facts.end, last.unwrap_or(facts.end));
    check.same(file, "tracking_error_periods", "figure", facts.tracking_error_periods.as_str(), "daily");
    let mut order: Vec<&str> = facts.arm_order.iter().map(String::as_str).collect();
    order.sort_unstable();
    let arms: Vec<&str> = facts.arms.keys().map(String::as_str).collect();
    check.same(file, "arm_order", "figure", order.join(", "), arms.join(", "));
    measures::check_inputs(facts, check);
    measures::check_headline(facts, check);
}
