//! Simulates many futures, one path at a time, so that the caller can stop, show intermediate results, and
//! split the paths among workers.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use serde_json::Value;
use unisleeve_core::market::Market;
use unisleeve_core::market::scenario::PRESETS;
use unisleeve_core::study::Bench;
use unisleeve_core::study::simulate::{self, Matching, PathResult, Round, SimulateError, SimulationSummary};

use crate::config::read;
use crate::convert::{Outcome, lines};

/// Runs paths of one configuration and collects results, including those that other workers ran.
#[derive(Debug)]
pub struct Simulator {
    inner: simulate::Simulator,
    done: BTreeMap<u64, PathResult>,
    matching: Option<Matching>,
    /// Shared set-up of the paths on which UMA's risk aversion is set. Each of these paths runs several
    /// times.
    benches: BTreeMap<u64, Bench>,
}

/// Returns the name and description of each named scenario.
pub fn presets() -> Vec<(&'static str, &'static str)> {
    PRESETS.iter().map(|p| (p.name, p.about)).collect()
}

impl Simulator {
    /// Creates a simulator for a configuration. `real` holds the prices that a bootstrap draws from.
    ///
    /// # Errors
    /// Returns a sentence. An invalid configuration returns one line for each fault.
    pub fn new(config: &Value, real: Option<Arc<Market>>) -> Result<Self, String> {
        let config = read(config)?;
        let inner = simulate::Simulator::new(&config, real).map_err(|e| sentences(&e))?;
        let matching = inner.matching();
        Ok(Self { inner, done: BTreeMap::new(), matching, benches: BTreeMap::new() })
    }

    /// Sets UMA's risk aversion so that it matches SMA's tracking error, if the configuration asks for it,
    /// and returns it.
    ///
    /// # Errors
    /// Returns a sentence when a run fails.
    pub fn match_tracking_error(&mut self) -> Result<f64, String> {
        while let Some(round) = self.matching.as_ref().and_then(Matching::round) {
            let run = |path| self.tracking_error(path, round.arm, round.risk_aversion);
            let errors = (0..round.paths).map(run).collect::<Result<Vec<_>, _>>()?;
            self.take(&errors)?;
        }
        self.benches.clear();
        Ok(self.inner.uma_risk_aversion())
    }

    /// Returns the next runs in the search for UMA's risk aversion, or `None` when the search is over.
    pub fn round(&self) -> Option<Round> {
        self.matching.as_ref().and_then(Matching::round)
    }

    /// Returns the realized tracking error of a round's arm on a path, or `None` where it is undefined.
    ///
    /// # Errors
    /// Returns a sentence when the risk aversion is invalid, or when the market or the run fails.
    pub fn tracking_error(&mut self, path: u64, arm: &str, gamma: f64) -> Result<Option<f64>, String> {
        check(gamma)?;
        let bench = match self.benches.entry(path) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(none) => none.insert(self.inner.bench(path).map_err(|e| sentences(&e))?),
        };
        self.inner.tracking_error(bench, path, arm, gamma).map_err(|e| sentences(&e))
    }

    /// Passes the tracking errors of a round to the search, in the order of the paths.
    ///
    /// # Errors
    /// Returns a sentence when the search is over or the count differs from the round's number of paths.
    pub fn take(&mut self, errors: &[Option<f64>]) -> Result<(), String> {
        let matching = self.matching.as_mut();
        let Some((matching, round)) = matching.and_then(|m| m.round().map(|r| (m, r))) else {
            return Err("The search for the risk aversion is over.".to_owned());
        };
        if errors.len() as u64 != round.paths {
            return Err(format!("{} tracking errors: expected {}.", errors.len(), round.paths));
        }
        matching.take(errors);
        self.inner.set_uma_risk_aversion(matching.risk_aversion());
        Ok(())
    }

    /// Returns the current risk aversion of UMA.
    pub fn uma_risk_aversion(&self) -> f64 {
        self.inner.uma_risk_aversion()
    }

    /// Sets UMA's risk aversion to a value found before.
    ///
    /// # Errors
    /// Returns a sentence when the value is not a valid risk aversion.
    pub fn set_uma_risk_aversion(&mut self, gamma: f64) -> Result<(), String> {
        check(gamma)?;
        self.benches.clear();
        self.inner.set_uma_risk_aversion(gamma);
        Ok(())
    }

    /// Runs one path and returns its figures encoded as integers.
    ///
    /// # Errors
    /// Returns a sentence when the market or a run fails.
    pub fn run(&self, path: u64) -> Result<Vec<i64>, String> {
        self.inner.path(path).map(|p| p.words()).map_err(|e| sentences(&e))
    }

    /// Runs one path and keeps the full result.
    ///
    /// # Errors
    /// Returns a sentence when the market or a run fails.
    pub fn study(&self, path: u64) -> Result<Outcome, String> {
        let study = self.inner.study(path).map_err(|e| sentences(&e))?;
        Ok(Outcome::new(study, self.inner.config()))
    }

    /// Adds a path's figures. They replace earlier figures of the same path.
    ///
    /// # Errors
    /// Returns a sentence when the integers do not encode a path.
    pub fn add(&mut self, words: &[i64]) -> Result<(), String> {
        let path = PathResult::from_words(words)
            .ok_or("The figures can't be read: they are not those of a path.")?;
        self.done.insert(path.path, path);
        Ok(())
    }

    /// Returns the figures of the paths collected so far.
    pub fn summary(&self) -> SimulationSummary {
        let paths: Vec<PathResult> = self.done.values().cloned().collect();
        self.inner.summary(&paths)
    }
}

fn check(gamma: f64) -> Result<(), String> {
    if (1e-9..=1e12).contains(&gamma) {
        Ok(())
    } else {
        Err(format!("{gamma}: expected a risk aversion above zero."))
    }
}

fn sentences(error: &SimulateError) -> String {
    match error {
        SimulateError::Config { faults } => lines(faults),
        SimulateError::Market { error, .. } => format!("The prices of a future can't be made: {error}."),
        SimulateError::Run { path, error } => format!("Future {path} stopped: {error}."),
    }
}
