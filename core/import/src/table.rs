//! Reads CSV as brokers export it: title rows before the header, trailing commas, totals and disclaimers
//! after the rows.

use super::account;
use super::fault::{ImportFault, shown};
use super::row::{Cell, Column, SourceRow, fold};
use super::text::Lines;

/// Number of records searched for the header.
const HEADER_WITHIN: usize = 40;

/// Maximum number of fields in a record; the widest export has about two hundred.
const MOST_CELLS: usize = 1_000;

/// A record of the file, and the line where it begins.
#[derive(Debug)]
pub(super) struct Record {
    pub line: u64,
    pub cells: Vec<String>,
}

impl Record {
    /// Cells with a value.
    fn filled(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(String::as_str).filter(|c| !c.is_empty())
    }

    /// The text of a record whose first cell is its only one with a value.
    pub(super) fn lone(&self) -> Option<&str> {
        let mut filled = self.filled();
        let only = filled.next().filter(|_| filled.next().is_none())?;
        self.cells.first().is_some_and(|c| c == only).then_some(only)
    }

    /// Folded names, taking the record as a header.
    pub(super) fn folded(&self) -> Vec<String> {
        self.cells.iter().map(|c| fold(c)).collect()
    }

    /// Whether this header contains a column.
    pub(super) fn names(&self, column: Column) -> bool {
        self.cells.iter().any(|c| column.keys.contains(&fold(c).as_str()))
    }
}

/// Splits a text into records, without blank ones.
pub(super) fn records(text: &str) -> Result<Vec<Record>, ImportFault> {
    let mut lines = Lines::new(text.as_bytes());
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut records = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        // Line numbers come from the byte position: the reader counts blank lines and bare carriage returns
        // differently.
        let at = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        match reader.read_record(&mut record) {
            Ok(true) if record.len() > MOST_CELLS => {
                let message = format!("{} fields: expected at most {MOST_CELLS}", record.len());
                return Err(ImportFault::line(lines.content_at(at), message));
            }
            Ok(true) => {
                // Empty cells of a web page become non-breaking spaces.
                let cells: Vec<String> =
                    record.iter().map(|c| c.trim_matches([' ', '\u{a0}']).to_owned()).collect();
                let line = lines.content_at(at);
                if cells.iter().any(|c| !c.is_empty()) {
                    records.push(Record { line, cells });
                }
            }
            Ok(false) => return Ok(records),
            Err(e) => return Err(ImportFault::line(lines.content_at(at), format!("{e}: expected CSV"))),
        }
    }
}

/// Index of the first record near the top for which `is_header` holds.
pub(super) fn header_at(records: &[Record], is_header: impl Fn(&Record) -> bool) -> Option<usize> {
    records.iter().take(HEADER_WITHIN).position(is_header)
}

/// A table with its own header, and the label above it.
pub(super) struct Section<'a> {
    /// Account named in the line above the header.
    pub label: Option<&'a str>,
    /// Header record.
    pub header: &'a Record,
    /// Records below the header, up to the next section.
    pub records: &'a [Record],
}

/// The sections of a file, one for each header. A lone text directly above a header is its label, unless it
/// is a total, a sentence or the file's title.
pub(super) fn sections(records: &[Record], is_header: impl Fn(&Record) -> bool) -> Vec<Section<'_>> {
    let headers: Vec<usize> = (0..records.len()).filter(|at| is_header(&records[*at])).collect();
    let label = |header: usize| {
        let above = records.get(header.checked_sub(1)?)?;
        let name = above.lone().filter(|_| !is_total(above)).and_then(account::as_name)?;
        account::of_title(name).is_none().then_some(name)
    };
    let section = |(at, header): (usize, &usize)| {
        let next = headers.get(at + 1);
        let end = next.map_or(records.len(), |next| next - usize::from(label(*next).is_some()));
        Section {
            label: label(*header),
            header: &records[*header],
            records: records.get(header + 1..end).unwrap_or_default(),
        }
    };
    headers.iter().enumerate().map(section).collect()
}

/// The file's title: the first lone text above the first header that names an account.
pub(super) fn title(records: &[Record], is_header: impl Fn(&Record) -> bool) -> Option<&str> {
    let above = records.iter().take_while(|r| !is_header(r));
    above.filter_map(Record::lone).find(|text| account::of_title(text).is_some())
}

