//! GRID.toml: what a sweep varies.

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Value;
use unisleeve_core::mandates::ArmKind;
use unisleeve_core::study::simulate::MOST_PATHS;

use super::axis::{Axis, Setting, plain, show};
use crate::failure::Failure;
use crate::readers::quoted_dates;

/// Arms that a grid may request.
const ARMS: [ArmKind; 8] = ArmKind::ALL;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    config: Option<String>,
    vintages: Option<VintagesFile>,
    futures: Option<FuturesFile>,
    #[serde(default)]
    cases: Vec<CaseFile>,
    #[serde(default)]
    grid: toml::Table,
    arms: Option<Vec<String>>,
    #[serde(default)]
    equal: Equal,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VintagesFile {
    years: i64,
    #[serde(default = "one")]
    every_months: i64,
    from: Option<Value>,
    to: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FuturesFile {
    paths: i64,
}

fn one() -> i64 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    name: String,
    set: toml::Table,
}

/// What is equal for UMA and SMA within a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Equal {
    /// Risk aversion: each arm runs once.
    #[default]
    RiskAversion,
    /// Realized tracking error: UMA gets the risk aversion at which its tracking error equals SMA's.
    TrackingError,
}

impl Equal {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::RiskAversion => "risk_aversion",
            Self::TrackingError => "tracking_error",
        }
    }
}

/// Start dates at a fixed interval. Each run lasts the same number of years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Vintages {
    pub years: u32,
    pub every_months: u32,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// What a sweep varies.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid {
    /// The base configuration, relative to the grid's folder. `None` = the embedded sample.
    pub config: Option<String>,
    /// `None` = the configuration's own dates.
    pub vintages: Option<Vintages>,
    /// Number of simulated futures, which take the place of history. `None` = history.
    pub futures: Option<usize>,
    /// Cases first, then keys in alphabetical order.
    pub axes: Vec<Axis>,
    /// Arms in the order of the rows.
    pub arms: Vec<ArmKind>,
    pub equal: Equal,
}

/// Parses a grid. `name` stands for the file in messages.
///
/// # Errors
/// Every fault found.
pub(super) fn parse(text: &str, name: &str) -> Result<Grid, Failure> {
    let text = &*quoted_dates(text);
    let file: File = toml::from_str(text).map_err(|e| {
        let line = e.span().map_or(1, |s| 1 + text.get(..s.start).map_or(0, |t| t.matches('\n').count()));
        let near = text.lines().nth(line - 1).unwrap_or_default().trim();
        Failure::input(format!("{name}:{line}: {} (in `{near}`)", e.message().replace('\n', " ")))
    })?;
    let mut faults = Vec::new();
    let mut fault =
        |key: &str, message: String| faults.push(format!("{}: {key}: {message}", place(text, name, key)));
    let mut axes = Vec::new();
    if !file.cases.is_empty() {
        let mut settings = Vec::new();
        for case in &file.cases {
            let mut edits = Vec::new();
            flatten("", &case.set, false, &mut edits);
            settings.push(Setting { label: Value::String(case.name.clone()), edits });
        }
        match Axis::new("case", settings) {
            Ok(axis) => axes.push(axis),
            Err(e) => fault("cases", e),
        }
    }
    let mut keys = Vec::new();
    flatten("", &file.grid, true, &mut keys);
    keys.sort_by(|a, b| a.0.cmp(&b.0));
    for (key, values) in &keys {
        match Axis::of_key(key, values) {
            Ok(axis) => axes.push(axis),
            Err(e) => fault(key, e),
        }
        if key == "model" {
            fault(key, "an allocation model can't be varied: expected it in the configuration".to_owned());
        }
        if file.futures.is_some() && (key == "start" || key == "end" || key == "seed") {
            fault(
                key,
                "futures set their own dates and share one seed: expected it in the configuration".to_owned(),
            );
        }
        if file.vintages.is_some() && (key == "start" || key == "end") {
            fault(key, "start and end follow from [vintages]: expected one of the two".to_owned());
        }
    }
    // If one key contained another, the result would depend on their order.
    let mut edited: Vec<&str> = keys.iter().map(|(k, _)| k.as_str()).collect();
    let mut of_cases: Vec<&str> = axes
        .iter()
        .filter(|a| a.name == "case")
        .flat_map(|a| &a.settings)
        .flat_map(|s| &s.edits)
        .map(|e| e.0.as_str())
        .collect();
    of_cases.sort_unstable();
    of_cases.dedup();
    edited.extend(of_cases);
    for (i, a) in edited.iter().enumerate() {
        for b in edited.iter().skip(i + 1) {
            if a == b || b.starts_with(&format!("{a}.")) || a.starts_with(&format!("{b}.")) {
                fault(a, format!("is varied beside {b}: expected keys that are apart"));
            }
        }
    }
    let vintages = file.vintages.as_ref().map(|v| {
        let mut count = |key: &str, x: i64, most: i64| {
            if !(1..=most).contains(&x) {
                fault(key, format!("{x}: expected a whole number from 1 to {most}"));
            }
            u32::try_from(x).unwrap_or(1)
        };
        let (years, every_months) =
            (count("years", v.years, 200), count("every_months", v.every_months, 2_400));
        let mut date = |key: &str, value: &Option<Value>| {
            let value = plain(value.as_ref()?);
            let date = value.as_str().and_then(|d| d.parse().ok());
            if date.is_none() {
                fault(key, format!("{}: expected a date such as \"2000-01-03\"", show(&value)));
            }
            date
        };
        Vintages { years, every_months, from: date("from", &v.from), to: date("to", &v.to) }
    });
    if let Some(futures) = &file.futures {
        if !(1..=i64::from(MOST_PATHS)).contains(&futures.paths) {
            fault("paths", format!("{}: expected a whole number from 1 to {MOST_PATHS}", futures.paths));
        }
        if file.vintages.is_some() {
            fault("futures", "stands beside [vintages]: expected one of the two".to_owned());
        }
    }
    let futures = file.futures.as_ref().and_then(|f| usize::try_from(f.paths).ok());
    let mut arms = Vec::new();
    let default = || ["uma", "sma_best", "sma", "sma_typical", "funds", "shadow"].map(str::to_owned).to_vec();
    for word in file.arms.unwrap_or_else(default) {
        match ARMS.into_iter().find(|a| a.as_str() == word) {
            Some(arm) if arms.contains(&arm) => {
                fault("arms", format!("{word} stands twice: expected each arm once"));
            }
            Some(arm) => arms.push(arm),
            None => fault("arms", format!("{word}: expected {}", ARMS.map(ArmKind::as_str).join(", "))),
        }
    }
    if arms.is_empty() {
        fault("arms", "none: expected at least one".to_owned());
    }
    if faults.is_empty() {
        Ok(Grid { config: file.config, vintages, futures, axes, arms, equal: file.equal })
    } else {
        Err(Failure::Input(faults))
    }
}

