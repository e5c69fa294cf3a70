//! Parses JSON and reports faults with their key.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;
use unisleeve_core::mandates::in_words;

/// What is wrong with a JSON text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonFault {
    /// Line, from 1; 0 when the value was not read from text.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// Path of the key, such as `household.lots[0].basis`; empty for a fault of the whole text.
    pub key: String,
    /// What is wrong.
    pub message: String,
}

impl JsonFault {
    fn new(error: &serde_json::Error, path: &str) -> Self {
        let text = error.to_string();
        // The position has its own fields.
        let message = in_words(text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message));
        // Where a text ends early, the key at that point is not at fault.
        let key = if path == "." || !error.is_data() { String::new() } else { path.to_owned() };
        Self { line: error.line(), column: error.column(), key, message }
    }

    /// The fault with its file and line: `FILE:3: household.cash: expected a number, ...`.
    pub(crate) fn in_file(&self, file: &str) -> String {
        if self.line == 0 { format!("{file}: {self}") } else { format!("{file}:{}: {self}", self.line) }
    }
}

/// The key and the message, without the line.
impl fmt::Display for JsonFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

/// Parses a text.
///
/// # Errors
/// The first fault.
pub(crate) fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, JsonFault> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut reader)
        .map_err(|e| JsonFault::new(e.inner(), &e.path().to_string()))?;
    reader.end().map_err(|e| JsonFault::new(&e, "."))?;
    Ok(read)
}

/// Parses bytes, as [`from_text`] does.
///
/// # Errors
/// The first fault, or that the bytes are not UTF-8.
pub(crate) fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonFault> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut reader)
        .map_err(|e| JsonFault::new(e.inner(), &e.path().to_string()))?;
    reader.end().map_err(|e| JsonFault::new(&e, "."))?;
    Ok(read)
}

/// Converts a value that is already parsed.
///
/// # Errors
/// The first fault, without a line.
pub(crate) fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, JsonFault> {
    serde_path_to_error::deserialize(value).map_err(|e| JsonFault::new(e.inner(), &e.path().to_string()))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Lot {
        #[expect(dead_code, reason = "the test only parses it")]
        basis: f64,
    }

    #[derive(Debug, Deserialize)]
    struct Household {
        #[expect(dead_code, reason = "the test only parses it")]
        lots: Vec<Lot>,
    }

    #[test]
    fn a_fault_names_its_key_and_line() {
        let fault = |text: &str| from_text::<Household>(text).unwrap_err().in_file("h.json");
        assert_eq!(
            fault("{\"lots\": [\n{\"basis\": 1},\n{\"basis\": \"much\"}]}"),
            "h.json:3: lots[1].basis: expected a number, found \"much\""
        );
        assert_eq!(fault("{\"lots\": [{}]}"), "h.json:1: lots[0]: missing field `basis`");
        assert!(
            fault("{\"lots\": [{\"bases\": 1}]}")
                .starts_with("h.json:1: lots[0].bases: unknown field `bases`")
        );
        assert_eq!(fault("{\"lots\": [{\"basis\": 1}"), "h.json:1: EOF while parsing a list");
        assert_eq!(fault("{\"lots\": []} x"), "h.json:1: trailing characters");
        let of_value = from_value::<Household>(json!({"lots": [{"basis": true}]})).unwrap_err();
        assert_eq!(of_value.in_file("h"), "h: lots[0].basis: expected a number, found true");
    }
}
