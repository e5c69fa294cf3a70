//! Dividends of stocks.

use serde::{Deserialize, Serialize};

/// Dividends of stocks. Each payer pays a quarter of its yield every 63 trading days; ex-dates differ by
/// name.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct DividendModel {
    /// Fraction of stocks that pay dividends. Calibrated.
    pub payers: f64,
    /// Median annual yield of payers, on the price before the dividend. Calibrated.
    pub yield_median: f64,
    /// Standard deviation over payers of the log of the yield. Calibrated. Yields are capped at 12%.
    pub yield_spread: f64,
    /// Fraction of payers whose dividends are not qualified, as those of real estate trusts. Calibrated:
    /// members in the real estate sector.
    pub ordinary_payers: f64,
}

impl Default for DividendModel {
    fn default() -> Self {
        Self { payers: 0.82, yield_median: 0.0218, yield_spread: 0.78, ordinary_payers: 0.052 }
    }
}
