//! One run of a set of switches, as shown in files and on pages.

use chrono::NaiveDate;
use serde::Serialize;
use unisleeve_core::mandates::{Switch, Switches};
use unisleeve_core::study::compare::Figures;

/// What is held equal between two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Equal {
    /// Realized tracking error: UMA is matched to SMA.
    TrackingError,
    RiskAversion,
}

/// A run with its dates, switches and figures.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RunRow {
    /// First date of the run.
    pub start: NaiveDate,
    /// Last date of the run.
    pub end: NaiveDate,
    /// What the comparison holds equal.
    pub equal: Equal,
    /// Name of the set: `sma+wash`, ..., `uma`.
    pub name: String,
    /// Switches that are on, including those that can't act in this household.
    pub switches: Vec<Switch>,
    /// Whether the run reached the requested tracking error.
    pub matched: bool,
    /// Figures of the run.
    #[serde(flatten)]
    pub figures: Figures,
}

impl RunRow {
    /// Builds the row of a set of switches.
    pub(crate) fn new(
        (start, end): (NaiveDate, NaiveDate),
        equal: Equal,
        set: Switches,
        figures: Figures,
        matched: bool,
    ) -> Self {
        let switches = Switch::ALL.into_iter().filter(|x| set.has(*x)).collect();
        Self { start, end, equal, name: set.name(), switches, matched, figures }
    }
}
