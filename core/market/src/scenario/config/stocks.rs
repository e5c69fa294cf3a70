//! Stocks: a market factor, sectors, styles and specific risk.

use serde::{Deserialize, Serialize};

/// Common and specific risk of stocks. The volatility of the market factor follows from the index's
/// volatility, less the part of sectors and specific risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct StockModel {
    /// Standard deviation of market betas over stocks, around a cap-weighted mean of 1. Calibrated.
    pub beta_spread: f64,
    /// Volatility of each sector factor. Calibrated.
    pub sector_volatility: f64,
    /// Volatilities of the style factors, for a loading of one standard deviation: size first (loading: log
    /// cap), then value, then momentum (loadings drawn once for each stock). Calibrated: the three largest
    /// principal components of what market and sectors leave.
    pub style_volatilities: Vec<f64>,
    /// Median specific volatility over stocks. Calibrated.
    pub specific_volatility: f64,
    /// Standard deviation over stocks of the log of specific volatility. Calibrated.
    pub specific_spread: f64,
    /// Correlation over stocks of the log of specific volatility with log cap; negative because large
    /// companies have less specific risk. Calibrated.
    pub specific_size: f64,
    /// Kurtosis of a day's specific return, with volatility clustering taken out (3 = normal), 3 to 60.
    /// Default 30, above the calibrated 14.3: the median sample kurtosis of a simulated stock is then 12,
    /// beside 17 for a real one.
    pub specific_kurtosis: f64,
    /// Elasticity of the volatility of sectors, styles and stocks to the market's volatility, 0 to 1.
    /// Calibrated. Evidence for a common factor in idiosyncratic volatility: Herskovic and others 2016,
    /// doi:10.1016/j.jfineco.2015.09.010.
    pub specific_follows: f64,
    /// Standard deviation of log caps over stocks at the first session. Calibrated on the index's weights.
    pub cap_spread: f64,
    /// Median price of a share at the first session, in dollars. It only affects the size of lots.
    pub price: f64,
    /// Number of largest companies that get `leaders_excess`. Default: none.
    pub leaders: usize,
    /// Expected return a year of the largest `leaders` above the index's. The other stocks have
    /// correspondingly less, so that the index's expected return stays.
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
