//! Many futures: a simulator that runs one path at a time, so that whoever calls can stop, show what is done, and share paths
//! among workers.

use std::collections::BTreeMap;
use std::sync::Arc;

use unisleeve_core::market::Market;
use unisleeve_core::scenario::PRESETS;
use unisleeve_core::simulate::{self, PathResult, SimulateError};

use crate::convert::{Outcome, lines, read, to_json};

/// Runs the paths of one configuration, and collects those of others.
#[derive(Debug)]
pub struct Simulator {
    inner: simulate::Simulator,
    done: BTreeMap<u64, PathResult>,
}

/// The household of the what-if simulator, as JSON.
///
/// # Errors
/// A sentence, when it can't be written as JSON.
pub fn what_if() -> Result<String, String> {
    to_json(&simulate::what_if())
}

/// Named scenarios and what they are.
pub fn presets() -> Vec<(&'static str, &'static str)> {
    PRESETS.iter().map(|p| (p.name, p.about)).collect()
}

impl Simulator {
    /// Of a configuration in JSON. `real` holds the prices that a bootstrap draws from.
    ///
    /// # Errors
    /// A sentence; for a configuration with faults one line for each of them.
    pub fn new(config: &str, real: Option<Arc<Market>>) -> Result<Self, String> {
        let config = read(config)?;
        let inner = simulate::Simulator::new(&config, real).map_err(|e| sentences(&e))?;
        Ok(Self { inner, done: BTreeMap::new() })
    }

    /// Sets UMA's risk aversion to SMA's tracking error, where the configuration asks for it; returns it.
    ///
    /// # Errors
    /// A sentence, when a run fails.
    pub fn match_tracking_error(&mut self) -> Result<f64, String> {
        self.inner = self.inner.clone().matched().map_err(|e| sentences(&e))?;
        Ok(self.inner.uma_risk_aversion())
    }

    /// Sets UMA's risk aversion to one found before.
    pub fn set_uma_risk_aversion(&mut self, gamma: f64) {
        self.inner = self.inner.clone().with_uma_risk_aversion(gamma);
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

    /// Figures of the paths collected so far, as JSON.
    ///
    /// # Errors
    /// A sentence, when it can't be written as JSON.
    pub fn summary(&self) -> Result<String, String> {
        let paths: Vec<PathResult> = self.done.values().cloned().collect();
        to_json(&self.inner.summary(&paths))
    }
}

fn sentences(error: &SimulateError) -> String {
    match error {
        SimulateError::Config { faults } => lines(faults),
        SimulateError::Market { error, .. } => format!("The prices of a future can't be made: {error}."),
        SimulateError::Run { path, error } => format!("Future {path} stopped: {error}."),
    }
}
