//! How many companies leave the index, and when. The counts do not depend on prices, so the number of
//! additions is known before prices are drawn. Which companies leave does depend on prices (see `walk`).

use chrono::Datelike;

use super::calendar::Calendar;
use super::config::Scenario;
use super::rng::{Purpose, Stream};

/// Events by session.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// Mergers announced in each session: for each merger, the session at whose close it is completed.
    pub mergers: Vec<Vec<usize>>,
    /// Companies that fail in each session: for each company, the session at whose close its listing ends.
    pub failures: Vec<Vec<usize>>,
    /// Number of stocks that the index drops at each session's close.
    pub deletions: Vec<usize>,
    /// Session in which each addition's prices begin, ascending.
    pub listings: Vec<usize>,
}

/// Longest time in calendar days between the start of an addition's prices and its joining.
const LISTED_BEFORE: i64 = 365;

impl Plan {
    /// Draws a path's events for the sessions from `first` on.
    pub(super) fn draw(scenario: &Scenario, calendar: &Calendar, first: usize, path: u64) -> Self {
        let sessions = calendar.dates.len();
        let t = &scenario.turnover;
        let mut stream = Stream::new(scenario.seed, path, Purpose::Events, 0);
        let names = scenario.names as f64;
        let mut plan = Self {
            mergers: vec![Vec::new(); sessions],
            failures: vec![Vec::new(); sessions],
            deletions: vec![0; sessions],
            listings: Vec::new(),
        };
        let mut joins = vec![0; sessions];
        let mut since_quarter = 0.0;
        // Month ends. `end(later)` is the end of the session's month, or of a later month.
        let ends: Vec<usize> = (0..sessions).filter(|s| calendar.month_ends[*s]).collect();
        for s in first..sessions {
            let years = calendar.years[s];
            let end = |later: u32| ends.get(ends.partition_point(|e| *e < s) + later as usize).copied();
            for _ in 0..stream.count(names * t.mergers * years) {
                let done = end(t.merger_months);
                plan.mergers[s].push(done.unwrap_or(usize::MAX));
                if let Some(d) = done {
                    joins[d] += 1;
                }
            }
            for _ in 0..stream.count(names * t.delistings * years) {
                let done = end(0);
                plan.failures[s].push(done.unwrap_or(usize::MAX));
                if let Some(d) = done {
                    joins[d] += 1;
                }
            }
            since_quarter += years;
            if calendar.month_ends[s] && calendar.dates[s].month().is_multiple_of(3) {
                plan.deletions[s] = stream.count(names * t.deletions * since_quarter);
                joins[s] += plan.deletions[s];
                since_quarter = 0.0;
            }
        }
        for (s, n) in joins.into_iter().enumerate() {
            let listed =
                calendar.dates[..s].partition_point(|d| (calendar.dates[s] - *d).num_days() > LISTED_BEFORE);
            plan.listings.extend((0..n).map(|_| if listed > first { listed } else { first }));
        }
        plan
    }
}
