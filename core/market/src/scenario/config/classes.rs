//! Asset classes and funds.

use serde::{Deserialize, Serialize};

/// An asset class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct AssetClass {
    /// Name.
    pub name: String,
    /// Expected total return a year, simple: the mean over paths of wealth after one year, minus 1.
    pub expected_return: f64,
    /// Volatility: standard deviation of log returns times the square root of the number of periods in a
    /// year.
    pub volatility: f64,
    /// Distributions a year as a fraction of the price. Not used for the stock class, whose income is the
    /// stocks' dividends.
    #[serde(default)]
    pub distribution_yield: f64,
    /// How the distributions are taxed.
    #[serde(default)]
    pub income: Income,
    /// Qualified share of dividends, 0 to 1. Must be 0 for interest. Not used for the stock class:
    /// `dividends` decides for each stock.
    #[serde(default)]
    pub qualified: f64,
}

/// How distributions are taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Income {
    /// Dividends, of which a share is qualified.
    #[default]
    Dividend,
    /// Interest.
    Interest,
}

/// A fund that invests in one asset class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct Fund {
    /// Ticker. Must not be S followed by digits.
    pub symbol: String,
    /// Name of the fund's asset class.
    pub class: String,
    /// Expenses a year as a fraction of the fund's value.
    #[serde(default)]
    pub expense_ratio: f64,
    /// Payments a year: 1, 2, 4 or 12. Each falls on the last session of its month.
    #[serde(default = "quarterly")]
    pub payments: u32,
    /// Tracking error a year against the asset class. Above 0 it makes a fund of another index of the class,
    /// as a partner for harvesting pairs.
    #[serde(default)]
    pub tracking_error: f64,
}

fn quarterly() -> u32 {
    4
}

pub(super) const CORRELATIONS: [[f64; 5]; 5] = [
    [1.0, 0.88, 0.25, 0.76, -0.05],
    [0.88, 1.0, 0.32, 0.73, -0.03],
    [0.25, 0.32, 1.0, 0.41, 0.05],
    [0.76, 0.73, 0.41, 1.0, -0.04],
    [-0.05, -0.03, 0.05, -0.04, 1.0],
];

/// Where the default expected returns come from, for a sentence.
pub const RETURNS_SOURCE: &str = "the means that compound at the ten-year forecasts of PGIM Quantitative Solutions \
    (fourth quarter of 2025) for stocks and bonds and of Vanguard (31 May 2025) for real estate and Treasury bills";

/// Defaults for US stocks, international stocks, bonds, real estate and Treasury bills.
///
/// Expected returns compound at published ten-year forecasts: 5.3%, 7.1% and 4.6% a year for US large-cap
/// stocks, international stocks and US aggregate bonds (PGIM Quantitative Solutions, 4Q 2025 Capital Market
/// Assumptions), 4.1% and 3.6% for US REITs and US cash (Vanguard Capital Markets Model, 31 May 2025, middle of
/// its ranges). These are geometric means. The mean of one year is higher: `(1 + g) exp(σ²/2) - 1` at a
/// volatility of `σ`, here rounded to a tenth of a percent. Bonds and bills pay the forecast out as interest.
///
/// Volatilities are of monthly log returns, and the yields of other classes those, of SPY, EFA, AGG, VNQ and
/// BIL from June 2007 to September 2025. The volatility of stocks is that of the calibrated index, from daily
/// returns.
pub(super) fn defaults() -> Vec<AssetClass> {
    let class = |name: &str, expected_return, volatility, distribution_yield, income, qualified| AssetClass {
        name: name.to_owned(),
        expected_return,
        volatility,
        distribution_yield,
        income,
        qualified,
    };
    vec![
        class("US stocks", 0.069, 0.172, 0.0, Income::Dividend, 0.0),
        class("international stocks", 0.088, 0.18, 0.03, Income::Dividend, 0.7),
        class("bonds", 0.047, 0.047, 0.046, Income::Interest, 0.0),
        class("real estate", 0.069, 0.23, 0.042, Income::Dividend, 0.0),
        class("Treasury bills", 0.036, 0.0055, 0.036, Income::Interest, 0.0),
    ]
}

pub(super) fn default_funds() -> Vec<Fund> {
    let fund = |symbol: &str, class: &str, expense_ratio, payments, tracking_error| Fund {
        symbol: symbol.to_owned(),
        class: class.to_owned(),
        expense_ratio,
        payments,
        tracking_error,
    };
    vec![
        fund("USX", "US stocks", 0.0005, 4, 0.0),
        fund("USY", "US stocks", 0.0005, 4, 0.01),
        fund("INTL", "international stocks", 0.001, 2, 0.0),
        fund("BOND", "bonds", 0.0005, 12, 0.0),
        fund("REIT", "real estate", 0.0012, 4, 0.0),
        fund("BILL", "Treasury bills", 0.001, 12, 0.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The typical growth of a class is that of its expected log return, `ln(1 + mu) - σ²/2`.
    #[test]
    fn expected_returns_compound_at_the_published_forecasts() {
        for (class, published) in defaults().iter().zip([0.053, 0.071, 0.046, 0.041, 0.036]) {
            let variance = class.volatility * class.volatility;
            let growth = (1.0 + class.expected_return) * libm::exp(-0.5 * variance) - 1.0;
            assert!((growth - published).abs() < 6e-4, "{}: {growth} {published}", class.name);
        }
    }
}
