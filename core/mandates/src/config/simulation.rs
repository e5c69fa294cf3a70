//! Futures to run instead of history.

use serde::{Deserialize, Serialize};

use unisleeve_market::scenario::Scenario;

/// Futures to run instead of history. The run's `seed` is theirs; `start` and `end` follow from the scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct SimulationConfig {
    /// Futures, 1 to 100,000. Each is the same whatever their number.
    pub paths: u32,
    /// A named scenario (`unisleeve simulate --presets` lists them), which changes the one below; none = as it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
    /// Mean length in sessions of blocks of real days to draw from the prices of `data` (or the embedded sample), instead of the
    /// market model; none = the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bootstrap_block: Option<f64>,
    /// Whether UMA's risk aversion is set so that it has SMA's realised tracking error, on average over the first paths; otherwise
    /// both have the same.
    pub equal_tracking_error: bool,
    /// The market model. The bootstrap takes its `years` from it.
    pub scenario: Scenario,
}

impl Default for SimulationConfig {
    fn default() -> Self {
        Self {
            paths: 200,
            preset: None,
            bootstrap_block: None,
            equal_tracking_error: true,
            scenario: Scenario::default(),
        }
    }
}
