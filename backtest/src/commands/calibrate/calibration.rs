//! A calibrated scenario, and where its figures come from.

use chrono::NaiveDate;
use serde::Serialize;
use unisleeve_core::market::scenario::Scenario;

use crate::studies::fit::Fit;

/// Fewest sessions that a calibration rests on: a year.
pub(super) const FEWEST_SESSIONS: usize = 252;

/// A scenario, and which of its figures the prices gave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// First and last session used.
    pub from: NaiveDate,
    /// Last session used.
    pub to: NaiveDate,
    /// Sessions.
    pub sessions: usize,
    /// Stocks with a year of returns or more.
    pub stocks: usize,
    /// Keys that were estimated, with the unrounded figures.
    pub estimated: Vec<(String, f64)>,
    /// Keys left at their defaults, each with the reason.
    pub kept: Vec<(String, String)>,
    /// Tests of fit of what the estimates assume.
    pub fit: Vec<Fit>,
    /// The default scenario with the estimates, rounded to three significant digits.
    pub scenario: Scenario,
}

impl Calibration {
    /// Notes an estimate and gives it rounded.
    pub(super) fn take(&mut self, key: &str, x: f64) -> f64 {
        self.estimated.push((key.to_owned(), x));
        rounded(x)
    }

    /// Notes a key that stays at its default.
    pub(super) fn keep(&mut self, key: &str, reason: &str) {
        self.kept.push((key.to_owned(), reason.to_owned()));
    }
}

/// Three significant digits.
pub(super) fn rounded(x: f64) -> f64 {
    format!("{x:.2e}").parse().unwrap_or(x)
}
