//! Columns and their values.

use core::fmt::Write;

use chrono::{Datelike, NaiveDate};

use super::text::Text;

/// The values of a column; `None` is a null.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Text; each distinct value is stored once.
    Text(Text),
    /// Numbers.
    Float(Vec<Option<f64>>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Dates; a timestamp counts as its UTC day.
    Date(Vec<Option<NaiveDate>>),
    /// True or false.
    Flag(Vec<Option<bool>>),
}

impl Values {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(x) => x.codes.len(),
            Self::Float(x) => x.len(),
            Self::Integer(x) => x.len(),
            Self::Date(x) => x.len(),
            Self::Flag(x) => x.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes a row's value as a text file would have it. A null or a NaN writes nothing.
    pub fn write(&self, row: usize, to: &mut String) {
        // Writing to a String does not fail.
        let _ = match self {
            Self::Text(x) => {
                to.push_str(x.get(row).unwrap_or_default());
                Ok(())
            }
            Self::Float(x) => match x.get(row).copied().flatten().filter(|x| !x.is_nan()) {
                Some(x) => decimal(x, to),
                None => Ok(()),
            },
            Self::Integer(x) => x.get(row).copied().flatten().map_or(Ok(()), |x| write!(to, "{x}")),
            Self::Date(x) => x.get(row).copied().flatten().map_or(Ok(()), |x| date(x, to)),
            Self::Flag(x) => x.get(row).copied().flatten().map_or(Ok(()), |x| write!(to, "{x}")),
        };
    }

    /// The type of the column's values, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Float(_) => "numbers",
            Self::Integer(_) => "whole numbers",
            Self::Date(_) => "dates",
            Self::Flag(_) => "true or false",
        }
    }
}

/// Formats a number as `{}` does. Most numbers have at most six decimals; writing their digits directly takes
/// a fraction of the time.
fn decimal(x: f64, to: &mut String) -> core::fmt::Result {
    const ONE: f64 = 1e6;
    let millionths = (x * ONE).round();
    // At most one decimal of up to 15 digits reads back as a given f64, so `{}` prints this one.
    let is_plain = millionths.abs() < 1e15 && (millionths / ONE).to_bits() == x.to_bits();
    if !is_plain {
        return write!(to, "{x}");
    }
    if millionths < 0.0 || (millionths == 0.0 && x.is_sign_negative()) {
        to.push('-');
    }
    let raw = millionths.abs() as u64;
    digits(raw / 1_000_000, 1, to);
    let mut part = raw % 1_000_000;
    if part > 0 {
        let mut places = 6;
        while part.is_multiple_of(10) {
            part /= 10;
            places -= 1;
        }
        to.push('.');
        digits(part, places, to);
    }
    Ok(())
}

/// Formats a date as `{}` does.
fn date(x: NaiveDate, to: &mut String) -> core::fmt::Result {
    let Some(year) = u64::try_from(x.year()).ok().filter(|y| *y <= 9_999) else { return write!(to, "{x}") };
    digits(year, 4, to);
    for part in [x.month(), x.day()] {
        to.push('-');
        digits(u64::from(part), 2, to);
    }
    Ok(())
}

/// Writes the digits of a number, padded to at least `least` digits.
fn digits(mut x: u64, least: usize, to: &mut String) {
    let mut text = [b'0'; 20];
    let mut at = text.len();
    while x > 0 || text.len() - at < least {
        // Twenty digits hold any u64, and no caller asks for more.
        let Some(before) = at.checked_sub(1) else { break };
        at = before;
        if let Some(digit) = text.get_mut(at) {
            *digit = b'0' + (x % 10) as u8;
        }
        x /= 10;
    }
    for digit in text.iter().skip(at) {
        to.push(char::from(*digit));
    }
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Values.
    pub values: Values,
}

/// 1970-01-01; files count days from this date.
pub(crate) fn epoch() -> NaiveDate {
    NaiveDate::default()
}
