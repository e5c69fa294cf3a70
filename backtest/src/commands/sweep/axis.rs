//! One axis of a grid: a key of the configuration or a list of named cases.

use serde::Deserialize;
use toml::Value;

use crate::readers::parquet::{Text, Values};

/// Most values of one range.
const MOST: f64 = 100_000.0;

/// One position on an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Setting {
    /// The value of the axis's column in files.
    pub label: Value,
    /// Keys of the configuration and their new values.
    pub edits: Vec<(String, Value)>,
}

/// One thing that a grid varies.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    /// The key, or `case`.
    pub name: String,
    /// The settings: at least one, all different.
    pub settings: Vec<Setting>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    from: Value,
    to: Value,
    step: Option<Value>,
    count: Option<usize>,
}

impl Axis {
    /// Makes the axis of a key from its value in the file: a list, a range or a single value.
    pub(super) fn of_key(key: &str, values: &Value) -> Result<Self, String> {
        let values = match values {
            Value::Array(list) => list.iter().map(plain).collect(),
            Value::Table(_) => {
                let range = Range::deserialize(values.clone())
                    .map_err(|e| format!("{}: expected a list or {{ from, to, step }}", e.message()))?;
                range.values()?
            }
            one => vec![plain(one)],
        };
        let setting = |v: Value| Setting { label: v.clone(), edits: vec![(key.to_owned(), v)] };
        Self::new(key, values.into_iter().map(setting).collect())
    }

    /// Makes an axis.
    ///
    /// # Errors
    /// When there is no setting, or two are equal.
    pub(super) fn new(name: &str, settings: Vec<Setting>) -> Result<Self, String> {
        if settings.is_empty() {
            return Err("no values: expected at least one".to_owned());
        }
        let mut labels: Vec<String> = settings.iter().map(|s| show(&s.label)).collect();
        labels.sort();
        if let Some([twice, _]) = labels.array_windows().find(|[a, b]| a == b) {
            return Err(format!("{twice} stands twice: expected each value once"));
        }
        Ok(Self { name: name.to_owned(), settings })
    }

    /// A column with the settings at these positions.
    pub(super) fn column(&self, places: impl Iterator<Item = usize>) -> Values {
        let label = |at: usize| self.settings.get(at).map(|s| &s.label);
        let all = |kind: fn(&Value) -> bool| self.settings.iter().all(|s| kind(&s.label));
        if all(Value::is_integer) {
            return Values::Integer(places.map(|at| label(at)?.as_integer()).collect());
        }
        if all(|v| v.is_integer() || v.is_float()) {
            let number = |v: &Value| v.as_float().or_else(|| v.as_integer().map(|i| i as f64));
            return Values::Float(places.map(|at| number(label(at)?)).collect());
        }
        if all(Value::is_bool) {
            return Values::Flag(places.map(|at| label(at)?.as_bool()).collect());
        }
        let texts: Vec<String> = self
            .settings
            .iter()
            .map(|s| s.label.as_str().map_or_else(|| show(&s.label), str::to_owned))
            .collect();
        Values::Text(places.map(|at| texts.get(at).map(String::as_str)).collect::<Text>())
    }
}

impl Range {
    fn values(&self) -> Result<Vec<Value>, String> {
        let number = |name: &str, v: &Value| {
            let x = v.as_float().or_else(|| v.as_integer().map(|i| i as f64));
            x.filter(|x| x.is_finite()).ok_or_else(|| format!("{name} = {}: expected a number", show(v)))
        };
        let (from, to) = (number("from", &self.from)?, number("to", &self.to)?);
        if from > to {
            return Err(format!("from {from} to {to}: expected from below to"));
        }
        let (step, last) = match (&self.step, self.count) {
            (Some(step), None) => {
                let step = number("step", step)?;
                if step <= 0.0 {
                    return Err(format!("step = {step}: expected a number above zero"));
                }
                // A step such as 0.1 is not exact in binary. The small addition keeps the last value.
                (step, ((to - from) / step + 1e-9).floor())
            }
            (None, Some(1)) if from < to => {
                return Err("count = 1: expected at least 2, or one value".to_owned());
            }
            (None, Some(count)) if count > 0 => {
                let last = (count - 1) as f64;
                (if count == 1 { 0.0 } else { (to - from) / last }, last)
            }
            _ => return Err("expected { from, to, step } or { from, to, count }".to_owned()),
        };
        if last >= MOST {
            return Err(format!("{} values: expected at most {MOST}", last + 1.0));
        }
        let whole = [Some(&self.from), self.step.as_ref()].into_iter().flatten().all(Value::is_integer);
        let at = |i: usize| {
            let x = if self.count == Some(i + 1) { to } else { from + step * i as f64 };
            if whole && x.fract() == 0.0 && self.count.is_none() {
                Value::Integer(x as i64)
            } else {
                Value::Float(tidy(x))
            }
        };
        Ok((0..=last as usize).map(at).collect())
    }
}

/// Rounds to twelve decimals: 0.3 instead of 0.30000000000000004.
fn tidy(x: f64) -> f64 {
    format!("{x:.12}").parse().unwrap_or(x)
}

/// Turns dates without quotes into strings, so that both ways of writing them are equal.
pub(super) fn plain(value: &Value) -> Value {
    match value {
        Value::Datetime(date) => Value::String(date.to_string()),
        Value::Array(list) => Value::Array(list.iter().map(plain).collect()),
        Value::Table(table) => Value::Table(table.iter().map(|(k, v)| (k.clone(), plain(v))).collect()),
        other => other.clone(),
    }
}

/// A value as JSON, for messages and keys of runs.
pub(super) fn show(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Result<Vec<String>, String> {
        let table: toml::Table = text.parse().unwrap();
        Ok(Axis::of_key("k", &table["v"])?.settings.iter().map(|s| show(&s.label)).collect())
    }

    #[test]
    fn lists_ranges_and_single_values() {
        for (text, expected) in [
            ("v = [20, 40, 80]", "20 40 80"),
            ("v = 'joint'", "\"joint\""),
            ("v = [2000-01-03, '2001-01-02']", "\"2000-01-03\" \"2001-01-02\""),
            ("v = { from = 0.0, to = 0.3, step = 0.1 }", "0.0 0.1 0.2 0.3"),
            ("v = { from = 1, to = 6, step = 2 }", "1 3 5"),
            ("v = { from = 0.0, to = 0.02, count = 5 }", "0.0 0.005 0.01 0.015 0.02"),
            ("v = { from = 1, to = 1, count = 1 }", "1.0"),
            ("v = [[1, 2], [3]]", "[1,2] [3]"),
        ] {
            assert_eq!(labels(text).unwrap().join(" "), expected, "{text}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (text, part) in [
            ("v = []", "no values"),
            ("v = [1, 1]", "1 stands twice"),
            ("v = { from = 0, to = 1 }", "{ from, to, step } or { from, to, count }"),
            ("v = { from = 0, to = 1, step = 0 }", "step = 0"),
            ("v = { from = 0, to = 1, step = -0.5 }", "step = -0.5"),
            ("v = { from = 0, to = 1, step = nan }", "expected a number"),
            ("v = { from = 2, to = 1, step = 1 }", "expected from below to"),
            ("v = { from = 0, to = 1, step = 1e-9 }", "at most 100000"),
            ("v = { from = 0, to = 1, count = 0 }", "expected {"),
            ("v = { from = 'a', to = 1, count = 2 }", "from = \"a\": expected a number"),
            ("v = { from = 0, to = 1, by = 1 }", "unknown field `by`"),
        ] {
            let message = labels(text).unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
