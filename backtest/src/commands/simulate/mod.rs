//! `unisleeve simulate`: one household over many futures, in both setups.

mod files;
mod futures;
mod summary;
mod text;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use unisleeve_core::market::risk::RiskSource;
use unisleeve_core::market::scenario::PRESETS;
use unisleeve_core::study::simulate::{PathResult, SimulateError, Simulation, Simulator, what_if};
use unisleeve_core::units::Money;

use super::interrupt;
use crate::args::{DataFolder, Source, Threads};
use crate::commands::progress::progress_bar;
use crate::failure::Failure;
use crate::readers::load_futures;
use crate::results::{check_replaceable, write_folder};
use futures::Futures;
use summary::{FrontierPoint, Summary, TransitionPoint};

/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    /// Configuration (TOML, or JSON as the page saves it) with a section `simulation`. Without it, the
    /// what-if household.
    config: Option<PathBuf>,
    /// Number of futures, instead of the configuration's `simulation.paths`.
    #[arg(long, value_name = "N")]
    paths: Option<u32>,
    /// A named scenario, instead of the configuration's.
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// Seed, instead of the configuration's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Draw futures from blocks of real days with this mean length, instead of the market model.
    #[arg(long, value_name = "SESSIONS")]
    bootstrap: Option<f64>,
    /// Also compute the frontier of risk against tax: the same futures at 0.25, 0.5, 2 and 4 times the risk
    /// aversion.
    #[arg(long)]
    frontier: bool,
    /// Also compute the transition to the policy: the same futures under yearly limits on net gains
    /// (dollars), with the tracking error at the end of each year.
    #[arg(long, value_name = "DOLLARS", value_delimiter = ',', num_args = 1..)]
    budgets: Vec<u32>,
    /// Folder for summary.json, paths.csv and fans.csv; an earlier result there is replaced.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    data: DataFolder,
    #[command(flatten)]
    threads: Threads,
    /// List the named scenarios and stop.
    #[arg(long)]
    presets: bool,
    /// Print JSON instead of the table.
    #[arg(long)]
    json: bool,
}

/// Runs the command and returns what it prints.
pub(crate) fn run(args: &SimulateArgs) -> Result<String, Failure> {
    if args.presets {
        let lines: Vec<String> = PRESETS.iter().map(|p| format!("{}\n    {}\n", p.name, p.about)).collect();
        return Ok(lines.concat());
    }
    if let Some(out) = &args.out {
        check_replaceable(out)?;
    }
    let name =
        args.config.as_ref().map_or_else(|| "the what-if household".to_owned(), |p| p.display().to_string());
    let read = |path: &std::path::Path| load_futures(path, args.bootstrap.is_some());
    let mut config = args.config.as_deref().map_or_else(|| Ok(what_if()), read)?;
    let mut simulation = config.simulation.take().unwrap_or_default();
    simulation.paths = args.paths.unwrap_or(simulation.paths);
    simulation.preset = args.preset.clone().or(simulation.preset);
    simulation.bootstrap_block = args.bootstrap.or(simulation.bootstrap_block);
    config.seed = args.seed.unwrap_or(config.seed);
    let asked = u64::from(simulation.paths);
    // Prices that a bootstrap draws from.
    let mut real = None;
    if simulation.bootstrap_block.is_some() {
        // Real prices have no scenario whose risk the what-if household could know.
        if args.config.is_none() {
            config.risk.source = RiskSource::Estimated;
        }
        let source = Source::new(args.config.clone(), args.data.clone());
        let inputs = source.load_with(config)?;
        (config, real) = (inputs.config, Some(Arc::new(inputs.market)));
    }
    // Check again after loading: a file in that folder may be an input.
    if let Some(out) = &args.out {
        check_replaceable(out)?;
    }
    config.simulation = Some(simulation);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads.count().unwrap_or(0)).build();
    let pool = pool.map_err(|e| Failure::Environment(format!("can't start threads: {e}")))?;
    let failed = |e| failure(&name, e);
    interrupt::listen()?;
    let bar = progress_bar();
    bar.set_message("setting up");
    let simulator = Simulator::new(&config, real).and_then(Simulator::matched).map_err(failed)?;
    let futures = Futures { pool: &pool, bar: &bar, asked };
    let results = futures.run(&simulator).map_err(failed)?;
    if results.is_empty() {
        return Err(Failure::Environment("stopped before the first future was done".to_owned()));
    }
    let mut frontier = Vec::new();
    for factor in if args.frontier { [0.25, 0.5, 1.0, 2.0, 4.0].as_slice() } else { &[] } {
        let gamma = config.trading.risk_aversion * factor;
        let results = futures.run(&simulator.at_risk_aversion(gamma)).map_err(failed)?;
        // Points with fewer futures can't be compared.
        if interrupt::is_asked() {
            break;
        }
        let mean = |of: &dyn Fn(&PathResult) -> Option<f64>| {
            let found: Vec<f64> = results.iter().filter_map(of).collect();
            unisleeve_core::numeric::mean(&found)
        };
        let alpha = |arm: &str| mean(&|p| p.arm(arm)?.tax_alpha?.before_liquidation);
        frontier.push(FrontierPoint {
            risk_aversion: gamma,
            tracking_error: ["uma", "sma"].map(|arm| mean(&|p| p.arm(arm)?.tracking_error)),
            tax_alpha: ["uma", "sma"].map(alpha),
        });
    }
    let mut transition = Vec::new();
    let budgets = args.budgets.iter().copied().map(Some).chain([None]);
    for gains_budget in budgets.filter(|_| !args.budgets.is_empty()) {
        let limit = gains_budget.map(|b| Money::whole(i32::try_from(b).unwrap_or(i32::MAX)));
        // The configuration's own limit was already run.
        let averages = if limit == config.tax.gains_budget {
            Simulation::of(&results, false).averages
        } else {
            let under = futures.run(&simulator.with_gains_budget(limit)).map_err(failed)?;
            Simulation::of(&under, false).averages
        };
        if interrupt::is_asked() {
            break;
        }
        let of = |arm: &str| averages.iter().find(|a| a.arm == arm);
        transition.push(TransitionPoint {
            gains_budget,
            tracking_error_by_year: ["uma", "sma"]
                .map(|arm| of(arm).map(|a| a.tracking_error_by_year.clone()).unwrap_or_default()),
            taxes_by_year: ["uma", "sma"]
                .map(|arm| of(arm).map(|a| a.taxes_by_year.clone()).unwrap_or_default()),
        });
    }
    bar.finish_and_clear();
    let summary = Summary { figures: simulator.summary(&results), asked, frontier, transition, config };
    let json = serde_json::to_string_pretty(&summary).map_err(|e| Failure::Environment(e.to_string()))?;
    if let Some(out) = &args.out {
        let paths = files::paths(&results)?;
        let fans = files::fans(&summary.figures.simulation)?;
        write_folder(
            out,
            &[("summary.json", json.clone().into_bytes()), ("paths.csv", paths), ("fans.csv", fans)],
        )?;
    }
    if args.json {
        return Ok(format!("{json}\n"));
    }
    let folder = args
        .out
        .as_ref()
        .map_or(String::new(), |out| format!("\nEach future: {}\n", out.join("paths.csv").display()));
    Ok(format!("{}{folder}", text::table(&summary)))
}

fn failure(name: &str, error: SimulateError) -> Failure {
    match error {
        SimulateError::Config { faults } => {
            Failure::Input(faults.iter().map(|f| format!("{name}: {}: {}", f.key, f.message)).collect())
        }
        other => Failure::input(format!("{name}: {other}")),
    }
}
