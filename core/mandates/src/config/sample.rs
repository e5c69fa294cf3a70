//! The configuration of the embedded sample, and how a configuration without prices is completed from it.

use serde_json::Value;

use super::Config;

/// Keys that belong to the sample and would not suit other prices.
const SAMPLE: &str = include_str!("sample.json");

/// The configuration of the embedded sample. It is used if none is given.
///
/// ```
/// use unisleeve_mandates::sample_config;
/// assert_eq!(sample_config().policy.len(), 3);
/// assert!(sample_config().faults().is_empty());
/// ```
pub fn sample_config() -> Config {
    Config::from_value(&sample_keys()).unwrap_or_default()
}

/// The sample's configuration file as a JSON value.
pub fn sample_keys() -> Value {
    serde_json::from_str(SAMPLE).unwrap_or_default()
}

/// Completes a configuration in JSON from the sample's.
///
/// With a key `data`, nothing is added. Without it, every key that is left out comes from the sample's file,
/// also within tables. A list is replaced as a whole.
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

/// Reads a configuration from JSON, completed from the embedded sample ([`over_sample`]).
///
/// # Errors
/// A sentence that says why the text is not JSON, or that names the key of a value that does not fit.
pub fn sample_config_with(text: &str) -> Result<Config, String> {
    let own: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    Config::from_value(&over_sample(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file can be read, so `unwrap_or_default` in `sample_config` never uses the default.
    #[test]
    fn the_file_is_the_sample() {
        let config: Config = super::super::from_json(SAMPLE).unwrap();
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
