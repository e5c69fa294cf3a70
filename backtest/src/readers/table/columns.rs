//! Columns by their own names and by those that people's files have.

use std::collections::BTreeMap;

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

/// Finds one of our columns in a header. `renamed` is the configuration's `[columns]`: `ours = "theirs"` or
/// `theirs = "ours"`. Another name goes before our own.
pub(crate) fn column(header: &[String], renamed: &BTreeMap<String, String>, ours: &str) -> Option<Column> {
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
        let at = header.iter().position(|h| h.eq_ignore_ascii_case(name));
        places.extend(at.filter(|at| !places.contains(at)));
    }
    (!places.is_empty()).then_some(Column(places))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_go_either_way_and_before_our_own() {
        let header = ["day", "symbol", "sid", "px"].map(str::to_owned);
        let renamed: BTreeMap<String, String> = [("date", "day"), ("sid", "symbol"), ("close", "px")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into();
        let at = |name| column(&header, &renamed, name);
        assert_eq!(at("date"), Some(Column(vec![0])));
        assert_eq!(at("close"), Some(Column(vec![3])));
        assert_eq!(at("volume"), None);
        let symbol = at("symbol").unwrap();
        assert_eq!(symbol, Column(vec![2, 1]));
        assert_eq!(symbol.of(&csv::StringRecord::from(vec!["", "ABC", "", ""])), "ABC");
        assert_eq!(symbol.of(&csv::StringRecord::from(vec!["", "ABC", "X", ""])), "X");
    }
}
