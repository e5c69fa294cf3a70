//! Reads a configuration from TOML or JSON into one type.

mod allocation;
pub(crate) mod toml_dates;

use std::path::Path;

use chrono::Days;
use serde_json::Value;
use toml::Table;
use unisleeve_core::mandates::{Config, ConfigFault, SimulationConfig, over_sample, sample_keys};

use crate::failure::Failure;
use crate::readers::json::{self, JsonFault};
use allocation::follow;
use toml_dates::quoted_dates;

/// Reads and checks a configuration for a replay of prices. If the file has no `data`, missing keys come from
/// the embedded sample's configuration.
///
/// # Errors
/// When the file can't be read, is not valid TOML (JSON if its name ends in `.json`), has an
/// unknown key, or has a value that can't be used.
pub fn load_config(path: &Path) -> Result<Config, Failure> {
    load(path, Purpose::Replay)
}

/// Reads and checks a configuration for simulated futures. Futures of the market model take no defaults from
/// the sample. `bootstrap` draws days from prices, regardless of what the file says.
///
/// # Errors
/// As [`load_config`].
pub(crate) fn load_futures(path: &Path, bootstrap: bool) -> Result<Config, Failure> {
    load(path, Purpose::Futures { bootstrap })
}

/// What the configuration is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Replay,
    Futures { bootstrap: bool },
}

