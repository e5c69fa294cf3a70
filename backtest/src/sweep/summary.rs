//! `summary.json` of a sweep, and what the terminal shows of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::Serialize;
use unisleeve_core::setup::Config;

use super::axis::plain;
use super::figures::figure;
use super::journal::Done;
use super::plan::Plan;
use crate::failure::Failure;

/// Figures of which UMA less SMA is summed up.
const COMPARED: [&str; 6] = [
    "tax_alpha_before_liquidation",
    "tax_alpha_after_liquidation",
    "wealth_before_liquidation",
    "wealth_after_liquidation",
    "pre_tax_return",
    "tracking_error_ex_post",
];

/// Lines that the terminal shows.
const SHOWN: usize = 40;

/// UMA less SMA in one figure, over start dates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Spread {
    /// Runs in which both arms have the figure.
    pub runs: usize,
    pub median: f64,
    pub least: f64,
    pub most: f64,
    /// Runs in which UMA's figure is the higher one.
    pub uma_higher: usize,
}

/// One set of settings over all start dates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Combination {
    /// `tax.status="joint" trading.risk_aversion=20`.
    pub settings: String,
    /// Rows without figures.
    pub failed: usize,
    /// By figure; what can't be compared is left out.
    pub uma_minus_sma: BTreeMap<&'static str, Spread>,
}

#[derive(Debug, Serialize)]
struct Vintage {
    start: NaiveDate,
    end: NaiveDate,
}

/// The content of `summary.json`.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    version: &'static str,
    seed: u64,
    config_hash: String,
    data_hash: String,
    plan_hash: String,
    grid: serde_json::Value,
    arms: Vec<&'static str>,
    equal: &'static str,
    vintages: Vec<Vintage>,
    runs: usize,
    rows: usize,
    failed: usize,
    /// Why rows have no figures, and how many.
    errors: BTreeMap<String, usize>,
    combinations: Vec<Combination>,
    assumptions: Vec<String>,
    /// The base configuration.
    config: Config,
}

/// Sums up all runs of a plan, in its order.
pub(super) fn summary(plan: &Plan, done: &[Done]) -> Result<Summary, Failure> {
    let config = plan.edited([].iter()).map_err(Failure::input)?;
    let grid: toml::Table = plan.spec.grid.parse().unwrap_or_default();
    let mut errors = BTreeMap::new();
    for error in done.iter().flat_map(|d| &d.rows).filter_map(|r| r.error.as_ref()) {
        *errors.entry(error.clone()).or_insert(0) += 1;
    }
    let mut assumptions = vec![
        "Every run: the arms on the same prices, flows, law and trading terms; only what the grid names differs between runs."
            .to_owned(),
        "Runs whose dates overlap share most of their history: start dates are no independent samples.".to_owned(),
    ];
    if plan.grid.equal == super::grid::Equal::TrackingError {
        assumptions.push(
            "UMA runs at the risk aversion that gives it SMA's realised tracking error; `matched` tells whether that was \
             reached to 1%."
                .to_owned(),
        );
    }
    assumptions.extend(plan.spec.notes.iter().cloned());
    Ok(Summary {
        version: env!("CARGO_PKG_VERSION"),
        seed: config.seed,
        config_hash: plan.spec.config_hash.clone(),
        data_hash: plan.spec.data_hash.clone(),
        plan_hash: plan.spec.plan_hash.clone(),
        grid: serde_json::to_value(plain(&toml::Value::Table(grid))).unwrap_or_default(),
        arms: plan.grid.arms.iter().map(|a| a.as_str()).collect(),
        equal: plan.grid.equal.as_str(),
        vintages: plan
            .spec
            .vintages
            .iter()
            .map(|(start, end)| Vintage { start: *start, end: *end })
            .collect(),
        runs: done.len(),
        rows: done.iter().map(|d| d.rows.len()).sum(),
        failed: errors.values().sum(),
        errors,
        combinations: done.chunks(plan.windows()).map(|d| combination(plan, d)).collect(),
        assumptions,
        config,
    })
}

fn combination(plan: &Plan, done: &[Done]) -> Combination {
    let settings = done.first().map_or_else(String::new, |d| plan.settings(plan.combination(d.run)));
    let mut all = BTreeMap::new();
    for (name, at) in COMPARED.iter().filter_map(|n| Some((*n, figure(n)?))) {
        let of = |d: &Done, arm: &str| d.rows.iter().find(|r| r.arm == arm)?.figure(at);
        let mut differences: Vec<f64> =
            done.iter().filter_map(|d| Some(of(d, "uma")? - of(d, "sma")? + 0.0)).collect();
        differences.sort_by(f64::total_cmp);
        if let (Some(least), Some(most)) = (differences.first(), differences.last()) {
            let half = differences.len() / 2;
            let middle = differences[half];
            let median =
                if differences.len() % 2 == 1 { middle } else { 0.5 * (differences[half - 1] + middle) };
            let uma_higher = differences.iter().filter(|d| **d > 0.0).count();
            all.insert(
                name,
                Spread { runs: differences.len(), median, least: *least, most: *most, uma_higher },
            );
        }
    }
    let failed = done.iter().flat_map(|d| &d.rows).filter(|r| r.error.is_some()).count();
    Combination { settings, failed, uma_minus_sma: all }
}

/// The terminal's table.
pub(super) fn table(summary: &Summary) -> String {
    let mut text = format!(
        "{} runs: {} settings, {} start dates; {} rows, {} of them without figures\n",
        summary.runs,
        summary.combinations.len(),
        summary.vintages.len().max(1),
        summary.rows,
        summary.failed
    );
    for (error, rows) in summary.errors.iter().take(5) {
        let _ = writeln!(text, "  {rows} x {error}");
    }
    if summary.combinations.iter().any(|c| !c.uma_minus_sma.is_empty()) {
        let _ = writeln!(
            text,
            "\nUMA less SMA, median over start dates; in brackets the runs in which UMA is ahead\n"
        );
        let _ = writeln!(
            text,
            "{:>24} {:>24} {:>28}  settings",
            "tax alpha, kept", "liquidated", "wealth, liquidated"
        );
    }
    for c in summary.combinations.iter().filter(|c| !c.uma_minus_sma.is_empty()).take(SHOWN) {
        let cell = |name: &str, show: &dyn Fn(f64) -> String| {
            let spread = c.uma_minus_sma.get(name);
            spread.map_or_else(
                || "-".to_owned(),
                |s| format!("{} ({}/{})", show(s.median), s.uma_higher, s.runs),
            )
        };
        let percent = |x: f64| format!("{:+.3}%", x * 100.0);
        let _ = writeln!(
            text,
            "{:>24} {:>24} {:>28}  {}",
            cell("tax_alpha_before_liquidation", &percent),
            cell("tax_alpha_after_liquidation", &percent),
            cell("wealth_after_liquidation", &|x| format!("{x:+.0}")),
            if c.settings.is_empty() { "as configured" } else { &c.settings }
        );
    }
    if summary.combinations.len() > SHOWN {
        let _ = writeln!(text, "... and {} more in summary.json", summary.combinations.len() - SHOWN);
    }
    text
}
