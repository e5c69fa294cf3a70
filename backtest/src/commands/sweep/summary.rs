//! `summary.json` of a sweep and the table in the terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::Serialize;
use unisleeve_core::mandates::Config;

use super::axis::plain;
use super::differences::{
    AxisParts, Distribution, EFFECTS, Part, Split, Spreads, by_axis, by_year, distributions, splits, spreads,
};
use super::journal::Done;
use super::plan::Plan;
use super::verdicts;
use super::verdicts::{PrimaryFigure, primary};
use crate::failure::Failure;
use crate::render::format::TERMINAL;
use crate::render::setups::Setups;

/// Most lines in the terminal.
const SHOWN: usize = 40;

/// One set of settings over all start dates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Combination {
    /// The settings as text, such as `tax.status="joint" trading.risk_aversion=20`.
    pub settings: String,
    /// Number of rows without figures.
    pub failed: usize,
    /// UMA minus each setup with separate managers, by ending: the spread of each part.
    pub difference: Vec<Split>,
    /// Spreads by figure. Figures that can't be compared are left out.
    pub uma_minus_sma: Spreads,
}

#[derive(Debug, Serialize)]
pub(super) struct Vintage {
    pub start: NaiveDate,
    pub end: NaiveDate,
}

/// The content of `summary.json`.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    pub version: &'static str,
    pub seed: u64,
    pub config_hash: String,
    pub data_hash: String,
    pub plan_hash: String,
    pub grid: serde_json::Value,
    pub arms: Vec<&'static str>,
    pub equal: &'static str,
    pub vintages: Vec<Vintage>,
    pub runs: usize,
    pub rows: usize,
    pub failed: usize,
    /// Number of rows without figures, by reason.
    pub errors: BTreeMap<String, usize>,
    pub combinations: Vec<Combination>,
    /// Sweeps over futures: the setup effect of each setting against each setup with separate managers, with a
    /// verdict that is corrected for their number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub primary: Vec<PrimaryFigure>,
    /// Number of simulated futures of each setting; `None` for history.
    pub futures: Option<usize>,
    /// UMA minus SMA over all runs, by figure.
    pub all: BTreeMap<&'static str, Distribution>,
    /// The same by the year in which a run starts; the next field is by axis and setting.
    pub start_years: Vec<Part<i32>>,
    pub axes: Vec<AxisParts>,
    pub assumptions: Vec<String>,
    /// The base configuration.
    pub config: Config,
}

/// Summarizes all runs of a plan, in its order.
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
        if plan.grid.futures.is_some() {
            "All settings see the same simulated futures, which are independent draws. Verdicts are corrected for the number of \
             figures (settings times setups) by Holm's method at 5%."
        } else {
            "Runs whose dates overlap share most of their history: start dates are no independent samples."
        }
        .to_owned(),
    ];
    if plan.grid.equal == super::grid::Equal::TrackingError {
        assumptions.push(
            "UMA runs at the risk aversion that gives it SMA's realized tracking error; `matched` tells whether that was \
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
        primary: primary(plan, done),
        futures: plan.grid.futures,
        all: distributions(done),
        start_years: by_year(plan, done),
        axes: by_axis(plan, done),
        assumptions,
        config,
    })
}

fn combination(plan: &Plan, done: &[Done]) -> Combination {
    let settings = done.first().map_or_else(String::new, |d| plan.settings(plan.combination(d.run)));
    let failed = done.iter().flat_map(|d| &d.rows).filter(|r| r.error.is_some()).count();
    Combination { settings, failed, difference: splits(done), uma_minus_sma: spreads(done) }
}

/// Number of futures or start dates of each setting, with the word for them.
pub(super) fn windows(summary: &Summary) -> (usize, &'static str) {
    match summary.futures {
        Some(futures) => (futures, "futures"),
        None => (summary.vintages.len().max(1), "start dates"),
    }
}

/// The table in the terminal.
pub(super) fn table(summary: &Summary) -> String {
    let (count, what) = windows(summary);
    let mut text = format!(
        "{} runs: {} settings, {count} {what}; {} rows, {} of them without figures\n",
        summary.runs,
        summary.combinations.len(),
        summary.rows,
        summary.failed
    );
    for (error, rows) in summary.errors.iter().take(5) {
        let _ = writeln!(text, "  {rows} x {error}");
    }
    let setups = Setups::of(&summary.config);
    if !summary.primary.is_empty() {
        let (head, rows) = verdicts::rows(&summary.primary, setups);
        let line = |cells: &[String]| {
            let [first, second, rest @ .., last] = cells else { return String::new() };
            let mut text = format!("{first:<34}{second:<16}");
            for cell in rest {
                let _ = write!(text, "{cell:>19}");
            }
            format!("{text}  {last}\n")
        };
        text.push_str("\nSetup effect of UMA (tax, fees, trading costs), everything sold at the end\n\n");
        text.push_str(&line(&head.map(str::to_owned)));
        for row in &rows {
            text.push_str(&line(row));
        }
        return text;
    }
    if summary.combinations.iter().any(|c| !c.uma_minus_sma.is_empty()) {
        let _ = writeln!(
            text,
            "\nSetup effect of UMA in dollars (tax, fees, trading costs), everything sold at the end: median over the runs of a\n\
             setting; in brackets the runs above zero\n"
        );
        for (_, kind) in EFFECTS {
            let _ = write!(text, "{:>26}", setups.name(kind.as_str()));
        }
        let _ = writeln!(text, "  settings");
    }
    for c in summary.combinations.iter().filter(|c| !c.uma_minus_sma.is_empty()).take(SHOWN) {
        for (name, _) in EFFECTS {
            let cell = c.uma_minus_sma.get(name).map_or_else(
                || "-".to_owned(),
                |s| format!("{} ({}/{})", TERMINAL.more_dollars(Some(s.median)), s.above_zero, s.runs),
            );
            let _ = write!(text, "{cell:>26}");
        }
        let _ = writeln!(text, "  {}", if c.settings.is_empty() { "as configured" } else { &c.settings });
    }
    if summary.combinations.len() > SHOWN {
        let _ = writeln!(text, "... and {} more in summary.json", summary.combinations.len() - SHOWN);
    }
    text
}
