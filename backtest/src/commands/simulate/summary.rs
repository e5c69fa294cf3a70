//! The content of `summary.json`.

use serde::Serialize;
use unisleeve_core::mandates::Config;
use unisleeve_core::study::simulate::SimulationSummary;

/// One point of the frontier: both setups at one risk aversion.
#[derive(Debug, Serialize)]
pub(super) struct FrontierPoint {
    pub(super) risk_aversion: f64,
    /// Mean realized tracking error and mean tax alpha before liquidation, of UMA and of SMA. Fractions a
    /// year.
    pub(super) tracking_error: [Option<f64>; 2],
    pub(super) tax_alpha: [Option<f64>; 2],
}

/// Both setups under one yearly limit on net gains, averaged over the futures.
#[derive(Debug, Serialize)]
pub(super) struct TransitionPoint {
    /// The limit, dollars a year; `None` = no limit.
    pub(super) gains_budget: Option<u32>,
    /// Ex-ante tracking error at the end of each year, of UMA and of SMA. Fractions.
    pub(super) tracking_error_by_year: [Vec<f64>; 2],
    /// Tax by tax year, of UMA and of SMA. Dollars.
    pub(super) taxes_by_year: [Vec<f64>; 2],
}

#[derive(Debug, Serialize)]
pub(super) struct Summary {
    #[serde(flatten)]
    pub(super) figures: SimulationSummary,
    /// Futures requested. After Ctrl-C there are fewer results.
    pub(super) asked: u64,
    pub(super) frontier: Vec<FrontierPoint>,
    pub(super) transition: Vec<TransitionPoint>,
    pub(super) config: Config,
}
