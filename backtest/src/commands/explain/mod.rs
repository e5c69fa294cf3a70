//! `unisleeve explain`: why each order of a day was made, from a result folder alone.

mod day;
mod facts;
mod orders;
mod reason;
mod rows;
mod text;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use crate::failure::Failure;
use day::{ArmDay, Day};
use facts::Facts;
use rows::{Row, Wanted};

/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Folder of a backtest's results.
    dir: PathBuf,
    /// The day, such as 2008-10-01.
    #[arg(long, value_name = "D", value_parser = day)]
    date: NaiveDate,
    /// One arm. Without it, every arm that traded.
    #[arg(long, value_name = "ARM")]
    arm: Option<String>,
    /// One security. Without it, all.
    #[arg(long, value_name = "S")]
    symbol: Option<String>,
    /// Print JSON instead of text.
    #[arg(long)]
    json: bool,
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "expected a date, YYYY-MM-DD".to_owned())
}

/// Runs the command and returns what it prints.
///
/// # Errors
/// When the folder, the arm, the security or the day does not exist, or a file of the folder can't be read.
pub(crate) fn run(args: &ExplainArgs) -> Result<String, Failure> {
    if !args.dir.is_dir() {
        let what = if args.dir.exists() { "not a folder" } else { "no such folder" };
        return Err(Failure::input(format!(
            "{}: {what}: expected a result of `unisleeve backtest`",
            args.dir.display()
        )));
    }
    let facts = Facts::read(&args.dir)?;
    let wanted = Wanted { date: args.date, arm: args.arm.as_deref(), symbol: args.symbol.as_deref() };
    let rows = rows::read(&args.dir, &facts, &wanted)?;
    let mut arms: Vec<ArmDay> = Vec::new();
    for part in rows.chunk_by(|a, b| a.arm == b.arm) {
        arms.push(ArmDay {
            arm: part.first().map_or(String::new(), |r: &Row| r.arm.clone()),
            orders: orders::orders(part, &facts),
        });
    }
    let day = Day { date: args.date, rate_short: facts.rate_short, rate_long: facts.rate_long, arms };
    if !args.json {
        return Ok(text::text(&day, facts.setups));
    }
    let json = serde_json::to_string_pretty(&day).map_err(|e| Failure::Environment(e.to_string()))?;
    Ok(format!("{json}\n"))
}
