//! Reads the CSV files of a result folder. Finds columns by name, parses cells by type, and reports faults
//! with file, line and column.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use unisleeve_core::import::shown;
use unisleeve_core::units::{Money, Price, Shares};

use super::table::{Faults, Rows};
use crate::failure::Failure;

/// Largest sum of the absolute amounts of one column, in units of the last decimal.
const MOST_IN_ALL: i128 = 1 << 61;

/// Assigns numbers to words in order of first appearance.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    by_name: BTreeMap<String, u32>,
    all: Vec<String>,
}

impl Names {
    /// The number of a word; a new word gets the next number.
    pub(crate) fn id(&mut self, name: &str) -> u32 {
        if let Some(id) = self.by_name.get(name) {
            return *id;
        }
        let id = self.all.len() as u32;
        self.by_name.insert(name.to_owned(), id);
        self.all.push(name.to_owned());
        id
    }

    /// The number of a word that is already known.
    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// The number of a known word, ignoring case.
    pub(crate) fn find_any_case(&self, name: &str) -> Option<u32> {
        self.all.iter().position(|n| n.eq_ignore_ascii_case(name)).map(|at| at as u32)
    }

    /// The word with this number.
    pub(crate) fn name(&self, id: u32) -> &str {
        self.all.get(id as usize).map_or("", String::as_str)
    }

    pub(crate) fn all(&self) -> &[String] {
        &self.all
    }

    /// Number of words.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }
}

/// An open file whose columns have been located. Rows are read one at a time; none is kept as text.
pub(crate) struct Table {
    at: Vec<usize>,
    columns: Vec<&'static str>,
    source: Rows,
}

/// One row and its line.
pub(crate) struct Row<'a> {
    columns: &'a [&'static str],
    record: &'a csv::StringRecord,
    pub(crate) line: u32,
}

/// A cell that can't be read: the column, the fault, and what is expected there.
pub(crate) type Bad = (&'static str, String, &'static str);

impl Table {
    /// Opens a file that must have these columns (comma-separated). Other columns are ignored.
    pub(crate) fn open(folder: &Path, name: &'static str, columns: &'static str) -> Result<Self, Failure> {
        let path = folder.join(name);
        if !path.is_file() {
            return Err(Failure::input(format!(
                "{}: missing: expected a file of `unisleeve backtest`",
                path.display()
            )));
        }
        let mut source = Rows::open(&path)?;
        name.clone_into(&mut source.name);
        let columns: Vec<&'static str> = columns.split(',').collect();
        let mut at = Vec::new();
        for column in &columns {
            let place = source.header.place(column)?;
            at.push(place.ok_or_else(|| {
                source.header.fault(&format!("{column}: nothing: expected a column of this name"))
            })?);
        }
        Ok(Self { at, columns, source })
    }

    /// Reads every row.
    pub(crate) fn rows<T>(
        mut self,
        mut read: impl FnMut(&Row<'_>) -> Result<T, Bad>,
    ) -> Result<Vec<T>, Failure> {
        let mut faults = Faults::new(&self.source.name);
        let mut rows = Vec::new();
        let mut record = csv::StringRecord::new();
        while let Some(line) = self.source.next(&mut record, &mut faults) {
            let row = Row { columns: &self.columns, record: &record, line: line as u32 };
            match read(&row) {
                Ok(row) if faults.is_empty() => rows.push(row),
                Ok(_) => {}
                Err((column, value, expected)) => {
                    let value = if value.is_empty() { "nothing".to_owned() } else { shown(&value) };
                    faults.add(u64::from(row.line), &format!("{column}: {value}: expected {expected}"));
                }
            }
        }
        faults.finish()?;
        Ok(rows)
    }

    fn place(&self, column: &str) -> usize {
        self.columns.iter().position(|c| *c == column).map_or(usize::MAX, |i| self.at[i])
    }

    /// Locates columns in a row, so that each is looked up once.
    pub(crate) fn places<const N: usize>(&self, columns: [&'static str; N]) -> [Column; N] {
        columns.map(|name| Column { name, at: self.place(name) })
    }
}

/// Refuses a column whose amounts add up to more than the limit.
pub(crate) fn bounded(name: &str, column: &str, amounts: impl Iterator<Item = i64>) -> Result<(), Failure> {
    let sum: i128 = amounts.map(|raw| i128::from(raw).abs()).sum();
    if sum > MOST_IN_ALL {
        return Err(Failure::input(format!(
            "{name}: {column}: adds up to too much: expected less than 1e12"
        )));
    }
    Ok(())
}

/// A column's name and position.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    name: &'static str,
    at: usize,
}

impl Row<'_> {
    /// A cell's text.
    pub(crate) fn text(&self, column: Column) -> &str {
        self.record.get(column.at).unwrap_or("")
    }

