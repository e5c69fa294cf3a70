//! Parses numbers and dates as brokers write them.
//!
//! Money is rounded half-even to 4 decimals. A quantity with more than 6 decimals is refused, because
//! rounding would change the holding.

use chrono::{Datelike, NaiveDate};

use unisleeve_units::{Money, Price, Shares};

/// Expected content of a cell, for messages: amounts.
pub(super) const AMOUNT: &str = "expected dollars such as -$1,234.56";
/// Quantities.
pub(super) const QUANTITY: &str = "expected a number of shares with at most 6 decimals";
/// Dates in exports from the United States.
pub(super) const US_DATE: &str = "expected a date such as 01/31/2025";
/// Dates in Flex statements.
pub(super) const FLEX_DATE: &str =
    "expected a date such as 20250131 (set the query's date format to yyyyMMdd)";
/// Percentages.
pub(super) const PERCENT: &str = "expected a percentage of at most 1,000 with at most 6 decimals";

/// Whether a cell says that it has no value.
pub(super) fn is_empty(text: &str) -> bool {
    matches!(text, "" | "-" | "--" | "---") || text.eq_ignore_ascii_case("n/a")
}

/// Dollars: `$1,234.56`, `-$1.00`, `$-1.00`, `($1.00)`.
pub(super) fn money(text: &str) -> Option<Money> {
    Money::parse(&plain(text)?).ok().map(|m| m.value)
}

/// Dollars per share.
pub(super) fn price(text: &str) -> Option<Price> {
    Price::parse(&plain(text)?).ok().map(|p| p.value)
}

/// A number of shares of either sign.
pub(super) fn shares(text: &str) -> Option<Shares> {
    Shares::parse(&plain(text)?).ok().filter(|q| !q.rounded).map(|q| q.value)
}

/// A percentage as a fraction in units of 1e-8: `5.21` and `5.21%` give 5,210,000.
pub(super) fn percent(text: &str) -> Option<i64> {
    let text = text.strip_suffix('%').unwrap_or(text).trim_end();
    let percent = shares(text)?;
    (percent.abs() <= Shares::whole(1_000)).then_some(percent.raw())
}

/// The number without its currency sign and thousands separators; `None` if those are misplaced.
fn plain(text: &str) -> Option<String> {
    let text = text.trim();
    let (mut negative, mut rest) = match text.strip_prefix('(') {
        Some(inner) => (true, inner.strip_suffix(')')?.trim()),
        None => (false, text),
    };
    // The minus sign may come before or after the dollar sign, but only once.
    for _ in 0..2 {
        if let Some(behind) = rest.strip_prefix('-') {
            if negative {
                return None;
            }
            (negative, rest) = (true, behind.trim_start());
        }
        rest = rest.strip_prefix('$').unwrap_or(rest).trim_start();
    }
    let rest = rest.strip_prefix('+').unwrap_or(rest);
    if !rest.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let whole = rest.split('.').next().unwrap_or_default();
    if whole.contains(',') {
        // A comma that does not separate thousands is a decimal comma, or the number is cut short.
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or_default();
        if !(1..=3).contains(&first.len()) || groups.any(|group| group.len() != 3) {
            return None;
        }
    }
    if rest[whole.len()..].contains(',') {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    Some(format!("{sign}{}", rest.replace(',', "")))
}

/// A date such as `01/31/2025`, `1/31/2025` or `2025-01-31`.
pub(super) fn us_date(text: &str) -> Option<NaiveDate> {
    if text.contains('-') {
        return iso_date(text);
    }
    let mut parts = text.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    date(digits(year, 4)?, digits(month, 2)?, digits(day, 2)?)
}

/// A date such as `20250131`, `20250131;093000`, `2025-01-31` or `2025-01-31 09:30:00`. Dates with slashes
/// are refused, because the order of day and month is unknown.
pub(super) fn flex_date(text: &str) -> Option<NaiveDate> {
    let day = text.split([';', ',', ' ', 'T']).next()?;
    if day.contains('-') {
        return iso_date(day);
    }
    if day.len() != 8 || !day.is_ascii() {
        return None;
    }
    date(digits(&day[..4], 4)?, digits(&day[4..6], 2)?, digits(&day[6..], 2)?)
}

/// A date such as `Jan 31, 2025`, `31-Jan-2025` or `2025-01-31`.
pub(super) fn named_month_date(text: &str) -> Option<NaiveDate> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let parts: Vec<&str> = text.split([' ', ',', '-', '/']).filter(|p| !p.is_empty()).collect();
    let &[first, second, third] = parts.as_slice() else { return None };
    if digits(first, 4).is_some() {
        return iso_date(text).or_else(|| {
            let month = month_of(second, &MONTHS)?;
            date(digits(third, 4).filter(|_| third.len() == 4)?, month, digits(first, 2)?)
        });
    }
    date(digits(third, 4).filter(|_| third.len() == 4)?, month_of(first, &MONTHS)?, digits(second, 2)?)
}

