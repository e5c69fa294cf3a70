//! Risk models by date, made once and shared by all arms.

use chrono::NaiveDate;

use super::is_rebalancing;
use unisleeve_mandates::{Cadence, TradingConfig};
use unisleeve_market::Market;
use unisleeve_market::risk::{Estimator, RiskSettings, RiskSource, given, simulated};
use unisleeve_numeric::RiskModel;
use unisleeve_units::SecurityId;

/// Risk models of a run. Each is estimated from what orders of its date may be based on, except that of a
/// scenario, which holds throughout.
#[derive(Debug, Clone)]
pub struct RiskTimeline {
    /// Securities of the models, in their order.
    pub universe: Vec<SecurityId>,
    /// For each security of the market, its index in `universe`.
    pub places: Vec<Option<u32>>,
    models: Vec<(NaiveDate, RiskModel)>,
}

impl RiskTimeline {
    /// Makes all models of a run over `universe`, from `start` to `end`. Models given in files are used instead
    /// of estimates. They are renewed at most monthly and at least yearly. With the scenario as their source
    /// there is one for the whole run; setups without a simulated market are refused before.
    pub fn new(
        market: &Market,
        universe: Vec<SecurityId>,
        (start, end): (NaiveDate, NaiveDate),
        trading: &TradingConfig,
        settings: RiskSettings,
    ) -> Self {
        // Daily or weekly prices say little about risk that monthly estimates do not. With monthly prices,
        // the twelve prices of a year say little in addition to five years of them; a company listed within
        // the year has no exposures either way.
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
        if settings.source == RiskSource::Scenario
            && let Some(model) = simulated(market, &universe)
        {
            return Self { universe, places, models: vec![(start, model)] };
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

    /// The model in force on a date; `None` before the first session of the run.
    pub fn at(&self, date: NaiveDate) -> Option<&RiskModel> {
        let after = self.models.partition_point(|(d, _)| *d <= date);
        after.checked_sub(1).map(|i| &self.models[i].1)
    }
}
