//! The figures of summary.json: worked out again by path, and compared with what is stated.

use std::collections::BTreeMap;

use serde_json::Value;
use unisleeve_core::units::Money;

use super::report::Check;

pub(super) const FILE: &str = "summary.json";
/// Tolerance for statistics, which may differ only in the last bits.
pub(super) const NEAR: f64 = 1e-9;
/// Tolerance for dollars stated with four decimals.
const CENTS: f64 = 2e-5;

/// What the folder does not suffice to check: paths of figures (`*` stands for a name or a number), and why.
/// Every other figure is checked.
pub(super) const NOT_CHECKED: [(&[&str], &str); 6] = [
    (
        &["arms.*.sleeves[*].tracking_error_ex_ante"],
        "forecasts of the risk model, which is not in the folder (of te_ex_ante in daily.csv the average is checked)",
    ),
    (
        &["arms.*.workload.held_back", "arms.*.workload.forced_small"],
        "orders that were never sent, or only because cash was short",
    ),
    (
        &["headline.*.value", "headline.*.low", "headline.*.high"],
        "runs at nearby risk aversions, which have no files here (their order is checked)",
    ),
    (
        &[
            "ladder.runs[*].tracking_error",
            "ladder.runs[*].worst_gap",
            "ladder.runs[*].orders",
            "ladder.runs[*].transfers",
            "ladder.runs[*].tickets",
            "ladder.runs[*].tasks",
            "vintages.start_dates[*].*.worst_gap",
            "vintages.start_dates[*].*.orders",
            "vintages.start_dates[*].*.transfers",
            "vintages.start_dates[*].*.tickets",
            "vintages.start_dates[*].*.tasks",
        ],
        "runs of the ladder and of later start dates, which have no files here (their dollars, returns and tax \
         alpha are checked against the differences)",
    ),
    (&["arms.uma_equal_te.risk_aversion"], "the risk aversion at which a tracking error is matched"),
    (
        &["data_hash", "result_hash"],
        "hashes of what is not in the folder: prices before the first session, and the journals",
    ),
];

/// A figure worked out again, and by how much the stated one may differ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    pub(super) value: Option<f64>,
    tolerance: f64,
}

/// Figures by path.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures(BTreeMap<String, Expected>);

impl Figures {
    pub(super) fn money(&mut self, path: impl Into<String>, amount: Money) {
        self.put(path, Some(amount.to_f64()), CENTS);
    }

    pub(super) fn count(&mut self, path: impl Into<String>, count: usize) {
        self.put(path, Some(count as f64), 0.0);
    }

    pub(super) fn rate(&mut self, path: impl Into<String>, value: Option<f64>) {
        self.put(path, value, NEAR);
    }

    pub(super) fn put(&mut self, path: impl Into<String>, value: Option<f64>, tolerance: f64) {
        self.0.insert(path.into(), Expected { value, tolerance });
    }

    /// A figure that has been worked out.
    pub(super) fn get(&self, path: &str) -> Option<f64> {
        self.0.get(path)?.value
    }

    pub(super) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// Compares every figure of `stated`, whose path is `place`. Figures of which nothing is known are noted.
    pub(super) fn compare(&self, place: &str, stated: &Value, check: &mut Check) {
        let mut found = BTreeMap::new();
        leaves(stated, String::new(), &mut found);
        for (path, expected) in &self.0 {
            let at = format!("{place}.{path}");
            match found.remove(path) {
                Some(value) => {
                    check.near_or_none(at, value.as_f64(), expected.value, expected.tolerance);
                }
                None => check.fault(FILE, at, "figure", "", expected.value.unwrap_or_default()),
            }
        }
        let unknown: Vec<String> = found
            .into_iter()
            .filter(|(path, value)| value.is_number() && !is_listed(&format!("{place}.{path}")))
            .map(|(path, _)| path)
            .filter(|path| path != "risk_aversion")
            .collect();
        if !unknown.is_empty() {
            check.notes.push(format!("{}: figures of which nothing is known", unknown.join(", ")));
        }
    }
}

/// All values of nested JSON by path.
pub(super) fn leaves<'a>(value: &'a Value, path: String, into: &mut BTreeMap<String, &'a Value>) {
    match value {
        Value::Object(items) => {
            for (key, item) in items {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                leaves(item, path, into);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                leaves(item, format!("{path}[{at}]"), into);
            }
        }
        _ => {
            into.insert(path, value);
        }
    }
}

/// Whether a path is among those that are not checked.
pub(super) fn is_listed(path: &str) -> bool {
    NOT_CHECKED.iter().flat_map(|(patterns, _)| *patterns).any(|p| fits(p, path))
}

/// Whether a path fits a pattern, in which `*` stands for a name or a number.
fn fits(pattern: &str, path: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        text.split(['.', '[']).map(|p| p.trim_end_matches(']').to_owned()).collect()
    };
    let (pattern, path) = (parts(pattern), parts(path));
    pattern.len() == path.len() && pattern.iter().zip(&path).all(|(p, x)| p == "*" || p == x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_names_and_numbers() {
        assert!(is_listed("arms.uma.sleeves[12].tracking_error_ex_ante"));
        assert!(is_listed("vintages.start_dates[3].sma.orders"));
        assert!(!is_listed("arms.uma.sleeves[12].tracking_error_ex_post"));
        assert!(!is_listed("arms.uma.orders"));
    }
}
