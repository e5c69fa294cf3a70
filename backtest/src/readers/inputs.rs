//! Loads the inputs of a replay: a configuration, its market and the findings about the data.

use std::path::Path;

use unisleeve_core::mandates::{Config, sample_config};
use unisleeve_core::market::{Market, SAMPLE_NOTES};
use unisleeve_core::study::missing_sessions;

use super::sample;
use super::{Finding, load_config, load_market, sentences};
use crate::args::Source;
use crate::failure::Failure;

/// A configuration with its market.
#[derive(Debug)]
pub(crate) struct Inputs {
    pub config: Config,
    pub market: Market,
    /// Caveats about the data, as sentences.
    pub notes: Vec<String>,
    /// The findings that these sentences summarize.
    pub findings: Vec<Finding>,
}

impl Source {
    /// Puts the configuration's name before messages about a key. Messages about a file already name the
    /// file.
    fn with_name(&self, failure: Failure) -> Failure {
        let named = |m: String| if m.starts_with("data.") { format!("{}: {m}", self.name()) } else { m };
        match failure {
            Failure::Input(messages) => Failure::Input(messages.into_iter().map(named).collect()),
            Failure::Environment(message) => Failure::Environment(message),
        }
    }

    /// Reads the configuration and its data files. Without a configuration, loads the embedded sample.
    pub(crate) fn load(&self) -> Result<Inputs, Failure> {
        let config = self.config.as_deref().map_or_else(|| Ok(sample_config()), load_config)?;
        self.load_with(config)
    }

    /// Reads the data files of a configuration that is already loaded.
    pub(crate) fn load_with(&self, mut config: Config) -> Result<Inputs, Failure> {
        let Some(data) = &config.data else {
            let notes = SAMPLE_NOTES.map(str::to_owned).to_vec();
            let market = sample::market()?;
            let findings = shortened(&config, &market);
            let notes = notes.into_iter().chain(sentences(&findings)).collect();
            return Ok(Inputs { config, market, notes, findings });
        };
        let folder = self.config.as_deref().and_then(Path::parent).unwrap_or(Path::new("."));
        let loaded = load_market(&config, data, folder, self.data.path()).map_err(|e| self.with_name(e))?;
        config.identical.extend(loaded.identical);
        config.wash_exempt.extend(loaded.wash_exempt);
        let mut findings = shortened(&config, &loaded.market);
        findings.extend(loaded.findings);
        let notes = sentences(&findings);
        Ok(Inputs { config, market: loaded.market, notes, findings })
    }
}

/// Findings for a configured start or end that lies outside the prices.
fn shortened(config: &Config, market: &Market) -> Vec<Finding> {
    let missing = missing_sessions(config, market);
    missing.iter().map(|m| Finding::shortened((m.session, m.asked), m.to_string())).collect()
}
