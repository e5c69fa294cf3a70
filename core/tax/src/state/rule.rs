//! States whose tax is brackets on an income less fixed amounts: one row of a table for each year.

use super::schedule::{By, Scale, in_year};
use super::{StateInput, each, schedule};
use crate::FilingStatus;
use unisleeve_units::{Money, Rate};

/// Income that a state's return starts from; interest on US obligations is taken off.
#[derive(Debug, Clone, Copy)]
pub(super) enum Base {
    /// Federal adjusted gross income.
    Gross,
    /// Federal taxable income.
    Taxable,
}

/// A state's tax in one year.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub(super) base: Base,
    /// Standard deduction and the filers' exemptions together, in dollars.
    pub(super) allowed: By<i32>,
    /// Exemption of each dependent, in dollars.
    pub(super) dependent: i32,
    /// Part of net capital gain (IRC 1222(11)) that is not taxed, in millionths.
    pub(super) gain_excluded: i64,
    /// Part of qualified dividends that is not taxed, in millionths.
    pub(super) dividends_excluded: i64,
    pub(super) rates: Scale,
    /// Credit of the filers and of each dependent, in dollars.
    pub(super) credit: By<i32>,
    pub(super) dependent_credit: i32,
}

impl Rule {
    /// A rule that taxes all income of a household; a row changes what differs.
    pub(super) const PLAIN: Self = Self {
        base: Base::Gross,
        allowed: By([0; 4]),
        dependent: 0,
        gain_excluded: 0,
        dividends_excluded: 0,
        rates: By([&[]; 4]),
        credit: By([0; 4]),
        dependent_credit: 0,
    };

    fn tax(&self, status: FilingStatus, input: &StateInput) -> Money {
        let income = match self.base {
            Base::Gross => input.income(),
            Base::Taxable => input.federal_taxable(),
        };
        let excluded = input.net_capital_gain().at(Rate::from_raw(self.gain_excluded))
            + input.qualified_dividends.at(Rate::from_raw(self.dividends_excluded));
        let allowed = self.allowed.dollars(status) + each(self.dependent, input.dependents) + excluded;
        let tax = schedule(self.rates.of(status), input.taxable(income, allowed)).rounded();
        let credit = self.credit.dollars(status) + each(self.dependent_credit, input.dependents);
        (tax - credit).max(Money::ZERO)
    }
}

/// Tax by the row of `year`; the first row is 2025, the second 2026.
pub(super) fn tax(rows: &[Rule; 2], year: i32, status: FilingStatus, input: &StateInput) -> Money {
    in_year(year, [&rows[0], &rows[1]]).tax(status, input)
}
