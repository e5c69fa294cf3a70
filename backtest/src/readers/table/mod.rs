//! Reads tables as users have them: CSV with or without BOM, quotes, CRLF or gzip, or Parquet. Column names
//! ignore case.
//!
//! [`Rows`] reads a file row by row under its header. [`Table`] holds a small file in memory. Errors name the
//! file and the line. `limits` says how large a table may be.

mod bounded;
mod bytes;
mod faults;
mod gzip;
mod header;
mod limits;
mod rows;
mod whole;

pub(crate) use bytes::plain_bytes;
pub(crate) use faults::Faults;
pub(crate) use header::{Column, Renamed};
pub(crate) use limits::MOST_HELD;
pub(crate) use rows::Rows;
pub(crate) use whole::Table;
