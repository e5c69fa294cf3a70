//! A calibrated scenario and the source of its figures.

use chrono::NaiveDate;
use serde::Serialize;
use unisleeve_core::market::scenario::Scenario;

use crate::studies::fit::Fit;

/// Fewest sessions for a calibration: one year.
pub(super) const FEWEST_SESSIONS: usize = 252;

/// A scenario, and which of its figures were estimated from prices.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// First session used.
    pub from: NaiveDate,
    /// Last session used.
    pub to: NaiveDate,
    /// Number of sessions.
    pub sessions: usize,
    /// Number of stocks with at least a year of returns.
    pub stocks: usize,
    /// Estimated keys with their unrounded figures.
    pub estimated: Vec<(String, f64)>,
    /// Keys left at their defaults, each with the reason.
    pub kept: Vec<(String, String)>,
    /// Tests of fit of the distributions that the estimates assume.
    pub fit: Vec<Fit>,
    /// The default scenario with the estimates, rounded to three significant digits.
    pub scenario: Scenario,
}

impl Calibration {
    /// Records an estimate and returns it rounded.
    pub(super) fn take(&mut self, key: &str, x: f64) -> f64 {
        self.estimated.push((key.to_owned(), x));
        rounded(x)
    }

    /// Records a key that stays at its default.
    pub(super) fn keep(&mut self, key: &str, reason: &str) {
        self.kept.push((key.to_owned(), reason.to_owned()));
    }
}

/// Rounds to three significant digits.
pub(super) fn rounded(x: f64) -> f64 {
    format!("{x:.2e}").parse().unwrap_or(x)
}
