//! Formats money, percentages, basis points, counts and dates for pages and the terminal. A figure that is
//! missing or not finite is a dash, never `NaN` or zero.

use chrono::{Datelike, NaiveDate};
use unisleeve_core::units::Money;

/// Text for an undefined figure on a page.
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

/// A date as `3 January 2000`.
pub(crate) fn date(date: NaiveDate) -> String {
    format!("{} {} {}", date.day(), month(date), date.year())
}

/// A date as `3 Jan 2000`, with nonbreaking spaces.
pub(crate) fn short_date(date: NaiveDate) -> String {
    let month = month(date).get(..3).unwrap_or(MISSING);
    format!("{}\u{a0}{month}\u{a0}{}", date.day(), date.year())
}

/// Digits with a comma between groups of three.
fn in_threes(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number's magnitude, with its digits in groups of three.
pub(crate) fn grouped(x: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", x.abs());
    let (whole, part) = plain.split_once('.').map_or((plain.as_str(), None), |(w, p)| (w, Some(p)));
    let mut text = in_threes(whole);
    if let Some(part) = part {
        text.push('.');
        text.push_str(part);
    }
    text
}

/// When to write a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// Only a minus; no sign if the number rounds to zero.
    Minus,
    /// Plus or minus, for differences; no sign if the number rounds to zero.
    Both,
    /// Plus or minus, even for zero.
    Always,
}

/// How to format figures for one medium.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Medium {
    minus: &'static str,
    dollar: &'static str,
    /// Text for an undefined figure.
    missing: &'static str,
}

/// Pages: typographic minus sign and dash.
pub(crate) const PAGE: Medium = Medium { minus: "\u{2212}", dollar: "$", missing: MISSING };

/// Tables in the terminal: ASCII signs, no dollar sign.
pub(crate) const TERMINAL: Medium = Medium { minus: "-", dollar: "", missing: "-" };

/// Sentences in the terminal: with a dollar sign.
pub(crate) const SENTENCE: Medium = Medium { dollar: "$", ..TERMINAL };

impl Medium {
    /// Joins sign, prefix, magnitude and suffix.
    fn written(self, x: Option<f64>, decimals: usize, sign: Sign, (prefix, suffix): (&str, &str)) -> String {
        let Some(x) = x.filter(|x| x.is_finite()) else { return self.missing.to_owned() };
        let magnitude = grouped(x, decimals);
        let zero = magnitude.chars().all(|c| matches!(c, '0' | '.'));
        let sign = match sign {
            Sign::Always if x.is_sign_negative() => self.minus,
            Sign::Always => "+",
            _ if zero => "",
            Sign::Both if x > 0.0 => "+",
            _ if x < 0.0 => self.minus,
            _ => "",
        };
        format!("{sign}{prefix}{magnitude}{suffix}")
    }

    /// Dollars with this number of decimals.
    pub(crate) fn dollars(self, x: Option<f64>, decimals: usize) -> String {
        self.written(x, decimals, Sign::Minus, (self.dollar, ""))
    }

    /// Whole dollars with a plus or minus sign.
    pub(crate) fn more_dollars(self, x: Option<f64>) -> String {
        self.written(x, 0, Sign::Both, (self.dollar, ""))
    }

    /// A fraction as a percentage.
    pub(crate) fn percent(self, x: Option<f64>, decimals: usize) -> String {
        self.written(x.map(|x| x * 100.0), decimals, Sign::Minus, ("", "%"))
    }

    /// A fraction as a percentage with a plus or minus sign.
    pub(crate) fn more_percent(self, x: Option<f64>, decimals: usize) -> String {
        self.written(x.map(|x| x * 100.0), decimals, Sign::Both, ("", "%"))
    }

    /// A difference of fractions as percentage points with a sign, even for zero.
    pub(crate) fn points(self, x: Option<f64>, decimals: usize) -> String {
        self.written(x.map(|x| x * 100.0), decimals, Sign::Always, ("", "%"))
    }

