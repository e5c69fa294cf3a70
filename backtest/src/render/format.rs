//! Figures as a reader sees them. A figure that is missing or not finite is a dash, never `NaN` and never zero.

use chrono::{Datelike, NaiveDate};

/// What stands where a figure is not defined.
pub(crate) const MISSING: &str = "–";

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Name of a date's month.
pub(crate) fn month(date: NaiveDate) -> &'static str {
    MONTHS.get(date.month0() as usize).copied().unwrap_or(MISSING)
}

/// `3 January 2000`.
pub(crate) fn date(date: NaiveDate) -> String {
    format!("{} {} {}", date.day(), month(date), date.year())
}

/// `3 Jan 2000`, which no line breaks.
pub(crate) fn short_date(date: NaiveDate) -> String {
    let month = month(date).get(..3).unwrap_or(MISSING);
    format!("{}\u{a0}{month}\u{a0}{}", date.day(), date.year())
}

/// Digits of a number's magnitude, in groups of three.
pub(crate) fn grouped(x: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", x.abs());
    let (whole, part) = plain.split_once('.').map_or((plain.as_str(), None), |(w, p)| (w, Some(p)));
    let mut text = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(part) = part {
        text.push('.');
        text.push_str(part);
    }
    text
}

/// How a sign is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Only a minus.
    Minus,
    /// A plus too, for differences.
    Both,
}

/// Sign, prefix, magnitude, suffix; no sign for what rounds to zero.
fn written(x: Option<f64>, decimals: usize, sign: Sign, prefix: &str, suffix: &str) -> String {
    let Some(x) = x.filter(|x| x.is_finite()) else { return MISSING.to_owned() };
    let magnitude = grouped(x, decimals);
    let zero = magnitude.chars().all(|c| matches!(c, '0' | '.'));
    let sign = match sign {
        _ if zero => "",
        Sign::Both if x > 0.0 => "+",
        _ if x < 0.0 => "\u{2212}",
        _ => "",
    };
    format!("{sign}{prefix}{magnitude}{suffix}")
}

/// Whole dollars.
pub(crate) fn dollars(x: Option<f64>) -> String {
    written(x, 0, Sign::Minus, "$", "")
}

/// Whole dollars with their sign.
pub(crate) fn more_dollars(x: Option<f64>) -> String {
    written(x, 0, Sign::Both, "$", "")
}

/// A fraction as a percentage.
pub(crate) fn percent(x: Option<f64>, decimals: usize) -> String {
    written(x.map(|x| x * 100.0), decimals, Sign::Minus, "", "%")
}

/// A fraction as a percentage with its sign.
pub(crate) fn more_percent(x: Option<f64>, decimals: usize) -> String {
    written(x.map(|x| x * 100.0), decimals, Sign::Both, "", "%")
}

/// A fraction as a percentage with as few decimals as it needs, at most two: 23.8%, 40%.
pub(crate) fn rate(x: f64) -> String {
    let decimals = (0..2).find(|d| {
        let scale = if *d == 0 { 1e2 } else { 1e3 };
        (x * scale - (x * scale).round()).abs() < 1e-6
    });
    percent(Some(x), decimals.unwrap_or(2))
}

/// A fraction as basis points with their sign.
pub(crate) fn more_basis_points(x: Option<f64>) -> String {
    written(x.map(|x| x * 1e4), 1, Sign::Both, "", " bp")
}

/// A fraction as basis points.
pub(crate) fn basis_points(x: Option<f64>) -> String {
    written(x.map(|x| x * 1e4), 1, Sign::Minus, "", "")
}

/// A plain number.
pub(crate) fn number(x: f64, decimals: usize) -> String {
    written(Some(x), decimals, Sign::Minus, "", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_a_person_writes_them() {
        assert_eq!(dollars(Some(-1_234_567.4)), "\u{2212}$1,234,567");
        assert_eq!(more_dollars(Some(999.6)), "+$1,000");
        assert_eq!(percent(Some(0.071_56), 2), "7.16%");
        assert_eq!(rate(0.238), "23.8%");
        assert_eq!(rate(0.4), "40%");
        assert_eq!(rate(0.1234), "12.34%");
        assert_eq!(more_basis_points(Some(-0.000_189)), "\u{2212}1.9 bp");
        assert_eq!(date(NaiveDate::from_ymd_opt(2000, 1, 3).unwrap_or_default()), "3 January 2000");
    }

    #[test]
    fn what_rounds_to_zero_has_no_sign() {
        assert_eq!(dollars(Some(-0.3)), "$0");
        assert_eq!(more_basis_points(Some(-1e-9)), "0.0 bp");
    }

    #[test]
    fn what_is_not_defined_is_a_dash() {
        for x in [None, Some(f64::NAN), Some(f64::INFINITY)] {
            assert_eq!([dollars(x), more_dollars(x), percent(x, 2), basis_points(x)], [MISSING; 4]);
        }
    }
}