/// Flattens nested tables to dotted keys. So `"tax.year" = [...]` and `tax.year = [...]` are the same. In a
/// grid, a table with `from` is a range and stays whole.
fn flatten(prefix: &str, table: &toml::Table, ranges: bool, into: &mut Vec<(String, Value)>) {
    for (key, value) in table {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Table(inner) if !(ranges && inner.contains_key("from")) => {
                flatten(&path, inner, ranges, into);
            }
            other => into.push((path, if ranges { other.clone() } else { plain(other) })),
        }
    }
}

/// The place of a key in a message: `GRID.toml:7` if the key is found, else `GRID.toml`.
pub(super) fn place(text: &str, name: &str, key: &str) -> String {
    let last = key.rsplit('.').next().unwrap_or(key);
    let find = |test: &dyn Fn(&str) -> bool| text.lines().position(|l| test(l.trim_start()));
    let quoted = format!("\"{key}\"");
    let starts =
        |l: &str, k: &str| l.strip_prefix(k).is_some_and(|rest| rest.trim_start().starts_with(['=', ']']));
    let line = find(&|l| l.contains(&quoted))
        .or_else(|| find(&|l| starts(l, key)))
        .or_else(|| find(&|l| starts(l.trim_start_matches('['), last)))
        .or_else(|| find(&|l| l.contains(key)));
    line.map_or_else(|| name.to_owned(), |n| format!("{name}:{}", n + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_says_what_varies() {
        let text = r#"
config = "base.toml"
arms = ["uma", "sma"]
equal = "tracking_error"
[vintages]
years = 5
every_months = 3
from = 2001-01-02
[[cases]]
name = "half"
set = { "policy.0.weight" = 0.5, "policy.1.weight" = 0.5 }
[grid]
"tax.status" = ["single", "joint"]
trading.risk_aversion = { from = 20, to = 80, step = 20 }
"#;
        let grid = parse(text, "g.toml").unwrap();
        let names: Vec<(&str, usize)> =
            grid.axes.iter().map(|a| (a.name.as_str(), a.settings.len())).collect();
        assert_eq!(names, [("case", 1), ("tax.status", 2), ("trading.risk_aversion", 4)]);
        assert_eq!(grid.arms, [ArmKind::Uma, ArmKind::Sma]);
        let vintages = grid.vintages.unwrap();
        assert_eq!((vintages.years, vintages.every_months), (5, 3));
        assert_eq!(vintages.from.unwrap().to_string(), "2001-01-02");
        assert_eq!(parse("", "g.toml").unwrap().arms.len(), 6);
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let text = "arms = ['uma', 'omu']\n[vintages]\nyears = 0\nfrom = 'soon'\n[grid]\nstart = ['2000-01-03']\n\"tax.year\" = []\ntax = 1\n";
        let Err(Failure::Input(faults)) = parse(text, "g.toml") else { panic!() };
        let faults = faults.join("\n");
        for part in [
            "g.toml:1: arms: omu: expected uma, sma",
            "g.toml:3: years: 0: expected a whole number",
            "g.toml:4: from: \"soon\": expected a date",
            "g.toml:6: start: start and end follow from [vintages]",
            "g.toml:7: tax.year: no values",
            "tax: is varied beside tax.year",
        ] {
            assert!(faults.contains(part), "{part}: {faults}");
        }
        let Err(Failure::Input(faults)) = parse("[grid]\n\"a\" = [1\n", "g.toml") else { panic!() };
        assert!(faults[0].starts_with("g.toml:"), "{faults:?}");
        let Err(Failure::Input(faults)) = parse("\n[vintage]\nyears = 1\n", "g.toml") else { panic!() };
        assert!(faults[0].contains("unknown field `vintage`"), "{faults:?}");
    }
}
