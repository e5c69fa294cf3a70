//! Risk models that runs share: those that differ in tax, trading terms or cash only are estimated once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use unisleeve_core::engine::RiskTimeline;
use unisleeve_core::mandates::{ArmKind, Config, HouseholdConfig, Setup, TradingConfig};
use unisleeve_core::market::Market;
use unisleeve_core::study::{Bench, StudyError};

/// The models of the last few markets, start dates and risk settings.
#[derive(Debug)]
pub(super) struct SharedRisk {
    kept: Mutex<VecDeque<(String, Arc<RiskTimeline>)>>,
    most: usize,
}

impl SharedRisk {
    /// Room for as many threads, each at a start date of its own.
    pub(super) fn new(threads: usize) -> Self {
        Self { kept: Mutex::new(VecDeque::new()), most: threads + 2 }
    }

    /// The bench of a run; `prices` tells markets apart.
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
            // The shadow portfolio's few funds alone are quickly estimated; what is known takes their place.
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

/// All that risk models follow from, and a little more.
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
