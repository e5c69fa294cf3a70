//! One run: the arms that the grid requests, with one set of settings from one start date.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use unisleeve_core::mandates::{ArmKind, Config, arm};
use unisleeve_core::study::difference::differences;
use unisleeve_core::study::measure::tax_alpha;
use unisleeve_core::study::simulate::{SimulateError, Simulator};
use unisleeve_core::study::{Bench, StudyArm, StudyError, at_tracking_error};

use super::figures::FIGURES;
use super::grid::{Equal, Grid};
use super::prices::Prices;
use super::risk::SharedRisk;

/// The result of one arm in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    /// Name of the arm.
    pub arm: String,
    /// Whether it has SMA's realized tracking error; `None` if the grid does not ask for that.
    pub matched: Option<bool>,
    /// First day on which the arm could not pay what was due.
    pub ruin: Option<NaiveDate>,
    /// Why there are no figures.
    pub error: Option<String>,
    /// Figures in the order of [`FIGURES`]. Empty if there is an error.
    pub figures: Vec<Option<f64>>,
}

impl Row {
    fn failed(kind: ArmKind, error: String) -> Self {
        Self {
            arm: kind.as_str().to_owned(),
            matched: None,
            ruin: None,
            error: Some(error),
            figures: Vec::new(),
        }
    }

    /// A figure by its position.
    pub(super) fn figure(&self, at: usize) -> Option<f64> {
        self.figures.get(at).copied().flatten()
    }
}

/// Runs the arms. An arm that can't run becomes a row with the reason.
pub(super) fn run(grid: &Grid, mut config: Config, prices: &Prices, risk: &SharedRisk) -> Vec<Row> {
    config.identical.extend(prices.identical.iter().cloned());
    config.wash_exempt.extend(prices.wash_exempt.iter().cloned());
    match bench(grid, &config, prices, risk) {
        Ok(bench) => arms(grid, &config, &bench),
        Err(e) => grid.arms.iter().map(|k| Row::failed(*k, e.to_string())).collect(),
    }
}

/// Runs the arms on a simulated future. An arm that can't run becomes a row with the reason.
pub(super) fn future(grid: &Grid, config: &Config, path: u64) -> Vec<Row> {
    let run = || -> Result<Vec<Row>, SimulateError> {
        let simulator = Simulator::new(config, None)?;
        let bench = simulator.bench_of(&kinds(grid), path)?;
        Ok(arms(grid, simulator.config(), &bench))
    };
    run().unwrap_or_else(|e| grid.arms.iter().map(|k| Row::failed(*k, e.to_string())).collect())
}

/// The requested arms and those that their figures need.
fn kinds(grid: &Grid) -> Vec<ArmKind> {
    let mut kinds = grid.arms.clone();
    if matches(grid) && !kinds.contains(&ArmKind::Sma) {
        kinds.push(ArmKind::Sma);
    }
    if !kinds.contains(&ArmKind::Shadow) {
        kinds.push(ArmKind::Shadow);
    }
    kinds
}

/// Prepares the arms of a run.
fn bench(grid: &Grid, config: &Config, prices: &Prices, risk: &SharedRisk) -> Result<Bench, StudyError> {
    let faults = config.faults();
    if !faults.is_empty() {
        return Err(StudyError::Config { faults });
    }
    let mut market = prices.market.clone();
    let setups = kinds(grid).into_iter().map(|k| arm(k, config, &mut market)).collect::<Result<Vec<_>, _>>();
    let setups = setups.map_err(|faults| StudyError::Config { faults })?;
    risk.bench(config, prices.id, market, setups)
}

/// Whether UMA must match SMA's tracking error.
fn matches(grid: &Grid) -> bool {
    grid.equal == Equal::TrackingError && grid.arms.contains(&ArmKind::Uma)
}

fn arms(grid: &Grid, config: &Config, bench: &Bench) -> Vec<Row> {
    let run = |kind: ArmKind, gamma: f64| -> Result<StudyArm, StudyError> {
        let Some(setup) = bench.setups.iter().find(|s| s.kind == kind) else {
            return Err(StudyError::Config { faults: Vec::new() });
        };
        bench.arm(setup, kind.as_str(), config, gamma)
    };
    let gamma = config.trading.risk_aversion;
    let shadow = run(ArmKind::Shadow, gamma);
    let sma = (matches(grid) || grid.arms.contains(&ArmKind::Sma)).then(|| run(ArmKind::Sma, gamma));
    let (mut ran, mut outcomes) = (Vec::new(), Vec::new());
    for kind in &grid.arms {
        let done = match (kind, &sma) {
            (ArmKind::Shadow, _) => shadow.clone().map(|a| (a, None)),
            (ArmKind::Sma, Some(sma)) => sma.clone().map(|a| (a, None)),
            (ArmKind::Uma, Some(sma)) if matches(grid) => matched(&run, gamma, sma),
            _ => run(*kind, gamma).map(|a| (a, None)),
        };
        outcomes.push(done.map(|(arm, matched)| {
            ran.push(with_tax_alpha(arm, shadow.as_ref().ok()));
            matched
        }));
    }
    let apart = differences(&ran, config, bench);
    let mut ran = ran.iter();
    let row = |(kind, outcome): (&ArmKind, Result<Option<bool>, StudyError>)| {
        let done = outcome.map_err(|e| e.to_string());
        match done.and_then(|matched| Ok((ran.next().ok_or("it did not run")?, matched))) {
            Ok((arm, matched)) => Row {
                arm: kind.as_str().to_owned(),
                matched,
                ruin: arm.result.ruin.map(|r| r.date),
                error: None,
                figures: FIGURES.iter().map(|f| f.of(arm, &apart)).collect(),
            },
            Err(e) => Row::failed(*kind, e),
        }
    };
    grid.arms.iter().zip(outcomes).map(row).collect()
}

/// An arm with its tax alpha against the shadow portfolio.
fn with_tax_alpha(mut arm: StudyArm, shadow: Option<&StudyArm>) -> StudyArm {
    arm.tax_alpha = shadow.map(|s| {
        tax_alpha(
            (&arm.result.journal.marks, &arm.measures.liquidation),
            (&s.result.journal.marks, &s.measures.liquidation),
        )
    });
    arm
}

/// UMA at SMA's realized tracking error.
fn matched(
    run: &dyn Fn(ArmKind, f64) -> Result<StudyArm, StudyError>,
    gamma: f64,
    sma: &Result<StudyArm, StudyError>,
) -> Result<(StudyArm, Option<bool>), StudyError> {
    let target = sma.as_ref().map_err(Clone::clone)?.measures.tracking_error_ex_post;
    let first = run(ArmKind::Uma, gamma)?;
    let Some(target) = target.filter(|t| *t > 0.0) else { return Ok((first, None)) };
    let (arm, matched) = at_tracking_error(first, target, &mut |gamma| run(ArmKind::Uma, gamma))?;
    Ok((arm, Some(matched)))
}
