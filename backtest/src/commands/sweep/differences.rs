//! UMA minus SMA for each run, and its distribution over all runs, by start year and by setting.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use unisleeve_core::mandates::ArmKind;
use unisleeve_core::study::difference::Ending;

use super::figures::{FIGURES, figure};
use super::journal::Done;
use super::plan::Plan;
use crate::render::ticks::nice;
use crate::studies::spread::Spread;

/// Figures whose difference is summarized.
const COMPARED: [&str; 6] = [
    "tax_alpha_before_liquidation",
    "tax_alpha_after_liquidation",
    "wealth_before_liquidation",
    "wealth_after_liquidation",
    "pre_tax_return",
    "tracking_error_ex_post",
];

/// UMA's setup effect over each setup with separate managers, everything sold at the end: the name of the
/// figure, and the arm.
pub(super) const EFFECTS: [(&str, ArmKind); 3] = [
    ("setup_over_sma_best", ArmKind::SmaBest),
    ("setup_over_sma", ArmKind::Sma),
    ("setup_over_sma_typical", ArmKind::SmaTypical),
];

/// The parts of a difference, under the names of result files.
const PARTS: [&str; 11] =
    ["total", "setup", "tax", "fees", "costs", "cash", "classes", "names", "unpaid", "risk", "bp_a_year"];

/// Most bars of a histogram.
const BINS: usize = 14;

/// Spreads by figure. Figures that can't be compared are left out.
pub(super) type Spreads = BTreeMap<&'static str, Spread>;

/// A bar of a histogram: from its lower end up to, but not including, its upper end. The last bar includes
/// its upper end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Bin {
    pub from: f64,
    pub to: f64,
    pub runs: usize,
}

/// The distribution of one figure over all runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Distribution {
    #[serde(flatten)]
    pub spread: Spread,
    pub bins: Vec<Bin>,
}

/// A group of runs and the spread of their differences.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Part<T> {
    /// What the runs have in common: the year of the start, or a setting as in the grid.
    pub of: T,
    pub uma_minus_sma: Spreads,
}

/// The groups of one axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct AxisParts {
    pub axis: String,
    pub settings: Vec<Part<serde_json::Value>>,
}

/// UMA minus a setup with separate managers over a group of runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Split {
    pub against: &'static str,
    pub ending: Ending,
    /// The spread of each part over the runs.
    #[serde(flatten)]
    pub parts: Spreads,
}

/// The splits of these runs, by setup and ending.
pub(super) fn splits(done: &[Done]) -> Vec<Split> {
    let mut all = Vec::new();
    for kind in ArmKind::SEPARATE {
        for ending in Ending::ALL {
            let suffix = if ending == Ending::Kept { "_kept" } else { "" };
            let part = |name: &'static str| {
                let at = figure(&format!("difference_{name}{suffix}"))?;
                let values = done.iter().filter_map(|d| of_arm(d, kind.as_str(), at)).collect();
                Some((name, Spread::of(values)?))
            };
            let parts: Spreads = PARTS.into_iter().filter_map(part).collect();
            if !parts.is_empty() {
                all.push(Split { against: kind.as_str(), ending, parts });
            }
        }
    }
    all
}

/// A figure of an arm in one run.
pub(super) fn of_arm(done: &Done, arm: &str, at: usize) -> Option<f64> {
    done.rows.iter().find(|r| r.arm == arm)?.figure(at)
}

/// A compared figure of one run: a setup effect, or UMA minus SMA.
fn compared(done: &Done, name: &str) -> Option<f64> {
    match EFFECTS.iter().find(|(effect, _)| *effect == name) {
        Some((_, kind)) => of_arm(done, kind.as_str(), figure("difference_setup")?),
        None => difference(done, figure(name)?),
    }
}

/// The figures that are summarized, setup effects first.
fn names() -> impl Iterator<Item = &'static str> {
    EFFECTS.into_iter().map(|(name, _)| name).chain(COMPARED)
}

/// UMA minus SMA in one figure of one run. For wealth figures, the money paid out is added at face value,
/// because an arm that ran out of money paid less.
fn difference(done: &Done, at: usize) -> Option<f64> {
    let is_wealth = FIGURES.get(at).is_some_and(|f| f.name.starts_with("wealth_"));
    let paid_out = figure("paid_out").filter(|_| is_wealth);
    let of = |arm: &str| {
        let row = done.rows.iter().find(|r| r.arm == arm)?;
        Some(row.figure(at)? + paid_out.map_or(Some(0.0), |paid| row.figure(paid))?)
    };
    Some(of("uma")? - of("sma")? + 0.0)
}

/// The spread of each figure over these runs.
pub(super) fn spreads<'a>(done: impl IntoIterator<Item = &'a Done>) -> Spreads {
    let done: Vec<&Done> = done.into_iter().collect();
    let spread = |name: &'static str| {
        Some((name, Spread::of(done.iter().filter_map(|d| compared(d, name)).collect())?))
    };
    names().filter_map(spread).collect()
}

/// The distribution of each figure over all runs.
pub(super) fn distributions(done: &[Done]) -> BTreeMap<&'static str, Distribution> {
    let distribution = |name: &'static str| {
        let values: Vec<f64> = done.iter().filter_map(|d| compared(d, name)).collect();
        let spread = Spread::of(values.clone())?;
        let ticks = nice(spread.least, spread.most, BINS + 1).values;
        let bins = ticks.windows(2).enumerate().map(|(i, ends)| {
            let last = i + 2 == ticks.len();
            let within = |v: &&f64| **v >= ends[0] && (**v < ends[1] || last && **v <= ends[1]);
            Bin { from: ends[0], to: ends[1], runs: values.iter().filter(within).count() }
        });
        Some((name, Distribution { spread, bins: bins.collect() }))
    };
    names().filter_map(distribution).collect()
}

