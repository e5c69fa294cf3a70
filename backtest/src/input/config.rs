//! The configuration file, TOML or JSON: one type for both.

use std::path::Path;

use chrono::Days;
use unisleeve_core::setup::{Config, ConfigFault};

use super::allocation::follow;
use crate::failure::Failure;

/// Reads and checks a configuration.
///
/// # Errors
/// When the file can't be read, is not TOML, has an unknown key or a value that can't be used.
pub fn load_config(path: &Path) -> Result<Config, Failure> {
    let text = super::read_text(path).map_err(|e| {
        Failure::input(format!("{}: {e}: expected a configuration file in TOML", path.display()))
    })?;
    let config = parse_config(&text, &path.display().to_string())?;
    match config.model.clone() {
        Some(model) => {
            let file = path.parent().unwrap_or(Path::new(".")).join(model);
            let config = follow(config, &file)?;
            let faults = config.faults();
            if faults.is_empty() { Ok(config) } else { Err(all(&file.display().to_string(), &faults)) }
        }
        None => Ok(config),
    }
}

fn all(name: &str, faults: &[ConfigFault]) -> Failure {
    Failure::Input(faults.iter().map(|f| format!("{name}: {}: {}", f.key, f.message)).collect())
}

/// Reads a configuration from text; `name` stands for the file in messages.
///
/// # Errors
/// As [`load_config`].
pub fn parse_config(text: &str, name: &str) -> Result<Config, Failure> {
    let is_json =
        name.get(name.len().saturating_sub(5)..).is_some_and(|end| end.eq_ignore_ascii_case(".json"));
    let config: Config = if is_json { json(text, name)? } else { toml(text, name)? };
    // Futures have their own dates; the configuration's are those of the prices that a bootstrap draws from.
    let faults = config.simulation.as_ref().map_or_else(
        || config.faults(),
        |simulation| {
            let start = simulation.scenario.start;
            let days = (simulation.scenario.years.clamp(0.0, 100.0) * 365.25) as u64;
            let end = start.checked_add_days(Days::new(days)).unwrap_or(start);
            Config { start, end, ..config.clone() }.faults()
        },
    );
    if faults.is_empty() { Ok(config) } else { Err(all(name, &faults)) }
}

fn json(text: &str, name: &str) -> Result<Config, Failure> {
    serde_json::from_str(text).map_err(|e| Failure::input(format!("{name}:{}: {e}", e.line().max(1))))
}

fn toml(text: &str, name: &str) -> Result<Config, Failure> {
    toml::from_str(text).map_err(|e| {
        let line = e.span().map_or(1, |s| text.get(..s.start).map_or(1, |t| t.lines().count().max(1)));
        let line = if e.span().is_some_and(|s| text.get(..s.start).is_some_and(|t| t.ends_with('\n'))) {
            line + 1
        } else {
            line
        };
        let near = text.lines().nth(line - 1).unwrap_or_default().trim();
        let message = e.message().replace('\n', " ");
        Failure::input(format!("{name}:{line}: {message} (in `{near}`)"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        match parse_config(text, "run.toml") {
            Err(Failure::Input(messages)) => messages.join("\n"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn faults_name_the_line_or_the_key() {
        let unknown = fault("start = \"2000-01-03\"\n\n[trading]\nspread = 4\n");
        assert!(unknown.starts_with("run.toml:4: unknown field `spread`"), "{unknown}");
        let malformed = fault("start = \n");
        assert!(malformed.starts_with("run.toml:1:"), "{malformed}");
        let wrong_type = fault("[household]\ncash = \"much\"\n");
        assert!(wrong_type.starts_with("run.toml:2:"), "{wrong_type}");
        let weights = fault("[[policy]]\nname = \"a\"\nweight = 0.5\nfund = \"SPX\"\n");
        assert!(weights.contains("policy: the weights add up to 0.500000: expected 1"), "{weights}");
        let several = fault("[tax]\nyear = 2019\ninflation = 9.0\n");
        assert_eq!(several.lines().count(), 2, "{several}");
        assert!(several.contains("tax.year: tax year 2019 is not known: expected 2025 or 2026"));
    }

    #[test]
    fn an_empty_file_is_the_sample() {
        assert_eq!(parse_config("", "run.toml").unwrap(), Config::default());
    }
}
