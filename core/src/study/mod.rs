//! A study: the arms run over one market, measured, and set side by side at equal realised tracking error.

mod headline;
mod summary;

use chrono::{Datelike, NaiveDate};
use thiserror::Error;

use crate::engine::{ArmResult, RiskTimeline, RunError, run};
use crate::journal::Fingerprint;
use crate::market::{Market, View};
use crate::measure::endings::EndingTerms;
use crate::measure::{ArmMeasures, TaxAlpha, Terms, measure, tax_alpha};
use crate::setup::{ArmKind, Config, ConfigFault, Setup, arm};
use crate::tax::planning::marginal_rates;
use crate::tax::{Carryforward, Law, TaxRates};
use crate::units::SecurityId;

pub use headline::{Difference, Headline};
pub use summary::{ArmSummary, Summary, TaxInputs, config_hash, summary};

/// One arm with its figures.
#[derive(Debug, Clone)]
pub struct StudyArm {
    /// Name in files: the arm's, or `uma_equal_gamma`.
    pub name: &'static str,
    /// Risk aversion it ran with.
    pub risk_aversion: f64,
    /// What it did.
    pub result: ArmResult,
    /// Its figures.
    pub measures: ArmMeasures,
    /// Against the shadow portfolio.
    pub tax_alpha: Option<TaxAlpha>,
}

/// All arms of a study.
#[derive(Debug, Clone)]
pub struct Study {
    /// Arms in the order of the table.
    pub arms: Vec<StudyArm>,
    /// Whether `uma` has the tracking error of `sma`, to within [`MATCH`]; none when there was nothing to match.
    pub matched: Option<bool>,
    /// UMA against SMA; none when one of them did not run.
    pub headline: Option<Headline>,
    /// Flat rates used for liquidation and for gains taxed later.
    pub rates: TaxRates,
    /// Flat rates of a person who is given the portfolio.
    pub donee: TaxRates,
    /// First and last session.
    pub span: (NaiveDate, NaiveDate),
    /// SHA-256 over all arms' journals.
    pub hash: String,
}

impl Study {
    /// The arm of a name.
    pub fn arm(&self, name: &str) -> Option<&StudyArm> {
        self.arms.iter().find(|a| a.name == name)
    }
}

/// Why a study could not be made.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum StudyError {
    /// The configuration does not fit.
    #[error("{}", faults.iter().map(|f| format!("{}: {}", f.key, f.message)).collect::<Vec<_>>().join("; "))]
    Config {
        /// Every fault found.
        faults: Vec<ConfigFault>,
    },
    /// A run stopped.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Arms whose realised tracking errors differ by less than this part of them count as equal.
pub const MATCH: f64 = 0.01;

/// How much of a study is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All four arms, and `uma` at the realised tracking error of `sma`.
    Full,
    /// UMA, SMA and shadow at equal risk aversion: quick enough to follow a slider.
    EqualGamma,
}

