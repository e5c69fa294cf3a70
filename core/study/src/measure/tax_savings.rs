//! Tax savings: the tax of the shadow portfolio less the arm's, over all years, paid or accrued. Unlike tax
//! alpha, it is in plain dollars without earnings on them, over plain average value.

use serde::Serialize;
use unisleeve_numeric::mean;

use super::years;
use unisleeve_books::journal::Journal;
use unisleeve_units::Money;

/// Tax saved relative to the shadow portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct TaxSavings {
    /// Dollars over the whole run.
    pub total: Money,
    /// Savings over the arm's average value at the closes, an annual fraction.
    pub over_average_value: Option<f64>,
}

/// Total tax of a journal over all tax years.
pub(super) fn tax_of(journal: &Journal) -> Money {
    journal.tax_years.iter().map(|y| y.tax).sum()
}

/// Average value at the closes times years. `None` where either is not above zero.
pub(super) fn dollar_years(journal: &Journal) -> Option<f64> {
    let values: Vec<f64> = journal.marks.iter().map(|m| m.value.to_f64()).collect();
    Some(mean(&values).filter(|v| *v > 0.0)? * years(&journal.marks)?)
}

/// Tax savings of an arm relative to the shadow portfolio.
pub fn tax_savings(arm: &Journal, shadow: &Journal) -> TaxSavings {
    let total = tax_of(shadow) - tax_of(arm);
    TaxSavings { total, over_average_value: dollar_years(arm).map(|d| total.to_f64() / d) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{mark, tax_year};
    use super::*;

    #[test]
    fn dollars_and_a_yearly_rate() {
        let arm = Journal {
            marks: vec![mark("2001-01-01", 900), mark("2005-01-01", 1_100)],
            tax_years: vec![tax_year(2001, (0, 0), (0, 0), 20), tax_year(2002, (0, 0), (0, 0), -5)],
            ..Journal::default()
        };
        let shadow = Journal { tax_years: vec![tax_year(2001, (0, 0), (0, 0), 55)], ..Journal::default() };
        let saved = tax_savings(&arm, &shadow);
        // 40 over an average of 1,000 and 1,461 days.
        assert_eq!((saved.total, saved.over_average_value), (Money::whole(40), Some(0.01)));
        assert_eq!(tax_savings(&shadow, &arm).over_average_value, None);
    }
}
