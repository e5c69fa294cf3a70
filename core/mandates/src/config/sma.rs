//! Settings that differ between setups: how an advisor directs other managers, and what each manager charges.

use serde::{Deserialize, Serialize};

/// How the advisor directs the sleeves under separate management.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct SmaConfig {
    /// Former place of `trading.band`, which applies to every arm. Still read. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<f64>,
    /// Tax in dollars that the advisor accepts to remove a dollar of drift within the band.
    pub drift_price: f64,
    /// Sessions until money requested from a manager arrives. Until then the advisor pays from cash, then by
    /// selling funds.
    #[serde(skip_serializing_if = "is_zero")]
    pub lag: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(x: &u32) -> bool {
    *x == 0
}

impl Default for SmaConfig {
    fn default() -> Self {
        Self { band: None, drift_price: 0.01, lag: 0 }
    }
}

/// Annual fees as fractions of value, charged on the first session of each quarter for the quarter before.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct FeesConfig {
    /// Fee of the direct-index managers, on what they manage.
    pub direct_index: f64,
    /// Fee of the advisor on the whole portfolio, under separate management and in the arms that hold only
    /// funds.
    pub advisor: f64,
    /// Fee of the one manager in UMA, on the whole portfolio.
    pub uma: f64,
}

impl FeesConfig {
    /// Whether all fees are zero.
    pub fn is_free(&self) -> bool {
        *self == Self::default()
    }
}

/// Cost of work.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct WorkloadConfig {
    /// Minutes for a task, the same in every arm.
    pub minutes_per_task: f64,
}

impl WorkloadConfig {
    /// Whether all values are the defaults.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
