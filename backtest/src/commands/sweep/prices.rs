//! Prices of a sweep. Each distinct set of data files is read once.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use unisleeve_core::mandates::Config;
use unisleeve_core::market::Market;
use unisleeve_core::units::Fingerprint;

use super::plan::Plan;
use crate::args::Source;
use crate::failure::Failure;

/// The content of a set of data files.
#[derive(Debug)]
pub(super) struct Prices {
    /// Index among all sets.
    pub id: usize,
    pub market: Market,
    /// Groups of symbols that the files call substantially identical.
    pub identical: Vec<Vec<String>>,
    /// Symbols that the files exempt from the wash-sale rule.
    pub wash_exempt: Vec<String>,
}

/// All prices of a sweep.
#[derive(Debug)]
pub(super) struct AllPrices {
    sets: Vec<Prices>,
    /// Index of the set that each combination of settings uses.
    of: Vec<usize>,
    /// Caveats about the data, in sentences.
    pub notes: Vec<String>,
}

impl AllPrices {
    /// Reads the files of the configuration of every combination.
    pub(super) fn load(plan: &Plan, configs: &[Config], source: &Source) -> Result<Self, Failure> {
        let (mut known, mut all) =
            (BTreeMap::new(), Self { sets: Vec::new(), of: Vec::new(), notes: Vec::new() });
        for config in configs {
            let config = with_dates(config.clone(), plan);
            let key = key(&config);
            let at = if let Some(at) = known.get(&key) {
                *at
            } else {
                let (own, own_exempt) = (config.identical.len(), config.wash_exempt.len());
                let loaded = source.load_with(config)?;
                let identical = loaded.config.identical.into_iter().skip(own).collect();
                let wash_exempt = loaded.config.wash_exempt.into_iter().skip(own_exempt).collect();
                all.sets.push(Prices { id: all.sets.len(), market: loaded.market, identical, wash_exempt });
                for note in loaded.notes {
                    if !all.notes.contains(&note) {
                        all.notes.push(note);
                    }
                }
                known.insert(key, all.sets.len() - 1);
                all.sets.len() - 1
            };
            all.of.push(at);
        }
        Ok(all)
    }

    /// The prices of a combination.
    pub(super) fn of(&self, combination: usize) -> Option<&Prices> {
        self.sets.get(*self.of.get(combination)?)
    }

    /// SHA-256 of all sets.
    pub(super) fn hash(&self) -> String {
        if let [one] = self.sets.as_slice() {
            return one.market.hash().to_owned();
        }
        let mut hash = Fingerprint::default();
        self.sets.iter().for_each(|s| hash.bytes(s.market.hash().as_bytes()));
        hash.finish()
    }

    /// The last date that all sets reach.
    pub(super) fn last(&self) -> Option<NaiveDate> {
        self.sets.iter().filter_map(|s| s.market.dates().last().copied()).min()
    }
}

/// Widens the dates, so that the prices are read once for all start dates.
fn with_dates(mut config: Config, plan: &Plan) -> Config {
    if let Some(v) = plan.grid.vintages {
        config.start = v.from.unwrap_or(config.start);
        config.end = v.to.unwrap_or(config.end);
    }
    config
}

/// Everything that the market depends on.
fn key(config: &Config) -> String {
    let Some(data) = &config.data else { return "the sample".to_owned() };
    let since = config.policy.iter().filter_map(|s| s.since).min();
    let all = (config.start, config.end, since, config.risk.window, data, &config.columns);
    serde_json::to_string(&all).unwrap_or_default()
}
