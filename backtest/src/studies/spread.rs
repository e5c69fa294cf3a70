//! The distribution of a paired difference over runs: median, range and count above zero.

use serde::Serialize;

/// Median, range and count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Spread {
    /// Number of runs in which the difference is defined.
    pub runs: usize,
    pub median: f64,
    pub least: f64,
    pub most: f64,
    /// Number of runs in which the difference is above zero, so that UMA's figure is higher.
    #[serde(rename = "uma_higher")]
    pub above_zero: usize,
}

impl Spread {
    /// Summarizes the runs' differences; `None` without any.
    pub(crate) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (runs, half) = (values.len(), values.len() / 2);
        let (least, most, middle) = (*values.first()?, *values.last()?, values[half]);
        let median = if runs % 2 == 1 { middle } else { 0.5 * (values[half - 1] + middle) };
        Some(Self { runs, median, least, most, above_zero: values.iter().filter(|x| **x > 0.0).count() })
    }
}
