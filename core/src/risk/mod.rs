//! The factor model of risk, estimated point in time from what a view shows. All variances are annual.
//!
//! Covariance of security returns = `G G' + diag(d)`: `G` (n × K) holds factor exposures times the root of the factor
//! covariance, `d` the specific variances. The factors are the first K principal components of daily total returns over
//! a rolling window (Connor and Korajczyk 1986), found by subspace iteration that starts from the date before's.

mod estimate;
mod principal;

pub use estimate::{Estimator, RiskSettings};

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
        for k in 0..self.factors {
            let mut exposure = 0.0;
            for (i, a) in active.iter().enumerate() {
                exposure += a * self.exposures[i * self.factors + k];
            }
            sum += exposure * exposure;
        }
        for (a, d) in active.iter().zip(&self.specific) {
            sum += a * a * d;
        }
        sum
    }

    /// Annual tracking error ex ante: `sqrt(variance)`.
    pub fn tracking_error(&self, active: &[f64]) -> f64 {
        self.variance(active).sqrt()
    }
}
