//! Reads a file row by row.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::bounded::{Bounded, RowEnd};
use super::faults::Faults;
use super::gzip::{Unpacked, is_gzip};
use super::header::Header;
use super::limits::MOST_ROWS;
use crate::failure::Failure;
use crate::readers::opened::open;
use crate::readers::parquet::{ParquetFile, Values};

/// Rows of a file under its header. Memory use is that of the longest row.
pub(crate) struct Rows {
    /// File name for messages.
    pub name: String,
    pub header: Header,
    source: Source,
    read: u64,
}

enum Source {
    Csv(Box<csv::Reader<Box<dyn Read>>>, RowEnd),
    /// All columns, read when the file is opened.
    Parquet(Vec<Values>),
}

impl Rows {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// When the file can't be read, its gzip is damaged, or its header is not UTF-8 or has too many columns.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let file = open(path).map_err(|e| {
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
        Self::csv(name, plain)
    }

    fn csv(name: String, plain: Box<dyn Read>) -> Result<Self, Failure> {
        let mut plain = BufReader::with_capacity(1 << 16, plain);
        let damaged = |e: std::io::Error| Failure::input(format!("{name}: damaged gzip: {e}"));
        if plain.fill_buf().map_err(damaged)?.starts_with(&[0xef, 0xbb, 0xbf]) {
            plain.consume(3);
        }
        let row = RowEnd::new();
        let plain: Box<dyn Read> = Box::new(Bounded::new(plain, row.clone()));
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(plain);
        let header = reader
            .headers()
            .map_err(|e| Failure::input(format!("{name}:1: {e}: expected a header in UTF-8")))?;
        let header = Header::new(&name, header.iter())?;
        Ok(Self { name, header, source: Source::Csv(Box::new(reader), row), read: 0 })
    }

    fn parquet(name: String, path: &Path) -> Result<Self, Failure> {
        let file = ParquetFile::open(path)?;
        let names = file.columns();
        let header = Header::new(&name, names.iter().copied())?;
        let columns = names.into_iter().map(|c| file.read(c)).collect::<Result<Vec<Values>, Failure>>()?;
        Ok(Self { name, header, source: Source::Parquet(columns), read: 0 })
    }

    /// Reads the next valid row and returns its line, or `None` at the end. Rows that can't be read are added
    /// to the faults.
    pub(crate) fn next(&mut self, row: &mut csv::StringRecord, faults: &mut Faults) -> Option<u64> {
        let line = match &mut self.source {
            Source::Csv(reader, end) => next_text(reader, end, row, faults),
            Source::Parquet(columns) => next_values(columns, self.read, row),
        }?;
        self.read += 1;
        if self.read > MOST_ROWS {
            faults.add(line, &format!("more than {MOST_ROWS} rows: expected a smaller table"));
            return None;
        }
        Some(line)
    }
}

fn next_values(columns: &[Values], at: u64, row: &mut csv::StringRecord) -> Option<u64> {
    let place = usize::try_from(at).ok()?;
    if columns.first().is_none_or(|c| place >= c.len()) {
        return None;
    }
    row.clear();
    let mut text = String::new();
    for column in columns {
        text.clear();
        column.write(place, &mut text);
        row.push_field(&text);
    }
    // As in a text file, the header is line 1.
    Some(at + 2)
}

fn next_text(
    reader: &mut csv::Reader<Box<dyn Read>>,
    end: &RowEnd,
    row: &mut csv::StringRecord,
    faults: &mut Faults,
) -> Option<u64> {
    loop {
        let (start, begins_on) = (reader.position().byte(), reader.position().line());
        end.begin(start);
        match reader.read_record(row) {
            Ok(true) => {
                // Trimming rebuilds a record, and few rows need it.
                if row.iter().any(has_space) {
                    row.trim();
                }
                return Some(row.position().map_or(0, csv::Position::line));
            }
            Ok(false) => return None,
            Err(e) => {
                let line = e.position().map_or(begins_on, csv::Position::line);
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

/// Whether a field may begin or end with white space.
fn has_space(field: &str) -> bool {
    let may_be = |b: Option<&u8>| b.is_some_and(|b| *b <= b' ' || *b >= 0x80);
    may_be(field.as_bytes().first()) || may_be(field.as_bytes().last())
}

#[cfg(test)]
mod tests {
    use super::super::limits::MOST_COLUMNS;
    use super::*;

    fn read(text: &[u8]) -> Result<Vec<(u64, Vec<String>)>, Vec<String>> {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("t.csv");
        std::fs::write(&path, text).unwrap();
        let short = |f: Failure| -> Vec<String> {
            f.messages()
                .iter()
                .map(|m| m.split_once("t.csv").map_or(m.clone(), |(_, m)| m.to_owned()))
                .collect()
        };
        let mut rows = Rows::open(&path).map_err(short)?;
        let mut faults = Faults::new(&rows.name);
        let (mut row, mut found) = (csv::StringRecord::new(), Vec::new());
        while let Some(line) = rows.next(&mut row, &mut faults) {
            found.push((line, row.iter().map(str::to_owned).collect()));
        }
        faults.finish().map_err(short)?;
        Ok(found)
    }

    #[test]
    fn rows_carry_the_line_that_they_begin_on() {
        let text = "\u{feff}a,b\n 1 ,\"x\ny\"\n2,z\n";
        let row = |line, cells: [&str; 2]| (line, cells.map(str::to_owned).to_vec());
        assert_eq!(read(text.as_bytes()).unwrap(), [row(2, ["1", "x\ny"]), row(4, ["2", "z"])]);
    }

    #[test]
    fn ragged_rows_and_other_than_utf_8_are_faults() {
        let faults = read(b"a,b\n1\n\xff,2\n1,2,3\n").unwrap_err();
        let expected = [
            ":2: 1 fields: expected 2, as many as the header has",
            ":3: expected text in UTF-8",
            ":4: 3 fields: expected 2, as many as the header has",
        ];
        assert_eq!(faults, expected);
    }

    /// A quote that is never closed takes in the rest of the file.
    #[test]
    fn a_row_without_an_end_is_refused_where_it_begins() {
        let endless = (&b"a,b\n1,2\n3,\"4\n"[..]).chain(std::io::repeat(b'\n'));
        let mut rows = Rows::csv("t.csv".to_owned(), Box::new(endless)).unwrap();
        let (mut faults, mut row) = (Faults::new("t.csv"), csv::StringRecord::new());
        assert_eq!(rows.next(&mut row, &mut faults), Some(2));
        assert_eq!(rows.next(&mut row, &mut faults), None);
        let Err(Failure::Input(messages)) = faults.finish() else { panic!() };
        assert_eq!(messages.len(), 1);
        let expected = "t.csv:3: can't be read further: a row is longer than 128 MB";
        assert!(messages[0].starts_with(expected), "{messages:?}");
    }

    #[test]
    fn too_many_columns_are_refused() {
        let text = "a,".repeat(MOST_COLUMNS);
        assert_eq!(read(text.as_bytes()).unwrap_err(), [":1: 100001 columns: expected at most 100000"]);
    }
}
