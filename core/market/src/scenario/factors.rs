//! Factor returns.
//!
//! The market and its volatility are drawn day by day whatever the step, and summed between sessions. So the
//! market of a seed is the same with daily, weekly and monthly sessions. Everything else is drawn once a
//! session.
//!
//! Let `m` be the day's volatility over its mean, `W` the day's variance in the mixture and `z` a standard
//! normal. The market's log return is `drift + s m sqrt(W) z - s^2 m^2 W / 2`. Given `m` and `W` the return
//! is normal, and the last term is half of its variance. So `E[exp(..)] = exp(drift)` on every day, with any
//! tails and any clustering: expected simple returns are exactly those asked for. Asset classes share `m` and
//! `W` (their joint distribution is elliptical, with the given correlations). For sectors, styles and stocks,
//! `m` is raised to the power `specific_follows`.

use super::calendar::Calendar;
use super::config::{Scenario, VolatilityModel};
use super::names::DAYS;
use super::rng::{Mixture, Purpose, Stream};
use unisleeve_numeric::cholesky;

/// Factor returns between two sessions.
#[derive(Debug, Clone, Default)]
pub(super) struct StepFactors {
    /// Log return of the market factor, without drift and variance terms.
    pub market: f64,
    /// Conditional variance of the market factor; a stock's share is its squared beta.
    pub market_variance: f64,
    /// Conditional variance of sectors, styles and stocks, for an annual variance of one.
    pub variance: f64,
    /// Returns of the sector factors.
    pub sectors: Vec<f64>,
    /// Returns of the style factors.
    pub styles: Vec<f64>,
    /// Log returns of the asset classes after the first, without drift and variance terms.
    pub classes: Vec<f64>,
    /// Conditional variance of a class with an annual volatility of one.
    pub class_variance: f64,
}

/// Parameters of the factor model.
#[derive(Debug, Clone)]
pub(super) struct FactorModel {
    /// Annual volatility of the market factor.
    pub market: f64,
    /// Annual volatility of each sector factor.
    pub sector: f64,
    /// Annual volatilities of the style factors.
    pub styles: Vec<f64>,
    /// Annual volatilities of the classes.
    pub classes: Vec<f64>,
    /// Number of sectors.
    pub sectors: usize,
    /// Cholesky factor of the classes' correlations; the first class is the market factor.
    pub mix: Vec<Vec<f64>>,
    mixture: Mixture,
    follows: f64,
    volatility: VolatilityModel,
}

impl FactorModel {
    /// Builds the model. `market` is the annual volatility of the market factor.
    ///
    /// The given correlations are those of the stock index. The index also has sector and specific risk, so
    /// the market factor must correlate more with the other classes, by the ratio of the two volatilities.
    /// Where no returns can have such correlations, as in an index of few stocks, the increase is reduced
    /// until they can.
    ///
    /// # Errors
    /// The number of the class whose correlations no returns can have.
    pub(super) fn new(scenario: &Scenario, market: f64) -> Result<Self, usize> {
        /// The increase is reduced in steps of one part of this many.
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

/// Random streams of the factors.
#[derive(Debug)]
pub(super) struct FactorStreams {
    market: Stream,
    volatility: Stream,
    sectors: Stream,
    styles: Stream,
    classes: Vec<Stream>,
    /// -1 where shocks are mirrored, else 1.
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

/// Multipliers of volatility in a session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub market: f64,
    pub specific: f64,
}

impl FactorModel {
    /// Draws the sessions of a span. `log_volatility` is the current deviation of log volatility from its
    /// mean, in standard deviations.
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
            // Given the days' variances, a sum of normals is normal, so one draw for each factor is enough.
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
