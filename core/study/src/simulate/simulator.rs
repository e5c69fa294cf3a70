//! One household over the paths of a scenario.

use super::matching::Matching;
use super::path::PathResult;
use crate::difference::differences;
use crate::{Bench, Study, StudyArm, StudyError, config_hash};
use chrono::{Days, NaiveDate};
use std::sync::Arc;
use thiserror::Error;
use unisleeve_mandates::{
    ArmKind, Config, ConfigFault, HouseholdConfig, NO_SCENARIO, PolicySleeve, Practice, Setup,
    SimulationConfig, arm, sample_config,
};
use unisleeve_market::Market;
use unisleeve_market::risk::{RiskSettings, RiskSource};
use unisleeve_market::scenario::{Bootstrap, BootstrapSettings, Generator, Preset, Scenario, ScenarioError};
use unisleeve_units::Money;

/// Number of paths on which UMA's risk aversion is set.
const PILOTS: u64 = 4;
/// Largest number of paths in a simulation.
pub const MOST_PATHS: u32 = 100_000;

/// Why a simulation failed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SimulateError {
    /// The configuration or its scenario has faults.
    #[error("{}", faults.iter().map(|f| format!("{}: {}", f.key, f.message)).collect::<Vec<_>>().join("; "))]
    Config {
        /// Every fault found.
        faults: Vec<ConfigFault>,
    },
    /// The market of a path could not be built.
    #[error("path {path}: {error}")]
    Market {
        /// Number of the path.
        path: u64,
        /// The reason.
        error: ScenarioError,
    },
    /// A run on a path failed.
    #[error("path {path}: {error}")]
    Run {
        /// Number of the path.
        path: u64,
        /// The reason.
        error: StudyError,
    },
}

/// The source of the markets.
#[derive(Debug, Clone)]
enum Futures {
    Model(Box<Generator>),
    Bootstrap(Box<Bootstrap>),
}

impl Futures {
    /// First and last session of the futures.
    fn span(&self) -> (NaiveDate, NaiveDate) {
        match self {
            Self::Model(g) => (g.start(), g.end()),
            Self::Bootstrap(b) => (b.start(), b.end()),
        }
    }
}

/// Runs the paths of one configuration.
#[derive(Debug, Clone)]
pub struct Simulator {
    config: Config,
    /// Hash of the configuration as given, before the dates of the futures are filled in.
    config_hash: String,
    futures: Futures,
    /// Risk aversion of UMA. The other arms use the configuration's.
    uma: f64,
}

/// The default household of the what-if simulator. It has two million dollars: 45% in a direct index of 100
/// simulated stocks, the rest in funds. It pays in $60,000 a year for five years, then withdraws $80,000 a
/// year. Its managers know the scenario's risk.
pub fn what_if() -> Config {
    let scenario =
        Scenario { names: 100, step: unisleeve_market::scenario::Step::Monthly, ..Scenario::default() };
    let fund = |name: &str, weight, fund: &str, class: &str| PolicySleeve {
        name: name.to_owned(),
        weight,
        fund: fund.to_owned(),
        asset_class: class.to_owned(),
        ..PolicySleeve::default()
    };
    let turn = scenario.start.checked_add_months(chrono::Months::new(60)).unwrap_or(scenario.start);
    let flow = |dollars, from, to| unisleeve_mandates::Flow {
        amount: Money::whole(dollars),
        every: unisleeve_mandates::Every::Year,
        from,
        to,
    };
    let sample = sample_config();
    Config {
        risk: RiskSettings { source: RiskSource::Scenario, ..sample.risk },
        household: HouseholdConfig {
            cash: Money::whole(2_000_000),
            flows: vec![flow(60_000, scenario.start, turn.pred_opt()), flow(-80_000, turn, None)],
            ..HouseholdConfig::default()
        },
        policy: vec![
            PolicySleeve { index: "US stocks".to_owned(), ..fund("direct index", 0.45, "USX", "US stocks") },
            fund("international fund", 0.15, "INTL", "international stocks"),
            fund("bond fund", 0.40, "BOND", "bonds"),
        ],
        simulation: Some(SimulationConfig { scenario, ..SimulationConfig::default() }),
        // The sample's dates are the range of real sessions that a bootstrap draws from.
        ..sample
    }
}

