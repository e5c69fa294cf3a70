//! Tables as people have them: CSV with or without BOM, quotes, CRLF, gzip, or Parquet; column names without regard to case.
//!
//! [`Rows`] reads a file row by row under its header; [`Table`] holds a small file as a whole. Faults carry file and line.
//! How large a table may be stands in `limits`.

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
