//! What differs between setups: how an advisor steers other managers, and what each charges.

use serde::{Deserialize, Serialize};

/// How the advisor of a separately managed setup steers the sleeves.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct SmaConfig {
    /// An asset class may drift from its policy weight by this fraction of the portfolio before money is moved for it, in
    /// every arm. A sleeve may have a band of its own.
    pub band: f64,
    /// Dollars of tax that the advisor pays to remove a dollar of drift inside the band.
    pub drift_price: f64,
    /// Sessions until money asked of a manager arrives. The advisor bridges from cash, then from funds.
    #[serde(skip_serializing_if = "is_zero")]
    pub lag: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(x: &u32) -> bool {
    *x == 0
}

impl Default for SmaConfig {
    fn default() -> Self {
        Self { band: 0.02, drift_price: 0.01, lag: 0 }
    }
}

/// Fees a year, fractions of value, charged on the first session of each quarter for the quarter before.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct FeesConfig {
    /// The direct-index managers, on what they run.
    pub direct_index: f64,
    /// The advisor of a separately managed setup, on everything; the funds-only arms pay it too.
    pub advisor: f64,
    /// The one manager, on everything.
    pub uma: f64,
}

impl FeesConfig {
    /// Whether nobody charges anything.
    pub fn is_free(&self) -> bool {
        *self == Self::default()
    }
}

/// What work costs.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct WorkloadConfig {
    /// Minutes of a task, the same in every arm.
    pub minutes_per_task: f64,
}

impl WorkloadConfig {
    /// Whether nothing was asked for.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
