//! Ex-post tracking error: the annualized standard deviation (n - 1) of active returns by session.

use chrono::NaiveDate;
use unisleeve_numeric::standard_deviation;

use super::pre_tax_returns;
use unisleeve_books::journal::Mark;
use unisleeve_units::sessions_a_year;

/// Sessions in a year of these marks: 252 for daily ones.
pub fn marks_a_year(marks: &[Mark]) -> f64 {
    match (marks.first(), marks.last()) {
        (Some(first), Some(last)) => sessions_a_year(first.date, last.date, marks.len()),
        _ => sessions_a_year(NaiveDate::MIN, NaiveDate::MIN, 0),
    }
}

/// The portfolio's return minus the policy mix's, for each session after the first. `None` where a return is
/// missing.
pub fn active_returns(marks: &[Mark]) -> Option<Vec<f64>> {
    let returns = pre_tax_returns(marks);
    returns.iter().zip(marks.iter().skip(1)).map(|(r, m)| Some((*r)? - m.benchmark_return)).collect()
}

/// Ex-post tracking error of the whole portfolio against the policy mix, an annual fraction.
pub fn tracking_error(marks: &[Mark]) -> Option<f64> {
    Some(standard_deviation(&active_returns(marks)?)? * marks_a_year(marks).sqrt())
}
