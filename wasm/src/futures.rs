//! Many futures: a simulator that runs one path at a time, so that whoever calls can stop, show what is done, and share paths
//! among workers.

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

/// Runs the paths of one configuration, and collects those of others.
#[derive(Debug)]
pub struct Simulator {
    inner: simulate::Simulator,
    done: BTreeMap<u64, PathResult>,
    matching: Option<Matching>,
    /// Of the paths on which UMA's risk aversion is set: each is run several times.
    benches: BTreeMap<u64, Bench>,
}

/// Named scenarios and what they are.
pub fn presets() -> Vec<(&'static str, &'static str)> {
    PRESETS.iter().map(|p| (p.name, p.about)).collect()
}

impl Simulator {
    /// Of a configuration. `real` holds the prices that a bootstrap draws from.
    ///
    /// # Errors
    /// A sentence; for a configuration with faults one line for each of them.
    pub fn new(config: &Value, real: Option<Arc<Market>>) -> Result<Self, String> {
        let config = read(config)?;
        let inner = simulate::Simulator::new(&config, real).map_err(|e| sentences(&e))?;
        let matching = inner.matching();
        Ok(Self { inner, done: BTreeMap::new(), matching, benches: BTreeMap::new() })
    }

    /// Sets UMA's risk aversion to SMA's tracking error, where the configuration asks for it; returns it.
    ///
    /// # Errors
    /// A sentence, when a run fails.
    pub fn match_tracking_error(&mut self) -> Result<f64, String> {
        while let Some(round) = self.matching.as_ref().and_then(Matching::round) {
            let run = |path| self.tracking_error(path, round.arm, round.risk_aversion);
            let errors = (0..round.paths).map(run).collect::<Result<Vec<_>, _>>()?;
            self.take(&errors)?;
        }
        self.benches.clear();
        Ok(self.inner.uma_risk_aversion())
    }

    /// The runs that the search for UMA's risk aversion asks for next; none when it is over.
    pub fn round(&self) -> Option<Round> {
        self.matching.as_ref().and_then(Matching::round)
    }

    /// Realised tracking error of a round's arm on a path; none where it has none.
    ///
    /// # Errors
    /// A sentence, when its market or the run fails.
    pub fn tracking_error(&mut self, path: u64, arm: &str, gamma: f64) -> Result<Option<f64>, String> {
        check(gamma)?;
        let bench = match self.benches.entry(path) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(none) => none.insert(self.inner.bench(path).map_err(|e| sentences(&e))?),
        };
        self.inner.tracking_error(bench, path, arm, gamma).map_err(|e| sentences(&e))
    }

    /// Takes the tracking errors of a round, in the order of the paths.
    ///
    /// # Errors
    /// A sentence, when they are not as many as the round has paths.
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

    /// UMA's risk aversion as it stands.
    pub fn uma_risk_aversion(&self) -> f64 {
        self.inner.uma_risk_aversion()
    }

    /// Sets UMA's risk aversion to one found before.
    ///
    /// # Errors
    /// A sentence, when it is none.
    pub fn set_uma_risk_aversion(&mut self, gamma: f64) -> Result<(), String> {
        check(gamma)?;
        self.benches.clear();
        self.inner.set_uma_risk_aversion(gamma);
        Ok(())
    }

    /// Runs one path; its figures as words.
    ///
    /// # Errors
    /// A sentence, when its market or a run fails.
    pub fn run(&self, path: u64) -> Result<Vec<i64>, String> {
        self.inner.path(path).map(|p| p.words()).map_err(|e| sentences(&e))
    }

    /// Runs one path and keeps all of it.
    ///
    /// # Errors
    /// A sentence, when its market or a run fails.
    pub fn study(&self, path: u64) -> Result<Outcome, String> {
        let study = self.inner.study(path).map_err(|e| sentences(&e))?;
        Ok(Outcome::new(study, self.inner.config()))
    }

    /// Collects a path's figures; a path that is there already is replaced.
    ///
    /// # Errors
    /// A sentence, when the words are not a path's.
    pub fn add(&mut self, words: &[i64]) -> Result<(), String> {
        let path = PathResult::from_words(words)
            .ok_or("The figures can't be read: they are not those of a path.")?;
        self.done.insert(path.path, path);
        Ok(())
    }

    /// Figures of the paths collected so far.
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
