//! Stocks: a market, sectors, styles and each one's own risk.

use serde::{Deserialize, Serialize};

/// What stocks have in common and of their own. The volatility of the market factor is what the index's volatility leaves
/// beside sectors, styles and single names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct StockModel {
    /// Standard deviation of market betas over names, about a cap-weighted mean of 1. Calibrated.
    pub beta_spread: f64,
    /// Volatility of each sector's own factor. Calibrated.
    pub sector_volatility: f64,
    /// Volatilities of the style factors, for a loading of one standard deviation: size first (loading: log cap), then value, then
    /// momentum (loadings drawn once for each name). Calibrated: the three largest principal components of what market and
    /// sectors leave.
    pub style_volatilities: Vec<f64>,
    /// Median over names of the volatility of their own. Calibrated.
    pub specific_volatility: f64,
    /// Standard deviation over names of its logarithm. Calibrated.
    pub specific_spread: f64,
    /// Correlation over names of that logarithm with log cap: large companies have less risk of their own. Calibrated.
    pub specific_size: f64,
    /// Kurtosis of one day's specific return once clustering is taken out (3 = normal), 3 to 60. Default 30, above the
    /// calibrated 14.3: the median sample kurtosis of a simulated stock is then 12 beside a real one's 17.
    pub specific_kurtosis: f64,
    /// Elasticity of the volatility of sectors, styles and names to the market's, 0 to 1. Calibrated; that idiosyncratic
    /// volatility has a common factor: Herskovic and others 2016, doi:10.1016/j.jfineco.2015.09.010.
    pub specific_follows: f64,
    /// Standard deviation of log caps over names at the first session. Calibrated on the index's weights.
    pub cap_spread: f64,
    /// Median price of a share at the first session, dollars: only the size of a lot depends on it.
    pub price: f64,
    /// Largest companies that a `leaders_excess` is given to. Default: none.
    pub leaders: usize,
    /// Expected return of the largest `leaders` above the index's; the other names have as much less that the index's stays.
    pub leaders_excess: f64,
}

impl Default for StockModel {
    fn default() -> Self {
        Self {
            beta_spread: 0.265,
            sector_volatility: 0.111,
            style_volatilities: vec![0.05, 0.048, 0.027],
            specific_volatility: 0.2,
            specific_spread: 0.33,
            specific_size: -0.3,
            specific_kurtosis: 30.0,
            specific_follows: 0.33,
            cap_spread: 1.01,
            price: 80.0,
            leaders: 0,
            leaders_excess: 0.0,
        }
    }
}
