//! Spans of time in which returns or volatilities differ.

use serde::{Deserialize, Serialize};

/// A span of time in which returns or volatilities differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct Period {
    /// Years from the start of the futures to the first day of the period.
    pub from: f64,
    /// Length in years.
    pub years: f64,
    /// Returns of asset classes in the period. Classes not named keep their expected returns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<ClassReturn>,
    /// Whether every path has exactly these returns over the whole period, with random days in between.
    /// Otherwise they are expected returns. For the stock class the market factor has the return; the index
    /// still differs by sector and stock returns.
    pub fixed: bool,
    /// Multiplier of the volatility of the market and of all classes.
    pub volatility: f64,
    /// Multiplier of the volatility of sectors, styles and single stocks.
    pub specific: f64,
}

/// Total return of an asset class in a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct ClassReturn {
    /// Name of the asset class.
    pub class: String,
    /// Total return a year, compounded.
    pub annual: f64,
}

impl Default for Period {
    fn default() -> Self {
        Self { from: 0.0, years: 1.0, returns: Vec::new(), fixed: false, volatility: 1.0, specific: 1.0 }
    }
}
