//! One run of a set of switches, as files and pages show it.

use chrono::NaiveDate;
use serde::Serialize;
use unisleeve_core::mandates::{Switch, Switches};
use unisleeve_core::study::compare::Figures;

/// What is held equal between runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Equal {
    /// Realized tracking error: SMA's.
    TrackingError,
    /// Risk aversion.
    RiskAversion,
}

/// One run.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RunRow {
    /// First date.
    pub start: NaiveDate,
    /// Last date.
    pub end: NaiveDate,
    /// What is held equal.
    pub equal: Equal,
    /// `sma+wash`, ... , `uma`.
    pub name: String,
    /// Switches that are on; those that can't act count as on.
    pub switches: Vec<Switch>,
    /// Whether it has the tracking error asked for.
    pub matched: bool,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

impl RunRow {
    /// The row of a set of switches.
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
