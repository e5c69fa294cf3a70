//! The command line: one file or folder for each command, named after it.

mod audit;
pub(crate) mod backtest;
pub(crate) mod book;
pub mod calibrate;
mod check;
pub(crate) mod compare;
mod explain;
mod import;
mod init;
mod interrupt;
mod ledger;
mod rebalance;
mod simulate;
pub(crate) mod sweep;
pub(crate) mod tax;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use unisleeve_core::import::ImportOptions;
use unisleeve_core::study::StudyError;

use crate::failure::Failure;
use crate::readers::remember_reads;
use crate::render::plain::plain;
use crate::serve;
use audit::AuditArgs;
use backtest::BacktestArgs;
use book::BookArgs;
use calibrate::CalibrateArgs;
use check::CheckArgs;
use compare::CompareArgs;
use explain::ExplainArgs;
use ledger::LedgerArgs;
use rebalance::RebalanceArgs;
use simulate::SimulateArgs;
use sweep::SweepArgs;

/// What one manager for the whole portfolio gains, after tax.
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
    /// Tell what each difference between separate and unified management is worth: all sets of seven switches on the same prices.
    Compare(CompareArgs),
    /// Run one household over many futures of a scenario, in both setups.
    Simulate(SimulateArgs),
    /// Roll one strategy out over a book of clients, in both setups.
    Book(BookArgs),
    /// Run any keys of the configuration over lists and ranges, from every start date, on all cores; resumes when interrupted.
    Sweep(SweepArgs),
    /// Write a configuration with every key, what it means and its default.
    Init {
        /// A new file; without it standard output.
        file: Option<PathBuf>,
    },
    /// Print the JSON schema of a configuration.
    Schema,
    /// Look prices and memberships over before a run: exit 0 when nothing is questionable, 1 with every finding.
    Check(CheckArgs),
    /// Estimate a scenario's figures from real prices and write them as a scenario file.
    Calibrate(CalibrateArgs),
    /// Work a result folder out again from its files alone: exit 0 when all matches, 1 with every mismatch, 2 when it can't be read.
    Audit(AuditArgs),
    /// Tell why each order of a day was made, from a result folder alone.
    Explain(ExplainArgs),
    /// Book a history of trades as one household's tax return.
    Ledger(LedgerArgs),
    /// Order one portfolio's trades: least risk, tax and cost under its constraints, lot by lot.
    Rebalance(RebalanceArgs),
    /// Figure federal and state tax of one year.
    Tax {
        /// The year's figures (JSON); without a file they are read from standard input.
        file: Option<PathBuf>,
        /// Print JSON instead of the table.
        #[arg(long)]
        json: bool,
    },
    /// Turn a broker's export (Schwab, Fidelity, IBKR Flex) into trades, or iShares holdings into an index.
    Import {
        /// The export, plain or compressed with gzip; what it is shows in its content.
        file: PathBuf,
        /// File X.csv for the result, and beside it X.securities.csv for an index, or X.accounts.csv where the export tells
        /// that an account is an IRA, Roth, HSA or 401(k); without it standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Account of files that don't name one; a name such as `My IRA` tells its kind.
        #[arg(long, default_value = "taxable", value_name = "NAME")]
        account: String,
        /// Take every cost basis as what was paid, without disallowed losses.
        #[arg(long)]
        basis_unadjusted: bool,
        /// Print a summary as JSON instead.
        #[arg(long)]
        json: bool,
    },
    /// Show the what-if page, and the report of the last backtest, on this machine.
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
        Command::Init { file } => init::init(file.as_deref()).and_then(|text| print(&text)),
        Command::Schema => init::print_schema().and_then(|text| print(&text)),
        Command::Audit(args) => return verdict(audit::run(&args)),
        Command::Calibrate(args) => calibrate::run(&args).and_then(|text| print(&text)),
        Command::Check(args) => return verdict(check::run(&args)),
        Command::Explain(args) => explain::run(&args).and_then(|text| print(&text)),
        Command::Ledger(args) => ledger::ledger(&args),
        Command::Rebalance(args) => rebalance::run(&args).and_then(|text| print(&text)),
        Command::Tax { file, json } => tax::tax(file.as_deref(), json).and_then(|text| print(&text)),
        Command::Import { file, out, account, basis_unadjusted, json } => {
            import::run(&file, out.as_deref(), &ImportOptions { account, basis_unadjusted }, json).and_then(
                |(text, remarks)| {
                    print(&text)?;
                    let _ = write!(std::io::stderr(), "{}", plain(&remarks));
                    Ok(())
                },
            )
        }
        Command::Simulate(args) => simulate::run(&args).and_then(|text| print(&text)),
        Command::Serve { port, dir } => serve::serve(port, &dir),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.exit(),
    }
}

/// Prints an answer and exits with 1 where it is negative.
fn verdict(answer: Result<(bool, String), Failure>) -> ExitCode {
    match answer.and_then(|(clean, text)| print(&text).map(|()| clean)) {
        Ok(clean) => ExitCode::from(u8::from(!clean)),
        Err(failure) => failure.exit(),
    }
}

/// What a study can't do, with the file that asked for it.
pub(crate) fn study_failure(name: &str, error: StudyError) -> Failure {
    match error {
        StudyError::Config { faults } => {
            Failure::Input(faults.iter().map(|f| format!("{name}: {}: {}", f.key, f.message)).collect())
        }
        StudyError::Run(e) => Failure::input(format!("{name}: {e}")),
    }
}

/// Writes to standard output; a reader that went away (`| head`) is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    match out.write_all(plain(text).as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Environment(format!("can't write to standard output: {e}")))
        }
        _ => Ok(()),
    }
}

/// Progress on standard error, only when a person is there to see it.
pub(crate) fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
