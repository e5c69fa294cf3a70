//! Tracking error ex post: the standard deviation (n - 1) of active returns, session by session, times the root of the sessions in a year.

use chrono::NaiveDate;
use unisleeve_numeric::standard_deviation;

use super::pre_tax_returns;
use unisleeve_books::journal::Mark;
use unisleeve_units::sessions_a_year;

/// Sessions in a year of these marks: 252 of daily ones.
pub fn marks_a_year(marks: &[Mark]) -> f64 {
    match (marks.first(), marks.last()) {
        (Some(first), Some(last)) => sessions_a_year(first.date, last.date, marks.len()),
        _ => sessions_a_year(NaiveDate::MIN, NaiveDate::MIN, 0),
    }
}

/// Portfolio's return less the policy mix's, for each session after the first; none where a return is missing.
pub fn active_returns(marks: &[Mark]) -> Option<Vec<f64>> {
    let returns = pre_tax_returns(marks);
    returns.iter().zip(marks.iter().skip(1)).map(|(r, m)| Some((*r)? - m.benchmark_return)).collect()
}

/// Tracking error a year of the whole portfolio against the policy mix.
pub fn tracking_error(marks: &[Mark]) -> Option<f64> {
    Some(standard_deviation(&active_returns(marks)?)? * marks_a_year(marks).sqrt())
}
