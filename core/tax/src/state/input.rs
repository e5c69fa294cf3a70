//! What a state's tax is computed from.

use super::super::{Carryforward, FilingStatus, net};
use unisleeve_units::Money;

/// Input for a state's return. Dollars of the year; gains are positive, losses negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StateInput {
    /// Federal ordinary taxable income: includes net short-term gain, after the capital loss deduction.
    pub ordinary_taxable: Money,
    /// Net long-term gain plus qualified dividends.
    pub pref_income: Money,
    /// The part of `pref_income` that is qualified dividends; exclusions for capital gains don't cover it.
    pub qualified_dividends: Money,
    /// Federal modified adjusted gross income.
    pub magi: Money,
    /// Net short-term result after losses carried in (Schedule D, line 7).
    pub net_short: Option<Money>,
    /// Net long-term result after losses carried in (Schedule D, line 15).
    pub net_long: Option<Money>,
    /// Interest on obligations of the United States that is part of `ordinary_taxable`; zero or positive.
    pub us_interest: Money,
    /// Federal net investment income. The rest of `magi` counts as wages, if a state needs them.
    pub net_investment_income: Money,
    /// Federal income tax, with the alternative minimum tax and without the net investment income tax; for
    /// states that deduct it (AL, MO, OR).
    pub federal_tax: Money,
    /// Net investment income tax.
    pub niit: Money,
    /// Number of dependents that the state allows.
    pub dependents: u32,
    /// The state's own taxable income, after its deductions and exemptions. `None`: computed from `magi`.
    pub state_taxable: Option<Money>,
}

impl StateInput {
    /// The same input with every amount changed by `change`.
    #[must_use]
    pub fn map(&self, change: impl Fn(Money) -> Money) -> Self {
        Self {
            ordinary_taxable: change(self.ordinary_taxable),
            pref_income: change(self.pref_income),
            magi: change(self.magi),
            net_short: self.net_short.map(&change),
            net_long: self.net_long.map(&change),
            us_interest: change(self.us_interest),
            net_investment_income: change(self.net_investment_income),
            qualified_dividends: change(self.qualified_dividends),
            federal_tax: change(self.federal_tax),
            niit: change(self.niit),
            dependents: self.dependents,
            state_taxable: self.state_taxable.map(&change),
        }
    }

    /// Adjusted gross income that a state may tax.
    pub(super) fn income(&self) -> Money {
        self.magi - self.us_interest
    }

    /// Federal taxable income that a state may tax.
    pub(super) fn federal_taxable(&self) -> Money {
        self.ordinary_taxable + self.pref_income - self.us_interest
    }

    /// Deductions of the federal return, standard or itemized: adjusted gross income less taxable income.
    pub(super) fn federal_deduction(&self) -> Money {
        (self.magi - self.ordinary_taxable - self.pref_income).max(Money::ZERO)
    }

    /// Net capital gain (IRC 1222(11)): net long-term gain less net short-term loss, at least zero. Without
    /// both net results it is preferential income less dividends, which is the same on a federal return.
    pub(super) fn net_capital_gain(&self) -> Money {
        match (self.net_short, self.net_long) {
            (Some(short), Some(long)) => long.min(long + short),
            _ => self.pref_income - self.qualified_dividends,
        }
        .max(Money::ZERO)
    }

    /// Net gain of both terms together, at least zero. Without `net_short`, net capital gain alone.
    pub(super) fn all_capital_gain(&self) -> Money {
        match (self.net_short, self.net_long) {
            (Some(short), Some(long)) => (short + long).max(Money::ZERO),
            (short, _) => self.net_capital_gain() + short.unwrap_or(Money::ZERO).max(Money::ZERO),
        }
    }

    /// State taxable income: the given amount, otherwise `income` less the state's deductions and exemptions;
    /// at least zero.
    pub(super) fn taxable(&self, income: Money, allowances: Money) -> Money {
        self.state_taxable.unwrap_or(income - allowances).max(Money::ZERO)
    }

    /// Capital loss that the federal return deducts from other income; zero if the net results are not given.
    pub(super) fn deducted_loss(&self, status: FilingStatus) -> Money {
        let limit = Money::whole(if status == FilingStatus::Separate { 1_500 } else { 3_000 });
        match (self.net_short, self.net_long) {
            (Some(short), Some(long)) => net(short, long, Carryforward::default(), limit).ordinary_offset,
            _ => Money::ZERO,
        }
    }
}

/// Whole dollars times a number of persons.
pub(super) fn each(dollars: i32, persons: u32) -> Money {
    // Saturates: no income that can be read exceeds the result, and nothing overflows.
    Money::whole(dollars.saturating_mul(i32::try_from(persons).unwrap_or(i32::MAX)))
}

/// Whole dollars; saturates.
pub(super) fn dollars(dollars: i64) -> Money {
    Money::from_raw(dollars.saturating_mul(Money::ONE.raw()))
}

/// Number of filers on a return.
pub(super) fn filers(status: FilingStatus) -> u32 {
    if status == FilingStatus::Joint { 2 } else { 1 }
}