impl Simulator {
    /// Checks a configuration and prepares what its paths share. `real` holds the prices that a bootstrap
    /// draws from.
    ///
    /// # Errors
    /// All faults of the configuration, or a bootstrap without prices.
    pub fn new(config: &Config, real: Option<Arc<Market>>) -> Result<Self, SimulateError> {
        let simulation = config.simulation.clone().unwrap_or_default();
        let mut faults = Vec::new();
        let mut fault =
            |key: &str, message: String| faults.push(ConfigFault { key: key.to_owned(), message });
        let mut scenario = simulation.scenario.clone();
        if scenario.seed != 0 {
            fault(
                "simulation.scenario.seed",
                format!("{}: expected none: `seed` stands at the top", scenario.seed),
            );
        }
        if !(1..=MOST_PATHS).contains(&simulation.paths) {
            fault("simulation.paths", format!("{}: expected 1 to {MOST_PATHS}", simulation.paths));
        }
        if simulation.practices.is_empty() {
            let known = Practice::ALL.map(Practice::as_str).join(", ");
            fault("simulation.practices", format!("an empty list: expected one or more of {known}"));
        }
        scenario.seed = config.seed;
        if let Some(name) = &simulation.preset {
            if let Some(preset) = Preset::find(name) {
                scenario = preset.apply(scenario);
            } else {
                let names: Vec<&str> = unisleeve_market::scenario::PRESETS.iter().map(|p| p.name).collect();
                fault("simulation.preset", format!("{name}: expected one of {}", names.join(", ")));
            }
        }
        let made = match (simulation.bootstrap_block, real) {
            (Some(block), Some(market)) => {
                let settings = BootstrapSettings {
                    seed: config.seed,
                    years: scenario.years,
                    block,
                    ..BootstrapSettings::default()
                };
                Bootstrap::new(&market, settings).map(|b| Futures::Bootstrap(Box::new(b)))
            }
            (Some(block), None) => {
                fault(
                    "simulation.bootstrap_block",
                    format!("expected prices to draw blocks of {block} sessions from"),
                );
                return Err(SimulateError::Config { faults });
            }
            (None, _) => Generator::new(scenario.clone()).map(|g| Futures::Model(Box::new(g))),
        };
        let is_bootstrap = simulation.bootstrap_block.is_some();
        if is_bootstrap && config.risk.source == RiskSource::Scenario {
            faults.push(ConfigFault { key: "risk.source".to_owned(), message: NO_SCENARIO.to_owned() });
        }
        let futures = match made {
            Ok(futures) => Some(futures),
            Err(ScenarioError::Faults { faults: found }) => {
                let key = |key: &str| match (is_bootstrap, key) {
                    (_, "seed") => "seed".to_owned(),
                    (true, "block") => "simulation.bootstrap_block".to_owned(),
                    (true, "data") => "data".to_owned(),
                    _ => format!("simulation.scenario.{key}"),
                };
                faults
                    .extend(found.into_iter().map(|f| ConfigFault { key: key(&f.key), message: f.message }));
                None
            }
            Err(error @ ScenarioError::Market(_)) => return Err(SimulateError::Market { path: 0, error }),
        };
        let hash = config_hash(config);
        let mut config = Config { simulation: Some(simulation), ..config.clone() };
        let span = futures.as_ref().map(Futures::span);
        // Where the futures have faults, the rest is still checked, as if they lasted one day.
        (config.start, config.end) = span.unwrap_or_else(|| {
            let next = scenario.start.checked_add_days(Days::new(1));
            (scenario.start, next.unwrap_or(scenario.start))
        });
        // The scenario's faults already cover the dates.
        let is_said = |f: &ConfigFault| {
            let is_of_span =
                f.key == "start" || f.key == "end" || f.key.starts_with("household.outside_gains");
            span.is_none() && is_of_span
        };
        faults.extend(config.faults().into_iter().filter(|f| !is_said(f)));
        let Some(futures) = futures.filter(|_| faults.is_empty()) else {
            return Err(SimulateError::Config { faults });
        };
        let uma = config.trading.risk_aversion;
        Ok(Self { config, config_hash: hash, futures, uma })
    }

    /// Sets UMA's risk aversion so that it has SMA's realized tracking error, on average over the first
    /// paths. Changes nothing where the configuration does not ask for this.
    ///
    /// # Errors
    /// When a run on one of these paths fails.
    pub fn matched(mut self) -> Result<Self, SimulateError> {
        let Some(mut matching) = self.matching() else { return Ok(self) };
        let paths = matching.round().map_or(0, |r| r.paths);
        let benches = (0..paths).map(|p| self.bench(p)).collect::<Result<Vec<_>, _>>()?;
        while let Some(round) = matching.round() {
            let run = |(path, bench)| self.tracking_error(bench, path, round.arm, round.risk_aversion);
            matching.take(&(0..).zip(&benches).map(run).collect::<Result<Vec<_>, _>>()?);
        }
        self.uma = matching.risk_aversion();
        Ok(self)
    }

    /// The search that [`Simulator::matched`] carries out. `None` where the configuration does not ask for
    /// it.
    pub fn matching(&self) -> Option<Matching> {
        let simulation = self.config.simulation.as_ref().filter(|s| s.equal_tracking_error)?;
        let arm = self.separate().find(|a| *a == ArmKind::Sma).or_else(|| self.separate().next())?;
        Some(Matching::new(arm, self.sma(), self.uma, PILOTS.min(u64::from(simulation.paths))))
    }

