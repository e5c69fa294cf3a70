//! The variance of a security without one.

use unisleeve_numeric::median;

/// Variance assumed where no security has a history: a volatility of 30% a year.
pub(super) const NO_HISTORY_VARIANCE: f64 = 0.09;

/// The median of known variances, for securities without one.
pub(super) fn median_or(known: Vec<f64>) -> f64 {
    median(known).unwrap_or(NO_HISTORY_VARIANCE)
}
