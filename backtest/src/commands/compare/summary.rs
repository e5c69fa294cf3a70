//! The content of `summary.json`.

use serde::Serialize;
use unisleeve_core::mandates::Switch;

use super::worth::{Work, Worth};
use crate::studies::run_row::RunRow;

/// The command's result.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CompareSummary {
    pub version: &'static str,
    pub seed: u64,
    pub config_hash: String,
    pub data_hash: String,
    /// Order of ladder and values.
    pub switches: [Switch; 7],
    /// Switches that can act in this household.
    pub acting: Vec<Switch>,
    pub start_dates: usize,
    /// What each switch is worth, by what is held equal and by figure.
    pub worth: Vec<Worth>,
    /// Work in each setup, totals over all start dates.
    pub workload: Vec<Work>,
    pub assumptions: Vec<String>,
    pub runs: Vec<RunRow>,
}