    /// Realized tracking error of an arm on a path at a risk aversion, an annual fraction. `None` where it is
    /// undefined or there is no such arm.
    ///
    /// # Errors
    /// When the run fails.
    pub fn tracking_error(
        &self,
        bench: &Bench,
        path: u64,
        arm: &str,
        gamma: f64,
    ) -> Result<Option<f64>, SimulateError> {
        let Some(setup) = bench.setups.iter().find(|s| s.kind.as_str() == arm) else { return Ok(None) };
        let arm = self.arm(bench, setup, path, gamma)?;
        Ok(arm.measures.tracking_error_ex_post)
    }

    /// Sets UMA's risk aversion to a value found earlier.
    pub fn set_uma_risk_aversion(&mut self, gamma: f64) {
        self.uma = gamma;
    }

    /// The configuration with the dates of the futures.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// SHA-256 of the configuration as canonical JSON.
    pub fn config_hash(&self) -> &str {
        &self.config_hash
    }

    /// Risk aversion of UMA.
    pub fn uma_risk_aversion(&self) -> f64 {
        self.uma
    }

    /// A copy with all arms at another risk aversion.
    #[must_use]
    pub fn at_risk_aversion(&self, gamma: f64) -> Self {
        let mut other = self.clone();
        other.config.trading.risk_aversion = gamma;
        other.uma = gamma;
        other
    }

    /// A copy with another annual limit on net gains, in dollars. `None` removes the limit.
    #[must_use]
    pub fn with_gains_budget(&self, budget: Option<Money>) -> Self {
        let mut other = self.clone();
        other.config.tax.gains_budget = budget;
        other
    }

    /// The market of a path.
    ///
    /// # Errors
    /// When its prices do not form a valid market.
    pub fn market(&self, path: u64) -> Result<Market, SimulateError> {
        let made = match &self.futures {
            Futures::Model(g) => g.path(path),
            Futures::Bootstrap(b) => b.path(path),
        };
        made.map_err(|error| SimulateError::Market { path, error })
    }

    /// Runs the arms on a path and keeps their figures.
    ///
    /// # Errors
    /// When its market can't be built or a run fails.
    pub fn path(&self, path: u64) -> Result<PathResult, SimulateError> {
        let bench = self.bench(path)?;
        let arms = self.arms(&bench, path)?;
        let differences = differences(&arms, &self.config, &bench);
        Ok(PathResult::new(path, arms, differences))
    }

    /// Runs the arms on a path and keeps the complete results.
    ///
    /// # Errors
    /// When its market can't be built or a run fails.
    pub fn study(&self, path: u64) -> Result<Study, SimulateError> {
        let bench = self.bench(path)?;
        let arms = self.arms(&bench, path)?;
        Ok(Study::of(arms, Vec::new(), None, &self.config, bench))
    }

    fn arms(&self, bench: &Bench, path: u64) -> Result<Vec<StudyArm>, SimulateError> {
        let gamma = |kind| if kind == ArmKind::Uma { self.uma } else { self.sma() };
        bench.setups.iter().map(|setup| self.arm(bench, setup, path, gamma(setup.kind))).collect()
    }

    fn sma(&self) -> f64 {
        self.config.trading.risk_aversion
    }

    /// The arms with separate managers, best habits first.
    fn separate(&self) -> impl Iterator<Item = ArmKind> {
        let asked = self.config.simulation.as_ref().map_or(&[][..], |s| &s.practices);
        Practice::ALL.into_iter().filter(|p| asked.contains(p)).map(ArmKind::of_practice)
    }

    /// What the arms of a path share.
    ///
    /// # Errors
    /// When its market can't be built, or an arm does not fit it.
    pub fn bench(&self, path: u64) -> Result<Bench, SimulateError> {
        let kinds = [ArmKind::Uma].into_iter().chain(self.separate()).chain([ArmKind::Shadow]);
        self.bench_of(&kinds.collect::<Vec<_>>(), path)
    }

    /// What given arms of a path share.
    ///
    /// # Errors
    /// Those of [`Simulator::bench`].
    pub fn bench_of(&self, kinds: &[ArmKind], path: u64) -> Result<Bench, SimulateError> {
        let mut market = self.market(path)?;
        let setups = kinds.iter().map(|kind| arm(*kind, &self.config, &mut market));
        let setups = setups.collect::<Result<Vec<Setup>, _>>();
        let setups = setups.map_err(|faults| SimulateError::Config { faults })?;
        Bench::new(&self.config, market, setups, &mut |_| ())
            .map_err(|error| SimulateError::Run { path, error })
    }

    fn arm(&self, bench: &Bench, setup: &Setup, path: u64, gamma: f64) -> Result<StudyArm, SimulateError> {
        let done = bench.arm(setup, setup.kind.as_str(), &self.config, gamma);
        done.map_err(|error| SimulateError::Run { path, error })
    }
}
