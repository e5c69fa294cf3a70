//! Tables as people have them: CSV with or without BOM, quotes, CRLF, gzip, or Parquet; column names without regard to case.

pub(crate) mod columns;
mod gzip;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::parquet::{ParquetFile, Values};
use crate::failure::Failure;
use columns::{Column, column};
use gzip::{Unpacked, is_gzip, unpacked};

/// Faults listed of one file at most; a wrong file has one for each of its lines.
const MOST_FAULTS: usize = 20;

/// Most columns of a table: ten times the stocks of the world's largest index.
const MOST_COLUMNS: usize = 100_000;

/// A table's header and rows with the line each begins on.
pub(crate) struct Table {
    /// File, for messages.
    pub name: String,
    /// Column names as they stand in the file.
    pub header: Vec<String>,
    /// Rows with their line numbers.
    pub rows: Vec<(u64, csv::StringRecord)>,
}

/// Faults of one file.
pub(crate) struct Faults {
    name: String,
    messages: Vec<String>,
    left_out: usize,
}

impl Faults {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), messages: Vec::new(), left_out: 0 }
    }

    /// Notes a fault on a line.
    pub(crate) fn add(&mut self, line: u64, message: &str) {
        if self.messages.len() < MOST_FAULTS {
            self.messages.push(format!("{}:{line}: {message}", self.name));
        } else {
            self.left_out += 1;
        }
    }

    /// Whether nothing was noted.
    pub(crate) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Ok when nothing was noted.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        if self.left_out > 0 {
            self.messages.push(format!("{}: and {} more faults", self.name, self.left_out));
        }
        if self.messages.is_empty() { Ok(()) } else { Err(Failure::Input(self.messages)) }
    }
}

/// The bytes of a CSV file, decompressed where they are gzip.
///
/// # Errors
/// When the file can't be read or its gzip is damaged.
pub(crate) fn plain_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let name = path.display();
    let bytes = super::read(path).map_err(|e| {
        Failure::input(format!("{name}: {e}: expected a CSV file, plain or compressed with gzip"))
    })?;
    unpacked(bytes, path)
}

/// A file's rows, one after the other.
pub(crate) struct Rows {
    /// File, for messages.
    pub name: String,
    /// Column names as they stand in the file.
    pub header: Vec<String>,
    source: RowSource,
}

enum RowSource {
    Csv(Box<csv::Reader<Box<dyn Read>>>),
    /// Columns read already, and the row that comes next.
    Parquet(Vec<Values>, usize),
}

impl Rows {
    /// Opens a file and reads its header.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let file = super::open(path).map_err(|e| {
            Failure::input(format!(
                "{name}: {e}: expected a CSV file, plain or compressed with gzip, or Parquet"
            ))
        })?;
        let size = file.metadata().map_or(0, |m| m.len());
        let mut file = BufReader::with_capacity(1 << 16, file);
        let start =
            file.fill_buf().map_err(|e| Failure::input(format!("{name}: {e}: expected a CSV file")))?;
        if start.starts_with(b"PAR1") {
            return Self::parquet(name, path);
        }
        let plain: Box<dyn Read> =
            if is_gzip(start) { Box::new(Unpacked::new(file, size)) } else { Box::new(file) };
        Self::of(name, plain)
    }

    fn of(name: String, plain: Box<dyn Read>) -> Result<Self, Failure> {
        let mut plain = BufReader::with_capacity(1 << 16, plain);
        let damaged = |e: std::io::Error| Failure::input(format!("{name}: damaged gzip: {e}"));
        if plain.fill_buf().map_err(damaged)?.starts_with(&[0xef, 0xbb, 0xbf]) {
            plain.consume(3);
        }
        let plain: Box<dyn Read> = Box::new(plain);
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(plain);
        let header = reader
            .headers()
            .map_err(|e| Failure::input(format!("{name}:1: {e}: expected a header in UTF-8")))?;
        if header.len() > MOST_COLUMNS {
            let columns = header.len();
            return Err(Failure::input(format!(
                "{name}:1: {columns} columns: expected at most {MOST_COLUMNS}"
            )));
        }
        let header = header.iter().map(|h| h.trim().to_owned()).collect();
        Ok(Self { name, header, source: RowSource::Csv(Box::new(reader)) })
    }

    fn parquet(name: String, path: &Path) -> Result<Self, Failure> {
        let file = ParquetFile::open(path)?;
        let header: Vec<String> = file.columns().into_iter().map(str::to_owned).collect();
        let columns = header.iter().map(|c| file.read(c)).collect::<Result<Vec<Values>, Failure>>()?;
        Ok(Self { name, header, source: RowSource::Parquet(columns, 0) })
    }

    /// Reads the next row that can be read and returns its line; none at the end. What can't be read is noted.
    pub(crate) fn next(&mut self, row: &mut csv::StringRecord, faults: &mut Faults) -> Option<u64> {
        let reader = match &mut self.source {
            RowSource::Csv(reader) => reader,
            RowSource::Parquet(columns, at) => {
                if columns.first().is_none_or(|c| *at >= c.len()) {
                    return None;
                }
                row.clear();
                let mut text = String::new();
                for column in columns.iter() {
                    text.clear();
                    column.write(*at, &mut text);
                    row.push_field(&text);
                }
                *at += 1;
                // As in a text file: the header is the first line.
                return Some(*at as u64 + 1);
            }
        };
        loop {
            match reader.read_record(row) {
                Ok(true) => {
                    // Trimming makes a record anew, and hardly any row needs it.
                    if row.iter().any(has_space) {
                        row.trim();
                    }
                    return Some(row.position().map_or(0, csv::Position::line));
                }
                Ok(false) => return None,
                Err(e) => {
                    let line = e.position().unwrap_or(reader.position()).line();
                    let what = match e.kind() {
                        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                            format!("{len} fields: expected {expected_len}, as many as the header has")
                        }
                        csv::ErrorKind::Utf8 { .. } => "expected text in UTF-8".to_owned(),
                        csv::ErrorKind::Io(e) => format!("can't be read further: {e}"),
                        _ => e.to_string(),
                    };
                    faults.add(line, &what);
                    if matches!(e.kind(), csv::ErrorKind::Io(_)) {
                        return None;
                    }
                }
            }
        }
    }
}

/// A copy of a row that holds no more than it. A clone would hold as much as the widest row that was read into its buffer.
fn compact(row: &csv::StringRecord) -> csv::StringRecord {
    let mut copy = csv::StringRecord::with_capacity(row.as_slice().len(), row.len());
    row.iter().for_each(|field| copy.push_field(field));
    copy.set_position(row.position().cloned());
    copy
}

/// Whether a field may begin or end with white space.
fn has_space(field: &str) -> bool {
    let may_be = |b: Option<&u8>| b.is_some_and(|b| *b <= b' ' || *b >= 0x80);
    may_be(field.as_bytes().first()) || may_be(field.as_bytes().last())
}

impl Table {
    /// Reads a whole file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        Self::all(Rows::open(path)?)
    }

    fn all(mut source: Rows) -> Result<Self, Failure> {
        let mut faults = Faults::new(&source.name);
        let mut rows = Vec::new();
        let mut row = csv::StringRecord::new();
        while let Some(line) = source.next(&mut row, &mut faults) {
            rows.push((line, compact(&row)));
        }
        faults.finish()?;
        Ok(Self { name: source.name, header: source.header, rows })
    }

    /// One of our columns, under its own name or another that the configuration gives it.
    pub(crate) fn column(&self, name: &str, renamed: &BTreeMap<String, String>) -> Option<Column> {
        column(&self.header, renamed, name)
    }
}
