//! Tracking error of each sleeve against its own index.
//!
//! Ex post: annualized standard deviation (n - 1) of active returns by session, over the sessions that start
//! with holdings in the sleeve. A sleeve's return in a session is
//! `(value - net purchases - trading cost + income) / value before - 1`. Trades count at the close at which
//! they are made, so they add no error. Cash belongs to mandates, not to sleeves. Ex ante:
//! `sqrt(active' Σ active)` of the sleeve's holdings at the last close. Both are annual fractions.

use serde::Serialize;
use unisleeve_numeric::standard_deviation;

use unisleeve_books::journal::SleeveMark;
use unisleeve_units::sessions_a_year;

/// Tracking errors of a sleeve, annual fractions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct SleeveTracking {
    /// Name.
    pub sleeve: String,
    /// Asset class.
    pub asset_class: String,
    /// Ex-post tracking error over the run.
    pub tracking_error_ex_post: Option<f64>,
    /// Ex-ante tracking error at the end.
    pub tracking_error_ex_ante: Option<f64>,
}

/// Ex-post tracking error of a sleeve from its marks, in order of time. `None` with fewer than two active
/// returns.
pub fn sleeve_tracking_error<'a>(marks: impl Iterator<Item = &'a SleeveMark>) -> Option<f64> {
    let mut active = Vec::new();
    let (mut before, mut span, mut count) = (0.0, None, 0);
    for m in marks {
        span = Some((span.map_or(m.date, |(first, _)| first), m.date));
        count += 1;
        let after = (m.value - m.net - m.cost + m.income).to_f64();
        if let Some(index) = m.index_return.filter(|_| before > 0.0) {
            active.push(after / before - 1.0 - index);
        }
        before = m.value.to_f64();
    }
    let (first, last) = span?;
    Some(standard_deviation(&active)? * sessions_a_year(first, last, count).sqrt())
}

#[cfg(test)]
mod tests {
    use super::super::testing::sleeve_mark;
    use super::*;
    use unisleeve_units::Money;

    #[test]
    fn flows_costs_and_income_are_no_active_return() {
        let m = Money::whole;
        // 1,000 grows by 2% while 100 is bought at a cost of 1. Then nothing happens.
        let marks = [
            sleeve_mark("2001-01-02", 0, 1_000, 1_000, Some(0.5)),
            SleeveMark { cost: m(1), ..sleeve_mark("2001-01-03", 0, 1_120, 100, Some(0.01)) },
            sleeve_mark("2001-01-04", 0, 1_120, 0, Some(0.0)),
        ];
        // Active: (1,120 - 100 - 1) / 1,000 - 1 - 1% = 0.9%, then 0.
        let expected = 0.009 / 2.0_f64.sqrt() * 252.0_f64.sqrt();
        assert!((sleeve_tracking_error(marks.iter()).unwrap() - expected).abs() < 1e-12);
        // The same with 5% of income at a constant price, against an index that earned 5%.
        let paid = SleeveMark { income: m(56), index_return: Some(0.05), ..marks[2] };
        let level = [marks[0], marks[1], paid];
        assert!((sleeve_tracking_error(level.iter()).unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn undefined_is_none() {
        let one =
            [sleeve_mark("2001-01-02", 0, 10, 10, None), sleeve_mark("2001-01-03", 0, 10, 0, Some(0.0))];
        assert_eq!(sleeve_tracking_error(one.iter()), None, "one return has no deviation");
        let none = one.map(|m| SleeveMark { index_return: None, ..m });
        assert_eq!(sleeve_tracking_error(none.iter()), None);
    }
}
