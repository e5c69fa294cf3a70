//! Studies: several arms run over one market, are measured, and are compared at equal realized tracking
//! error.
//!
//! - [`study`] runs the arms of a configuration ([`Study`], [`StudyArm`]). [`Bench`] holds what the arms
//!   share.
//! - [`measure`] computes the figures of an arm from its journal, one measure per file.
//! - [`Headline`] compares UMA with SMA, and [`summary()`] collects everything for `summary.json`.
//! - [`compare`] splits the difference between SMA and UMA by mechanism.
//! - [`simulate`] runs the arms over many simulated futures.
//!
//! This crate reads results and starts runs. It makes no trading decisions, and it does not read or write
//! files.
//!
//! # Example
//! The default household of the simulator, on one future of one year:
//!
//! ```
//! use unisleeve_study::simulate::{Simulator, what_if};
//!
//! let mut config = what_if();
//! if let Some(simulation) = &mut config.simulation {
//!     simulation.scenario.names = 20;
//!     simulation.scenario.years = 1.0;
//! }
//! let path = Simulator::new(&config, None)?.path(0)?;
//! assert_eq!(path.arms.len(), 3);
//! assert!(path.gain().is_some());
//! # Ok::<(), unisleeve_study::simulate::SimulateError>(())
//! ```

pub mod compare;
mod headline;
pub mod measure;
mod runner;
pub mod simulate;
mod span;
mod summary;

use chrono::NaiveDate;
use thiserror::Error;

use crate::measure::endings::EndingTerms;
use crate::measure::{ArmMeasures, TaxAlpha, tax_alpha};
use unisleeve_engine::{ArmResult, RunError};
use unisleeve_mandates::{ArmKind, Config, ConfigFault, Setup, arm};
use unisleeve_market::Market;
use unisleeve_tax::TaxRates;
use unisleeve_units::Fingerprint;

pub use headline::{Difference, Headline};
pub use runner::{Bench, at_tracking_error};
pub use span::{Missing, missing_sessions};
pub use summary::{ArmSummary, Summary, TaxInputs, config_hash, summary};

/// One arm of a study with its figures.
#[derive(Debug, Clone)]
pub struct StudyArm {
    /// Name in result files: the name of the arm's kind, or `uma_equal_gamma`.
    pub name: &'static str,
    /// Risk aversion of the run.
    pub risk_aversion: f64,
    /// Result of the run.
    pub result: ArmResult,
    /// Figures of the run.
    pub measures: ArmMeasures,
    /// Tax alpha against the shadow portfolio.
    pub tax_alpha: Option<TaxAlpha>,
}

/// All arms of a study.
#[derive(Debug, Clone)]
pub struct Study {
    /// Arms in the order of the result table.
    pub arms: Vec<StudyArm>,
    /// Whether `uma` has the realized tracking error of `sma` to within [`MATCH`]. `None` where there was
    /// nothing to match.
    pub matched: Option<bool>,
    /// UMA against SMA. `None` where one of them did not run.
    pub headline: Option<Headline>,
    /// Flat tax rates for liquidation and for gains taxed later.
    pub rates: TaxRates,
    /// Flat tax rates of a person who receives the portfolio as a gift.
    pub donee: TaxRates,
    /// First and last session.
    pub span: (NaiveDate, NaiveDate),
    /// SHA-256 of all arms' names, risk aversions and journals.
    pub hash: String,
    /// What the arms share: the market with their indices, the risk models and the terms.
    pub bench: Bench,
}

impl Study {
    /// Builds a study from arms that ran on a bench. `neighbours` are pairs of UMA and SMA at nearby risk
    /// aversions.
    pub(crate) fn of(
        mut arms: Vec<StudyArm>,
        mut neighbours: Vec<(StudyArm, StudyArm)>,
        matched: Option<bool>,
        config: &Config,
        bench: Bench,
    ) -> Self {
        let shadow = arms.iter().find(|a| a.result.setup.kind == ArmKind::Shadow).cloned();
        let against_shadow = |a: &mut StudyArm| a.tax_alpha = shadow.as_ref().map(|s| alpha(a, s));
        arms.iter_mut().for_each(against_shadow);
        for (uma, sma) in &mut neighbours {
            against_shadow(uma);
            against_shadow(sma);
        }
        let headline = Headline::new(&arms, &neighbours);
        let mut fingerprint = Fingerprint::default();
        for a in &arms {
            fingerprint.bytes(a.name.as_bytes());
            fingerprint.float(a.risk_aversion);
            a.result.journal.hash_into(&mut fingerprint);
        }
        let first = arms.first().map(|a| &a.result.journal.marks);
        let span =
            first.and_then(|m| Some((m.first()?.date, m.last()?.date))).unwrap_or((config.start, config.end));
        let EndingTerms { rates, donee, .. } = bench.terms.endings;
        let hash = fingerprint.finish();
        Self { arms, matched, headline, rates, donee, span, hash, bench }
    }

