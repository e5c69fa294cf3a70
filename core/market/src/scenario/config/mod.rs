//! The configuration of a scenario, for TOML files and for the page's JSON.
//!
//! "Calibrated" in a field's description means: estimated by `unisleeve calibrate` on the S&P 500 from
//! February 2013 to April 2021 and the funds beside it (`docs/examples/sp500/sp500.toml`), then rounded.
//! `docs/scenarios.md` has the formulas. Expected returns are published forecasts. Returns and volatilities are annual fractions: 0.16 is 16% a year.

mod classes;
mod dividends;
mod period;
mod stocks;
mod turnover;
mod volatility;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use classes::{AssetClass, Fund, Income, RETURNS_SOURCE};
pub use dividends::DividendModel;
pub use period::{ClassReturn, Period};
pub use stocks::StockModel;
pub use turnover::Turnover;
pub use volatility::VolatilityModel;

/// A seeded market model: stocks in sectors, asset classes, and funds. `Generator::new` checks it and draws
/// its paths.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct Scenario {
    /// Seed of all random numbers, up to 2^53 (the largest whole number that JavaScript holds exactly).
    pub seed: u64,
    /// First date of the futures. All paths share one history before it.
    pub start: NaiveDate,
    /// Length of the futures in years, above 0 and up to 60.
    pub years: f64,
    /// Time between sessions.
    pub step: Step,
    /// Sessions before the start, for the risk model. Default: 505 daily, 157 weekly, 61 monthly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<u32>,
    /// Whether each odd path mirrors the factor shocks of the path before it (antithetic variates: Hammersley
    /// and Morton 1956, doi:10.1017/S0305004100031455). This lowers the variance of means over pairs of
    /// paths.
    pub antithetic: bool,
    /// Stocks in the index, 20 to 1,000.
    pub names: usize,
    /// Sectors, 1 to 30. Default: the 11 of the Global Industry Classification Standard.
    pub sectors: usize,
    /// Common and specific risk of stocks.
    pub stocks: StockModel,
    /// Volatility clustering and fat tails.
    pub volatility: VolatilityModel,
    /// Dividends of stocks.
    pub dividends: DividendModel,
    /// Changes of the index: additions, deletions, mergers, delistings.
    pub turnover: Turnover,
    /// Asset classes. The first is the stock class: its expected return and volatility apply to the stock
    /// index, which has its name.
    pub classes: Vec<AssetClass>,
    /// Correlations of the classes' log returns, in the order of the classes: symmetric, with ones on the
    /// diagonal. Calibrated on monthly returns of SPY, EFA, AGG, VNQ and BIL, June 2007 to September 2025.
    pub correlations: Vec<Vec<f64>>,
    /// Funds, each of one asset class.
    pub funds: Vec<Fund>,
    /// Spans of time in which returns or volatilities differ. They must not overlap.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub periods: Vec<Period>,
}

/// Time between sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Every day on which the New York Stock Exchange is open.
    Daily,
    /// The last such day of each week.
    Weekly,
    /// The last such day of each month.
    Monthly,
}

impl Step {
    /// Sessions in a year, which turns figures of one session into annual figures: 252, 52 or 12.
    pub fn sessions_a_year(self) -> f64 {
        match self {
            Self::Daily => 252.0,
            Self::Weekly => 52.0,
            Self::Monthly => 12.0,
        }
    }

    /// Default number of sessions before the start: two years and one session for a daily step, three years
    /// weekly, five years monthly.
    pub fn default_history(self) -> u32 {
        match self {
            Self::Daily => 505,
            Self::Weekly => 157,
            Self::Monthly => 61,
        }
    }
}

impl Scenario {
    /// Sessions before the start.
    pub fn history_sessions(&self) -> usize {
        self.history.unwrap_or(self.step.default_history()) as usize
    }

    /// Name of the stock index and of the stocks' asset class; empty where there is no class.
    pub fn stock_class(&self) -> &str {
        self.classes.first().map_or("", |c| &c.name)
    }
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            seed: 0,
            start: NaiveDate::from_ymd_opt(2027, 1, 4).unwrap_or_default(),
            years: 10.0,
            step: Step::Daily,
            history: None,
            antithetic: false,
            names: 500,
            sectors: 11,
            stocks: StockModel::default(),
            volatility: VolatilityModel::default(),
            dividends: DividendModel::default(),
            turnover: Turnover::default(),
            classes: classes::defaults(),
            correlations: classes::CORRELATIONS.map(|row| row.to_vec()).to_vec(),
            funds: classes::default_funds(),
            periods: Vec::new(),
        }
    }
}
