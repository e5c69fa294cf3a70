//! Start and end dates of runs of equal length, at regular intervals.

use chrono::{Months, NaiveDate};
use unisleeve_core::mandates::{Change, Config};

/// First and last date of each run that ends by `last`.
pub(crate) fn windows(
    from: NaiveDate,
    last: NaiveDate,
    years: u32,
    every_months: u32,
) -> Vec<(NaiveDate, NaiveDate)> {
    let window = |i: u32| {
        let start = from.checked_add_months(Months::new(i.checked_mul(every_months)?))?;
        Some((start, start.checked_add_months(Months::new(years.checked_mul(12)?))?))
    };
    (0..).map_while(window).take_while(|(_, end)| *end <= last).collect()
}

/// The configuration with other dates. Changes of strategy up to the new start are applied first.
pub(crate) fn between(mut config: Config, (start, end): (NaiveDate, NaiveDate)) -> Config {
    let (past, later): (Vec<Change>, Vec<Change>) =
        std::mem::take(&mut config.changes).into_iter().partition(|c| c.date <= start);
    for change in past {
        if !change.policy.is_empty() {
            config.policy = change.policy;
        }
        config.restrictions = change.restrictions.unwrap_or(config.restrictions);
    }
    Config { start, end, changes: later, ..config }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_ends_in_time() {
        let day = |y| NaiveDate::from_ymd_opt(y, 1, 3).unwrap();
        assert_eq!(windows(day(2000), day(2004), 3, 12), [(day(2000), day(2003)), (day(2001), day(2004))]);
        assert_eq!(windows(day(2000), day(2002), 3, 12), []);
        assert_eq!(windows(day(2000), day(2002), u32::MAX, 12), []);
    }
}
