//! Income from outside the portfolio that changes from one year on, such as at retirement.

use serde::{Deserialize, Serialize};

use super::{Outside, State};
use unisleeve_units::{Money, Rate};

/// The household's income from outside the portfolio from a year on. What is left out stays as it was. Dollars a
/// year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct IncomeChange {
    /// First year of the new income.
    pub from: i32,
    /// Ordinary taxable income after deductions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordinary_taxable: Option<Money>,
    /// Modified adjusted gross income.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub magi: Option<Money>,
    /// Net investment income.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_investment_income: Option<Money>,
    /// Qualified dividends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qualified_dividends: Option<Money>,
    /// Net short-term gain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_short: Option<Money>,
    /// Net long-term gain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_long: Option<Money>,
    /// State of residence after a move. It replaces a flat rate.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Flat rate of state income tax after a move. It replaces a state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_rate: Option<Rate>,
}

impl Outside {
    /// The income of a year, with the changes up to it. `changes` are sorted by year.
    ///
    /// ```
    /// use unisleeve_tax::{IncomeChange, Outside};
    /// use unisleeve_units::Money;
    ///
    /// let retirement = IncomeChange {
    ///     from: 2030,
    ///     ordinary_taxable: Some(Money::whole(60_000)),
    ///     magi: Some(Money::whole(90_000)),
    ///     ..IncomeChange::default()
    /// };
    /// let working = Outside::default();
    /// assert_eq!(working.in_year(&[retirement], 2029), working);
    /// assert_eq!(working.in_year(&[retirement], 2030).magi, Money::whole(90_000));
    /// ```
    #[must_use]
    pub fn in_year(self, changes: &[IncomeChange], year: i32) -> Self {
        let mut income = self;
        for change in changes.iter().filter(|change| change.from <= year) {
            let set = |value: &mut Money, to: Option<Money>| *value = to.unwrap_or(*value);
            set(&mut income.ordinary_taxable, change.ordinary_taxable);
            set(&mut income.magi, change.magi);
            set(&mut income.net_investment_income, change.net_investment_income);
            set(&mut income.qualified_dividends, change.qualified_dividends);
            set(&mut income.net_short, change.net_short);
            set(&mut income.net_long, change.net_long);
            if change.state.is_some() {
                (income.state, income.state_rate) = (change.state, Rate::ZERO);
            }
            if let Some(rate) = change.state_rate {
                (income.state, income.state_rate) = (None, rate);
            }
        }
        income
    }
}
