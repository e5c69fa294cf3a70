//! CSV as people have it: with or without BOM, quotes, CRLF, gzip; column names without regard to case.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::failure::Failure;

/// Faults listed of one file at most; a wrong file has one for each of its lines.
const MOST_FAULTS: usize = 20;

/// A table's header and rows with the line each begins on.
pub(super) struct Table {
    /// File, for messages.
    pub name: String,
    /// Column names as they stand in the file.
    pub header: Vec<String>,
    /// Rows with their line numbers.
    pub rows: Vec<(u64, csv::StringRecord)>,
}

/// Faults of one file.
pub(super) struct Faults {
    name: String,
    messages: Vec<String>,
    left_out: usize,
}

impl Faults {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), messages: Vec::new(), left_out: 0 }
    }

    /// Notes a fault on a line.
    pub(super) fn add(&mut self, line: u64, message: &str) {
        if self.messages.len() < MOST_FAULTS {
            self.messages.push(format!("{}:{line}: {message}", self.name));
        } else {
            self.left_out += 1;
        }
    }

    /// Ok when nothing was noted.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
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
    let bytes = std::fs::read(path).map_err(|e| {
        Failure::input(format!("{name}: {e}: expected a CSV file, plain or compressed with gzip"))
    })?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    MultiGzDecoder::new(bytes.as_slice())
        .read_to_end(&mut plain)
        .map_err(|e| Failure::input(format!("{name}: damaged gzip: {e}")))?;
    Ok(plain)
}

impl Table {
    /// Reads a whole file.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        Self::parse(&path.display().to_string(), &plain_bytes(path)?)
    }

    /// Reads a file's bytes, no longer compressed.
    pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Self, Failure> {
        let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(false).trim(csv::Trim::All).from_reader(bytes);
        let header: Vec<String> = reader
            .headers()
            .map_err(|e| Failure::input(format!("{name}:1: {e}: expected a header in UTF-8")))?
            .iter()
            .map(str::to_owned)
            .collect();
        let mut faults = Faults::new(name);
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(r) => rows.push((r.position().map_or(0, csv::Position::line), r)),
                Err(e) => {
                    let line = e.position().map_or(0, csv::Position::line);
                    let what = match e.kind() {
                        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                            format!("{len} fields: expected {expected_len}, as many as the header has")
                        }
                        csv::ErrorKind::Utf8 { .. } => "expected text in UTF-8".to_owned(),
                        _ => e.to_string(),
                    };
                    faults.add(line, &what);
                }
            }
        }
        faults.finish()?;
        Ok(Self { name: name.to_owned(), header, rows })
    }

    /// Position of a column, under its own name or the one that the configuration gives it.
    pub(super) fn column(&self, name: &str, renamed: &BTreeMap<String, String>) -> Option<usize> {
        let wanted = renamed.iter().find(|(k, _)| k.eq_ignore_ascii_case(name)).map_or(name, |(_, v)| v);
        self.header.iter().position(|h| h.eq_ignore_ascii_case(wanted))
    }
}