    /// Finds an arm by name.
    pub fn arm(&self, name: &str) -> Option<&StudyArm> {
        self.arms.iter().find(|a| a.name == name)
    }
}

/// Why a study failed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum StudyError {
    /// The configuration has faults.
    #[error("{}", faults.iter().map(|f| format!("{}: {}", f.key, f.message)).collect::<Vec<_>>().join("; "))]
    Config {
        /// Every fault found.
        faults: Vec<ConfigFault>,
    },
    /// A run failed.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Realized tracking errors count as equal if they differ by less than this fraction.
pub const MATCH: f64 = 0.01;

/// Which arms a study runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All arms that the configuration allows, with `uma` at the realized tracking error of `sma`.
    Full,
    /// UMA, SMA and the shadow portfolio at equal risk aversion. Fast enough to follow a slider.
    EqualGamma,
}

/// Runs a study. `progress` gets the name of each run before it starts.
///
/// # Errors
/// When the configuration has faults or a run fails.
pub fn study(
    config: &Config,
    market: &Market,
    scope: Scope,
    progress: &mut dyn FnMut(&str),
) -> Result<Study, StudyError> {
    let (market, setups) = prepare(config, market, scope)?;
    let bench = Bench::new(config, market, setups, progress)?;
    let setups = &bench.setups;
    let mut arms: Vec<StudyArm> = Vec::new();
    for setup in setups {
        progress(setup.kind.as_str());
        arms.push(bench.arm(setup, setup.kind.as_str(), config, config.trading.risk_aversion)?);
    }
    let mut neighbours = Vec::new();
    let matched = match scope {
        Scope::Full => {
            let matched = bench.match_uma(config, &mut arms, progress)?;
            neighbours = bench.neighbours(config, &arms, progress)?;
            matched
        }
        Scope::EqualGamma => None,
    };
    Ok(Study::of(arms, neighbours, matched, config, bench))
}

/// Checks a configuration before a study runs. Returns the market with the arms' indices, and the arms.
///
/// # Errors
/// All faults of the configuration, all symbols that the market does not have, or dates without a session.
pub fn prepare(config: &Config, market: &Market, scope: Scope) -> Result<(Market, Vec<Setup>), StudyError> {
    let mut faults = config.faults();
    let mut market = market.clone();
    let mut setups = Vec::new();
    if faults.is_empty() {
        for kind in kinds(config, scope) {
            match arm(kind, config, &mut market) {
                Ok(setup) => setups.push(setup),
                Err(more) => {
                    faults.extend(more.into_iter().filter(|f| !faults.contains(f)).collect::<Vec<_>>());
                }
            }
        }
    }
    if !faults.is_empty() {
        return Err(StudyError::Config { faults });
    }
    if market.sessions(config.start, config.end).next().is_none() {
        return Err(RunError::NoSession { start: config.start, end: config.end }.into());
    }
    Ok((market, setups))
}

/// The arms to run: the standard ones, and those that need fund pairs or a subset in some policy.
fn kinds(config: &Config, scope: Scope) -> Vec<ArmKind> {
    if scope == Scope::EqualGamma {
        return vec![ArmKind::Uma, ArmKind::Sma, ArmKind::Shadow];
    }
    let sleeves = || config.policy.iter().chain(config.changes.iter().flat_map(|c| &c.policy));
    let mut kinds = vec![ArmKind::Uma, ArmKind::Sma, ArmKind::Funds];
    if sleeves().any(|s| !s.pair.is_empty()) {
        kinds.push(ArmKind::FundPairs);
    }
    if sleeves().any(|s| s.subset.is_some()) {
        kinds.push(ArmKind::UmaSubset);
    }
    kinds.push(ArmKind::Shadow);
    kinds
}

fn alpha(arm: &StudyArm, shadow: &StudyArm) -> TaxAlpha {
    tax_alpha(
        (&arm.result.journal.marks, &arm.measures.liquidation),
        (&shadow.result.journal.marks, &shadow.measures.liquidation),
    )
}
