//! The factor risk model, estimated from what a view shows. All variances are annual.
//!
//! The covariance of security returns is `G G' + diag(d)`. `G` (n × K) holds factor exposures times a root of
//! the factor covariance; `d` holds the specific variances. The statistical factors are the first K principal
//! components of total returns by session over a rolling window (Connor and Korajczyk 1986), found by
//! subspace iteration that starts from the previous date's factors. [`RiskGroups`] puts named factors before
//! them.

use unisleeve_numeric::median;

mod estimate;
mod given;
mod groups;
mod shrinkage;

pub use estimate::{Estimator, RiskGroups, RiskSettings};
pub use given::given;

/// Variance assumed where no security has a history: a volatility of 30% a year.
const NO_HISTORY_VARIANCE: f64 = 0.09;

/// The median of known variances, for securities without one.
fn median_or(known: Vec<f64>) -> f64 {
    median(known).unwrap_or(NO_HISTORY_VARIANCE)
}
