//! `unisleeve init`: writes a configuration with every key, its meaning and its default. It is generated from
//! the types that read a configuration.

use std::path::PathBuf;

use clap::Args;
use unisleeve_core::mandates::sample_config;

use super::schema::schema;
use crate::failure::Failure;
use crate::render::commented_toml;
use crate::results::write_files;

const HEADING: &str = "A configuration of Unisleeve: every key, what it means and its default. Keys behind a # are not set. Dates, cash flows and \
     policy are those of the embedded sample; a configuration with [data] takes none of them and names its own.";

/// The example configuration as text.
///
/// # Errors
/// None for the present types.
fn example() -> Result<String, Failure> {
    let defaults = serde_json::to_value(sample_config()).map_err(|e| Failure::Environment(e.to_string()))?;
    Ok(commented_toml::write(HEADING, &schema(), &defaults))
}

/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// A new file. Without it, standard output.
    file: Option<PathBuf>,
}

/// Writes the example to a new file, or returns its text.
///
/// # Errors
/// When the file exists or can't be written.
pub(crate) fn run(args: &InitArgs) -> Result<String, Failure> {
    let text = example()?;
    let Some(file) = &args.file else { return Ok(text) };
    if file.exists() {
        let message = format!("{}: exists: expected the name of a new file", file.display());
        return Err(Failure::input(message));
    }
    write_files(&[(file.clone(), text.into_bytes())])?;
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

    /// Every key of the schema appears in the example with a sentence above it.
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
}
