//! Recomputes the household's tax returns: accrued tax, and tax due on April 15 or the next session.

use chrono::{Datelike, NaiveDate};
use unisleeve_core::tax::{Carryforward, Law, Laws, difference};
use unisleeve_core::units::Money;

use super::facts::Inputs;
use super::income::Incomes;
use super::report::{Check, Line};
use super::rows::{TAX_COLUMNS, TaxYearRow};
use crate::failure::Failure;

/// The return of one year.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "the column's name")]
pub(super) struct Year {
    pub(super) year: i32,
    /// In the order of [`TAX_COLUMNS`].
    pub(super) amounts: [Money; 10],
    pub(super) paid_on: Option<NaiveDate>,
}

impl Year {
    pub(super) fn tax(&self) -> Money {
        self.amounts[8]
    }

    /// Losses carried out of the year.
    pub(super) fn carry(&self) -> Carryforward {
        Carryforward { short: self.amounts[6], long: self.amounts[7] }
    }
}

/// Filed and open returns.
#[derive(Debug, Clone)]
pub(super) struct Returns {
    laws: Laws,
    inputs: Inputs,
    /// First year not yet filed.
    open: i32,
    with: Carryforward,
    without: Carryforward,
    pub(super) filed: Vec<Year>,
}

impl Returns {
    pub(super) fn new(inputs: &Inputs, first_year: i32) -> Result<Self, Failure> {
        let laws = inputs.laws(first_year)?;
        let carry = inputs.opening();
        Ok(Self {
            laws,
            inputs: inputs.clone(),
            open: first_year,
            with: carry,
            without: carry,
            filed: Vec::new(),
        })
    }

    /// The law of a year.
    pub(super) fn law(&self, year: i32) -> Law {
        self.laws.of(year)
    }

    /// Returns of the open years up to `year` with what is known on a date, and the losses carried out of the
    /// last one with and without the portfolio.
    fn chain(
        &self,
        incomes: &Incomes,
        year: i32,
        known: NaiveDate,
    ) -> (Vec<Year>, Carryforward, Carryforward) {
        let (mut with, mut without, mut years) = (self.with, self.without, Vec::new());
        for year in self.open..=year {
            let income = incomes.of(year);
            let (tax, bill, bare) =
                difference(&self.law(year), &self.inputs.outside_in(year, known), &income, with, without);
            (with, without) = (bill.netted.carry, bare.netted.carry);
            let amounts = [
                income.net_short,
                income.net_long,
                income.qualified,
                income.ordinary,
                income.interest,
                bill.netted.ordinary_offset,
                with.short,
                with.long,
                tax,
                income.distributions,
            ];
            years.push(Year { year, amounts, paid_on: None });
        }
        (years, with, without)
    }

    /// Tax of the open years on income up to now.
    pub(super) fn accrued(&self, incomes: &Incomes, date: NaiveDate) -> Money {
        self.chain(incomes, date.year(), date).0.iter().map(Year::tax).sum()
    }

    /// Files the returns that are due by a session. Returns their tax; `None` if none is due.
    pub(super) fn file(&mut self, incomes: &Incomes, date: NaiveDate) -> Option<Money> {
        let mut due = None;
        while NaiveDate::from_ymd_opt(self.open + 1, 4, 15).is_some_and(|d| date >= d) {
            let (years, with, without) = self.chain(incomes, self.open, date);
            (self.with, self.without) = (with, without);
            self.open += 1;
            for year in years {
                due = Some(due.unwrap_or(Money::ZERO) + year.tax());
                self.filed.push(Year { paid_on: Some(date), ..year });
            }
        }
        due
    }

    /// All years, including those not filed at the end.
    pub(super) fn all(&self, incomes: &Incomes, last: NaiveDate) -> Vec<Year> {
        let mut years = self.filed.clone();
        years.extend(self.chain(incomes, last.year(), last).0);
        years
    }
}

/// Compares `tax_years.csv` with the returns.
pub(super) fn check_years(years: &[Year], rows: &[TaxYearRow], check: &mut Check) {
    let file = "tax_years.csv";
    for year in years {
        let mut found = rows.iter().filter(|r| r.year == year.year);
        let Some(row) = found.next() else {
            check.fault(file, year.year, "year", "no row", "one row");
            continue;
        };
        for again in found {
            check.fault(file, Line(again.line), "year", again.year, "one row for each year");
        }
        for ((column, found), expected) in TAX_COLUMNS.iter().zip(row.amounts).zip(year.amounts) {
            check.same(file, format_args!("line {} ({})", row.line, row.year), column, found, expected);
        }
        let text = |d: Option<NaiveDate>| d.map_or_else(String::new, |d| d.to_string());
        check.same(file, Line(row.line), "paid_on", text(row.paid_on), text(year.paid_on));
    }
    for row in rows.iter().filter(|r| !years.iter().any(|y| y.year == r.year)) {
        check.fault(file, Line(row.line), "year", row.year, "a year of the run");
    }
}
