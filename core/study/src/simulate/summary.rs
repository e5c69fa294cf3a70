//! The summary of a simulation: the content of its `summary.json` and of the page.

use chrono::NaiveDate;
use serde::Serialize;

use super::{PathArm, PathResult, Simulation, Simulator};
use crate::law_words::{law_sentences, left_out};
use crate::measure::Work;
use unisleeve_mandates::{ArmKind, Config, Restrictions, SimulationConfig, unmatched, unmatched_sentence};
use unisleeve_market::risk::RiskSource;
use unisleeve_market::scenario::{AS_EARNED, Preset, RETURNS_SOURCE, Scenario};
use unisleeve_numeric::mean;

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
    /// The work in each setup, averages over the paths.
    pub work: Vec<Work>,
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
            work: work(paths, self.config()),
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

/// The average work of UMA and of each setup with separate managers.
fn work(paths: &[PathResult], config: &Config) -> Vec<Work> {
    let of = |kind: ArmKind| {
        let arms: Vec<&PathArm> = paths.iter().filter_map(|p| p.arm(kind.as_str())).collect();
        let average = |count: fn(&PathArm) -> usize| {
            let all: Vec<f64> = arms.iter().map(|a| count(a) as f64).collect();
            mean(&all)
        };
        let counts = [
            average(|a| a.tasks)?,
            average(|a| a.tickets)?,
            average(|a| a.transfers)?,
            average(|a| a.orders)?,
        ];
        Some(Work::new(kind.as_str(), counts, &config.workload))
    };
    ArmKind::COMPARED.into_iter().filter_map(of).collect()
}

fn assumptions(config: &Config) -> Vec<String> {
    let simulation = config.simulation.clone().unwrap_or_default();
    let mut all = vec![match simulation.bootstrap_block {
        Some(block) => format!(
            "Futures are blocks of real sessions, {block} on average, drawn with replacement (stationary bootstrap)."
        ),
        None => format!(
            "Futures come from a market model with {} stocks; its returns are assumptions (docs/scenarios.md).",
            simulation.scenario.names
        ),
    }];
    if simulation.bootstrap_block.is_none() {
        all.push(returns(&simulation));
        all.push(
            match config.risk.source {
                RiskSource::Scenario => {
                    "All managers know the market model's risk; none is estimated (risk.source = \"scenario\")."
                }
                RiskSource::Estimated => "Risk is estimated from each future's prices up to each date.",
            }
            .to_owned(),
        );
    }
    all.push(if simulation.equal_tracking_error {
        "UMA's risk aversion is set so that its realized tracking error is SMA's, on average over the first paths; intervals do not count what other paths would set.".to_owned()
    } else {
        "UMA and SMA have the same risk aversion.".to_owned()
    });
    all.extend(["Both setups see the same path, and figures are differences on each path.".to_owned()]);
    all.extend(law_sentences(config));
    all.extend([
        left_out(),
        "Wealth is after tax on everything on the last day, except the tax of taking money out of an IRA; differences also count what was paid out before, each dollar as it was paid."
            .to_owned(),
    ]);
    all
}

/// The expected returns of the asset classes and where they come from.
fn returns(simulation: &SimulationConfig) -> String {
    let mut scenario = simulation.scenario.clone();
    if let Some(preset) = simulation.preset.as_deref().and_then(Preset::find) {
        scenario = preset.apply(scenario);
    }
    let figures = |s: &Scenario| -> Vec<(String, u64)> {
        s.classes.iter().map(|c| (c.name.clone(), c.expected_return.to_bits())).collect()
    };
    let found = figures(&scenario);
    let earned = Preset::find(AS_EARNED).is_some_and(|p| figures(&p.scenario()) == found);
    let source = if figures(&Scenario::default()) == found {
        RETURNS_SOURCE
    } else if earned {
        "what was earned from 2007 to 2025, not a forecast"
    } else {
        "as the configuration sets them"
    };
    let each = scenario.classes.iter().map(|c| {
        let compounded = (1.0 + c.expected_return) * libm::exp(-0.5 * c.volatility * c.volatility) - 1.0;
        format!("{} {:.1}% ({:.1}%)", c.name, c.expected_return * 100.0, compounded * 100.0)
    });
    format!(
        "Expected returns, the mean of a year and what it compounds at: {}; {source}.",
        each.collect::<Vec<_>>().join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_returns_are_told_with_their_source() {
        let mut simulation = SimulationConfig::default();
        let told = returns(&simulation);
        assert!(
            told.contains("US stocks 6.9% (5.3%), international stocks 8.8% (7.1%), bonds 4.7% (4.6%)"),
            "{told}"
        );
        assert!(told.contains("fourth quarter of 2025"), "{told}");
        simulation.preset = Some(AS_EARNED.to_owned());
        let told = returns(&simulation);
        assert!(told.contains("US stocks 11.5%") && told.contains("what was earned from 2007"), "{told}");
        simulation.preset = None;
        simulation.scenario.classes[2].expected_return = 0.02;
        let told = returns(&simulation);
        assert!(told.contains("bonds 2.0%") && told.contains("configuration"), "{told}");
    }
}
