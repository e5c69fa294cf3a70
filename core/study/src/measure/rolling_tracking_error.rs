//! Rolling ex-post tracking error: the annualized standard deviation (n - 1) of the active returns of the
//! past year (252 sessions for daily marks), at each close. It is [`super::tracking_error()`] on a moving
//! window, for comparison with the ex-ante forecasts of the same days. Annual fractions.

use chrono::NaiveDate;
use unisleeve_numeric::standard_deviation;

use super::{marks_a_year, pre_tax_returns};
use unisleeve_books::journal::Mark;

/// Tracking error at each close with a full year of active returns before it. Closes with an undefined return
/// in the window are left out.
pub fn rolling_tracking_error(marks: &[Mark]) -> Vec<(NaiveDate, f64)> {
    rolling(marks, marks_a_year(marks) as usize)
}

fn rolling(marks: &[Mark], window: usize) -> Vec<(NaiveDate, f64)> {
    let (year, returns) = (marks_a_year(marks), pre_tax_returns(marks));
    let active: Vec<Option<f64>> =
        returns.iter().zip(marks.iter().skip(1)).map(|(r, m)| Some((*r)? - m.benchmark_return)).collect();
    active
        .windows(window)
        .zip(marks.iter().skip(window))
        .filter_map(|(w, m)| {
            let w: Option<Vec<f64>> = w.iter().copied().collect();
            Some((m.date, standard_deviation(&w?)? * year.sqrt()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{day, mark};
    use super::*;

    #[test]
    fn a_window_of_three_by_hand() {
        let marks = [
            mark("2001-01-02", 100),
            mark("2001-01-03", 101),
            mark("2001-01-04", 101),
            mark("2001-01-05", 101),
            mark("2001-01-08", 101),
        ];
        let found = rolling(&marks, 3);
        assert_eq!(found.iter().map(|f| f.0).collect::<Vec<_>>(), [day("2001-01-05"), day("2001-01-08")]);
        // Returns 1%, 0, 0: the mean is 1/3%, and the sum of squares (4/9 + 1/9 + 1/9) of a square percent
        // over 2.
        let expected = (1e-4 * (6.0 / 9.0) / 2.0_f64).sqrt() * 252.0_f64.sqrt();
        assert!((found[0].1 - expected).abs() < 1e-12, "{found:?}");
        assert!(found[1].1.abs() < 1e-12);
    }

    #[test]
    fn less_than_a_year_has_none() {
        assert!(rolling_tracking_error(&[mark("2001-01-02", 100), mark("2001-01-03", 101)]).is_empty());
        let empty = [mark("2001-01-02", 0), mark("2001-01-03", 1), mark("2001-01-04", 1)];
        assert!(rolling(&empty, 2).is_empty(), "nothing is earned on nothing");
    }
}
