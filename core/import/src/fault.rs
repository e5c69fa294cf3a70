//! Faults in a broker's file.

use thiserror::Error;

pub(super) use super::shown::shown;

/// A fault in a file: where it is, the value found, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.message())]
pub struct ImportFault {
    /// Line of the file, from 1; `None` if the fault concerns the whole file.
    pub line: Option<u64>,
    /// Column or attribute, by the file's own name.
    pub column: Option<String>,
    /// Value found, shortened; `None` if the fault concerns no single value.
    pub value: Option<String>,
    /// What is wrong, or what was expected.
    pub expected: String,
}

impl ImportFault {
    /// Column, value and expectation, without the line.
    pub fn message(&self) -> String {
        let mut parts: Vec<&str> = Vec::new();
        parts.extend(self.column.as_deref());
        parts.extend(self.value.as_deref());
        parts.push(&self.expected);
        parts.join(": ")
    }

    /// A fault of the whole file.
    pub(super) fn file(expected: impl Into<String>) -> Self {
        Self { line: None, column: None, value: None, expected: expected.into() }
    }

    /// A fault of a line.
    pub(super) fn line(line: u64, expected: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::file(expected) }
    }

    /// A fault of a value.
    pub(super) fn value(line: u64, column: &str, value: &str, expected: impl Into<String>) -> Self {
        let value = if value.is_empty() { "empty".to_owned() } else { shown(value) };
        Self { column: Some(shown(column)), value: Some(value), ..Self::line(line, expected) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_column_value_and_expectation_on_one_line() {
        let fault = ImportFault::value(3, "Quantity", "ten\nmore", "expected a number of shares");
        assert_eq!(fault.to_string(), "Quantity: ten\\nmore: expected a number of shares");
        assert_eq!(ImportFault::value(3, "Quantity", "", "x").to_string(), "Quantity: empty: x");
    }
}
