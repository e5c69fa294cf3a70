//! CSV over bytes: with or without BOM, quotes, CRLF; column names without regard to case.

use super::{Fault, FaultKind};

/// A table's reader after its header.
pub(super) struct Table<'a> {
    header: Vec<String>,
    reader: csv::Reader<&'a [u8]>,
}

/// One record's fields.
pub(super) struct Record<'a> {
    /// Line in the file.
    pub line: u64,
    fields: &'a csv::ByteRecord,
}

impl Record<'_> {
    /// The text of a column; empty where the row or the table does not have it, or it is not UTF-8 (checked apart).
    pub(super) fn text(&self, column: Option<usize>) -> &str {
        let bytes = column.and_then(|c| self.fields.get(c)).unwrap_or_default();
        core::str::from_utf8(bytes).map_or("", str::trim)
    }

    fn is_utf8(&self) -> bool {
        core::str::from_utf8(self.fields.as_slice()).is_ok()
    }

    fn is_blank(&self) -> bool {
        self.fields.as_slice().iter().all(u8::is_ascii_whitespace)
    }
}

impl<'a> Table<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Fault> {
        let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let header = reader
            .headers()
            .map_err(|e| Fault { line: 1, kind: FaultKind::NotCsv(format!("{e}: expected a header in UTF-8")) })?
            .iter()
            .map(|h| h.trim().to_ascii_lowercase())
            .collect();
        Ok(Self { header, reader })
    }

    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|h| h == name)
    }

    /// Gives each row to `f`; rows that can't be read, and blank ones, are not given.
    pub(super) fn each(&mut self, faults: &mut Vec<Fault>, mut f: impl FnMut(&Record<'_>, &mut Vec<Fault>)) {
        let mut fields = csv::ByteRecord::new();
        loop {
            match self.reader.read_byte_record(&mut fields) {
                Ok(false) => return,
                Ok(true) => {}
                // Bytes in memory can't fail to be read, and lengths are not compared: nothing is left that could go wrong.
                Err(e) => {
                    let line = e.position().map_or(0, csv::Position::line);
                    faults.push(Fault { line, kind: FaultKind::NotCsv(e.to_string()) });
                    return;
                }
            }
            let record = Record { line: fields.position().map_or(0, csv::Position::line), fields: &fields };
            if record.is_blank() {
                continue;
            }
            let extra = fields.iter().skip(self.header.len()).any(|f| !f.trim_ascii().is_empty());
            if !record.is_utf8() {
                let kind = FaultKind::NotCsv("not UTF-8: expected text in UTF-8".to_owned());
                faults.push(Fault { line: record.line, kind });
            } else if extra {
                let kind = FaultKind::TooManyFields { found: fields.len(), expected: self.header.len() };
                faults.push(Fault { line: record.line, kind });
            } else {
                f(&record, faults);
            }
        }
    }
}
