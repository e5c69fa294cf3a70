//! Runs arms over one market on equal terms, and finds the risk aversion at which one arm has another's
//! tracking error.

use chrono::Datelike;

use super::{MATCH, StudyArm, StudyError};
use crate::measure::endings::EndingTerms;
use crate::measure::{Terms, measure};
use unisleeve_engine::{RiskTimeline, RunError, run};
use unisleeve_mandates::{ArmKind, Config, Setup};
use unisleeve_market::{Market, View};
use unisleeve_tax::{Carryforward, TaxRates};
use unisleeve_units::SecurityId;

/// Arms over one market, with the risk models and terms that they share.
#[derive(Debug, Clone)]
pub struct Bench {
    /// The market with the arms' indices.
    pub market: Market,
    /// The arms' setups.
    pub setups: Vec<Setup>,
    /// Their risk models, by date.
    pub timeline: RiskTimeline,
    /// Inputs of the measures.
    pub terms: Terms,
}

impl Bench {
    /// Prepares what the arms share. `market` must hold the arms' indices. `progress` gets the name of each
    /// step.
    ///
    /// # Errors
    /// When the tax law is unknown or the dates hold no session.
    pub fn new(
        config: &Config,
        market: Market,
        setups: Vec<Setup>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Self, StudyError> {
        progress("risk models");
        let mut universe: Vec<SecurityId> = setups.iter().flat_map(Setup::securities).collect();
        universe.sort_unstable();
        universe.dedup();
        let span = (config.start, config.end);
        let timeline = RiskTimeline::new(&market, universe, span, &config.trading, config.risk);
        let last = market
            .sessions(config.start, config.end)
            .last()
            .ok_or(RunError::NoSession { start: config.start, end: config.end })?;
        let (last, laws) = (last.date(), config.tax.laws(config.start.year()).map_err(RunError::from)?);
        let rates = config.later_rates(&laws, last.year());
        let donee = TaxRates {
            short: config.ending.donee_short.unwrap_or(rates.short),
            long: config.ending.donee_long.unwrap_or(rates.long),
        };
        let terms = Terms {
            endings: EndingTerms {
                law: laws.of(last.year()),
                outside: config.outside_in(last.year()).with_gains(
                    &config.household.outside_gains,
                    last.year(),
                    last,
                ),
                rates,
                donee,
                charity_share: config.ending.charity_share,
            },
            opening: Carryforward { short: config.tax.carry_short, long: config.tax.carry_long },
        };
        Ok(Self { market, setups, timeline, terms })
    }

    fn last(&self, config: &Config) -> Result<View<'_>, StudyError> {
        let none = RunError::NoSession { start: config.start, end: config.end };
        Ok(self.market.sessions(config.start, config.end).last().ok_or(none)?)
    }

    /// Runs and measures an arm at a risk aversion.
    ///
    /// # Errors
    /// When the run fails.
    pub fn arm(
        &self,
        setup: &Setup,
        name: &'static str,
        config: &Config,
        risk_aversion: f64,
    ) -> Result<StudyArm, StudyError> {
        let mut config = config.clone();
        config.trading.risk_aversion = risk_aversion;
        let result = run(setup, &config, &self.market, &self.timeline)?;
        let measures = measure(&result, &self.last(&config)?, &self.terms);
        Ok(StudyArm { name, risk_aversion, result, measures, tax_alpha: None })
    }

    /// Adds `uma_equal_te`: UMA at the realized tracking error of `sma`. Returns whether it was reached, or
    /// `None` where there is nothing to match.
    pub(super) fn match_uma(
        &self,
        config: &Config,
        arms: &mut Vec<StudyArm>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Option<bool>, StudyError> {
        let setup = self.setups.iter().find(|s| s.kind == ArmKind::Uma);
        let target = arms.iter().find(|a| a.name == "sma").and_then(|a| a.measures.tracking_error_ex_post);
        let uma = arms.iter().find(|a| a.name == "uma");
        let (Some(setup), Some(target), Some(uma)) = (setup, target.filter(|t| *t > 0.0), uma) else {
            return Ok(None);
        };
        let (best, matched) = at_tracking_error(uma.clone(), target, &mut |gamma| {
            progress("uma at equal tracking error");
            self.arm(setup, "uma", config, gamma)
        })?;
        arms.push(StudyArm { name: "uma_equal_te", ..best });
        Ok(Some(matched))
    }

    /// Runs UMA and SMA again at slightly higher and lower risk aversions, to show how much of the headline
    /// is due to luck on one path.
    pub(super) fn neighbours(
        &self,
        config: &Config,
        arms: &[StudyArm],
        progress: &mut dyn FnMut(&str),
    ) -> Result<Vec<(StudyArm, StudyArm)>, StudyError> {
        const STEPS: [f64; 4] = [0.96, 0.98, 1.02, 1.04];
        let mut pairs = Vec::new();
        let pair = |kind: ArmKind| {
            let setup = self.setups.iter().find(|s| s.kind == kind)?;
            Some((setup, arms.iter().find(|a| a.name == kind.as_str())?))
        };
        let (Some((uma_setup, uma)), Some((sma_setup, sma))) = (pair(ArmKind::Uma), pair(ArmKind::Sma))
        else {
            return Ok(pairs);
        };
        for step in STEPS {
            progress("neighbouring risk aversions");
            pairs.push((
                self.arm(uma_setup, "uma", config, uma.risk_aversion * step)?,
                self.arm(sma_setup, "sma", config, sma.risk_aversion * step)?,
            ));
        }
        Ok(pairs)
    }
}

/// Finds the risk aversion at which an arm has a realized tracking error `target`. `first` is a run to start
/// from.
///
/// Bisection on the logarithm of risk aversion. Realized tracking error is not continuous in risk aversion,
/// since a single order changes the path. So the closest trial is returned, with true where it is within
/// [`MATCH`].
///
/// # Errors
/// When a run fails.
pub fn at_tracking_error(
    first: StudyArm,
    target: f64,
    run: &mut dyn FnMut(f64) -> Result<StudyArm, StudyError>,
) -> Result<(StudyArm, bool), StudyError> {
    const BISECTIONS: usize = 8;
    const NEARBY: [f64; 8] = [0.995, 1.005, 0.99, 1.01, 0.985, 1.015, 0.98, 1.02];
    let error = |a: &StudyArm| a.measures.tracking_error_ex_post.map_or(f64::MAX, |te| te / target - 1.0);
    let mut best = first;
    // A higher risk aversion gives a lower tracking error.
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
        // Active risk is roughly inversely proportional to the square root of risk aversion, which gives a
        // good guess.
        let guess = gamma * (1.0 + last) * (1.0 + last);
        gamma = if guess > low && guess < high { guess } else { (low * high).sqrt() };
        let trial = run(gamma)?;
        last = error(&trial);
        if last.abs() < error(&best).abs() {
            best = trial;
        }
    }
    // If tracking error jumps across the target, a nearby point may be closer.
    let centre = best.risk_aversion;
    for step in NEARBY {
        if error(&best).abs() < MATCH {
            break;
        }
        let trial = run(centre * step)?;
        if error(&trial).abs() < error(&best).abs() {
            best = trial;
        }
    }
    let matched = error(&best).abs() < MATCH;
    Ok((best, matched))
}
