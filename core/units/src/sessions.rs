//! How many sessions a year has, as far as prices show.

use chrono::NaiveDate;

/// Sessions in a year of `count` sessions from `first` to `last`: 252 where they come daily, 52 weekly, 12 monthly, 4 quarterly.
/// What a session's risk is multiplied by to be a year's. 252 where there is one session or none.
pub fn sessions_a_year(first: NaiveDate, last: NaiveDate, count: usize) -> f64 {
    let days = (last - first).num_days() as f64 / count.saturating_sub(1).max(1) as f64;
    // Half way, by ratio, between a day's 1.45 calendar days, a week's 7, a month's 30.4 and a quarter's 91.
    if days < 3.2 {
        252.0
    } else if days < 15.0 {
        52.0
    } else if days < 53.0 {
        12.0
    } else {
        4.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_weeks_and_months() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let year = |count| sessions_a_year(day("2020-01-01"), day("2020-12-31"), count);
        assert_eq!([253, 53, 13, 5].map(|n| year(n) as i32), [252, 52, 12, 4]);
        let alone = |n| sessions_a_year(day("2020-01-01"), day("2020-01-01"), n) as i32;
        assert_eq!([0, 1].map(alone), [252; 2]);
    }
}