    /// A cell that must not be empty.
    pub(crate) fn word(&self, column: Column) -> Result<&str, Bad> {
        let text = self.text(column);
        if text.is_empty() { Err((column.name, String::new(), "a name")) } else { Ok(text) }
    }

    fn number<T>(
        &self,
        column: Column,
        parse: impl Fn(&str) -> Option<(T, bool)>,
        expected: &'static str,
    ) -> Result<T, Bad> {
        let text = self.text(column);
        match parse(text) {
            Some((value, false)) => Ok(value),
            _ => Err((column.name, text.to_owned(), expected)),
        }
    }

    /// Dollars.
    pub(crate) fn money(&self, column: Column) -> Result<Money, Bad> {
        let parse = |t: &str| Money::parse(t).ok().map(|d| (d.value, d.rounded));
        self.number(column, parse, "dollars with at most 4 decimals")
    }

    /// A number of shares.
    pub(crate) fn shares(&self, column: Column) -> Result<Shares, Bad> {
        let parse = |t: &str| Shares::parse(t).ok().map(|d| (d.value, d.rounded));
        self.number(column, parse, "shares with at most 6 decimals")
    }

    /// A price in dollars per share.
    pub(crate) fn price(&self, column: Column) -> Result<Price, Bad> {
        let parse = |t: &str| Price::parse(t).ok().map(|d| (d.value, d.rounded));
        self.number(column, parse, "dollars a share with at most 6 decimals")
    }

    /// A price in dollars per share above zero; `None` for an empty cell.
    pub(crate) fn price_or_none(&self, column: Column) -> Result<Option<Price>, Bad> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        match self.price(column)? {
            price if price.is_positive() => Ok(Some(price)),
            _ => Err((column.name, text.to_owned(), "a number above zero, or nothing")),
        }
    }

    /// A finite number.
    pub(crate) fn float(&self, column: Column) -> Result<f64, Bad> {
        let text = self.text(column);
        let x = text.parse::<f64>().ok().filter(|x| x.is_finite());
        x.ok_or_else(|| (column.name, text.to_owned(), "a number"))
    }

    /// A float; `None` for an empty cell.
    pub(crate) fn float_or_none(&self, column: Column) -> Result<Option<f64>, Bad> {
        if self.text(column).is_empty() { Ok(None) } else { self.float(column).map(Some) }
    }

    pub(crate) fn date(&self, column: Column) -> Result<NaiveDate, Bad> {
        let text = self.text(column);
        date(text).ok_or_else(|| (column.name, text.to_owned(), "a date, YYYY-MM-DD"))
    }

    /// A date; `None` for an empty cell.
    pub(crate) fn date_or_none(&self, column: Column) -> Result<Option<NaiveDate>, Bad> {
        if self.text(column).is_empty() { Ok(None) } else { self.date(column).map(Some) }
    }

    /// One of the allowed words.
    pub(crate) fn one_of<T: Copy>(
        &self,
        column: Column,
        words: &[(&str, T)],
        expected: &'static str,
    ) -> Result<T, Bad> {
        let text = self.text(column);
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        found.ok_or_else(|| (column.name, text.to_owned(), expected))
    }

    /// The error for a cell that can't be read.
    pub(crate) fn bad(&self, column: Column, expected: &'static str) -> Bad {
        debug_assert!(self.columns.contains(&column.name));
        (column.name, self.text(column).to_owned(), expected)
    }
}

/// Parses `YYYY-MM-DD`, years 1600 to 2400.
fn date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| -> Option<u32> {
        bytes.get(range)?.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
    };
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = digits(0..4).filter(|y| (1600..=2400).contains(y))?;
    NaiveDate::from_ymd_opt(year as i32, digits(5..7)?, digits(8..10)?)
}
