//! The household's tax returns over the years: the tax accrued so far, and the return filed and paid on April
//! 15.

use chrono::{Datelike, NaiveDate};

use super::Ledger;
use crate::journal::TaxYearRow;
use unisleeve_tax::{Carryforward, IncomeChange, Law, Laws, Outside, OutsideGain, bill, difference};
use unisleeve_units::Money;

/// Month and day when last year's return is due (IRC 6072(a)).
const DUE: (u32, u32) = (4, 15);

/// The returns of one arm that are not filed yet.
#[derive(Debug, Clone)]
pub struct TaxReturns {
    laws: Laws,
    outside: Outside,
    /// Dated gains from outside the portfolio.
    gains: Vec<OutsideGain>,
    /// Dated changes of the income from outside the portfolio, oldest first.
    changes: Vec<IncomeChange>,
    /// First year not filed yet.
    open: i32,
    /// Losses carried into the first open year, with the portfolio.
    carried_with: Carryforward,
    /// Losses carried into the first open year, without the portfolio.
    carried_without: Carryforward,
    /// Losses carried into the first open year with the portfolio, as they seem without the dated gains.
    carried_unaware: Carryforward,
}

impl TaxReturns {
    /// Returns from `first_year` on. `carried_in` holds the losses that the household already has, with the
    /// portfolio and without it.
    pub fn new(laws: Laws, outside: Outside, first_year: i32, carried_in: Carryforward) -> Self {
        Self {
            laws,
            outside,
            gains: Vec::new(),
            changes: Vec::new(),
            open: first_year,
            carried_with: carried_in,
            carried_without: carried_in,
            carried_unaware: carried_in,
        }
    }

    /// Adds dated gains from outside the portfolio. Each enters the returns of its year from its date on.
    #[must_use]
    pub fn with_outside_gains(self, gains: Vec<OutsideGain>) -> Self {
        Self { gains, ..self }
    }

    /// Adds dated changes of the income from outside the portfolio, oldest first.
    #[must_use]
    pub fn with_income_changes(self, changes: Vec<IncomeChange>) -> Self {
        Self { changes, ..self }
    }

    /// The law of each year.
    pub fn laws(&self) -> &Laws {
        &self.laws
    }

    /// The law for a year.
    pub fn law(&self, year: i32) -> Law {
        self.laws.of(year)
    }

    /// The household's income of a year from outside the portfolio, with the dated gains up to `known`.
    /// Without `known`, as it seems to someone who does not know of these gains.
    pub fn outside(&self, year: i32, known: Option<NaiveDate>) -> Outside {
        let income = self.outside.in_year(&self.changes, year);
        known.map_or(income, |known| income.with_gains(&self.gains, year, known))
    }

    /// Returns of the open years up to the year of `date`, based on what has happened so far; oldest first.
    pub fn open_years(&self, ledger: &Ledger, date: NaiveDate) -> Vec<TaxYearRow> {
        self.chain(ledger, date.year(), date).0
    }

    /// Returns of the open years up to `year`, with dated gains up to `known`, and the losses carried out of
    /// the last of them, with and without the portfolio.
    fn chain(
        &self,
        ledger: &Ledger,
        year: i32,
        known: NaiveDate,
    ) -> (Vec<TaxYearRow>, Carryforward, Carryforward) {
        let (mut with, mut without) = (self.carried_with, self.carried_without);
        let mut rows = Vec::new();
        for y in self.open..=year {
            let income = ledger.income(y);
            let outside = self.outside(y, Some(known));
            let (tax, full, bare) = difference(&self.law(y), &outside, &income, with, without);
            with = full.netted.carry;
            without = bare.netted.carry;
            rows.push(TaxYearRow {
                year: y,
                net_short: income.net_short,
                net_long: income.net_long,
                dividends_qualified: income.qualified,
                dividends_ordinary: income.ordinary,
                interest: income.interest,
                distributions: income.distributions,
                ordinary_offset: full.netted.ordinary_offset,
                carry_short: with.short,
                carry_long: with.long,
                tax,
                paid_on: None,
            });
        }
        (rows, with, without)
    }

    /// Losses carried out of `year` with the portfolio, as they seem without the dated gains.
    fn unaware(&self, ledger: &Ledger, year: i32) -> Carryforward {
        let mut carry = self.carried_unaware;
        for y in self.open..=year {
            carry = bill(&self.law(y), &self.outside(y, None), &ledger.income(y), carry).netted.carry;
        }
        carry
    }

    /// Tax of all open years up to `date`, based on what has happened so far. Dollars: positive is owed,
    /// negative is a saving.
    pub fn accrued(&self, ledger: &Ledger, date: NaiveDate) -> Money {
        self.open_years(ledger, date).iter().map(|r| r.tax).sum()
    }

    /// Losses carried into `year` with the portfolio, based on what has happened so far. `knows_gains` says
    /// whether they are those of someone who knows of the dated gains of the years before.
    pub fn carried_into(&self, ledger: &Ledger, year: i32, knows_gains: bool) -> Carryforward {
        if knows_gains || self.gains.is_empty() {
            self.chain(ledger, year - 1, NaiveDate::MAX).1
        } else {
            self.unaware(ledger, year - 1)
        }
    }

    /// The return that is due by `date`: that of the first open year, from April 15 of the next year on;
    /// otherwise `None`.
    pub fn due(&self, ledger: &Ledger, date: NaiveDate) -> Option<TaxYearRow> {
        let deadline = NaiveDate::from_ymd_opt(self.open + 1, DUE.0, DUE.1)?;
        if date < deadline {
            return None;
        }
        let row = self.chain(ledger, self.open, date).0.into_iter().next()?;
        Some(TaxYearRow { paid_on: Some(date), ..row })
    }

    /// Closes the first open year, once its tax is paid.
    pub fn file(&mut self, ledger: &Ledger) {
        self.carried_unaware = self.unaware(ledger, self.open);
        let (_, with, without) = self.chain(ledger, self.open, NaiveDate::MAX);
        self.carried_with = with;
        self.carried_without = without;
        self.open += 1;
    }
}
