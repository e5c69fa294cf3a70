//! `unisleeve init`: a configuration with every key, what it means and its default. `unisleeve schema`: the same as a JSON schema.
//! Both are made from the types that read a configuration.

use std::path::Path;

use serde_json::Value;
use unisleeve_core::setup::{Config, sample_config};

use crate::failure::Failure;
use crate::render::commented_toml;
use crate::results::write_files;

const HEADING: &str = "A configuration of Unisleeve: every key, what it means and its default. Keys behind a # are not set. Dates, cash flows and \
     policy are those of the embedded sample; a configuration with [data] takes none of them and names its own.";

/// The schema of a configuration.
pub(crate) fn schema() -> Value {
    serde_json::to_value(schemars::schema_for!(Config)).unwrap_or_default()
}

/// The example as text.
///
/// # Errors
/// Never for the types as they are.
pub(crate) fn example() -> Result<String, Failure> {
    let defaults = serde_json::to_value(sample_config()).map_err(|e| Failure::Environment(e.to_string()))?;
    Ok(commented_toml::write(HEADING, &schema(), &defaults))
}

/// Prints the schema.
pub(crate) fn print_schema() -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(&schema()).map_err(|e| Failure::Environment(e.to_string()))?;
    Ok(format!("{text}\n"))
}

/// Writes the example to a file that is not there yet, or gives its text.
///
/// # Errors
/// When the file exists or can't be written.
pub(crate) fn init(file: Option<&Path>) -> Result<String, Failure> {
    let text = example()?;
    let Some(file) = file else { return Ok(text) };
    if file.exists() {
        let message = format!("{}: exists: expected the name of a new file", file.display());
        return Err(Failure::input(message));
    }
    write_files(&[(file.to_path_buf(), text.into_bytes())])?;
    Ok(format!("Written: {}\nRun it: unisleeve backtest {}\n", file.display(), file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::parse_config;

    #[test]
    fn the_example_is_the_default() {
        let text = example().unwrap();
        assert_eq!(parse_config(&text, "example.toml").unwrap(), sample_config());
    }

    /// Every key of the schema stands in the example, with a sentence above it.
    #[test]
    fn the_example_has_every_key() {
        let text = example().unwrap();
        for (name, definition) in schema()["$defs"].as_object().unwrap() {
            for (key, property) in definition["properties"].as_object().into_iter().flatten() {
                assert!(text.contains(key.as_str()), "{name}.{key}");
                assert!(property["description"].as_str().is_some_and(|d| d.ends_with('.')), "{name}.{key}");
            }
        }
        for key in ["start", "policy", "changes", "lists", "columns", "household", "data"] {
            assert!(text.contains(key), "{key}");
        }
    }

    /// The schema in the docs is the one that the types give. `UPDATE_SCHEMA=1 cargo test` writes it anew.
    #[test]
    fn the_schema_in_the_docs_is_up_to_date() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/config.schema.json");
        let fresh = print_schema().unwrap();
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(&file, &fresh).unwrap();
        }
        let written = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            written == fresh,
            "docs/config.schema.json is not what the types say: UPDATE_SCHEMA=1 cargo test"
        );
    }
}
