//! Reads CSV from bytes, with or without BOM, quotes and CRLF. Column names match regardless of case.

use super::{Fault, FaultKind};

/// A table whose header has been read.
pub(super) struct Table<'a> {
    header: Vec<String>,
    reader: csv::Reader<&'a [u8]>,
}

/// The fields of one record.
pub(super) struct Record<'a> {
    /// Line in the file.
    pub line: u64,
    fields: &'a csv::StringRecord,
}

impl Record<'_> {
    /// The text of a column; empty if the row or the table lacks it.
    pub(super) fn text(&self, column: Option<usize>) -> &str {
        column.and_then(|c| self.fields.get(c)).unwrap_or_default().trim_ascii()
    }
}

impl<'a> Table<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Fault> {
        let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let header = reader
            .headers()
            .map_err(|e| Fault {
                line: 1,
                kind: FaultKind::NotCsv(format!("{e}: expected a header in UTF-8")),
            })?
            .iter()
            .map(|h| h.trim().to_ascii_lowercase())
            .collect();
        Ok(Self { header, reader })
    }

    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|h| h == name)
    }

    /// Calls `f` for each row. Skips blank rows; a row that can't be read becomes a fault.
    pub(super) fn each(&mut self, faults: &mut Vec<Fault>, mut f: impl FnMut(&Record<'_>, &mut Vec<Fault>)) {
        let mut fields = csv::StringRecord::new();
        loop {
            let read = self.reader.read_record(&mut fields);
            let line = fields.position().map_or(0, csv::Position::line);
            match read {
                Ok(false) => return,
                Ok(true) => {}
                // Continue with the next row. For bytes in memory, a row that is not UTF-8 is the only
                // possible error.
                Err(e) => {
                    let line = e.position().map_or(line, csv::Position::line);
                    let kind = FaultKind::NotCsv("not UTF-8: expected text in UTF-8".to_owned());
                    faults.push(Fault { line, kind });
                    continue;
                }
            }
            if fields.as_slice().bytes().all(|b| b.is_ascii_whitespace()) {
                continue;
            }
            if fields.iter().skip(self.header.len()).any(|f| !f.trim_ascii().is_empty()) {
                let kind = FaultKind::TooManyFields { found: fields.len(), expected: self.header.len() };
                faults.push(Fault { line, kind });
                continue;
            }
            f(&Record { line, fields: &fields }, faults);
        }
    }
}
