//! Law, the household outside the portfolio, and how the portfolio may end.

use serde::{Deserialize, Serialize};

use unisleeve_tax::{Deferral, FilingStatus, FlatRates, Law, Outside, UnknownTaxYear};
use unisleeve_units::{Money, Rate};

/// Law and the household outside the portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct TaxConfig {
    /// Tax year whose law holds through the run: 2025 or 2026.
    pub year: i32,
    /// Filing status.
    pub status: FilingStatus,
    /// Growth of the brackets a year.
    pub inflation: f64,
    /// The household without the portfolio, each year.
    pub outside: Outside,
    /// Short-term loss carried into the first year, positive.
    pub carry_short: Money,
    /// Long-term loss carried into the first year, positive.
    pub carry_long: Money,
    /// Net gain that the portfolio may realise in a year, beyond what cash needs force: paces a transition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gains_budget: Option<Money>,
    /// Whether losses of wash sales are disallowed (section 1091). Switched off only to set results beside studies without it.
    #[serde(skip_serializing_if = "Clone::clone")]
    pub wash_sale_rule: bool,
    /// Flat rates used for liquidation and for gains taxed later; none = the household's marginal rates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liquidation_short: Option<f64>,
    /// See `liquidation_short`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liquidation_long: Option<f64>,
    /// What later tax is worth today.
    pub deferral: Deferral,
    /// Rates that do not depend on income, of a client of whom no more is known. Not for files: no report shows them.
    #[serde(skip)]
    pub flat: Option<FlatRates>,
}

impl TaxConfig {
    /// The law of the first year.
    ///
    /// # Errors
    /// When the year is not held.
    pub fn law(&self) -> Result<Law, UnknownTaxYear> {
        let law = Law::of(self.year, self.status)?;
        Ok(match self.flat {
            Some(rates) => law.at_flat_rates(rates),
            None => law,
        })
    }
}

impl Default for TaxConfig {
    fn default() -> Self {
        Self {
            year: 2026,
            status: FilingStatus::Joint,
            inflation: 0.0,
            outside: Outside::default(),
            carry_short: Money::ZERO,
            carry_long: Money::ZERO,
            gains_budget: None,
            wash_sale_rule: true,
            liquidation_short: None,
            liquidation_long: None,
            deferral: Deferral::default(),
            flat: None,
        }
    }
}

/// How the portfolio may end. Figured beside the run: nothing here changes a trade.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct EndingConfig {
    /// Part of the final value that goes to a public charity, 0 to 1.
    pub charity_share: Rate,
    /// Flat rate of a person who is given the portfolio on short-term gain; none = the household's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub donee_short: Option<f64>,
    /// The same on long-term gain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub donee_long: Option<f64>,
}

impl Default for EndingConfig {
    fn default() -> Self {
        Self { charity_share: Rate::from_raw(100_000), donee_short: None, donee_long: None }
    }
}
