//! Risk models by date, estimated once and shared by all arms.

use chrono::NaiveDate;

use super::is_rebalancing;
use unisleeve_mandates::{Cadence, TradingConfig};
use unisleeve_market::Market;
use unisleeve_market::risk::{Estimator, RiskSettings, given};
use unisleeve_numeric::RiskModel;
use unisleeve_units::SecurityId;

/// The risk model of each rebalancing day, from what was known at its close.
#[derive(Debug, Clone)]
pub struct RiskTimeline {
    /// Securities of the models.
    pub universe: Vec<SecurityId>,
    /// Position of each security of the market in the universe.
    pub places: Vec<Option<u32>>,
    models: Vec<(NaiveDate, RiskModel)>,
}

impl RiskTimeline {
    /// Estimates all models of a run, each from what its day's orders may rest on.
    pub fn new(
        market: &Market,
        universe: Vec<SecurityId>,
        (start, end): (NaiveDate, NaiveDate),
        trading: &TradingConfig,
        settings: RiskSettings,
    ) -> Self {
        // Prices of a day or a week say little about risk that a month's do not. Where a month is one price, a year's twelve say
        // little beside five years': a company listed since then has no exposures yet either way.
        let cadence = match trading.cadence {
            Cadence::Yearly => Cadence::Yearly,
            _ if market.sessions_a_year() <= 12.0 => Cadence::Yearly,
            Cadence::Quarterly => Cadence::Quarterly,
            Cadence::Daily | Cadence::Weekly | Cadence::Monthly | Cadence::Never => Cadence::Monthly,
        };
        let mut places = vec![None; market.securities().len()];
        for (at, s) in universe.iter().enumerate() {
            if let Some(place) = places.get_mut(s.index()) {
                *place = Some(at as u32);
            }
        }
        let (mut models, mut previous) = (Vec::new(), None);
        let mut estimator = Estimator::new(&universe, settings);
        let listed_from = market.listed_from();
        for view in market.sessions(start, end) {
            if is_rebalancing(cadence, previous, view.date()) {
                let known = trading.execution.known(&view);
                let is_listed =
                    |s: SecurityId| listed_from.get(s.index()).is_some_and(|f| *f < known.known_sessions());
                let model =
                    given(&known, &universe).unwrap_or_else(|| estimator.estimate(&known, &is_listed));
                models.push((view.date(), model));
            }
            previous = Some(view.date());
        }
        Self { universe, places, models }
    }

    /// The latest model known on a date; none before the run's first session.
    pub fn at(&self, date: NaiveDate) -> Option<&RiskModel> {
        let after = self.models.partition_point(|(d, _)| *d <= date);
        after.checked_sub(1).map(|i| &self.models[i].1)
    }
}
