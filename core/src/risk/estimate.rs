//! Estimation from a rolling window of daily total returns.

use serde::{Deserialize, Serialize};

use super::RiskModel;
use super::principal::scaled_eigenvectors;
use crate::market::View;
use crate::units::SecurityId;

/// How the risk model is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
/// Variance assumed where nobody has a history: a volatility of 30% a year.
const NO_HISTORY_VARIANCE: f64 = 0.09;
/// A security keeps at least this part of its variance as its own: a window can't show that two are one.
const MIN_SPECIFIC: f64 = 0.005;
/// Specific variance that even a riskless price keeps, so that the optimiser's problem stays strictly convex.
const FLOOR: f64 = 1e-8;

/// `X' X` of the rows of `returns`, each entry summed row after row. Only one half is summed, four rows in one go: what would
/// take the time is fetching and storing the matrix for each row.
fn products(returns: &[f64], n: usize) -> Vec<f64> {
    let mut sums = vec![0.0; n * n];
    let blocks = returns.chunks_exact(4 * n.max(1));
    let rest = blocks.remainder();
    for block in blocks {
        let (first, others) = block.split_at(n);
        let (second, others) = others.split_at(n);
        let (third, fourth) = others.split_at(n);
        for i in 0..n {
            let (a, b, c, d) = (first[i], second[i], third[i], fourth[i]);
            let rows = first[i..].iter().zip(&second[i..]).zip(third[i..].iter().zip(&fourth[i..]));
            for (sum, ((w, x), (y, z))) in sums[i * n + i..(i + 1) * n].iter_mut().zip(rows) {
                *sum = *sum + a * w + b * x + c * y + d * z;
            }
        }
    }
    for row in rest.chunks_exact(n.max(1)) {
        for i in 0..n {
            for (sum, y) in sums[i * n + i..(i + 1) * n].iter_mut().zip(&row[i..]) {
                *sum += row[i] * y;
            }
        }
    }
    for i in 0..n {
        for j in 0..i {
            sums[i * n + j] = sums[j * n + i];
        }
    }
    sums
}

/// Estimates the model of `universe` from the sessions up to the view's.
pub fn estimate(view: &View<'_>, universe: &[SecurityId], settings: RiskSettings) -> RiskModel {
    let n = universe.len();
    let length = settings.window.min(view.known_sessions() - 1);
    // Returns session by session; none where a price is missing.
    let mut returns = vec![0.0; length * n];
    let mut count = vec![0usize; n];
    let mut sum = vec![0.0; n];
    for t in 0..length {
        for (i, s) in universe.iter().enumerate() {
            if let Some(r) = view.total_return(*s, t) {
                returns[t * n + i] = r;
                count[i] += 1;
                sum[i] += r;
            }
        }
    }
    for i in 0..n {
        let mean = if count[i] > 0 { sum[i] / count[i] as f64 } else { 0.0 };
        for (t, row) in returns.chunks_exact_mut(n).enumerate() {
            row[i] = if t < count[i] { row[i] - mean } else { 0.0 };
        }
    }
    let mut covariance = products(&returns, n);
    let seen: Vec<bool> = count.iter().map(|c| *c >= MIN_HISTORY).collect();
    for i in 0..n {
        for j in 0..n {
            let observations = count[i].min(count[j]);
            covariance[i * n + j] *=
                if seen[i] && seen[j] { SESSIONS_A_YEAR / (observations - 1) as f64 } else { 0.0 };
        }
    }
    let mut known: Vec<f64> = (0..n).filter(|i| seen[*i]).map(|i| covariance[i * n + i]).collect();
    known.sort_by(f64::total_cmp);
    let typical = known.get(known.len() / 2).copied().unwrap_or(NO_HISTORY_VARIANCE);
    let factors = if known.is_empty() { 0 } else { settings.factors.min(known.len() / 2) };
    let exposures = scaled_eigenvectors(&covariance, n, factors);
    let specific = (0..n)
        .map(|i| {
            if !seen[i] {
                return if typical > FLOOR { typical } else { FLOOR };
            }
            let total = covariance[i * n + i];
            let common: f64 = exposures[i * factors..(i + 1) * factors].iter().map(|g| g * g).sum();
            let least = if MIN_SPECIFIC * total > FLOOR { MIN_SPECIFIC * total } else { FLOOR };
            if total - common > least { total - common } else { least }
        })
        .collect();
    RiskModel { factors, exposures, specific }
}
