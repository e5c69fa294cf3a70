//! Estimates the number of trading sessions in a year from the dates of prices.

use chrono::NaiveDate;

/// Sessions in a year, given `count` sessions from `first` to `last`: 252 for daily, 52 for weekly, 12 for
/// monthly and 4 for quarterly prices; 252 if there are fewer than two sessions. Multiply a session's
/// variance by it to get an annual variance.
pub fn sessions_a_year(first: NaiveDate, last: NaiveDate, count: usize) -> f64 {
    let days = (last - first).num_days() as f64 / count.saturating_sub(1).max(1) as f64;
    // Cut-offs lie halfway, on a log scale, between 1.45 calendar days (daily), 7 (weekly), 30.4 (monthly)
    // and 91 (quarterly).
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
