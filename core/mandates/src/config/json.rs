//! Reads a configuration or another table from JSON and names the key of a value that does not fit.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// Most characters of a message, and of a value that it quotes: both can have any length.
const LONGEST: usize = 400;
const LONGEST_VALUE: usize = 100;

/// Reads a table from JSON text.
///
/// # Errors
/// A sentence that says why the text is not JSON, or that names the key of a value that does not fit:
/// `policy[0].weight: expected a number, found "x"`.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    from_value(&value)
}

/// Reads a table from a JSON value.
///
/// # Errors
/// A sentence with the key of a value that does not fit, and the reason.
pub fn from_value<'a, T: Deserialize<'a>>(value: &'a Value) -> Result<T, String> {
    // Serde would accept a list as the fields of a table in order.
    if !value.is_object() {
        return Err("expected an object".to_owned());
    }
    serde_path_to_error::deserialize(value).map_err(|fault| {
        let path = fault.path();
        let message = with_found(in_words(&fault.inner().to_string()), inside(value, path));
        let message: String = message.chars().take(LONGEST).collect();
        let path: String = path.to_string().chars().take(LONGEST).collect();
        if path == "." { message } else { format!("{path}: {message}") }
    })
}

/// The value at a path.
fn inside<'a>(value: &'a Value, path: &Path) -> Option<&'a Value> {
    path.iter().try_fold(value, |at, segment| match segment {
        Segment::Seq { index } => at.get(index),
        Segment::Map { key } => at.get(key),
        Segment::Enum { .. } | Segment::Unknown => Some(at),
    })
}

/// Adds what was found to a message that says only what was expected.
fn with_found(message: String, value: Option<&Value>) -> String {
    let Some(value) = value.filter(|v| !v.is_object() && !v.is_array()) else { return message };
    if message.starts_with("expected") && !message.contains(", found ") {
        let found: String = value.to_string().chars().take(LONGEST_VALUE).collect();
        return format!("{message}, found {found}");
    }
    message
}

/// Chrono's messages for a text that is not a date.
const NO_DATE: [&str; 5] = [
    "input contains invalid characters",
    "premature end of input",
    "input is out of range",
    "trailing input",
    "input is not enough for unique date and time",
];

/// A fault that one of serde's derived readers reports, in a person's words: `expected a whole number, found "x"`.
pub fn in_words(message: &str) -> String {
    if NO_DATE.iter().any(|said| message.starts_with(said)) {
        return "expected a date such as 2026-01-31".to_owned();
    }
    if let Some((start, choices)) = message.split_once(", expected one of ") {
        return format!(
            "{}, expected one of {}",
            start.replace("unknown variant ", ""),
            choices.replace('`', "")
        );
    }
    for start in ["invalid type: ", "invalid value: "] {
        if let Some((found, expected)) =
            message.strip_prefix(start).and_then(|m| m.rsplit_once(", expected "))
        {
            return format!("expected {}, found {}", kind(expected), plain(found));
        }
    }
    message.to_owned()
}

/// Serde's name for the expected type, in plain words.
fn kind(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" => "a whole number",
        "f64" => "a number",
        "a boolean" => "true or false",
        "a string" => "text",
        "a sequence" => "a list",
        "a map" => "a table of keys",
        "a formatted date string" => "a date such as 2026-01-31",
        table if table.starts_with("struct ") => "a table of keys",
        other => other,
    }
}

/// The found value without the name of its type.
fn plain(found: &str) -> String {
    let value = ["string ", "integer ", "floating point ", "boolean "]
        .iter()
        .find_map(|kind| found.strip_prefix(kind));
    match (value, found) {
        (Some(value), _) => value.replace('`', ""),
        (None, "map") => "a table of keys".to_owned(),
        (None, "sequence") => "a list".to_owned(),
        (None, "unit value" | "null") => "nothing".to_owned(),
        (None, other) => other.to_owned(),
    }
}