/// The rows below a header. Skips prose (a single cell with several words: titles, disclaimers) and total
/// rows (`Total` or `Grand Total` in the first cell). Any other record that is not as wide as the header is a
/// fault.
pub(super) fn rows(
    header: &Record,
    records: &[Record],
    required: &[Column],
    faults: &mut Vec<ImportFault>,
) -> Vec<SourceRow> {
    for column in required.iter().filter(|c| !header.names(**c)) {
        faults.push(ImportFault::line(header.line, format!("no column {:?} in the header", column.name)));
    }
    let keys = header.folded();
    for (at, key) in keys.iter().enumerate().filter(|(_, k)| !k.is_empty()) {
        if keys[..at].contains(key) {
            let name = shown(&header.cells[at]);
            faults
                .push(ImportFault::line(header.line, format!("column {name:?} stands twice in the header")));
        }
    }
    // The header ends with its last name; a trailing comma adds no column.
    let width = keys.iter().rposition(|k| !k.is_empty()).map_or(0, |last| last + 1);
    let mut rows = Vec::new();
    for record in records {
        if is_prose(record, width) || is_total(record) {
            continue;
        }
        // An unclosed quote swallows the rows after it.
        if record.cells.iter().any(|c| c.contains(['\n', '\r'])) {
            faults.push(ImportFault::line(
                record.line,
                "a cell goes on over several lines: expected closed quotes",
            ));
            continue;
        }
        let excess = record.cells.iter().skip(width).any(|c| !c.is_empty());
        if record.cells.len() < width || excess {
            let message =
                format!("{} fields: expected {width}, as many as the header has", record.cells.len());
            faults.push(ImportFault::line(record.line, message));
            continue;
        }
        let cells = keys
            .iter()
            .zip(&header.cells)
            .zip(&record.cells)
            .filter(|((key, _), _)| !key.is_empty())
            .map(|((key, name), value)| Cell { key: key.clone(), name: name.clone(), value: value.clone() })
            .collect();
        rows.push(SourceRow { line: record.line, cells });
    }
    rows
}

/// Whether a record is prose: one cell of several words, none of whose lines could be a row swallowed by an
/// open quote.
fn is_prose(record: &Record, width: usize) -> bool {
    let Some(only) = record.lone() else { return false };
    only.contains(' ') && !(only.contains(['\n', '\r']) && only.lines().any(|l| is_swallowed(l, width)))
}

/// Whether a line within a cell could be a row with `width` cells. Prose has spaces after its commas, and
/// rows mostly have none.
fn is_swallowed(line: &str, width: usize) -> bool {
    let commas = line.matches(',').count();
    let spaced = line.matches(", ").count();
    commas + 1 >= width.max(2) && 2 * spaced < commas
}

fn is_total(record: &Record) -> bool {
    let first = record.cells.first().map(|c| fold(c)).unwrap_or_default();
    // A lot with the ticker TOTAL would have a date or a name in the second cell.
    let second = record.cells.get(1).is_some_and(|c| !super::value::is_empty(c));
    matches!(first.as_str(), "total" | "totals" | "grandtotal") && !second
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Column = Column::new("A", &["a"]);
    const B: Column = Column::new("B (n)", &["bn"]);

    fn read(text: &str) -> (Vec<SourceRow>, Vec<ImportFault>) {
        let records = records(text).unwrap();
        let at = header_at(&records, |r| r.names(A)).unwrap();
        let mut faults = Vec::new();
        let rows = rows(&records[at], &records[at + 1..], &[A, B], &mut faults);
        (rows, faults)
    }

    #[test]
    fn titles_totals_blank_lines_and_footers_are_no_rows() {
        let text = "A title, as exported\r\n\r\na,B (N)\r\n\r\n1,\"2, 3\",\r\nTotal,,9\r\n\r\n\"Read all\nof this\"\r\n\u{a0}\r\n4,5\r\n";
        // A title with a comma has two cells, before the header; the total row has one cell too many.
        let (rows, faults) = read(text);
        assert_eq!(faults, []);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].line, rows[0].text(B)), (5, "2, 3"));
        assert_eq!((rows[1].line, rows[1].text(A)), (11, "4"));
    }

    #[test]
    fn a_footer_may_have_lines_and_commas() {
        let footer = "\"This is an example.\nIt names Alpha, Beta, Gamma, Delta, Epsilon, 1,000 others, or none.\n\nAll rights reserved.\"";
        for text in
            [format!("a,b n\n1,2\n \n{footer}"), format!("a,b n\r\n1,2\r\n{footer},\r\n\"Done, as said.\"")]
        {
            let (rows, faults) = read(&text);
            assert_eq!((rows.len(), faults), (1, Vec::new()), "{text}");
        }
    }

    #[test]
    fn each_header_begins_a_section() {
        let text = "Lots for All_Accounts as of today,\nOne ...1,\na,b n\n1,2\nTotal,\n,\nTwo ...2,\na,b n\n\
                    There are no transactions available. Please revise.,\na,b n\n3,4\n";
        let records = records(text).unwrap();
        let is_header = |r: &Record| r.names(A);
        let found: Vec<_> =
            sections(&records, is_header).iter().map(|s| (s.label, s.records.len())).collect();
        assert_eq!(found, [(Some("One ...1"), 2), (Some("Two ...2"), 1), (None, 1)]);
        assert_eq!(title(&records, is_header), Some("Lots for All_Accounts as of today"));
    }

    #[test]
    fn rows_that_do_not_fit_are_faults() {
        for (text, line, part) in [
            ("a,b n\n1\n", 2, "1 fields: expected 2"),
            ("a,b n\n1,2,3\n", 2, "3 fields: expected 2"),
            ("a,b n\n1,\"2\n3,4\n", 2, "closed quotes"),
            ("a,b n\n\"1,2\n3,4 and more\n", 2, "closed quotes"),
            ("a,b n\n\"1,2\n\nAll of this, as it is, and more\n", 2, "closed quotes"),
            ("a,c\n", 1, "no column \"B (n)\""),
            ("a,b n,A\n", 1, "stands twice"),
        ] {
            let (_, faults) = read(text);
            assert_eq!(faults.first().and_then(|f| f.line), Some(line), "{text:?}");
            assert!(faults.iter().any(|f| f.to_string().contains(part)), "{text:?} {faults:?}");
        }
    }
}
