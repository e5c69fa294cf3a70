//! Risk models by date, estimated once and shared by all arms.

use chrono::NaiveDate;

use super::is_rebalancing;
use crate::market::Market;
use crate::risk::{RiskModel, RiskSettings, estimate};
use crate::setup::Cadence;
use crate::units::SecurityId;

/// The risk model of each rebalancing day, from what was known at its close.
#[derive(Debug, Clone)]
pub struct RiskTimeline {
    /// Securities of the models.
    pub universe: Vec<SecurityId>,
    models: Vec<(NaiveDate, RiskModel)>,
}

impl RiskTimeline {
    /// Estimates all models of a run.
    pub fn new(
        market: &Market,
        universe: Vec<SecurityId>,
        (start, end): (NaiveDate, NaiveDate),
        cadence: Cadence,
        settings: RiskSettings,
    ) -> Self {
        let (mut models, mut previous) = (Vec::new(), None);
        for view in market.sessions(start, end) {
            if is_rebalancing(cadence, previous, view.date()) {
                models.push((view.date(), estimate(&view, &universe, settings)));
            }
            previous = Some(view.date());
        }
        Self { universe, models }
    }

    /// The latest model known on a date; none before the run's first session.
    pub fn at(&self, date: NaiveDate) -> Option<&RiskModel> {
        let after = self.models.partition_point(|(d, _)| *d <= date);
        after.checked_sub(1).map(|i| &self.models[i].1)
    }
}