/// Spreads by the year in which a run starts. Empty without start dates.
pub(super) fn by_year(plan: &Plan, done: &[Done]) -> Vec<Part<i32>> {
    let start = |d: &Done| -> Option<NaiveDate> { Some(plan.spec.vintages.get(d.run % plan.windows())?.0) };
    let mut years: Vec<i32> = done.iter().filter_map(start).map(|d| d.year()).collect();
    years.sort_unstable();
    years.dedup();
    let part = |of: i32| Part {
        of,
        uma_minus_sma: spreads(done.iter().filter(|d| start(d).is_some_and(|s| s.year() == of))),
    };
    years.into_iter().map(part).collect()
}

/// Spreads by the setting on each axis, over all settings of the other axes.
pub(super) fn by_axis(plan: &Plan, done: &[Done]) -> Vec<AxisParts> {
    let places: Vec<Vec<usize>> = (0..plan.combinations()).map(|c| plan.places(c)).collect();
    let axes = plan.grid.axes.iter().enumerate().filter(|(_, a)| a.settings.len() > 1);
    axes.map(|(at, axis)| AxisParts {
        axis: axis.name.clone(),
        settings: axis
            .settings
            .iter()
            .enumerate()
            .map(|(place, setting)| Part {
                of: serde_json::to_value(&setting.label).unwrap_or_default(),
                uma_minus_sma: spreads(
                    done.iter().filter(|d| places[plan.combination(d.run)].get(at) == Some(&place)),
                ),
            })
            .collect(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use unisleeve_core::mandates::sample_config;

    use super::*;
    use crate::commands::sweep::grid;
    use crate::commands::sweep::one_run::Row;

    fn row(arm: &str, x: f64, paid_out: f64) -> Row {
        let mut figures = vec![Some(x); FIGURES.len()];
        figures[figure("paid_out").unwrap()] = Some(paid_out);
        Row { arm: arm.to_owned(), matched: None, ruin: None, error: None, figures }
    }

    /// UMA has 5 less at the end but paid out 8 more, so it is ahead by 3. Rates ignore the money paid out.
    #[test]
    fn what_was_paid_out_counts() {
        let rows = vec![row("uma", 20.0, 108.0), row("sma", 25.0, 100.0)];
        let done = Done { run: 0, key: String::new(), rows };
        let of = |name: &str| difference(&done, figure(name).unwrap());
        assert_eq!(of("wealth_before_liquidation"), Some(3.0));
        assert_eq!(of("wealth_after_liquidation"), Some(3.0));
        assert_eq!(of("tax_alpha_before_liquidation"), Some(-5.0));
    }

    /// A setup effect stands in the row of the setup that UMA is compared with.
    #[test]
    fn setup_effects_are_those_of_the_rows() {
        let mut sma = row("sma_best", 7.0, 0.0);
        sma.figures[figure("difference_setup").unwrap()] = Some(42.0);
        let done = [Done { run: 0, key: String::new(), rows: vec![row("uma", 1.0, 0.0), sma] }];
        let spreads = spreads(&done);
        assert!((spreads["setup_over_sma_best"].median - 42.0).abs() < 1e-12);
        assert!(!spreads.contains_key("setup_over_sma"), "that arm did not run");
        let splits = splits(&done);
        assert_eq!(
            splits.iter().map(|s| (s.against, s.ending)).collect::<Vec<_>>(),
            Ending::ALL.map(|e| ("sma_best", e))
        );
        assert_eq!((splits[0].parts["setup"].median, splits[0].parts["tax"].median), (42.0, 7.0));
    }

    #[test]
    fn every_run_is_in_one_bin_one_year_and_one_setting_of_each_axis() {
        let text = "[grid]\n'tax.status' = ['single', 'joint']\n'trading.risk_aversion' = [20, 40, 80]\n";
        let grid = grid::parse(text, "g.toml").unwrap();
        let mut plan = Plan::new("g.toml".to_owned(), text.to_owned(), grid, &sample_config()).unwrap();
        let day = |y| NaiveDate::from_ymd_opt(y, 1, 3).unwrap();
        plan.spec.vintages = (2000..2004).map(|y| (day(y), day(y + 2))).collect();
        let row = |arm: &str, x: f64| row(arm, x, 0.0);
        let one =
            |run| Done { run, key: plan.key(run), rows: vec![row("uma", run as f64), row("sma", 10.0)] };
        let done: Vec<Done> = (0..plan.len()).map(one).collect();
        let all = &distributions(&done)["wealth_after_liquidation"];
        assert_eq!((all.spread.least, all.spread.most, all.spread.above_zero), (-10.0, 13.0, 13));
        assert_eq!(all.bins.iter().map(|b| b.runs).sum::<usize>(), 24);
        let runs = |s: &Spreads| s["pre_tax_return"].runs;
        let years: Vec<(i32, usize)> =
            by_year(&plan, &done).iter().map(|p| (p.of, runs(&p.uma_minus_sma))).collect();
        assert_eq!(years, [(2000, 6), (2001, 6), (2002, 6), (2003, 6)]);
        for axis in by_axis(&plan, &done) {
            assert_eq!(axis.settings.iter().map(|p| runs(&p.uma_minus_sma)).sum::<usize>(), 24);
        }
        assert!(spreads([]).is_empty() && distributions(&[]).is_empty());
    }
}
