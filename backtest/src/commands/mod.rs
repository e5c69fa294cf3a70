//! The command line. Each command has one file or folder with its name.

mod audit;
mod backtest;
pub(crate) mod book;
pub mod calibrate;
mod check;
mod compare;
mod explain;
mod import;
mod init;
mod interrupt;
mod ledger;
mod progress;
mod rebalance;
mod schema;
pub mod serve;
mod simulate;
pub(crate) mod sweep;
pub(crate) mod tax;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::readers::remember_reads;
use crate::render::plain::plain;
use audit::AuditArgs;
use backtest::BacktestArgs;
use book::BookArgs;
use calibrate::CalibrateArgs;
use check::CheckArgs;
use compare::CompareArgs;
use explain::ExplainArgs;
use import::ImportArgs;
use init::InitArgs;
use ledger::LedgerArgs;
use rebalance::RebalanceArgs;
use simulate::SimulateArgs;
use sweep::SweepArgs;
use tax::TaxArgs;

/// Measures what one manager for the whole portfolio gains after tax.
#[derive(Debug, Parser)]
#[command(name = "unisleeve", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Replay history: UMA, SMA, funds only and the shadow portfolio on the same prices.
    Backtest(BacktestArgs),
    /// Measure the worth of each difference between separate and unified management: all sets of seven
    /// switches on the same prices.
    Compare(CompareArgs),
    /// Run one household over many futures of a scenario, in both setups.
    Simulate(SimulateArgs),
    /// Roll out one strategy over a book of clients, in both setups.
    Book(BookArgs),
    /// Vary any keys of the configuration over lists, ranges and start dates, on all cores. An interrupted
    /// sweep resumes.
    Sweep(SweepArgs),
    /// Write a configuration with every key, its meaning and its default.
    Init(InitArgs),
    /// Print the JSON schema of a configuration.
    Schema,
    /// Check prices and index members before a run. Exit code 0: no findings; 1: every finding is listed.
    Check(CheckArgs),
    /// Estimate a scenario's figures from real prices and write them as a scenario file.
    Calibrate(CalibrateArgs),
    /// Recompute a result folder from its files alone. Exit code 0: all matches; 1: every mismatch is listed;
    /// 2: it can't be read.
    Audit(AuditArgs),
    /// Explain each order of a day from a result folder alone.
    Explain(ExplainArgs),
    /// Book a history of trades as one household's tax return.
    Ledger(LedgerArgs),
    /// Find the orders of one portfolio, lot by lot: least risk, tax and cost under its constraints.
    Rebalance(RebalanceArgs),
    /// Compute federal and state tax of one year.
    Tax(TaxArgs),
    /// Turn a broker's export (Schwab, Fidelity, IBKR Flex) into trades, or iShares holdings into an index.
    Import(ImportArgs),
    /// Show the what-if page and the report of the last backtest on this machine.
    Serve {
        /// Port on 127.0.0.1.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Folder of a backtest's results.
        #[arg(long, default_value = "out", value_name = "DIR")]
        dir: PathBuf,
    },
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    remember_reads();
    let done = match Cli::parse().command {
        Command::Backtest(args) => backtest::run(&args).and_then(|text| print(&text)),
        Command::Compare(args) => compare::run(&args).and_then(|text| print(&text)),
        Command::Book(args) => book::run(&args).and_then(|text| print(&text)),
        Command::Sweep(args) => sweep::run(&args).and_then(|text| print(&text)),
        Command::Init(args) => init::run(&args).and_then(|text| print(&text)),
        Command::Schema => schema::run().and_then(|text| print(&text)),
        Command::Audit(args) => return verdict(audit::run(&args)),
        Command::Calibrate(args) => calibrate::run(&args).and_then(|text| print(&text)),
        Command::Check(args) => return verdict(check::run(&args)),
        Command::Explain(args) => explain::run(&args).and_then(|text| print(&text)),
        Command::Ledger(args) => ledger::run(&args),
        Command::Rebalance(args) => rebalance::run(&args).and_then(|text| print(&text)),
        Command::Tax(args) => tax::run(&args).and_then(|text| print(&text)),
        Command::Import(args) => import::run(&args).and_then(|(text, remarks)| {
            print(&text)?;
            let _ = write!(std::io::stderr(), "{}", plain(&remarks));
            Ok(())
        }),
        Command::Simulate(args) => simulate::run(&args).and_then(|text| print(&text)),
        Command::Serve { port, dir } => serve::serve(port, &dir),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.exit(),
    }
}

/// Prints an answer. The exit code is 1 if the answer is negative.
fn verdict(answer: Result<(bool, String), Failure>) -> ExitCode {
    match answer.and_then(|(clean, text)| print(&text).map(|()| clean)) {
        Ok(clean) => ExitCode::from(u8::from(!clean)),
        Err(failure) => failure.exit(),
    }
}

/// Writes to standard output. A reader that closes the pipe (`| head`) is not an error.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    match out.write_all(plain(text).as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Environment(format!("can't write to standard output: {e}")))
        }
        _ => Ok(()),
    }
}
