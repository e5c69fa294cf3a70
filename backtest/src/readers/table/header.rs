//! A table's header: columns by their own names and by those that people's files have.

use std::collections::BTreeMap;

use super::limits::MOST_COLUMNS;
use crate::failure::Failure;

/// Other names for columns, the configuration's `[columns]`: `ours = "theirs"` or `theirs = "ours"`.
pub(crate) type Renamed = BTreeMap<String, String>;

/// The names that the formats give to columns.
const OURS: [&str; 19] = [
    "date",
    "symbol",
    "close",
    "volume",
    "dividend",
    "dividend_kind",
    "spinoff",
    "spinoff_symbol",
    "split",
    "weight",
    "start",
    "end",
    "cap",
    "name",
    "sector",
    "asset_class",
    "kind",
    "basis",
    "identical_group",
];

/// The columns of a file. Names are compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    file: String,
    names: Vec<String>,
}

impl Header {
    /// Of a file's first row. White space around names and the angle brackets of `<DATE>` are no part of them.
    ///
    /// # Errors
    /// When there are more columns than a table has.
    pub(super) fn new<'n>(file: &str, names: impl Iterator<Item = &'n str>) -> Result<Self, Failure> {
        let bare = |name: &str| name.trim().trim_start_matches('<').trim_end_matches('>').to_owned();
        let names: Vec<String> = names.map(bare).collect();
        if names.len() > MOST_COLUMNS {
            let columns = names.len();
            return Err(Failure::input(format!(
                "{file}:1: {columns} columns: expected at most {MOST_COLUMNS}"
            )));
        }
        Ok(Self { file: file.to_owned(), names })
    }

    /// All names in their order.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// One of our columns, if the file has it. Another name goes before our own.
    ///
    /// # Errors
    /// When the column stands twice: which one counts can't be told.
    pub(crate) fn find(&self, ours: &str, renamed: &Renamed) -> Result<Option<Column>, Failure> {
        let is_ours = |text: &str| OURS.iter().any(|o| o.eq_ignore_ascii_case(text));
        let theirs = renamed.iter().filter_map(|(key, value)| {
            if key.eq_ignore_ascii_case(ours) {
                Some(value)
            } else {
                (value.eq_ignore_ascii_case(ours) && !is_ours(key)).then_some(key)
            }
        });
        let mut places: Vec<usize> = Vec::new();
        for name in theirs.map(String::as_str).chain([ours]) {
            let at = self.place(name)?;
            places.extend(at.filter(|at| !places.contains(at)));
        }
        Ok((!places.is_empty()).then_some(Column(places)))
    }

    /// Several of our columns, each if the file has it.
    ///
    /// # Errors
    /// When one of them stands twice.
    pub(crate) fn find_all<const N: usize>(
        &self,
        ours: [&str; N],
        renamed: &Renamed,
    ) -> Result<[Option<Column>; N], Failure> {
        let mut found = [const { None }; N];
        for (place, name) in found.iter_mut().zip(ours) {
            *place = self.find(name, renamed)?;
        }
        Ok(found)
    }

    /// One of our columns.
    ///
    /// # Errors
    /// When the file does not have it, or has it twice.
    pub(crate) fn need(&self, ours: &str, renamed: &Renamed) -> Result<Column, Failure> {
        self.find(ours, renamed)?.ok_or_else(|| self.missing(ours))
    }

    /// The place of the column of this very name, if the file has it.
    ///
    /// # Errors
    /// When it stands twice.
    pub(crate) fn place(&self, name: &str) -> Result<Option<usize>, Failure> {
        let mut places =
            self.names.iter().enumerate().filter(|(_, n)| n.eq_ignore_ascii_case(name)).map(|(at, _)| at);
        match (places.next(), places.next()) {
            (_, Some(_)) => Err(self.fault(&format!("{name}: stands twice: expected it once"))),
            (at, None) => Ok(at),
        }
    }

    /// A column that the file does not have.
    pub(crate) fn missing(&self, name: &str) -> Failure {
        self.fault(&format!("no column `{name}`"))
    }

    /// A fault of the header.
    pub(crate) fn fault(&self, message: &str) -> Failure {
        Failure::input(format!("{}:1: {message}", self.file))
    }
}

/// Where the fields of one of our columns are in a row: of several, the first that is not empty counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column(Vec<usize>);

impl Column {
    /// The field in a row; empty where the row has none.
    pub(crate) fn of<'r>(&self, row: &'r csv::StringRecord) -> &'r str {
        self.0.iter().filter_map(|at| row.get(*at)).find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The field of the first of several columns, empty or not: a file with a column of identifiers means those, whatever
    /// else it calls a security.
    pub(crate) fn first<'r>(&self, row: &'r csv::StringRecord) -> &'r str {
        row.get(self.place()).unwrap_or_default()
    }

    /// The first place.
    pub(crate) fn place(&self) -> usize {
        self.0.first().copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_go_either_way_and_before_our_own() {
        let header = Header::new("t.csv", ["day", "symbol", "sid", "px"].into_iter()).unwrap();
        let renamed: Renamed = [("date", "day"), ("sid", "symbol"), ("close", "px")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into();
        let at = |name| header.find(name, &renamed).unwrap();
        assert_eq!(at("date"), Some(Column(vec![0])));
        assert_eq!(at("close"), Some(Column(vec![3])));
        assert_eq!(at("volume"), None);
        let symbol = at("symbol").unwrap();
        assert_eq!(symbol, Column(vec![2, 1]));
        assert_eq!(symbol.of(&csv::StringRecord::from(vec!["", "ABC", "", ""])), "ABC");
        assert_eq!(symbol.of(&csv::StringRecord::from(vec!["", "ABC", "X", ""])), "X");
    }

    #[test]
    fn a_column_that_is_asked_for_stands_once() {
        let header =
            Header::new("t.csv", [" <Date> ", "close", "Close", "note", "note"].into_iter()).unwrap();
        let none = Renamed::new();
        assert_eq!(header.find("date", &none), Ok(Some(Column(vec![0]))));
        assert_eq!(
            header.find("close", &none),
            Err(Failure::input("t.csv:1: close: stands twice: expected it once"))
        );
        assert_eq!(header.need("symbol", &none), Err(Failure::input("t.csv:1: no column `symbol`")));
    }
}
