//! Runs studies from prices and a configuration.

use chrono::{DateTime, NaiveDate};
use serde_json::Value;
use unisleeve_core::mandates::{Config, ConfigFault};
use unisleeve_core::market::{Market, SAMPLE_NOTES, unpack};
use unisleeve_core::study::{Scope, Study, StudyArm, StudyError, Summary, study, summary};

use crate::config;

/// A completed study with its summary.
#[derive(Debug)]
pub struct Outcome {
    study: Study,
    summary: Summary,
}

/// Reads a packed panel of prices.
///
/// # Errors
/// Returns a sentence when the bytes are not a usable panel.
pub fn open(bytes: &[u8]) -> Result<Market, String> {
    let panel = unpack(bytes).map_err(|e| format!("The prices can't be read: {e}."))?;
    Market::new(panel).map_err(|e| format!("The prices can't be used: {e}."))
}

/// Runs a study of the sample. Keys that the configuration omits take the sample's values. `progress`
/// receives the name of each step before it starts.
///
/// # Errors
/// Returns a sentence. An invalid configuration returns one line for each fault.
pub fn run(
    market: &Market,
    config: Value,
    scope: Scope,
    progress: &mut dyn FnMut(&str),
) -> Result<Outcome, String> {
    let config = config::sample(config)?;
    let study = study(&config, market, scope, progress).map_err(|e| sentences(&e))?;
    let notes = SAMPLE_NOTES.map(str::to_owned);
    let summary = summary(&study, &config, market, &notes);
    Ok(Outcome { study, summary })
}

impl Outcome {
    /// Wraps the study of one future.
    pub(crate) fn new(study: Study, config: &Config) -> Self {
        let summary = summary(&study, config, &study.bench.market, &[]);
        Self { study, summary }
    }

    /// Returns all figures, with what is needed to check and repeat them.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Returns the summary as JSON.
    ///
    /// # Errors
    /// Returns a sentence when it can't be written as JSON.
    pub fn summary_json(&self) -> Result<String, String> {
        serde_json::to_string(&self.summary)
            .map_err(|e| format!("The figures can't be written as JSON: {e}."))
    }

    /// Returns every event of the arms' journals, one line each. The result hash is computed from these
    /// lines.
    pub fn events(&self) -> Vec<String> {
        let of = |a: &StudyArm| {
            let name = a.name;
            a.result.journal.lines().into_iter().map(move |line| format!("{name} {line}"))
        };
        self.study.arms.iter().flat_map(of).collect()
    }

    pub(crate) fn study(&self) -> &Study {
        &self.study
    }

    pub(crate) fn arm(&self, name: &str) -> Result<&StudyArm, String> {
        let arms = || self.summary.arm_order.join(", ");
        self.study.arm(name).ok_or_else(|| format!("{name}: expected one of the arms {}.", arms()))
    }

    /// Returns the sessions as days since 1970-01-01.
    pub fn days(&self) -> Vec<i32> {
        let marks = self.study.arms.first().map(|a| a.result.journal.marks.as_slice()).unwrap_or_default();
        let mut days = Vec::new();
        for mark in marks {
            days.push(since_1970(mark.date));
        }
        days
    }

    /// Returns value less accrued tax in dollars, by session.
    ///
    /// # Errors
    /// Returns a sentence when no arm has that name.
    pub fn after_tax_wealth(&self, arm: &str) -> Result<Vec<f64>, String> {
        let mut wealth = Vec::new();
        for mark in &self.arm(arm)?.result.journal.marks {
            wealth.push(mark.wealth().to_f64());
        }
        Ok(wealth)
    }
}

pub(crate) fn since_1970(date: NaiveDate) -> i32 {
    (date - DateTime::UNIX_EPOCH.date_naive()).num_days() as i32
}

fn sentences(error: &StudyError) -> String {
    match error {
        StudyError::Config { faults } => lines(faults),
        StudyError::Run(e) => format!("The run stopped: {e}."),
    }
}

/// Formats faults, one line each.
pub(crate) fn lines(faults: &[ConfigFault]) -> String {
    faults.iter().map(|f| format!("{}: {}.", f.key, f.message)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::parse;

    const SAMPLE: &[u8] = include_bytes!("../../backtest/sample/sample.bin");
    const YEAR: &str = r#"{"start": "2003-01-02", "end": "2003-12-31"}"#;

    fn fails(config: &str) -> String {
        let run = |config| run(&open(SAMPLE).unwrap(), config, Scope::EqualGamma, &mut |_| ());
        parse(config).and_then(run).unwrap_err()
    }

    #[test]
    fn bytes_that_are_no_panel_get_a_sentence() {
        for bytes in [&b""[..], b"USLV1\n", &SAMPLE[..SAMPLE.len() - 1], b"USLV1\n\0\0\0\0\0\0\0\0"] {
            let sentence = open(bytes).unwrap_err();
            assert!(sentence.starts_with("The prices can't be ") && sentence.ends_with('.'), "{sentence}");
        }
    }

    #[test]
    fn every_fault_gets_a_line() {
        let both = fails(r#"{"household": {"cash": 0}, "trading": {"risk_aversion": -1}}"#);
        let lines: Vec<&str> = both.lines().collect();
        assert_eq!(lines.len(), 2, "{both}");
        assert!(lines[0].starts_with("household.cash: ") && lines[1].starts_with("trading.risk_aversion: "));
    }

    #[test]
    fn dates_without_prices_get_a_sentence() {
        let sentence = fails(r#"{"start": "2050-01-02", "end": "2060-01-02"}"#);
        assert!(sentence.starts_with("The run stopped: no session from 2050-01-02"), "{sentence}");
    }

    #[test]
    fn a_curve_ends_at_the_wealth_of_the_summary() {
        let outcome =
            run(&open(SAMPLE).unwrap(), parse(YEAR).unwrap(), Scope::EqualGamma, &mut |_| ()).unwrap();
        let curve = outcome.after_tax_wealth("uma").unwrap();
        let wealth = outcome.summary().arms["uma"].measures.wealth_before_liquidation;
        assert_eq!(curve.last().copied(), Some(wealth.to_f64()));
        let days = outcome.days();
        assert_eq!((days.len(), days.first().copied()), (curve.len(), Some(12_054)));
        assert_eq!(
            outcome.after_tax_wealth("fund").unwrap_err(),
            "fund: expected one of the arms uma, sma_best, sma, sma_typical, shadow."
        );
        assert!(outcome.summary().assumptions.iter().any(|s| s == SAMPLE_NOTES[0]));
    }
}