fn load(path: &Path, purpose: Purpose) -> Result<Config, Failure> {
    let text = super::read_text(path).map_err(|e| {
        Failure::input(format!("{}: {e}: expected a configuration file in TOML", path.display()))
    })?;
    let config = parse(&text, &path.display().to_string(), purpose)?;
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

/// Reads a configuration for a replay from text. `name` replaces the file name in messages.
///
/// # Errors
/// As [`load_config`].
pub fn parse_config(text: &str, name: &str) -> Result<Config, Failure> {
    parse(text, name, Purpose::Replay)
}

fn parse(text: &str, name: &str, purpose: Purpose) -> Result<Config, Failure> {
    let is_json =
        name.get(name.len().saturating_sub(5)..).is_some_and(|end| end.eq_ignore_ascii_case(".json"));
    let own = if is_json { Own::json(text, name)? } else { Own::toml(text, name)? };
    // Futures of the market model use no prices and no dates from a file.
    let simulation = own.config.simulation.clone();
    let draws = simulation.as_ref().is_some_and(|s| s.bootstrap_block.is_some());
    let is_model = purpose == Purpose::Futures { bootstrap: false } && !draws;
    let mut config = if is_model {
        own.complete(name, &["policy"], "futures of the market model take none from the embedded sample")?
    } else if own.has("data") {
        own.complete(
            name,
            &["start", "end", "policy"],
            "nothing comes from the embedded sample beside `data`",
        )?
    } else {
        own.over_the_sample(name)?
    };
    // Futures have their own dates. The configuration's dates say which prices a bootstrap draws from.
    let mut dated = config.clone();
    if let Some(scenario) = simulation.or(is_model.then(SimulationConfig::default)).map(|s| s.scenario) {
        let days = (scenario.years.clamp(0.0, 100.0) * 365.25) as u64;
        dated.start = scenario.start;
        dated.end = scenario.start.checked_add_days(Days::new(days)).unwrap_or(scenario.start);
    }
    let faults = dated.faults();
    if is_model && config.start == config.end {
        (config.start, config.end) = (dated.start, dated.end);
    }
    if faults.is_empty() { Ok(config) } else { Err(all(name, &faults)) }
}

/// A configuration and the keys that its file sets.
struct Own {
    config: Config,
    keys: Keys,
}

enum Keys {
    Json(Value),
    Toml(Table),
}

impl Own {
    fn json(text: &str, name: &str) -> Result<Self, Failure> {
        let fault = |e: JsonFault| Failure::input(e.in_file(name));
        let config = json::from_text(text).map_err(fault)?;
        Ok(Self { config, keys: Keys::Json(json::from_text(text).map_err(fault)?) })
    }

    fn toml(text: &str, name: &str) -> Result<Self, Failure> {
        let quoted = quoted_dates(text);
        let fault = |e: toml::de::Error| {
            let line = e.span().map_or(1, |s| quoted.get(..s.start).map_or(1, |t| t.lines().count().max(1)));
            let line = if e.span().is_some_and(|s| quoted.get(..s.start).is_some_and(|t| t.ends_with('\n'))) {
                line + 1
            } else {
                line
            };
            let near = text.lines().nth(line - 1).unwrap_or_default().trim();
            let message = e.message().replace('\n', " ");
            Failure::input(format!("{name}:{line}: {message} (in `{near}`)"))
        };
        let config = toml::from_str(&quoted).map_err(fault)?;
        Ok(Self { config, keys: Keys::Toml(quoted.parse().map_err(fault)?) })
    }

    fn has(&self, key: &str) -> bool {
        match &self.keys {
            Keys::Json(object) => object.get(key).is_some_and(|v| !v.is_null()),
            Keys::Toml(table) => table.contains_key(key),
        }
    }

    /// The configuration, if the file sets all of these keys.
    fn complete(self, name: &str, needed: &[&str], why: &str) -> Result<Config, Failure> {
        let expected = |key: &str| match key {
            "policy" => "expected sleeves whose weights add up to 1",
            _ => "expected a date such as 2018-02-07",
        };
        let missing = needed.iter().filter(|key| !self.has(key));
        let faults: Vec<String> =
            missing.map(|key| format!("{name}: {key}: missing: {} ({why})", expected(key))).collect();
        if faults.is_empty() { Ok(self.config) } else { Err(Failure::Input(faults)) }
    }

    /// The configuration, with missing keys taken from the sample's configuration.
    fn over_the_sample(self, name: &str) -> Result<Config, Failure> {
        // Both parts were parsed before. Merging could fail only if a key had two types, and each key has
        // one.
        let failed = |e: &dyn std::fmt::Display| Failure::input(format!("{name}: {e}"));
        match self.keys {
            Keys::Json(own) => json::from_value(over_sample(own)).map_err(|e| failed(&e)),
            Keys::Toml(own) => {
                let sample = Table::try_from(sample_keys()).map_err(|e| failed(&e))?;
                over(sample, own).try_into().map_err(|e| failed(&e))
            }
        }
    }
}

/// Overlays one table on another, as [`over_sample`] does for JSON.
fn over(mut below: Table, above: Table) -> Table {
    for (key, value) in above {
        let value = match (below.remove(&key), value) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => toml::Value::Table(over(old, new)),
            (_, value) => value,
        };
        below.insert(key, value);
    }
    below
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use unisleeve_core::mandates::sample_config;

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
        let several = fault("[tax]\nyear = 1999\ninflation = 9.0\n");
        assert_eq!(several.lines().count(), 2, "{several}");
        assert!(several.contains("tax.year: tax year 1999 is not known: expected 2000 to 2026"));
    }

    #[test]
    fn an_empty_file_is_the_sample() {
        assert_eq!(parse_config("", "run.toml").unwrap(), sample_config());
        assert_eq!(parse_config("{}", "run.json").unwrap(), sample_config());
        let flows = parse_config("[household]\ncash = 5\nflows = []\n", "run.toml").unwrap().household.flows;
        assert_eq!(flows, []);
        let flows = parse_config("[household]\ncash = 5\n", "run.toml").unwrap().household.flows;
        assert_eq!(flows, sample_config().household.flows);
    }

    #[test]
    fn nothing_comes_from_the_sample_beside_prices_of_its_own() {
        let missing = fault("[data]\nprices = [{ file = \"p.csv\" }]\n");
        assert_eq!(missing.lines().count(), 3, "{missing}");
        for key in ["start", "end", "policy"] {
            assert!(missing.contains(&format!("run.toml: {key}: missing: expected ")), "{missing}");
        }
        let own = "start = 2001-01-02\nend = 2002-01-02\n[[policy]]\nname = \"a\"\nweight = 1.0\nfund = \"A\"\n\
                   [data]\nprices = [{ file = \"p.csv\" }]\n";
        let config = parse_config(own, "run.toml").unwrap();
        assert_eq!((config.household.flows.len(), config.policy.len()), (0, 1));
        assert_eq!(config.start, NaiveDate::from_ymd_opt(2001, 1, 2).unwrap());
    }

    #[test]
    fn futures_of_the_model_need_a_policy_and_take_no_flows() {
        let futures = |text: &str, bootstrap| parse(text, "run.toml", Purpose::Futures { bootstrap });
        let Err(Failure::Input(faults)) = futures("[household]\ncash = 5\n", false) else { panic!() };
        assert!(
            faults.len() == 1 && faults[0].starts_with("run.toml: policy: missing: expected"),
            "{faults:?}"
        );
        let policy = "[[policy]]\nname = \"a\"\nweight = 1.0\nfund = \"USX\"\n";
        let config = futures(policy, false).unwrap();
        assert_eq!(config.household.flows, []);
        assert_eq!(config.start, SimulationConfig::default().scenario.start);
        // A bootstrap draws days from the sample's prices, so the sample's configuration applies again.
        assert_eq!(futures("", true).unwrap(), sample_config());
    }

    /// A TOML date is accepted wherever a quoted date is.
    #[test]
    fn dates_need_no_quotes() {
        let plain = "start = 2001-01-02\n[[household.flows]]\namount = 5.0\nevery = \"year\"\nfrom = 2002-01-02\nto = 2003-01-02\n\
                     [[household.lots]]\nsymbol = \"KO\"\nquantity = 1.0\nbasis = 2.0\nacquired = 1999-01-04\n\
                     [[changes]]\ndate = 2004-01-02\n[[household.closings]]\ndate = 2005-01-03\nhow = \"cash\"\n\
                     [simulation.scenario]\nstart = 2030-01-02\n";
        let dates = [
            "2001-01-02",
            "2002-01-02",
            "2003-01-02",
            "1999-01-04",
            "2004-01-02",
            "2005-01-03",
            "2030-01-02",
        ];
        let quoted = dates.iter().fold(plain.to_owned(), |t, d| t.replace(d, &format!("\"{d}\"")));
        let read = |text: &str| Own::toml(text, "run.toml").map(|own| own.config);
        assert_eq!(read(plain).unwrap(), read(&quoted).unwrap());
        let wrong = fault("start = 2001-01-02T10:00:00\n");
        assert!(wrong.starts_with("run.toml:1: "), "{wrong}");
    }
}
