//! Entries of `difference` in result files.

use super::row::{DifferenceRow, PathDifference};
use super::verdict::{Judged, verdict};
use unisleeve_numeric::mean;

/// A figure of a split.
type Figure = fn(&PathDifference) -> f64;

/// Entries of one run. `interval` is the 95% interval of the setup effect in dollars, where there is one.
pub fn one_run(
    differences: &[PathDifference],
    interval: &dyn Fn(&PathDifference) -> Option<[f64; 2]>,
) -> Vec<DifferenceRow<f64>> {
    let entry = |d: &PathDifference| entry(&[d], interval(d), &|values| values.first().copied());
    differences.iter().filter_map(entry).collect()
}

/// Entries over paths: one for each setup and ending of the first path that every path has. `statistics` turns
/// the figures by path into what is shown, and `interval` gives the 95% interval of a mean.
pub fn over_paths<T>(
    paths: &[&[PathDifference]],
    statistics: &dyn Fn(&[f64]) -> Option<T>,
    interval: &dyn Fn(&T) -> Option<[f64; 2]>,
) -> Vec<DifferenceRow<T>> {
    let Some(first) = paths.first() else { return Vec::new() };
    let of = |pattern: &PathDifference| {
        let like = |d: &&PathDifference| (d.against, d.ending) == (pattern.against, pattern.ending);
        let all = paths.iter().map(|p| p.iter().find(like)).collect::<Option<Vec<_>>>()?;
        let setups: Vec<f64> = all.iter().map(|d| d.setup().to_f64()).collect();
        entry(&all, interval(&statistics(&setups)?), statistics)
    };
    first.iter().filter_map(of).collect()
}

/// One entry from the splits of all paths, which share setup and ending.
fn entry<T>(
    all: &[&PathDifference],
    interval: Option<[f64; 2]>,
    statistics: &dyn Fn(&[f64]) -> Option<T>,
) -> Option<DifferenceRow<T>> {
    let PathDifference { against, ending, .. } = **all.first()?;
    let values = |of: Figure| all.iter().map(|d| of(d)).collect::<Vec<f64>>();
    let show = |of: Figure| statistics(&values(of));
    let average = |of: Figure| mean(&values(of)).unwrap_or(0.0);
    let judged = Judged {
        tax: average(|d| d.tax.to_f64()),
        fees: average(|d| d.fees.to_f64()),
        costs: average(|d| d.costs.to_f64()),
        cash: average(|d| d.cash.to_f64()),
        holdings: average(|d| d.holdings().to_f64()),
        interval,
    };
    let (verdict_code, verdict) = verdict(against, ending, &judged);
    Some(DifferenceRow {
        against,
        ending,
        total: show(|d| d.total.to_f64())?,
        setup: show(|d| d.setup().to_f64())?,
        tax: show(|d| d.tax.to_f64())?,
        fees: show(|d| d.fees.to_f64())?,
        costs: show(|d| d.costs.to_f64())?,
        cash: show(|d| d.cash.to_f64())?,
        classes: show(|d| d.classes.to_f64())?,
        names: show(|d| d.names.to_f64())?,
        unpaid: show(|d| d.unpaid.to_f64())?,
        risk: show(|d| d.risk.to_f64())?,
        bp_a_year: show(|d| d.bp_a_year)?,
        setup_interval: interval,
        verdict_code,
        verdict,
    })
}
