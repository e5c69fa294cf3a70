//! Trading days of the New York Stock Exchange from 1990 on.
//!
//! Holidays follow NYSE Rule 7.2. A holiday on a Saturday is observed on the Friday before, one on a Sunday
//! on the Monday after. New Year's Day on a Saturday is not observed. Other closings are listed by date.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Single closings: days of mourning, attacks and storms.
const CLOSED: [(i32, u32, u32); 11] = [
    (1994, 4, 27),
    (2001, 9, 11),
    (2001, 9, 12),
    (2001, 9, 13),
    (2001, 9, 14),
    (2004, 6, 11),
    (2007, 1, 2),
    (2012, 10, 29),
    (2012, 10, 30),
    (2018, 12, 5),
    (2025, 1, 9),
];

/// Whether the exchange is open on a date. Correct from 1990 on; later years follow the rules of 2022.
pub fn is_open(date: NaiveDate) -> bool {
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let once = CLOSED.contains(&(date.year(), date.month(), date.day()));
    !weekend && !once && !is_holiday(date)
}

fn is_holiday(date: NaiveDate) -> bool {
    let year = date.year();
    let fixed = |month, day| kept(NaiveDate::from_ymd_opt(year, month, day)) == Some(date);
    let nth = |month, weekday, n| NaiveDate::from_weekday_of_month_opt(year, month, weekday, n) == Some(date);
    let last_monday_of_may = date.month() == 5 && date.weekday() == Weekday::Mon && date.day() > 24;
    let new_year = NaiveDate::from_ymd_opt(year, 1, 1);
    let is_new_year = new_year.is_some_and(|d| d.weekday() != Weekday::Sat && kept(new_year) == Some(date));
    is_new_year
        || (year >= 1998 && nth(1, Weekday::Mon, 3))
        || nth(2, Weekday::Mon, 3)
        || easter(year).and_then(|e| e.checked_sub_days(Days::new(2))) == Some(date)
        || last_monday_of_may
        || (year >= 2022 && fixed(6, 19))
        || fixed(7, 4)
        || nth(9, Weekday::Mon, 1)
        || nth(11, Weekday::Thu, 4)
        || fixed(12, 25)
}

/// The weekday on which a holiday of a fixed date is observed.
fn kept(date: Option<NaiveDate>) -> Option<NaiveDate> {
    let date = date?;
    match date.weekday() {
        Weekday::Sat => date.pred_opt(),
        Weekday::Sun => date.succ_opt(),
        _ => Some(date),
    }
}

/// Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8).
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_of_some_years() {
        for (y, m, d, open) in [
            (2021, 12, 31, true), // New Year's Day of 2022 is a Saturday
            (2021, 12, 24, false),
            (2021, 6, 18, true),
            (2022, 6, 20, false),
            (2024, 3, 29, false),
            (2020, 7, 3, false),
            (2018, 12, 5, false),
            (2019, 7, 5, true),
        ] {
            let date = NaiveDate::from_ymd_opt(y, m, d).unwrap();
            assert_eq!(is_open(date), open, "{date}");
        }
    }
}
