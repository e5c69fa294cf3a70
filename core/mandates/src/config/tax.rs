//! Tax law, the household's outside income, and how the portfolio may end.

use serde::{Deserialize, Serialize};

use unisleeve_tax::{Deferral, FilingStatus, FlatRates, Law, LawMode, Laws, Outside, UnknownTaxYear};
use unisleeve_units::{Money, Rate};

/// Tax law, the household's outside income and the value of tax paid later.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct TaxConfig {
    /// `fixed`: the law of `year` throughout the run. `dated`: the law that was in force in each year, 2000 to
    /// 2026; afterwards that of 2026. Default: `fixed`.
    #[serde(skip_serializing_if = "is_fixed")]
    pub law: LawMode,
    /// Year of the federal tax law used throughout the run, 2000 to 2026. Not used with `law = "dated"`.
    pub year: i32,
    /// Filing status.
    pub status: FilingStatus,
    /// Growth of the tax brackets per year, as a fraction; with `law = "dated"`, after 2026.
    pub inflation: f64,
    /// The household's income from other sources, the same each year until `household.outside_income` changes
    /// it.
    pub outside: Outside,
    /// Short-term loss carried into the first year, in dollars, positive.
    pub carry_short: Money,
    /// Long-term loss carried into the first year, in dollars, positive.
    pub carry_long: Money,
    /// Largest net gain that the portfolio may realize in a year, in dollars. Gains that cash needs force may
    /// exceed it. It spreads a transition over several years. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gains_budget: Option<Money>,
    /// Whether losses from wash sales are disallowed (IRC 1091). Turn it off only to compare with studies
    /// that ignore the rule.
    #[serde(skip_serializing_if = "Clone::clone")]
    pub wash_sale_rule: bool,
    /// Flat tax rate on short-term gain at liquidation. Default: the household's marginal rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liquidation_short: Option<f64>,
    /// Flat tax rate on long-term gain, at liquidation and for gains taxed later. Default: the household's
    /// marginal rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liquidation_long: Option<f64>,
    /// Present value of tax paid later.
    pub deferral: Deferral,
    /// Tax rates that do not depend on income, for a client whose income is not known. Only callers set it;
    /// files can't, because no report shows it.
    #[serde(skip)]
    pub flat: Option<FlatRates>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_fixed(mode: &LawMode) -> bool {
    *mode == LawMode::Fixed
}

impl TaxConfig {
    /// The tax law of each year of a run that starts in `first_year`.
    ///
    /// # Errors
    /// If the law of `year`, or of the first year if dated, is not available.
    pub fn laws(&self, first_year: i32) -> Result<Laws, UnknownTaxYear> {
        if self.law == LawMode::Dated {
            return Laws::dated(self.status, self.flat, self.inflation, first_year);
        }
        let law = Law::of(self.year, self.status)?;
        let law = match self.flat {
            Some(rates) => law.at_flat_rates(rates),
            None => law,
        };
        Ok(Laws::fixed(law, self.inflation, first_year))
    }
}

impl Default for TaxConfig {
    fn default() -> Self {
        Self {
            law: LawMode::Fixed,
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

/// How the portfolio may end. These settings change reported values only, never a trade.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct EndingConfig {
    /// Share of the final value that goes to a public charity, 0 to 1.
    pub charity_share: Rate,
    /// Flat tax rate on short-term gain of a person who receives the portfolio as a gift. Default: the
    /// household's rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub donee_short: Option<f64>,
    /// Flat tax rate on long-term gain of that person. Default: the household's rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub donee_long: Option<f64>,
}

impl Default for EndingConfig {
    fn default() -> Self {
        Self { charity_share: Rate::from_raw(100_000), donee_short: None, donee_long: None }
    }
}
