//! Dividends of stocks.

use serde::{Deserialize, Serialize};

/// What stocks pay: a quarter of their yield every 63 trading days, on ex-dates that differ by name.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct DividendModel {
    /// Share of names that pay at all. Calibrated.
    pub payers: f64,
    /// Median annual yield of those that pay, on the price before. Calibrated.
    pub yield_median: f64,
    /// Standard deviation over payers of the logarithm of the yield. Calibrated. No yield is above 12%.
    pub yield_spread: f64,
    /// Share of payers whose dividends are not qualified, as real estate trusts' are. Calibrated: members in the real estate
    /// sector.
    pub ordinary_payers: f64,
}

impl Default for DividendModel {
    fn default() -> Self {
        Self { payers: 0.82, yield_median: 0.0218, yield_spread: 0.78, ordinary_payers: 0.052 }
    }
}
