//! Volatility through time.

use serde::{Deserialize, Serialize};

/// Volatility clustering and fat tails. The log of the market's daily volatility reverts to its mean (Taylor
/// 1986; Harvey, Ruiz and Shephard 1994, doi:10.2307/2297980). It rises more after a fall than after a rise,
/// and all classes share it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct VolatilityModel {
    /// Standard deviation of the log of daily volatility, 0 to 1. Calibrated on the autocovariance of log
    /// absolute returns.
    pub spread: f64,
    /// Days in which half of a deviation from the mean decays. Calibrated in the same way as `spread`.
    pub half_life: f64,
    /// Correlation of a day's return with the next change of log volatility, -1 to 1 (the leverage effect).
    /// Default -0.6: an assumption, since the calibration's moment estimate is at its bound, -1.
    pub leverage: f64,
    /// Kurtosis of a day's market shock, with volatility clustering taken out (3 = normal), 3 to 60.
    /// Calibrated.
    pub kurtosis: f64,
}

impl Default for VolatilityModel {
    fn default() -> Self {
        Self { spread: 0.52, half_life: 31.0, leverage: -0.6, kurtosis: 7.7 }
    }
}
