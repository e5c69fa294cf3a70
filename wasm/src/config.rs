//! Reads configurations.
//!
//! A configuration arrives as a [`Value`] because keys that it omits may take the sample's values.

use serde_json::Value;
use serde_path_to_error::Path;
use unisleeve_core::mandates::{Config, over_sample};

/// Longest path of keys that a message quotes, in characters.
const LONGEST_PATH: usize = 200;

/// Parses JSON text into a value.
///
/// # Errors
/// Returns a sentence when the text is not JSON.
pub fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|e| unreadable(&e.to_string()))
}

/// Reads a configuration of the embedded sample. Omitted keys take the sample's values, unless the key `data`
/// is present.
pub(crate) fn sample(own: Value) -> Result<Config, String> {
    read(&over_sample(own))
}

/// Reads a configuration. Omitted keys take their defaults.
///
/// # Errors
/// Returns a sentence that names the key when a value does not fit or a key is unknown.
pub fn read(value: &Value) -> Result<Config, String> {
    exact(Config::from_value(value).map_err(|fault| unreadable(&fault))?)
}

/// Describes a fault and names its key.
pub(crate) fn at(path: &Path, message: &str) -> String {
    let path: String = path.to_string().chars().take(LONGEST_PATH).collect();
    unreadable(&if path == "." { message.to_owned() } else { format!("{path}: {message}") })
}

/// Checks that the seed is exact: above 2^53 - 1 a JavaScript number stands for several integers.
fn exact(config: Config) -> Result<Config, String> {
    const MOST: u64 = (1 << 53) - 1;
    if config.seed > MOST {
        return Err(format!("seed: {}: expected a whole number up to {MOST}.", config.seed));
    }
    Ok(config)
}

pub(crate) fn unreadable(why: &str) -> String {
    format!("The settings can't be read: {why}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(text: &str) -> String {
        parse(text).and_then(|value| read(&value)).unwrap_err()
    }

    #[test]
    fn a_fault_names_its_key() {
        for (text, fault) in [
            ("{", "EOF while parsing an object at line 1 column 1"),
            ("[]", "expected an object"),
            (r#"{"sed": 1}"#, "sed: unknown field `sed`, expected one of start, end, seed"),
            (r#"{"seed": -1}"#, "seed: expected a whole number, found -1"),
            (r#"{"seed": 1.5}"#, "seed: expected a whole number, found 1.5"),
            (r#"{"household": {"cash": "lots"}}"#, "household.cash: expected a number, found \"lots\""),
            (r#"{"policy": [{"name": 5}]}"#, "policy[0].name: expected text, found 5"),
            (r#"{"household": {"flows": [{"amount": 1}]}}"#, "household.flows[0]: missing field `every`"),
            (r#"{"trading": {"cadence": "hourly"}}"#, "trading.cadence: `hourly`, expected one of"),
            (
                r#"{"household": {"flows": [{"amount": 1, "every": "year", "from": "2027-02-30"}]}}"#,
                "household.flows[0].from: expected a date such as 2026-01-31, found \"2027-02-30\"",
            ),
            (r#"{"start": ""}"#, "start: expected a date such as 2026-01-31, found \"\""),
            (
                r#"{"household": {"cash": 1e15}}"#,
                "household.cash: expected a number of at most 1,000,000,000,000 in magnitude, found 1",
            ),
        ] {
            let sentence = fails(text);
            let expected = format!("The settings can't be read: {fault}");
            assert!(sentence.starts_with(&expected) && sentence.ends_with('.'), "{sentence}");
        }
    }

    #[test]
    fn a_seed_beyond_what_javascript_counts_is_refused() {
        assert_eq!(
            fails(r#"{"seed": 9007199254740992}"#),
            "seed: 9007199254740992: expected a whole number up to 9007199254740991."
        );
    }
}
