//! Settings for simulated futures.

use serde::{Deserialize, Serialize};

use super::Practice;
use unisleeve_market::scenario::Scenario;

/// Simulated futures instead of history. They use the run's `seed`; `start` and `end` follow from the
/// scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct SimulationConfig {
    /// Number of futures, 1 to 100,000. Each future stays the same whatever the number.
    pub paths: u32,
    /// Named scenario that changes the one in `scenario`; `unisleeve simulate --presets` lists the names.
    /// Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
    /// Mean length, in sessions, of the blocks of real days drawn from the prices of `data` or of the
    /// embedded sample, instead of the market model. Default: use the market model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bootstrap_block: Option<f64>,
    /// Whether UMA's risk aversion is set so that its realized tracking error equals SMA's on average over
    /// the first paths. If false, both use the same risk aversion.
    pub equal_tracking_error: bool,
    /// Practices of separate managers that run on each future beside UMA, at least one: `best` and `typical`
    /// are the arms `sma_best` and `sma_typical`; `diligent` is the arm `sma`, with the habits of `[sma]`.
    /// Their order does not matter. Default: all three.
    pub practices: Vec<Practice>,
    /// Settings of the market model. Block bootstrap uses only its `years`.
    pub scenario: Scenario,
}

impl Default for SimulationConfig {
    fn default() -> Self {
        Self {
            paths: 200,
            preset: None,
            bootstrap_block: None,
            equal_tracking_error: false,
            practices: Practice::ALL.to_vec(),
            scenario: Scenario::default(),
        }
    }
}
