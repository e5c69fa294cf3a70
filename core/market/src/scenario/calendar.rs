//! Session dates: days on which the New York Stock Exchange is open by its holiday rules, or the last such
//! day of each week or month.

use chrono::{Datelike, Days, NaiveDate};

use super::config::Step;
use crate::is_open;

/// Session dates with the time between them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Calendar {
    /// Dates, ascending.
    pub dates: Vec<NaiveDate>,
    /// Trading days since the session before.
    pub days: Vec<u32>,
    /// Calendar years since the session before.
    pub years: Vec<f64>,
    /// Whether no later session falls into the same month.
    pub month_ends: Vec<bool>,
}

/// Calendar days in a year.
pub(super) const YEAR: f64 = 365.25;

/// Whether two dates fall in the same step.
fn is_same(step: Step, a: NaiveDate, b: NaiveDate) -> bool {
    match step {
        Step::Daily => a == b,
        // Weeks begin on Monday; day 1 of the common era was a Monday.
        Step::Weekly => (a.num_days_from_ce() - 1) / 7 == (b.num_days_from_ce() - 1) / 7,
        Step::Monthly => (a.year(), a.month()) == (b.year(), b.month()),
    }
}

/// Session dates from `start` on, for a number of years. With a weekly or monthly step the first is the end
/// of the week or month of `start`.
pub(super) fn future(start: NaiveDate, years: f64, step: Step) -> Vec<NaiveDate> {
    let last = start.checked_add_days(Days::new(libm::round(years * YEAR) as u64)).unwrap_or(start);
    let mut open = start.iter_days().filter(|d| is_open(*d)).peekable();
    let mut dates = Vec::new();
    while let Some(day) = open.next().filter(|d| *d < last) {
        // A week or month that the end cuts short has no session.
        if open.peek().is_none_or(|next| !is_same(step, day, *next)) {
            dates.push(day);
        }
    }
    dates
}

/// Dates of `count` sessions before a date, ascending.
fn past(before: NaiveDate, count: usize, step: Step) -> Vec<NaiveDate> {
    let mut dates = Vec::with_capacity(count);
    let mut next = before;
    let mut day = before;
    while dates.len() < count {
        let Some(previous) = day.pred_opt() else { break };
        day = previous;
        if is_open(day) {
            // The session of the start's own week or month belongs to the future.
            if !is_same(step, day, next) || (step == Step::Daily) {
                dates.push(day);
            }
            next = day;
        }
    }
    dates.reverse();
    dates
}

/// The calendar of `history` sessions before the start and of the future's sessions, and the number of
/// sessions before the start.
pub(super) fn calendar(start: NaiveDate, years: f64, step: Step, history: usize) -> (Calendar, usize) {
    let future = future(start, years, step);
    let mut dates = past(future.first().copied().unwrap_or(start), history, step);
    let before = dates.len();
    dates.extend(future);
    let typical = match step {
        Step::Daily => 1,
        Step::Weekly => 5,
        Step::Monthly => 21,
    };
    let mut c = Calendar { dates, ..Calendar::default() };
    for (i, date) in c.dates.iter().enumerate() {
        let since = i.checked_sub(1).and_then(|p| c.dates.get(p));
        let days = since.map_or(typical, |p| {
            if step == Step::Daily {
                1
            } else {
                p.iter_days().skip(1).take_while(|d| d <= date).filter(|d| is_open(*d)).count() as u32
            }
        });
        c.days.push(days);
        c.years.push(since.map_or(f64::from(typical) / 252.0, |p| (*date - *p).num_days() as f64 / YEAR));
        c.month_ends.push(c.dates.get(i + 1).is_none_or(|n| n.month() != date.month()));
    }
    (c, before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn sessions_are_open_days_and_ends_of_weeks_and_months() {
        let (daily, before) = calendar(d("2027-01-04"), 1.0, Step::Daily, 10);
        assert_eq!((before, daily.dates[before]), (10, d("2027-01-04")));
        assert!((250..=254).contains(&(daily.dates.len() - before)));
        assert_eq!(daily.dates[before - 1], d("2026-12-31"), "New Year's Day is a holiday");
        let (weekly, before) = calendar(d("2027-01-04"), 1.0, Step::Weekly, 10);
        assert_eq!((weekly.dates[before - 1], weekly.dates[before]), (d("2026-12-31"), d("2027-01-08")));
        assert_eq!(weekly.dates.len() - before, 52);
        let (monthly, before) = calendar(d("2027-01-04"), 1.0, Step::Monthly, 10);
        assert_eq!((monthly.dates[before - 1], monthly.dates[before]), (d("2026-12-31"), d("2027-01-29")));
        assert_eq!(monthly.dates.len() - before, 12);
        assert!(monthly.month_ends.iter().all(|m| *m));
        assert!(monthly.days.iter().all(|n| (18..=23).contains(n)));
    }

    #[test]
    fn a_start_on_a_holiday_is_the_next_session() {
        assert_eq!(future(d("2027-01-01"), 0.1, Step::Daily)[0], d("2027-01-04"));
    }
}
