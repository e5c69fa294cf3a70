//! Time series by day, month and year.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use unisleeve_core::books::journal::Mark;
use unisleeve_core::study::StudyArm;

use crate::render::report::arms::words;

/// Points in chronological order.
pub(super) type Series = Vec<(NaiveDate, f64)>;
/// Figures by year.
pub(super) type Years = BTreeMap<i32, f64>;

/// The daily records of an arm's journal.
pub(super) fn marks(arm: &StudyArm) -> &[Mark] {
    &arm.result.journal.marks
}

/// An arm's name in a chart.
pub(super) fn short(arm: &StudyArm) -> String {
    words(arm.name).short.to_owned()
}

/// One figure for each day.
pub(super) fn daily(arm: &StudyArm, value: impl Fn(&Mark) -> f64) -> Series {
    marks(arm).iter().map(|m| (m.date, value(m))).collect()
}

/// Portfolio value minus accrued tax that is not yet paid, dollars.
pub(super) fn after_tax(m: &Mark) -> f64 {
    (m.value - m.accrued_tax).to_f64()
}

fn month(d: NaiveDate) -> (i32, u32) {
    (d.year(), d.month())
}

/// The first point, and the last point of each month.
pub(super) fn monthly(points: &[(NaiveDate, f64)]) -> Series {
    let ends = points.chunk_by(|a, b| month(a.0) == month(b.0)).filter_map(<[_]>::last).copied();
    let mut kept: Series = points.first().copied().into_iter().chain(ends).collect();
    kept.dedup_by_key(|p| p.0);
    kept
}

/// The lowest point of each month.
pub(super) fn monthly_lowest(points: &[(NaiveDate, f64)]) -> Series {
    let lowest = |days: &[(NaiveDate, f64)]| days.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
    points.chunk_by(|a, b| month(a.0) == month(b.0)).filter_map(lowest).collect()
}

/// The last point of each year.
pub(super) fn yearly(points: &[(NaiveDate, f64)]) -> Years {
    points.iter().map(|(d, v)| (d.year(), *v)).collect()
}

/// Every calendar year of the run.
pub(super) fn years(arms: &[&StudyArm]) -> Vec<i32> {
    let days = || arms.iter().flat_map(|a| marks(a)).map(|m| m.date.year());
    match (days().min(), days().max()) {
        (Some(first), Some(last)) => (first..=last).collect(),
        _ => Vec::new(),
    }
}

/// Gains (positive) and losses (negative) recognized in taxable accounts, for each trade row, dollars.
pub(super) fn recognized(arm: &StudyArm) -> Series {
    let taxable = |account: usize| arm.result.accounts.get(account).is_none_or(|a| a.kind.is_taxable());
    let rows = arm.result.journal.rows().filter(|r| taxable(r.trade.account.index()));
    rows.map(|r| (r.trade.date, r.recognized().to_f64())).filter(|(_, v)| *v != 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
    }

    #[test]
    fn months_keep_the_first_day_and_their_last() {
        let points = [
            (day(2000, 1, 3), 1.0),
            (day(2000, 1, 31), 2.0),
            (day(2000, 2, 1), 3.0),
            (day(2000, 2, 29), 4.0),
        ];
        assert_eq!(monthly(&points), [points[0], points[1], points[3]]);
        assert_eq!(monthly(&points[..1]), [points[0]]);
        assert_eq!(monthly_lowest(&points), [points[0], points[2]]);
        assert!(monthly(&[]).is_empty() && monthly_lowest(&[]).is_empty());
    }

    #[test]
    fn a_year_ends_at_its_last_point() {
        let points = [(day(2000, 1, 3), 1.0), (day(2000, 12, 29), 2.0), (day(2001, 1, 2), 3.0)];
        assert_eq!(yearly(&points), BTreeMap::from([(2000, 2.0), (2001, 3.0)]));
    }
}
