//! Finds keys that appear more than once in the input.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::fields::{KEYS, shown};

/// The keys of an object in their order, with repetitions.
struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Walk;
        impl<'de> Visitor<'de> for Walk {
            type Value = Keys;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, IgnoredAny)) = map.next_entry()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(Walk)
    }
}

/// One message for each repeated key. A map would silently keep the last value.
pub(super) fn repeated(text: &str) -> Vec<String> {
    let Ok(Keys(mut keys)) = serde_json::from_str(text) else { return Vec::new() };
    keys.sort();
    let message = |same: &[String]| {
        let key = same.first().filter(|_| same.len() > 1)?;
        let known = KEYS.contains(&key.as_str());
        let key = if known { key.clone() } else { shown(&Value::from(key.as_str())) };
        Some(format!("{key}: stands {} times: expected each key once", same.len()))
    };
    keys.chunk_by(|a, b| a == b).filter_map(message).collect()
}
