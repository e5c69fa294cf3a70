//! Changes of the index.

use serde::{Deserialize, Serialize};

/// How companies leave the index. Each one that leaves is replaced by an addition. Rates are annual fractions
/// of the number of stocks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct Turnover {
    /// Stocks dropped from the index at the end of a quarter, smallest first, a year; they stay listed. The
    /// three rates together are calibrated (4.3%). That two in five stay listed is an assumption, since the
    /// prices of many end when they leave.
    pub deletions: f64,
    /// Stocks acquired for cash, a year, drawn from the smaller half. See `deletions`.
    pub mergers: f64,
    /// Premium over the price when a merger is announced. Default 0.30: an assumption, not calibrated.
    pub merger_premium: f64,
    /// Whole months from the announcement until holders are paid. Default 4: an assumption, not calibrated.
    pub merger_months: u32,
    /// Stocks that fail and are delisted, a year, drawn from the smaller half. Calibrated.
    pub delistings: f64,
    /// Loss at a delisting as a fraction of the price. Default 0.30, the mean return of performance-related
    /// delistings on NYSE and AMEX: Shumway 1997, doi:10.1111/j.1540-6261.1997.tb03818.x.
    pub delisting_loss: f64,
    /// Median cap of additions, as a multiple of the median member's cap. Calibrated.
    pub addition_cap: f64,
}

impl Default for Turnover {
    fn default() -> Self {
        Self {
            deletions: 0.018,
            mergers: 0.024,
            merger_premium: 0.30,
            merger_months: 4,
            delistings: 0.001,
            delisting_loss: 0.30,
            addition_cap: 0.55,
        }
    }
}