    /// A fraction as basis points.
    pub(crate) fn basis_points(self, x: Option<f64>) -> String {
        self.written(x.map(|x| x * 1e4), 1, Sign::Minus, ("", ""))
    }

    /// A fraction as basis points with a plus or minus sign.
    pub(crate) fn more_basis_points(self, x: Option<f64>) -> String {
        self.written(x.map(|x| x * 1e4), 1, Sign::Both, ("", " bp"))
    }

    /// A difference of fractions as basis points with a sign, even for zero.
    pub(crate) fn basis_points_apart(self, x: Option<f64>) -> String {
        self.written(x.map(|x| x * 1e4), 1, Sign::Always, ("", " bp"))
    }

    /// A plain number.
    pub(crate) fn number(self, x: Option<f64>, decimals: usize) -> String {
        self.written(x, decimals, Sign::Minus, ("", ""))
    }
}

/// An exact amount as dollars and cents for the terminal, rounded half away from zero.
pub(crate) fn cents(amount: Money) -> String {
    let cents = (amount.raw().unsigned_abs() + 50) / 100;
    let sign = if amount.is_negative() { TERMINAL.minus } else { "" };
    format!("{sign}{}.{:02}", in_threes(&(cents / 100).to_string()), cents % 100)
}

/// A number with at most `most` decimals and without trailing zeros.
pub(crate) fn shortest(x: f64, most: usize) -> String {
    let text = TERMINAL.number(Some(x), most);
    if most == 0 { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
}

/// Whole dollars, for a page.
pub(crate) fn dollars(x: Option<f64>) -> String {
    PAGE.dollars(x, 0)
}

/// Whole dollars with a plus or minus sign, for a page.
pub(crate) fn more_dollars(x: Option<f64>) -> String {
    PAGE.more_dollars(x)
}

/// A fraction as a percentage, for a page.
pub(crate) fn percent(x: Option<f64>, decimals: usize) -> String {
    PAGE.percent(x, decimals)
}

/// A fraction as a percentage with a plus or minus sign, for a page.
pub(crate) fn more_percent(x: Option<f64>, decimals: usize) -> String {
    PAGE.more_percent(x, decimals)
}

/// A fraction as a percentage with as few decimals as needed, at most two: 23.8%, 40%.
pub(crate) fn rate(x: f64) -> String {
    let decimals = (0..2).find(|d| {
        let scale = if *d == 0 { 1e2 } else { 1e3 };
        (x * scale - (x * scale).round()).abs() < 1e-6
    });
    percent(Some(x), decimals.unwrap_or(2))
}

/// A fraction as basis points with a plus or minus sign, for a page.
pub(crate) fn more_basis_points(x: Option<f64>) -> String {
    PAGE.more_basis_points(x)
}

/// A fraction as basis points, for a page.
pub(crate) fn basis_points(x: Option<f64>) -> String {
    PAGE.basis_points(x)
}

/// A plain number, for a page.
pub(crate) fn number(x: f64, decimals: usize) -> String {
    PAGE.number(Some(x), decimals)
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

    #[test]
    fn the_terminal_has_signs_of_the_keyboard() {
        assert_eq!(TERMINAL.dollars(Some(-1_234_567.4), 0), "-1,234,567");
        assert_eq!([TERMINAL.more_dollars(Some(999.6)), TERMINAL.more_dollars(Some(-0.3))], ["+1,000", "0"]);
        assert_eq!([TERMINAL.percent(Some(0.071_56), 2), TERMINAL.percent(None, 2)], ["7.16%", "-"]);
        assert_eq!([0.0, -0.000_1].map(|x| TERMINAL.points(Some(x), 2)), ["+0.00%", "-0.01%"]);
    }

    #[test]
    fn exact_amounts_are_rounded_to_cents() {
        let cents = |raw: i64| cents(Money::from_raw(raw));
        assert_eq!([cents(12_345_678_950), cents(-49), cents(-50)], ["1,234,567.90", "-0.00", "-0.01"]);
        assert_eq!([1_200.0, -0.25, 59.658_22].map(|x| shortest(x, 6)), ["1,200", "-0.25", "59.65822"]);
    }
}
