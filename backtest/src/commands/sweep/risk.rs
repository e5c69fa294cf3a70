//! Risk models shared by runs. Runs that differ only in tax, trading terms or cash use the same model.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use unisleeve_core::engine::RiskTimeline;
use unisleeve_core::mandates::{ArmKind, Config, HouseholdConfig, Setup, TradingConfig};
use unisleeve_core::market::Market;
use unisleeve_core::study::{Bench, StudyError};

/// The risk models of the most recent markets, start dates and risk settings.
#[derive(Debug)]
pub(super) struct SharedRisk {
    kept: Mutex<VecDeque<(String, Arc<RiskTimeline>)>>,
    most: usize,
}

impl SharedRisk {
    /// Makes room for one model per thread and two more. Each thread may be at another start date.
    pub(super) fn new(threads: usize) -> Self {
        Self { kept: Mutex::new(VecDeque::new()), most: threads + 2 }
    }

    /// The bench of a run. `prices` identifies the market.
    pub(super) fn bench(
        &self,
        config: &Config,
        prices: usize,
        market: Market,
        mut setups: Vec<Setup>,
    ) -> Result<Bench, StudyError> {
        let key = key(config, prices, &setups);
        let known = {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.iter().find(|(k, _)| *k == key).map(|(_, timeline)| Arc::clone(timeline))
        };
        if let Some(timeline) = known {
            // Estimate the models of the shadow portfolio's few funds only, which is quick. Then replace them
            // with the shared models.
            let all = setups.clone();
            setups.retain(|s| s.kind == ArmKind::Shadow);
            let bench = Bench::new(config, market, setups, &mut |_| ())?;
            return Ok(Bench { setups: all, timeline: RiskTimeline::clone(&timeline), ..bench });
        }
        let bench = Bench::new(config, market, setups, &mut |_| ())?;
        let timeline = Arc::new(bench.timeline.clone());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((key, timeline));
        if kept.len() > self.most {
            kept.pop_front();
        }
        drop(kept);
        Ok(bench)
    }
}

/// Key with everything that the risk models depend on. It contains a few more fields, which can only prevent
/// sharing.
fn key(config: &Config, prices: usize, setups: &[Setup]) -> String {
    let household = HouseholdConfig {
        accounts: config.household.accounts.clone(),
        lots: config.household.lots.clone(),
        ..HouseholdConfig::default()
    };
    let what = Config {
        household,
        trading: TradingConfig { cadence: config.trading.cadence, ..TradingConfig::default() },
        seed: 0,
        tax: unisleeve_core::mandates::TaxConfig::default(),
        ending: unisleeve_core::mandates::EndingConfig::default(),
        sma: unisleeve_core::mandates::SmaConfig::default(),
        fees: unisleeve_core::mandates::FeesConfig::default(),
        workload: unisleeve_core::mandates::WorkloadConfig::default(),
        ..config.clone()
    };
    let arms: Vec<&str> = setups.iter().map(|s| s.kind.as_str()).collect();
    format!("{prices} {arms:?} {}", serde_json::to_string(&what).unwrap_or_default())
}
