//! Reads the rows of Interactive Brokers' Flex statements, from XML or from CSV with attribute names in the
//! header.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::fault::ImportFault;
use super::row::{Cell, Column, SourceRow, fold};
use super::shown::within;
use super::table::{self, Record};
use super::text::Lines;

/// Tells lots from totals.
pub(super) const LEVEL: Column = Column::new("levelOfDetail", &["levelofdetail"]);
/// Ticker.
pub(super) const SYMBOL: Column = Column::new("symbol", &["symbol"]);
/// Account.
pub(super) const ACCOUNT: Column = Column::new("accountId", &["accountid", "clientaccountid"]);

/// Columns that describe the account. The holder's name is not one of them.
pub(super) const ACCOUNT_KIND: [Column; 3] = [
    Column::new("customerType", &["customertype"]),
    Column::new("accountType", &["accounttype"]),
    Column::new("acctAlias", &["acctalias", "accountalias"]),
];

/// A row of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// A lot still held.
    Open(SourceRow),
    /// A lot, or a part of one, that a sale closed.
    Closed(SourceRow),
    /// A description of an account: its name, and its kind in the broker's words.
    Account(SourceRow),
    /// Anything else, described for messages.
    Other(String),
}

impl Entry {
    fn of(element: &str, row: SourceRow) -> Self {
        let level = row.text(LEVEL).to_ascii_uppercase();
        match (element, level.as_str()) {
            ("AccountInformation", _) => Self::Account(row),
            ("OpenPosition" | "", "LOT") => Self::Open(row),
            ("Lot" | "Trade" | "", "CLOSED_LOT") | ("Lot", "") => Self::Closed(row),
            (element, level) => {
                let level = if level.is_empty() { "no level of detail" } else { level };
                let element = if element.is_empty() { "row" } else { element };
                Self::Other(format!("{element}, {}", super::fault::shown(level)))
            }
        }
    }
}

/// Reads the entries of an XML statement. The statement's account and last day are added to each row, under
/// the keys `accountid` and `todate`.
///
/// # Errors
/// If the XML is not well-formed, or ends before its last element.
pub(super) fn xml(text: &str) -> Result<Vec<Entry>, ImportFault> {
    let mut reader = Reader::from_str(text);
    let mut lines = Lines::new(text.as_bytes());
    let mut entries = Vec::new();
    let mut statement: Vec<Cell> = Vec::new();
    let (mut depth, mut seen) = (0_usize, false);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_event().map_err(|e| {
            let at = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
            ImportFault::line(lines.at(at), format!("{}: expected well-formed XML", parser(&e)))
        })?;
        let (element, opens) = match &event {
            Event::Start(element) => (element, true),
            Event::Empty(element) => (element, false),
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                continue;
            }
            Event::Eof if depth > 0 || !seen => {
                return Err(ImportFault::line(
                    lines.at(text.trim_end().len()),
                    "the file ends before its last element does: expected a whole Flex statement",
                ));
            }
            Event::Eof => return Ok(entries),
            _ => continue,
        };
        depth += usize::from(opens);
        seen = true;
        let name = element.local_name().as_ref().to_owned();
        if !matches!(name.as_str(), "FlexStatement" | "OpenPosition" | "Lot" | "Trade" | "AccountInformation")
        {
            continue;
        }
        let line = lines.at(at);
        let mut cells = attributes(element, line)?;
        if name == "FlexStatement" {
            cells.retain(|c| matches!(c.key.as_str(), "accountid" | "todate"));
            statement = cells;
            continue;
        }
        for cell in &statement {
            // An empty attribute is replaced by the statement's.
            let missing = |c: &Cell| c.key == cell.key && super::value::is_empty(c.value.trim());
            cells.retain(|c| !missing(c));
            if !cells.iter().any(|c| c.key == cell.key) {
                cells.push(cell.clone());
            }
        }
        entries.push(Entry::of(&name, SourceRow { line, cells }));
    }
}

/// The XML parser's message, shortened: it may quote any amount of the file.
fn parser(error: &impl ToString) -> String {
    within(&error.to_string(), 200)
}

fn attributes(element: &BytesStart<'_>, line: u64) -> Result<Vec<Cell>, ImportFault> {
    let mut cells = Vec::new();
    for attribute in element.attributes() {
        let attribute = attribute
            .map_err(|e| ImportFault::line(line, format!("{}: expected XML attributes", parser(&e))))?;
        let name = attribute.key.as_ref().to_owned();
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|e| ImportFault::value(line, &name, &attribute.value, parser(&e)))?;
        cells.push(Cell { key: fold(&name), name, value: value.into_owned() });
    }
    Ok(cells)
}

/// Whether a record is the header of a table of lots.
pub(super) fn is_header(record: &Record) -> bool {
    record.names(SYMBOL) && record.names(LEVEL)
}

/// Reads the entries of a CSV statement: sections in sequence, each with its own header. Rows of sections
/// without lots become [`Entry::Other`].
pub(super) fn csv(records: &[Record], faults: &mut Vec<ImportFault>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut rest = records;
    while let Some((header, behind)) = rest.split_first() {
        let end = behind.iter().position(|r| r.names(ACCOUNT) || is_header(r) || is_frame(r));
        let (section, next) = behind.split_at(end.unwrap_or(behind.len()));
        if is_header(header) {
            entries
                .extend(table::rows(header, section, &[], faults).into_iter().map(|row| Entry::of("", row)));
        } else if header.names(ACCOUNT) && ACCOUNT_KIND.iter().any(|c| header.names(*c)) {
            let rows = table::rows(header, section, &[], faults);
            entries.extend(rows.into_iter().map(Entry::Account));
        } else if header.names(ACCOUNT) {
            entries.extend(section.iter().map(|_| Entry::Other("row of another section".to_owned())));
        } else if !is_frame(header) {
            faults.push(ImportFault::line(
                header.line,
                "a row outside of any section: expected a header before it",
            ));
        }
        rest = next;
    }
    entries
}

/// Whether a record marks the start or end of a file, an account or a section.
fn is_frame(record: &Record) -> bool {
    let first = record.cells.first().map(String::as_str).unwrap_or_default();
    matches!(first, "BOF" | "BOA" | "BOS" | "EOS" | "EOA" | "EOF")
}
