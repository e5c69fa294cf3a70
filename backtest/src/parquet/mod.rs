//! Parquet files as typed columns of one name each; anything nested is refused. No Arrow in between.

mod damage;
mod read;
mod text;
mod write;

use core::fmt::Write;

use chrono::NaiveDate;

pub use read::{ParquetFile, read_columns};
pub use text::Text;
pub use write::write_columns;

/// The values of a column; None is a null.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Text, each distinct value held once.
    Text(Text),
    /// Numbers.
    Float(Vec<Option<f64>>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Dates; a point in time counts as its day in UTC.
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

    /// Writes a row's value as a text file would have it: nothing for a null or a NaN.
    pub fn write(&self, row: usize, to: &mut String) {
        // Writing to a String does not fail.
        let _ = match self {
            Self::Text(x) => {
                to.push_str(x.get(row).unwrap_or_default());
                Ok(())
            }
            Self::Float(x) => match x.get(row).copied().flatten().filter(|x| !x.is_nan()) {
                Some(x) => write!(to, "{x}"),
                None => Ok(()),
            },
            Self::Integer(x) => x.get(row).copied().flatten().map_or(Ok(()), |x| write!(to, "{x}")),
            Self::Date(x) => x.get(row).copied().flatten().map_or(Ok(()), |x| write!(to, "{x}")),
            Self::Flag(x) => x.get(row).copied().flatten().map_or(Ok(()), |x| write!(to, "{x}")),
        };
    }

    /// What the column holds, in words.
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

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Values.
    pub values: Values,
}

/// 1970-01-01, from which files count days.
fn epoch() -> NaiveDate {
    NaiveDate::default()
}

#[cfg(test)]
mod tests;
