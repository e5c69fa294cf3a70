//! Tax alpha of each calendar year.
//!
//! `(after-tax of portfolio - after-tax of shadow) - (pre-tax of portfolio - pre-tax of shadow)`, as in
//! [`super::tax_alpha()`]. Each return is linked over the sessions of one calendar year and not annualized:
//! `Π (1 + r) - 1`. A session's return belongs to the year in which the session ends, so the first session of
//! the run has none. Before liquidation. Fractions.
//!
//! The years do not add up to the tax alpha of the whole run. That is a difference of geometric averages,
//! whereas the length-weighted average of the years is a difference of (nearly) arithmetic ones. The two are
//! close where the tax saved is small relative to the portfolio. They differ by the effect of compounding on
//! returns that vary from year to year.

use chrono::{Datelike, NaiveDate};

use super::{after_tax_returns, linked, pre_tax_returns};
use unisleeve_books::journal::Mark;

/// Tax alpha of a calendar year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TaxAlphaYear {
    /// Calendar year.
    pub year: i32,
    /// Date of the close from which the first return is measured.
    pub from: NaiveDate,
    /// Date of the last close.
    pub to: NaiveDate,
    /// Tax alpha, a fraction. `None` where a return of the year is undefined.
    pub tax_alpha: Option<f64>,
}

/// Growth over a calendar year after tax, less growth before tax.
fn tax_of_year(marks: &[Mark]) -> Option<f64> {
    Some(linked(&after_tax_returns(marks))? - linked(&pre_tax_returns(marks))?)
}

/// Tax alpha by calendar year, ascending. Both runs should have the same sessions. A year in which they
/// differ gets `None`.
pub fn tax_alpha_by_year(arm: &[Mark], shadow: &[Mark]) -> Vec<TaxAlphaYear> {
    let mut years: Vec<i32> = arm.iter().skip(1).map(|m| m.date.year()).collect();
    years.dedup();
    years
        .into_iter()
        .filter_map(|year| {
            let (own, other) = (of_year(arm, year), of_year(shadow, year));
            let (from, to) = (own.first()?.date, own.last()?.date);
            let same = own.len() == other.len() && own.iter().zip(other).all(|(a, b)| a.date == b.date);
            let tax_alpha = same.then(|| Some(tax_of_year(own)? - tax_of_year(other)?)).flatten();
            Some(TaxAlphaYear { year, from, to, tax_alpha })
        })
        .collect()
}

/// The closes of a year, and the close before them.
fn of_year(marks: &[Mark], year: i32) -> &[Mark] {
    let first = marks.partition_point(|m| m.date.year() < year);
    let end = marks.partition_point(|m| m.date.year() <= year);
    marks.get(first.saturating_sub(1)..end).unwrap_or(&[])
}

/// Average of the years weighted by their days. It is the figure to compare with the tax alpha of the whole
/// run. `None` where a year has none.
pub fn average_of_years(years: &[TaxAlphaYear]) -> Option<f64> {
    let (mut sum, mut days) = (0.0, 0.0);
    for y in years {
        sum += y.tax_alpha?;
        days += (y.to - y.from).num_days() as f64;
    }
    (days > 0.0).then(|| sum / (days / 365.25))
}

#[cfg(test)]
mod tests {
    use super::super::testing::mark;
    use super::*;
    use unisleeve_units::Money;

    /// A close with accrued tax.
    fn taxed(date: &str, value: i32, accrued: i32) -> Mark {
        Mark { accrued_tax: Money::whole(accrued), ..mark(date, value) }
    }

    #[test]
    fn a_year_is_linked_from_the_last_close_before_it() {
        // The arm saves 10 in the first year and earns 10% on 1,010 in the second. The shadow owes nothing.
        let arm = [
            taxed("2001-01-02", 1_000, 0),
            taxed("2001-12-31", 1_000, -10),
            taxed("2002-06-03", 1_100, -10),
            taxed("2002-12-31", 1_210, -10),
        ];
        let shadow = [
            mark("2001-01-02", 1_000),
            mark("2001-12-31", 1_000),
            mark("2002-06-03", 1_100),
            mark("2002-12-31", 1_210),
        ];
        let years = tax_alpha_by_year(&arm, &shadow);
        assert_eq!(years.iter().map(|y| y.year).collect::<Vec<_>>(), [2001, 2002]);
        let near = |found: Option<f64>, expected: f64| (found.unwrap() - expected).abs() < 1e-12;
        assert!(near(years[0].tax_alpha, 0.01));
        // 1,220 / 1,010 after tax, where pre-tax growth is 1.21.
        assert!(near(years[1].tax_alpha, 1_220.0 / 1_010.0 - 1.21));
        assert_eq!(years[1].from, arm[1].date);
        let days = (years[1].to - years[0].from).num_days() as f64;
        let sum = years[0].tax_alpha.unwrap() + years[1].tax_alpha.unwrap();
        assert!(near(average_of_years(&years), sum * 365.25 / days));
    }

    #[test]
    fn undefined_is_none() {
        let arm = [mark("2001-01-02", 0), mark("2001-01-03", 5), mark("2002-01-03", 5)];
        let years = tax_alpha_by_year(&arm, &arm);
        assert_eq!(years.iter().map(|y| y.tax_alpha).collect::<Vec<_>>(), [None, Some(0.0)]);
        assert_eq!(average_of_years(&years), None);
        assert!(tax_alpha_by_year(&arm[..1], &arm).is_empty());
        assert_eq!(tax_alpha_by_year(&arm[1..], &arm[..2])[0].tax_alpha, None, "other sessions");
        assert_eq!(average_of_years(&[]), None);
    }
}
