//! A table's header. Finds columns by our names and by names that are common in other files.

use std::collections::BTreeMap;

use super::limits::MOST_COLUMNS;
use crate::failure::Failure;

/// Other column names, from the configuration's `[columns]`: `ours = "theirs"` or `theirs = "ours"`.
pub(crate) type Renamed = BTreeMap<String, String>;

/// The column names of our formats.
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
    /// Builds the header from a file's first row. Strips white space around names and the angle brackets of
    /// `<DATE>`.
    ///
    /// # Errors
    /// When the file has more columns than allowed.
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

    /// All column names in file order.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Finds one of our columns, if the file has it. A renamed column takes priority over our own name.
    ///
    /// # Errors
    /// When the column appears twice, because it is unclear which one counts.
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

    /// Finds several of our columns; each is `None` if the file lacks it.
    ///
    /// # Errors
    /// When one of them appears twice.
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

    /// Finds one of our columns, which must exist.
    ///
    /// # Errors
    /// When the file does not have the column, or has it twice.
    pub(crate) fn need(&self, ours: &str, renamed: &Renamed) -> Result<Column, Failure> {
        self.find(ours, renamed)?.ok_or_else(|| self.missing(ours))
    }

    /// Position of the column with exactly this name, if the file has it.
    ///
    /// # Errors
    /// When it appears twice.
    pub(crate) fn place(&self, name: &str) -> Result<Option<usize>, Failure> {
        let mut places =
            self.names.iter().enumerate().filter(|(_, n)| n.eq_ignore_ascii_case(name)).map(|(at, _)| at);
        match (places.next(), places.next()) {
            (_, Some(_)) => Err(self.fault(&format!("{name}: stands twice: expected it once"))),
            (at, None) => Ok(at),
        }
    }

    /// The error for a missing column.
    pub(crate) fn missing(&self, name: &str) -> Failure {
        self.fault(&format!("no column `{name}`"))
    }

    /// An error about the header.
    pub(crate) fn fault(&self, message: &str) -> Failure {
        Failure::input(format!("{}:1: {message}", self.file))
    }
}

/// Positions of one of our columns in a row. If there are several, the first field that is not empty counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column(Vec<usize>);

impl Column {
    /// The field in a row; empty where the row has none.
    pub(crate) fn of<'r>(&self, row: &'r csv::StringRecord) -> &'r str {
        self.0.iter().filter_map(|at| row.get(*at)).find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The field at the first position, even if it is empty. A file with a column of identifiers identifies
    /// securities by it, whatever other columns name them.
    pub(crate) fn first<'r>(&self, row: &'r csv::StringRecord) -> &'r str {
        row.get(self.place()).unwrap_or_default()
    }

    /// The first position.
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
