//! Spans of time in which the model's figures differ.

use serde::{Deserialize, Serialize};

/// A span of time in which the model's figures differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct Period {
    /// Years from the start to its first day.
    pub from: f64,
    /// Its length in years.
    pub years: f64,
    /// Returns of asset classes in it; those not named keep their expected returns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<ClassReturn>,
    /// Whether every path has those returns over the whole period, the days in between staying random; else they are expected
    /// returns. For the stock class it is the market factor that has it: the index differs by its sectors' and names' luck.
    pub fixed: bool,
    /// Volatility of the market and of all classes, times this.
    pub volatility: f64,
    /// Volatility of sectors, styles and names, times this.
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
