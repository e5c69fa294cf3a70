//! The factor model of risk, estimated point in time from what a view shows. All variances are annual.
//!
//! Covariance of security returns = `G G' + diag(d)`: `G` (n × K) holds factor exposures times the root of the factor
//! covariance, `d` the specific variances. The factors are the first K principal components of daily total returns over
//! a rolling window (Connor and Korajczyk 1986), found by subspace iteration that starts from the date before's.

mod estimate;
mod given;
mod groups;
mod principal;
mod shrinkage;

pub(crate) use crate::market::root::{NoRoot, root};
pub use estimate::{Estimator, RiskGroups, RiskSettings};
pub use given::given;

/// Variance assumed where nobody has a history: a volatility of 30% a year.
const NO_HISTORY_VARIANCE: f64 = 0.09;

/// The upper median of variances, for who has none of its own.
fn median_or(mut known: Vec<f64>) -> f64 {
    known.sort_unstable_by(f64::total_cmp);
    known.get(known.len() / 2).copied().unwrap_or(NO_HISTORY_VARIANCE)
}

/// Exposures and specific variances of `n` securities, in the order of the universe asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RiskModel {
    /// Number of factors, K.
    pub factors: usize,
    /// `G`, row by row: `exposures[i * factors + k]`.
    pub exposures: Vec<f64>,
    /// `d`, above zero.
    pub specific: Vec<f64>,
}

impl RiskModel {
    /// Annual variance of a position: `active' (G G' + diag d) active`, with `active[i]` the weight of security `i`.
    pub fn variance(&self, active: &[f64]) -> f64 {
        let mut sum = 0.0;
        let mut k = 0;
        while k < self.factors {
            // Several exposures are summed side by side: each waits for its own last addition only.
            k += match self.factors - k {
                1 => self.add_squares::<1>(k, active, &mut sum),
                2 => self.add_squares::<2>(k, active, &mut sum),
                3 => self.add_squares::<3>(k, active, &mut sum),
                _ => self.add_squares::<4>(k, active, &mut sum),
            };
        }
        for (a, d) in active.iter().zip(&self.specific) {
            sum += a * a * d;
        }
        sum
    }

    /// Adds the squares of a position's exposures to `L` factors from `k` on; returns `L`.
    fn add_squares<const L: usize>(&self, k: usize, active: &[f64], sum: &mut f64) -> usize {
        let mut exposures = [0.0; L];
        for (a, row) in active.iter().zip(self.exposures.chunks_exact(self.factors)) {
            for (x, g) in exposures.iter_mut().zip(&row[k..k + L]) {
                *x += a * g;
            }
        }
        for x in exposures {
            *sum += x * x;
        }
        L
    }

    /// Annual variance of one security.
    pub fn variance_of(&self, at: usize) -> f64 {
        let mut sum = self.specific.get(at).copied().unwrap_or(0.0);
        for g in self.exposures.iter().skip(at * self.factors).take(self.factors) {
            sum += g * g;
        }
        sum
    }

    /// Annual tracking error ex ante: `sqrt(variance)`.
    pub fn tracking_error(&self, active: &[f64]) -> f64 {
        self.variance(active).sqrt()
    }
}
