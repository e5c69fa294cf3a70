//! The factor model of risk, estimated point in time from what a view shows. All variances are annual.
//!
//! Covariance of security returns = `G G' + diag(d)`: `G` (n × K) holds factor exposures times the root of the factor
//! covariance, `d` the specific variances. The factors are the first K principal components of daily total returns over
//! a rolling window (Connor and Korajczyk 1986), found by subspace iteration that starts from the date before's.

use unisleeve_numeric::median;

mod estimate;
mod given;
mod groups;
mod shrinkage;

pub use estimate::{Estimator, RiskGroups, RiskSettings};
pub use given::given;

/// Variance assumed where nobody has a history: a volatility of 30% a year.
const NO_HISTORY_VARIANCE: f64 = 0.09;

/// The median of variances, for a name that has none of its own.
fn median_or(known: Vec<f64>) -> f64 {
    median(known).unwrap_or(NO_HISTORY_VARIANCE)
}
