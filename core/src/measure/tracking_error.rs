//! Tracking error ex post: the standard deviation (n - 1) of daily active returns, times the root of the sessions in a year.

use super::{pre_tax_returns, standard_deviation};
use crate::journal::Mark;

/// Sessions in a year.
pub const SESSIONS_A_YEAR: f64 = 252.0;

/// Portfolio's return less the policy mix's, for each session after the first; none where a return is missing.
pub fn active_returns(marks: &[Mark]) -> Option<Vec<f64>> {
    let returns = pre_tax_returns(marks);
    returns.iter().zip(marks.iter().skip(1)).map(|(r, m)| Some((*r)? - m.benchmark_return)).collect()
}

/// Tracking error a year of the whole portfolio against the policy mix.
pub fn tracking_error(marks: &[Mark]) -> Option<f64> {
    Some(standard_deviation(&active_returns(marks)?)? * SESSIONS_A_YEAR.sqrt())
}