fn month_of(text: &str, months: &[&str]) -> Option<u32> {
    let start = text.get(..3)?.to_ascii_lowercase();
    months.iter().position(|m| *m == start).map(|at| at as u32 + 1)
}

fn iso_date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    date(digits(year, 4)?, digits(month, 2)?, digits(day, 2)?)
}

/// A number of at most `most` digits and nothing else.
fn digits(text: &str, most: usize) -> Option<u32> {
    let good = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if good { text.parse().ok() } else { None }
}

/// A date from 1900 to 2100.
fn date(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
        .filter(|d| (1900..=2100).contains(&d.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_brokers_write_them() {
        for (text, raw) in [
            ("$1,234.56", 12_345_600),
            ("-$1.00", -10_000),
            ("$-1.00", -10_000),
            ("($1.00)", -10_000),
            ("( 1,000,000 )", -10_000_000_000),
            ("+2", 20_000),
            ("$3621.38 ", 36_213_800),
            (".5", 5_000),
            ("1.23456", 12_346),
        ] {
            assert_eq!(money(text).map(Money::raw), Some(raw), "{text}");
        }
        for bad in [
            "",
            "$",
            "-",
            "--1",
            "(-1)",
            "1,00",
            "$1,0",
            "1234,567",
            ",123",
            "1.2,345",
            "1 000",
            "(1",
            "$$1x",
            "abc",
            "12%",
            "€5",
            "inf",
            "NaN",
            "9999999999999",
        ] {
            assert_eq!(money(bad), None, "{bad}");
        }
        assert_eq!(shares("0.1234567"), None);
        assert_eq!(shares("-1,000.5"), Some(Shares::from_raw(-1_000_500_000)));
        assert_eq!(percent("5.21%"), Some(5_210_000));
        assert_eq!(percent("-0.01"), Some(-10_000));
        assert_eq!(percent("1001"), None);
    }

    #[test]
    fn dates_in_each_broker_s_form() {
        let day = NaiveDate::from_ymd_opt(2025, 1, 3);
        assert!(["01/03/2025", "1/3/2025", "2025-01-03"].iter().all(|t| us_date(t) == day));
        assert!(
            ["20250103", "20250103;093000", "2025-01-03", "2025-01-03 09:30:00", "20250103 EST"]
                .iter()
                .all(|t| flex_date(t) == day)
        );
        assert!(
            ["Jan 03, 2025", "Jan 3, 2025", "January 3, 2025", "03-Jan-2025", "03/Jan/2025", "2025-01-03"]
                .iter()
                .all(|t| named_month_date(t) == day)
        );
        for bad in ["", "13/01/2025", "02/30/2025", "01/03/25", "1/3", "01/03/2025/1", "3000-01-01", "é"] {
            assert_eq!(us_date(bad), None, "{bad}");
            assert_eq!(flex_date(bad), None, "{bad}");
            assert_eq!(named_month_date(bad), None, "{bad}");
        }
        assert_eq!(flex_date("01/03/2025"), None);
        assert_eq!(named_month_date("Jän 3, 2025"), None);
    }
}
