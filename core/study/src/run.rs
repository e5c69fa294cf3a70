//! Runs the arms of a study over one market.

use super::arm::StudyArm;
use super::difference::{PathDifference, differences};
use super::error::StudyError;
use super::headline::Headline;
use super::runner::Bench;
use crate::measure::endings::EndingTerms;
use crate::measure::{TaxAlpha, tax_alpha};
use chrono::NaiveDate;
use unisleeve_engine::RunError;
use unisleeve_mandates::{ArmKind, Config, Setup, arm};
use unisleeve_market::Market;
use unisleeve_tax::TaxRates;
use unisleeve_units::Fingerprint;

/// All arms of a study.
#[derive(Debug, Clone)]
pub struct Study {
    /// Arms in the order of the result table.
    pub arms: Vec<StudyArm>,
    /// Whether `uma_equal_te` has the realized tracking error of `sma` to within [`MATCH`](super::MATCH). `None`
    /// where there was nothing to match.
    pub matched: Option<bool>,
    /// UMA minus each setup with separate managers, split, by ending.
    pub differences: Vec<PathDifference>,
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
        let differences = differences(&arms, config, &bench);
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
        Self { arms, matched, differences, headline, rates, donee, span, hash, bench }
    }

    /// Finds an arm by name.
    pub fn arm(&self, name: &str) -> Option<&StudyArm> {
        self.arms.iter().find(|a| a.name == name)
    }
}

/// Which arms a study runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All arms that the configuration allows, and `uma_equal_te`: UMA at the realized tracking error of `sma`.
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
        return vec![ArmKind::Uma, ArmKind::SmaBest, ArmKind::Sma, ArmKind::SmaTypical, ArmKind::Shadow];
    }
    let sleeves = || config.policy.iter().chain(config.changes.iter().flat_map(|c| &c.policy));
    let mut kinds = vec![ArmKind::Uma, ArmKind::SmaBest, ArmKind::Sma, ArmKind::SmaTypical, ArmKind::Funds];
    if sleeves().any(|s| !s.pair.is_empty()) {
        kinds.push(ArmKind::FundPairs);
    }
    if sleeves().any(|s| s.subset.is_some()) {
        kinds.push(ArmKind::UmaSubset);
    }
    kinds.push(ArmKind::Shadow);
    kinds
}

pub(crate) fn alpha(arm: &StudyArm, shadow: &StudyArm) -> TaxAlpha {
    tax_alpha(
        (&arm.result.journal.marks, &arm.measures.liquidation),
        (&shadow.result.journal.marks, &shadow.measures.liquidation),
    )
}
