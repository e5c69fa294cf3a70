//! Holding periods (IRC 1222, 1223; Rev. Rul. 66-7, 66-97; Pub. 550).

use chrono::{Datelike, Days, Months, NaiveDate};

use unisleeve_units::Term;

/// Term of shares whose holding period started with a purchase on `start` and that are sold on `sold`. Both
/// are trade dates.
///
/// The holding period begins on the day after the purchase. A sale is long-term from the same day of the
/// twelfth month after that day: bought on 2012-09-19, long-term from 2013-09-20. Bought on the last day of
/// February, long-term from March 1 (Rev. Rul. 66-7).
pub fn term(start: NaiveDate, sold: NaiveDate) -> Term {
    // Shares held for at most 365 days are never long-term. This skips the calendar work in the common case.
    if (sold - start).num_days() <= 365 {
        return Term::Short;
    }
    match first_long_day(start) {
        Some(day) if sold >= day => Term::Long,
        _ => Term::Short,
    }
}

/// The latest start of a holding period that is long-term on `sold`: `term(start, sold)` is long exactly if
/// `start` is on or before it. Useful when many lots are checked on one day.
pub fn last_long_start(sold: NaiveDate) -> NaiveDate {
    // Twelve months have 365 or 366 days, and the end of a month adds up to one more.
    let candidates = (366..=368).filter_map(|days| sold.checked_sub_days(Days::new(days)));
    candidates.into_iter().find(|start| term(*start, sold) == Term::Long).unwrap_or(NaiveDate::MIN)
}

/// First day on which a sale is long-term; `None` if it lies beyond the calendar's range.
pub fn first_long_day(start: NaiveDate) -> Option<NaiveDate> {
    let first = start.checked_add_days(Days::new(1))?;
    let day = first.checked_add_months(Months::new(12))?;
    // February 29 has no anniversary: the period is complete only on the day after February 28.
    if day.day() == first.day() { Some(day) } else { day.succ_opt() }
}

/// Start of the holding period of replacement shares: the days for which the sold shares were held are added
/// to their own (IRC 1223(3)).
pub fn tacked_start(replacement_start: NaiveDate, sold_start: NaiveDate, sold: NaiveDate) -> NaiveDate {
    let held = (sold - sold_start).num_days().max(0) as u64;
    replacement_start.checked_sub_days(Days::new(held)).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn long_strictly_after_twelve_months() {
        for (bought, sold, expected) in [
            ("2012-09-19", "2013-09-19", Term::Short),
            ("2012-09-19", "2013-09-20", Term::Long),
            ("2005-01-01", "2006-01-01", Term::Short),
            ("2005-01-01", "2006-01-02", Term::Long),
            // Month ends: for a purchase on the last day of February the period starts on March 1.
            ("2023-02-28", "2024-02-29", Term::Short),
            ("2023-02-28", "2024-03-01", Term::Long),
            ("2024-02-28", "2025-02-28", Term::Short),
            ("2024-02-28", "2025-03-01", Term::Long),
            ("2024-02-29", "2025-02-28", Term::Short),
            ("2024-02-29", "2025-03-01", Term::Long),
            ("2023-04-30", "2024-04-30", Term::Short),
            ("2023-04-30", "2024-05-01", Term::Long),
        ] {
            assert_eq!(term(d(bought), d(sold)), expected, "{bought} to {sold}");
        }
    }

    #[test]
    fn one_threshold_for_all_lots_of_a_day() {
        let mut sold = d("2019-01-01");
        while sold < d("2025-06-01") {
            let last = last_long_start(sold);
            for away in -4i64..=4 {
                let start = last + chrono::TimeDelta::days(away);
                assert_eq!(term(start, sold) == Term::Long, start <= last, "{start} {sold}");
            }
            sold = sold + Days::new(1);
        }
    }

    #[test]
    fn tacking_adds_the_days_held() {
        // 26 CFR 1.1091-2(a), example 1; the day in 1935 is ours.
        assert_eq!(tacked_start(d("1955-02-01"), d("1935-01-02"), d("1955-01-15")), d("1935-01-19"));
    }

    /// The replacement takes over the number of days held, not calendar months.
    #[test]
    fn tacking_is_a_number_of_days() {
        for (own, sold_start, sold) in
            [("2024-03-10", "2023-02-20", "2024-03-01"), ("2025-01-05", "2024-12-01", "2024-12-31")]
        {
            let start = tacked_start(d(own), d(sold_start), d(sold));
            assert_eq!(d(own) - start, d(sold) - d(sold_start));
        }
    }
}
