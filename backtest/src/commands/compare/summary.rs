//! The content of `summary.json`.

use serde::Serialize;
use unisleeve_core::mandates::Switch;

use super::practice::BetterPracticeWorth;
use super::worth::{Work, Worth};
use crate::studies::run_row::RunRow;

/// The command's result.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CompareSummary {
    pub version: &'static str,
    pub seed: u64,
    pub config_hash: String,
    pub data_hash: String,
    /// Order of the switches in the ladder and in the values.
    pub switches: [Switch; 7],
    /// Switches that have an effect in this household.
    pub acting: Vec<Switch>,
    pub start_dates: usize,
    /// From typical to the best practice of separate managers, habit by habit; by ending.
    pub better_practice: Vec<BetterPracticeWorth>,
    /// From the best practice to UMA: the worth of each switch, by what is held equal and by figure.
    pub worth: Vec<Worth>,
    /// Work in each setup, summed over all start dates.
    pub workload: Vec<Work>,
    pub assumptions: Vec<String>,
    pub runs: Vec<RunRow>,
}
