//! A row of a file, from CSV or XML alike: cells that are looked up by column.

use chrono::NaiveDate;

use super::fault::ImportFault;
use super::{symbol, value};
use unisleeve_units::{Money, Shares};

/// A column: its name in messages, and the folded names (see [`fold`]) that files use for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Name for messages about a missing column.
    pub name: &'static str,
    /// Folded names, in order of preference.
    pub keys: &'static [&'static str],
}

impl Column {
    pub(super) const fn new(name: &'static str, keys: &'static [&'static str]) -> Self {
        Self { name, keys }
    }
}

/// A column name in lowercase, without spaces and punctuation: `Gain/Loss ($)` and `gain/loss $` both become
/// `gainloss$`.
pub(super) fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '$' | '%'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A cell: folded column name, original column name, and value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub key: String,
    pub name: String,
    pub value: String,
}

/// A row, and the line where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceRow {
    pub line: u64,
    pub cells: Vec<Cell>,
}

impl SourceRow {
    /// The cell of a column, if the row has the column. If several of its names occur, the first with a
    /// value.
    pub(super) fn cell(&self, column: Column) -> Option<&Cell> {
        let named = || column.keys.iter().filter_map(|key| self.cells.iter().find(|c| c.key == *key));
        named().find(|c| !value::is_empty(c.value.trim())).or_else(|| named().next())
    }

    /// The text of a column; empty if the row lacks the column or the cell has no value.
    pub(super) fn text(&self, column: Column) -> &str {
        self.cell(column).map(|c| c.value.trim()).filter(|v| !value::is_empty(v)).unwrap_or_default()
    }

    /// A fault about a column's value.
    pub(super) fn fault(&self, column: Column, expected: impl Into<String>) -> ImportFault {
        if let Some(cell) = self.cell(column) {
            return ImportFault::value(self.line, &cell.name, &cell.value, expected);
        }
        let value = Some("missing".to_owned());
        ImportFault { value, ..ImportFault::value(self.line, column.name, "", expected) }
    }

    /// Parses a value that must be present, and adds a fault otherwise.
    fn required<T>(
        &self,
        column: Column,
        faults: &mut Vec<ImportFault>,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let parsed = Some(self.text(column)).filter(|t| !t.is_empty()).and_then(parse);
        if parsed.is_none() {
            faults.push(self.fault(column, expected));
        }
        parsed
    }

    /// Dollars of either sign.
    pub(super) fn money(&self, column: Column, faults: &mut Vec<ImportFault>) -> Option<Money> {
        self.required(column, faults, value::AMOUNT, value::money)
    }

    /// Dollars, zero or more.
    pub(super) fn amount(&self, column: Column, faults: &mut Vec<ImportFault>) -> Option<Money> {
        let amount = self.money(column, faults)?;
        if amount.is_negative() {
            faults.push(self.fault(column, "expected dollars, zero or more"));
            return None;
        }
        Some(amount)
    }

    /// Dollars that may be absent; a fault if present but unreadable.
    pub(super) fn optional_money(&self, column: Column, faults: &mut Vec<ImportFault>) -> Option<Money> {
        if self.text(column).is_empty() { None } else { self.money(column, faults) }
    }

    /// A number of shares above zero. A negative number is a short position, which is not modeled.
    pub(super) fn quantity(&self, column: Column, faults: &mut Vec<ImportFault>) -> Option<Shares> {
        let quantity = self.required(column, faults, value::QUANTITY, value::shares)?;
        if quantity.is_negative() {
            faults.push(self.fault(column, "a short position: expected a long one, shorts are not modelled"));
            return None;
        }
        if quantity.is_zero() {
            faults.push(self.fault(column, "expected more than zero shares"));
            return None;
        }
        Some(quantity)
    }

    /// A date in the format that `parse` reads.
    pub(super) fn date(
        &self,
        column: Column,
        faults: &mut Vec<ImportFault>,
        expected: &str,
        parse: fn(&str) -> Option<NaiveDate>,
    ) -> Option<NaiveDate> {
        self.required(column, faults, expected, parse)
    }

    /// A ticker in normal form.
    pub(super) fn symbol(&self, column: Column, faults: &mut Vec<ImportFault>) -> Option<String> {
        self.required(column, faults, symbol::TICKER, symbol::normalise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUANTITY: Column = Column::new("Quantity", &["quantity", "shares"]);

    fn row(value: &str) -> SourceRow {
        let cell = Cell { key: "shares".to_owned(), name: "Shares".to_owned(), value: value.to_owned() };
        SourceRow { line: 7, cells: vec![cell] }
    }

    #[test]
    fn a_value_that_is_not_good_names_its_column() {
        for (value, message) in [
            ("ten", "Shares: ten: expected a number of shares"),
            ("--", "Shares: --: expected a number of shares"),
            ("-3", "Shares: -3: a short position"),
            ("0", "Shares: 0: expected more than zero"),
        ] {
            let mut faults = Vec::new();
            assert_eq!(row(value).quantity(QUANTITY, &mut faults), None);
            assert_eq!(faults.len(), 1);
            assert_eq!(faults[0].line, Some(7));
            assert!(faults[0].to_string().starts_with(message), "{}", faults[0]);
        }
        let mut faults = Vec::new();
        let empty = SourceRow { line: 1, cells: Vec::new() };
        assert_eq!(empty.optional_money(QUANTITY, &mut faults), None);
        assert!(faults.is_empty());
        assert_eq!(empty.money(QUANTITY, &mut faults), None);
        assert!(faults[0].to_string().starts_with("Quantity: missing: "), "{}", faults[0]);
    }

    #[test]
    fn column_names_are_folded() {
        assert_eq!(fold("Gain/Loss ($)"), "gainloss$");
        assert_eq!(fold("Symbol(CUSIP)"), "symbolcusip");
        assert_eq!(fold("Short-term gain/loss"), fold("Short Term Gain/Loss"));
    }
}