/// Runs a study. `progress` is told the name of each run before it starts.
///
/// # Errors
/// When the configuration has faults or a run can't be carried out.
pub fn study(
    config: &Config,
    market: &Market,
    scope: Scope,
    progress: &mut dyn FnMut(&str),
) -> Result<Study, StudyError> {
    let mut faults = config.faults();
    let mut market = market.clone();
    let mut setups = Vec::new();
    let kinds: &[ArmKind] = match scope {
        Scope::Full => &[ArmKind::Uma, ArmKind::Sma, ArmKind::Funds, ArmKind::Shadow],
        Scope::EqualGamma => &[ArmKind::Uma, ArmKind::Sma, ArmKind::Shadow],
    };
    if faults.is_empty() {
        for kind in kinds {
            match arm(*kind, config, &mut market) {
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
    let law = Law::of(config.tax.year, config.tax.status).map_err(RunError::from)?;
    let flat = marginal_rates(&law, &config.tax.outside);
    let rates = TaxRates {
        short: config.tax.liquidation_short.unwrap_or(flat.short),
        long: config.tax.liquidation_long.unwrap_or(flat.long),
    };
    progress("risk models");
    let timeline = RiskTimeline::new(
        &market,
        universe(&setups),
        (config.start, config.end),
        config.trading.cadence,
        config.risk,
    );
    let last = market
        .sessions(config.start, config.end)
        .last()
        .ok_or(RunError::NoSession { start: config.start, end: config.end })?;
    let donee = TaxRates {
        short: config.ending.donee_short.unwrap_or(rates.short),
        long: config.ending.donee_long.unwrap_or(rates.long),
    };
    let years = u32::try_from(last.date().year() - config.start.year()).unwrap_or(0);
    let terms = Terms {
        endings: EndingTerms {
            law: law.indexed(config.tax.inflation, years),
            law_year: config.tax.year,
            outside: config.tax.outside,
            rates,
            donee,
            charity_share: config.ending.charity_share,
        },
        opening: Carryforward { short: config.tax.carry_short, long: config.tax.carry_long },
    };
    let runner = Runner { config, market: &market, timeline: &timeline, last, terms };
    let mut arms: Vec<StudyArm> = Vec::new();
    for setup in &setups {
        progress(setup.kind.as_str());
        arms.push(runner.arm(setup, setup.kind.as_str(), config.trading.risk_aversion)?);
    }
    let mut neighbours = Vec::new();
    let matched = match scope {
        Scope::Full => {
            let matched = runner.match_tracking_error(&setups, &mut arms, progress)?;
            neighbours = runner.neighbours(&setups, &arms, progress)?;
            matched
        }
        Scope::EqualGamma => None,
    };
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
    Ok(Study { arms, matched, headline, rates, donee, span, hash: fingerprint.finish() })
}

/// Every security that an arm may hold.
fn universe(setups: &[Setup]) -> Vec<SecurityId> {
    let mut universe: Vec<SecurityId> = setups.iter().flat_map(Setup::securities).collect();
    universe.sort();
    universe.dedup();
    universe
}

fn alpha(arm: &StudyArm, shadow: &StudyArm) -> TaxAlpha {
    tax_alpha(
        (&arm.result.journal.marks, &arm.measures.liquidation),
        (&shadow.result.journal.marks, &shadow.measures.liquidation),
    )
}

struct Runner<'a> {
    config: &'a Config,
    market: &'a Market,
    timeline: &'a RiskTimeline,
    last: View<'a>,
    terms: Terms,
}

impl Runner<'_> {
    fn arm(&self, setup: &Setup, name: &'static str, risk_aversion: f64) -> Result<StudyArm, StudyError> {
        let mut config = self.config.clone();
        config.trading.risk_aversion = risk_aversion;
        let result = run(setup, &config, self.market, self.timeline, self.terms.endings.rates)?;
        let measures = measure(&result, &self.last, &self.terms);
        Ok(StudyArm { name, risk_aversion, result, measures, tax_alpha: None })
    }

    /// Replaces `uma` by one whose risk aversion gives it the realised tracking error of `sma`, and keeps the one at equal
    /// risk aversion beside it. Bisection on the logarithm of risk aversion; realised tracking error jumps a little as risk
    /// aversion moves (one order less, and the path differs), so the closest trial counts.
    fn match_tracking_error(
        &self,
        setups: &[Setup],
        arms: &mut Vec<StudyArm>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Option<bool>, StudyError> {
        const BISECTIONS: usize = 8;
        const NEARBY: [f64; 8] = [0.995, 1.005, 0.99, 1.01, 0.985, 1.015, 0.98, 1.02];
        let setup = setups.iter().find(|s| s.kind == ArmKind::Uma);
        let target = arms.iter().find(|a| a.name == "sma").and_then(|a| a.measures.tracking_error_ex_post);
        let at = arms.iter().position(|a| a.name == "uma");
        let (Some(setup), Some(target), Some(at)) = (setup, target.filter(|t| *t > 0.0), at) else {
            return Ok(None);
        };
        let error = |a: &StudyArm| a.measures.tracking_error_ex_post.map_or(f64::MAX, |te| te / target - 1.0);
        let equal_gamma = StudyArm { name: "uma_equal_gamma", ..arms[at].clone() };
        let mut best = equal_gamma.clone();
        // More risk aversion, less tracking error.
        let (mut low, mut high) = (best.risk_aversion / 256.0, best.risk_aversion * 256.0);
        let mut gamma = best.risk_aversion;
        let mut last = error(&best);
        for _ in 0..BISECTIONS {
            if error(&best).abs() < MATCH {
                break;
            }
            if last > 0.0 {
                low = gamma;
            } else {
                high = gamma;
            }
            // Active risk falls about as the root of risk aversion rises: a guess near the answer.
            let guess = gamma * (1.0 + last) * (1.0 + last);
            gamma = if guess > low && guess < high { guess } else { (low * high).sqrt() };
            progress("uma at equal tracking error");
            let trial = self.arm(setup, "uma", gamma)?;
            last = error(&trial);
            if last.abs() < error(&best).abs() {
                best = trial;
            }
        }
        // Where it jumps across the target, another point nearby may not.
        let centre = best.risk_aversion;
        for step in NEARBY {
            if error(&best).abs() < MATCH {
                break;
            }
            progress("uma at equal tracking error");
            let trial = self.arm(setup, "uma", centre * step)?;
            if error(&trial).abs() < error(&best).abs() {
                best = trial;
            }
        }
        let matched = error(&best).abs() < MATCH;
        best.name = "uma";
        arms[at] = best;
        arms.push(equal_gamma);
        Ok(Some(matched))
    }

    /// The headline again with the risk aversion of both arms a little higher and lower, to show how much of it is the
    /// luck of one path.
    fn neighbours(
        &self,
        setups: &[Setup],
        arms: &[StudyArm],
        progress: &mut dyn FnMut(&str),
    ) -> Result<Vec<(StudyArm, StudyArm)>, StudyError> {
        const STEPS: [f64; 4] = [0.96, 0.98, 1.02, 1.04];
        let mut pairs = Vec::new();
        let pair = |kind: ArmKind| {
            let setup = setups.iter().find(|s| s.kind == kind)?;
            Some((setup, arms.iter().find(|a| a.name == kind.as_str())?))
        };
        let (Some((uma_setup, uma)), Some((sma_setup, sma))) = (pair(ArmKind::Uma), pair(ArmKind::Sma))
        else {
            return Ok(pairs);
        };
        for step in STEPS {
            progress("neighbouring risk aversions");
            pairs.push((
                self.arm(uma_setup, "uma", uma.risk_aversion * step)?,
                self.arm(sma_setup, "sma", sma.risk_aversion * step)?,
            ));
        }
        Ok(pairs)
    }
}
