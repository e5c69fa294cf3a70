//! Estimation from a rolling window of daily total returns.

use serde::{Deserialize, Serialize};

use super::RiskModel;
use super::principal::{Subspace, loadings};
use crate::market::View;
use crate::units::SecurityId;

/// How the risk model is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RiskSettings {
    /// Sessions in the rolling window.
    pub window: usize,
    /// Statistical factors at most.
    pub factors: usize,
}

impl Default for RiskSettings {
    fn default() -> Self {
        Self { window: 504, factors: 6 }
    }
}

/// Sessions in a year.
const SESSIONS_A_YEAR: f64 = 252.0;
/// A security seen for fewer sessions than this gets no exposures and the median of the others' variances.
const MIN_HISTORY: usize = 20;
/// Sessions of which at least one must have moved a price that is missing today, for it to count as alive.
const RECENT: usize = 10;
/// Variance assumed where nobody has a history: a volatility of 30% a year.
const NO_HISTORY_VARIANCE: f64 = 0.09;
/// A security keeps at least this part of its variance as its own: a window can't show that two are one.
const MIN_SPECIFIC: f64 = 0.005;
/// Specific variance that even a riskless price keeps, so that the optimiser's problem stays strictly convex.
const FLOOR: f64 = 1e-8;

/// Estimates models of one universe date after date.
#[derive(Debug, Clone)]
pub struct Estimator<'a> {
    universe: &'a [SecurityId],
    settings: RiskSettings,
    subspace: Subspace,
}

impl<'a> Estimator<'a> {
    /// For a universe.
    pub fn new(universe: &'a [SecurityId], settings: RiskSettings) -> Self {
        Self { universe, settings, subspace: Subspace::default() }
    }

    /// The model from the sessions up to the view's. The search for factors starts from those of the call before.
    /// Those that are not `listed` yet have no part in it: who will join an index is not known before.
    pub fn estimate(&mut self, view: &View<'_>, listed: &dyn Fn(SecurityId) -> bool) -> RiskModel {
        let n = self.universe.len();
        let length = self.settings.window.min(view.known_sessions() - 1);
        // Returns session by session, the latest first; zero where a price is missing.
        let mut table = vec![0.0; length * n];
        let mut count = vec![0usize; n];
        let mut sum = vec![0.0; n];
        // A price that is not there today and has not moved lately has ended.
        let mut alive: Vec<bool> = self.universe.iter().map(|s| view.close(*s).is_some()).collect();
        for (t, row) in table.chunks_exact_mut(n.max(1)).enumerate() {
            for (i, s) in self.universe.iter().enumerate() {
                if let Some(r) = view.total_return(*s, t) {
                    row[i] = r;
                    count[i] += 1;
                    sum[i] += r;
                    alive[i] |= t < RECENT && r != 0.0;
                }
            }
        }
        let seen: Vec<bool> =
            (0..n).map(|i| count[i] >= MIN_HISTORY && alive[i] && listed(self.universe[i])).collect();
        // What is left of each security: daily returns about their mean, scaled so that their squares add up to a year's variance.
        let mut total = vec![0.0; n];
        for (t, row) in table.chunks_exact_mut(n.max(1)).enumerate() {
            for i in 0..n {
                row[i] = if seen[i] && t < count[i] {
                    let scale = (SESSIONS_A_YEAR / (count[i] - 1) as f64).sqrt();
                    (row[i] - sum[i] / count[i] as f64) * scale
                } else {
                    0.0
                };
                total[i] += row[i] * row[i];
            }
        }
        let mut known: Vec<f64> = (0..n).filter(|i| seen[*i]).map(|i| total[i]).collect();
        known.sort_by(f64::total_cmp);
        let typical = known.get(known.len() / 2).copied().unwrap_or(NO_HISTORY_VARIANCE);
        let factors = if known.is_empty() { 0 } else { self.settings.factors.min(known.len() / 2) };
        let exposures = loadings(&table, n, factors, &mut self.subspace);
        let specific = (0..n)
            .map(|i| {
                if !seen[i] {
                    return if typical > FLOOR { typical } else { FLOOR };
                }
                let common: f64 = exposures[i * factors..(i + 1) * factors].iter().map(|g| g * g).sum();
                let least = if MIN_SPECIFIC * total[i] > FLOOR { MIN_SPECIFIC * total[i] } else { FLOOR };
                if total[i] - common > least { total[i] - common } else { least }
            })
            .collect();
        RiskModel { factors, exposures, specific }
    }
}
