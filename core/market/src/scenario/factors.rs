//! Factor returns. The market and its volatility are drawn day by day, whatever the step, and added up between sessions, so that a
//! scenario's market is the same one daily, weekly and monthly; what needs no days is drawn once a session.
//!
//! With `m` the day's volatility over its mean, `W` the day's variance in the mixture and `z` normals, the market's log return is
//! `drift + s m sqrt(W) z - s^2 m^2 W / 2`. The last term is half of the variance that the day turns out to have, given which the
//! return is normal: `E[exp(..)] = exp(drift)` for every day, every tail and every clustering, so expected simple returns are
//! exactly those asked for. Asset classes share `m` and `W` (their joint distribution is elliptical, and correlations are as
//! given); sectors, styles and names have `m` to a power of its own.

use super::calendar::Calendar;
use super::config::{Scenario, VolatilityModel};
use super::names::DAYS;
use super::rng::{Mixture, Purpose, Stream};
use unisleeve_numeric::cholesky;

/// What happened between two sessions.
#[derive(Debug, Clone, Default)]
pub(super) struct StepFactors {
    /// Log return of the market factor, without drift and variance terms.
    pub market: f64,
    /// Variance of it, given what was drawn: that of a beta of one.
    pub market_variance: f64,
    /// The same for sectors, for each unit of annual variance.
    pub variance: f64,
    /// Sector factors.
    pub sectors: Vec<f64>,
    /// Style factors.
    pub styles: Vec<f64>,
    /// Asset classes after the first.
    pub classes: Vec<f64>,
    /// Variance of a class with an annual volatility of one.
    pub class_variance: f64,
}

/// The model's figures for a day.
#[derive(Debug, Clone)]
pub(super) struct FactorModel {
    /// Volatility of the market factor, a year.
    pub market: f64,
    sector: f64,
    styles: Vec<f64>,
    classes: Vec<f64>,
    sectors: usize,
    /// Triangular factor of the classes' correlations, the first being the market factor.
    mix: Vec<Vec<f64>>,
    mixture: Mixture,
    follows: f64,
    volatility: VolatilityModel,
}

impl FactorModel {
    /// The model. `market` is the volatility of the market factor, which correlates with the classes as much more than the index
    /// does as the index has beside it; in an index of few names as much more as any returns can.
    ///
    /// # Errors
    /// The class whose correlations no returns have.
    pub(super) fn new(scenario: &Scenario, market: f64) -> Result<Self, usize> {
        /// Parts in which the rise is taken back where no returns have it.
        const PARTS: u32 = 20;
        let index = scenario.classes.first().map_or(0.0, |c| c.volatility);
        let whole = if market > 0.0 { index / market - 1.0 } else { 0.0 };
        let mix = |part: u32| {
            let more = 1.0 + whole * f64::from(part) / f64::from(PARTS);
            let mut correlations = scenario.correlations.clone();
            for i in 1..correlations.len() {
                correlations[0][i] *= more;
                correlations[i][0] = correlations[0][i];
            }
            cholesky(&correlations)
        };
        let mix = (1..=PARTS).rev().find_map(|part| mix(part).ok()).map_or_else(|| mix(0), Ok)?;
        Ok(Self {
            market,
            sector: scenario.stocks.sector_volatility,
            styles: scenario.stocks.style_volatilities.clone(),
            classes: scenario.classes.iter().map(|c| c.volatility).collect(),
            sectors: scenario.sectors,
            mix,
            mixture: Mixture::new(scenario.volatility.kurtosis),
            follows: scenario.stocks.specific_follows,
            volatility: scenario.volatility,
        })
    }
}

/// Draws factor returns one session after the other.
#[derive(Debug)]
pub(super) struct FactorStreams {
    market: Stream,
    volatility: Stream,
    sectors: Stream,
    styles: Stream,
    classes: Vec<Stream>,
    /// -1 where the shocks are mirrored.
    sign: f64,
}

impl FactorStreams {
    pub(super) fn new(seed: u64, path: u64, is_mirror: bool, classes: usize) -> Self {
        let stream = |purpose, which| Stream::new(seed, path, purpose, which);
        Self {
            market: stream(Purpose::Market, 0),
            volatility: stream(Purpose::Volatility, 0),
            sectors: stream(Purpose::Sectors, 0),
            styles: stream(Purpose::Styles, 0),
            classes: (1..classes).map(|c| stream(Purpose::Class, c)).collect(),
            sign: if is_mirror { -1.0 } else { 1.0 },
        }
    }
}

/// How much volatility is turned up in a session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub market: f64,
    pub specific: f64,
}

impl FactorModel {
    /// Draws the sessions of a span. `log_volatility` is where the deviation of log volatility stands, in standard deviations.
    pub(super) fn draw(
        &self,
        calendar: &Calendar,
        span: core::ops::Range<usize>,
        turns: &[Turn],
        log_volatility: &mut f64,
        streams: &mut FactorStreams,
    ) -> Vec<StepFactors> {
        let v = &self.volatility;
        let keep = libm::exp(-core::f64::consts::LN_2 / v.half_life);
        let shock = (1.0 - keep * keep).sqrt();
        let own = (1.0 - v.leverage * v.leverage).sqrt();
        let day = 1.0 / DAYS.sqrt();
        let mut normals = vec![0.0; self.classes.len()];
        let mut out = Vec::with_capacity(span.len());
        for t in span {
            let turn = turns[t];
            let mut step = StepFactors {
                sectors: vec![0.0; self.sectors],
                styles: vec![0.0; self.styles.len()],
                classes: vec![0.0; self.classes.len() - 1],
                ..StepFactors::default()
            };
            let mut shocks = 0.0;
            for _ in 0..calendar.days[t] {
                let (x, s) = (*log_volatility, v.spread);
                // E[m^2] = 1 for both.
                let m = turn.market * day * libm::exp(s * x - s * s);
                let power = self.follows * s;
                let others = turn.specific * day * libm::exp(power * x - power * power);
                let (z, w) = self.mixture.draw(streams.market.bits());
                let z = streams.sign * z;
                let scale = m * w.sqrt();
                shocks += scale * z;
                step.class_variance += m * m * w;
                step.variance += others * others;
                *log_volatility = keep * x + shock * (v.leverage * z + own * streams.volatility.normal());
            }
            // Given the days' variances, sums of normals are normals: one for each factor does.
            step.market = self.market * shocks;
            let (common, rest) = (step.class_variance.sqrt(), step.variance.sqrt());
            for f in &mut step.sectors {
                *f = self.sector * rest * (streams.sign * streams.sectors.normal());
            }
            for (f, volatility) in step.styles.iter_mut().zip(&self.styles) {
                *f = volatility * rest * (streams.sign * streams.styles.normal());
            }
            normals[0] = shocks;
            for (c, stream) in streams.classes.iter_mut().enumerate() {
                normals[c + 1] = common * (streams.sign * stream.normal());
                let mut mixed = 0.0;
                for (l, z) in self.mix[c + 1].iter().zip(&normals[..c + 2]) {
                    mixed += l * z;
                }
                step.classes[c] = self.classes[c + 1] * mixed;
            }
            step.market_variance = self.market * self.market * step.class_variance;
            out.push(step);
        }
        out
    }
}
