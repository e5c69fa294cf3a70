//! The summary of a simulation: the content of its `summary.json` and of the page.

use chrono::NaiveDate;
use serde::Serialize;

use super::{PathResult, Simulation, Simulator};
use unisleeve_mandates::{Config, Restrictions, SimulationConfig, unmatched, unmatched_sentence};

/// Results of a simulation with everything needed to check and repeat them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct SimulationSummary {
    /// Version of this library.
    pub version: &'static str,
    /// Seed.
    pub seed: u64,
    /// SHA-256 of the configuration as canonical JSON.
    pub config_hash: String,
    /// First date of the futures.
    pub start: NaiveDate,
    /// Last session of the futures.
    pub end: NaiveDate,
    /// Risk aversion of UMA. The other arms use the configuration's.
    pub uma_risk_aversion: f64,
    /// Results over the paths.
    #[serde(flatten)]
    pub simulation: Simulation,
    /// Assumptions behind the results, as sentences.
    pub assumptions: Vec<String>,
}

impl Simulator {
    /// Summarizes the finished paths, given in the order of their numbers.
    pub fn summary(&self, paths: &[PathResult]) -> SimulationSummary {
        let is_antithetic = |s: &SimulationConfig| s.scenario.antithetic && s.bootstrap_block.is_none();
        let antithetic = self.config().simulation.as_ref().is_some_and(is_antithetic);
        SimulationSummary {
            version: env!("CARGO_PKG_VERSION"),
            seed: self.config().seed,
            config_hash: self.config_hash().to_owned(),
            start: self.config().start,
            end: self.config().end,
            uma_risk_aversion: self.uma_risk_aversion(),
            simulation: Simulation::of(paths, antithetic),
            assumptions: self.assumptions(),
        }
    }

    fn assumptions(&self) -> Vec<String> {
        let mut all = assumptions(self.config());
        let is_restricted = |r: &Restrictions| !r.is_empty();
        let changes = self.config().changes.iter().filter_map(|c| c.restrictions.as_ref());
        if [&self.config().restrictions].into_iter().chain(changes).any(is_restricted) {
            // All futures have the stocks and sectors of the first, except for stocks added later.
            let market = self.market(0).ok();
            all.extend(market.and_then(|m| unmatched_sentence(&unmatched(self.config(), &m))));
        }
        all
    }
}

fn assumptions(config: &Config) -> Vec<String> {
    let simulation = config.simulation.clone().unwrap_or_default();
    let mut all = vec![match simulation.bootstrap_block {
        Some(block) => format!(
            "Futures are blocks of real sessions, {block} on average, drawn with replacement (stationary bootstrap)."
        ),
        None => format!(
            "Futures come from a market model with {} stocks; its returns are assumptions, not forecasts (docs/scenarios.md).",
            simulation.scenario.names
        ),
    }];
    all.push(if simulation.equal_tracking_error {
        "UMA's risk aversion is set so that its realised tracking error is SMA's, on average over the first paths; intervals do not count what other paths would set.".to_owned()
    } else {
        "UMA and SMA have the same risk aversion.".to_owned()
    });
    all.extend([
        "Both setups see the same path, and figures are differences on each path.".to_owned(),
        format!(
            "The law of {} holds throughout; brackets grow by {:.1}% a year.",
            config.tax.year,
            config.tax.inflation * 100.0
        ),
        "Wealth is after tax on everything on the last day; differences also count what was paid out before, each dollar as it was paid."
            .to_owned(),
    ]);
    all
}
