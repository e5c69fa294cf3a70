//! The embedded sample's own configuration file, and what a configuration without prices of its own takes from it.

use serde_json::Value;

use super::Config;
use super::json::{from_json, from_value};

/// The file: what belongs to the sample and to nobody else's prices.
const SAMPLE: &str = include_str!("sample.json");

/// The embedded sample's own configuration: what is replayed where none is given.
///
/// ```
/// use unisleeve_mandates::sample_config;
/// assert_eq!(sample_config().policy.len(), 3);
/// assert!(sample_config().faults().is_empty());
/// ```
pub fn sample_config() -> Config {
    from_json(SAMPLE).unwrap_or_default()
}

/// The keys of the sample's file as JSON.
pub fn sample_keys() -> Value {
    serde_json::from_str(SAMPLE).unwrap_or_default()
}

/// A configuration in JSON with what it takes from the sample: with a key `data` nothing; without it every key of the
/// sample's file that it leaves out, table by table. A list is taken whole or not at all.
pub fn over_sample(own: Value) -> Value {
    if own.get("data").is_some_and(|data| !data.is_null()) { own } else { over(sample_keys(), own) }
}

fn over(below: Value, above: Value) -> Value {
    match (below, above) {
        (Value::Object(mut below), Value::Object(above)) => {
            for (key, value) in above {
                let value = match below.remove(&key) {
                    Some(old) => over(old, value),
                    None => value,
                };
                below.insert(key, value);
            }
            Value::Object(below)
        }
        (_, above) => above,
    }
}

/// Reads a configuration of the embedded sample from JSON.
///
/// # Errors
/// Where the text is no JSON, or the key at which a value does not fit.
pub fn sample_config_with(text: &str) -> Result<Config, String> {
    let own: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    from_value(&over_sample(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `unwrap_or_default` never comes to the default: the file is read whole.
    #[test]
    fn the_file_is_the_sample() {
        let config: Config = from_json(SAMPLE).unwrap();
        assert_eq!(config.faults(), []);
        assert_eq!(config.household.flows.len(), 2);
        assert_eq!(serde_json::from_str::<Config>(SAMPLE).unwrap(), config);
    }

    #[test]
    fn without_prices_of_its_own_a_configuration_lies_over_the_sample() {
        let with = |text: &str| sample_config_with(text).unwrap();
        assert_eq!(with("{}"), sample_config());
        let cash = with(r#"{"household": {"cash": 5}}"#);
        assert_eq!(cash.household.cash, unisleeve_units::Money::whole(5));
        assert_eq!(cash.household.flows, sample_config().household.flows);
        assert_eq!(with(r#"{"household": {"flows": []}}"#).household.flows, []);
        assert_eq!(with(r#"{"policy": [{"name": "a", "weight": 1, "fund": "SPX"}]}"#).policy.len(), 1);
    }

    #[test]
    fn with_prices_of_its_own_it_takes_nothing() {
        let config = sample_config_with(r#"{"data": {"prices": []}, "household": {"cash": 5}}"#).unwrap();
        assert!(config.policy.is_empty() && config.household.flows.is_empty());
        assert_eq!(config.start, Config::default().start);
    }
}
