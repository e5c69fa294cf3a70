//! How a figure spreads over start dates.

use serde::Serialize;

/// The distribution of a paired difference over start dates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Spread {
    /// Mean.
    pub mean: f64,
    /// Median.
    pub median: f64,
    /// Smallest value.
    pub low: f64,
    /// Largest value.
    pub high: f64,
    /// Fraction of the start dates at which it is above zero.
    pub ahead: f64,
}

impl Spread {
    pub(super) fn of(values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = (*sorted.first()?, *sorted.last()?);
        let n = sorted.len();
        let median = if n % 2 == 1 { sorted[n / 2] } else { 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]) };
        let ahead = values.iter().filter(|x| **x > 0.0).count() as f64 / n as f64;
        Some(Self { mean: values.iter().sum::<f64>() / n as f64, median, low, high, ahead })
    }
}
