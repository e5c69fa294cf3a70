//! Plans from the dual in all its multipliers at once. `dual` evaluates it, `climb` maximizes it.
//!
//! As in the parent module, proximal rounds in the fractions of buy-or-harvest choices take the true dual to
//! its maximum. After each round every security is fixed to the side with the greater fraction, and the
//! convex rest is solved to full precision, cap included. The price of gain is set from outside (`quick`).

use super::bound::Prices;
use super::climb::Climb;
use super::dual::{Blend, Dual, Point};
use super::model::Model;
use super::plan::Plan;
use super::settle::settle;
use super::terms::{Direction, NOTHING};
use super::trial::LEAST_AVERSION;
use super::trial::Trial;

/// `ρ`, the blending penalty, as in the parent module.
const TIE_PRICE: f64 = 1e-6;
/// Largest number of steps in a proximal round on the true dual, and the error that ends it.
const TRUE_STEPS: u32 = 30;
const BLENDED: f64 = 1e-5;
/// Largest number of steps on a convex problem, and the error at which it counts as solved.
const CONVEX_STEPS: u32 = 60;
const TOLERANCE: f64 = 1e-11;
/// Tolerances: a row may be missed by this weight, and the variance may exceed the cap's by this fraction.
const FEASIBLE: f64 = 1e-10;
const MET: f64 = 1e-9;
/// Moves of the cap: the largest number, the fraction of the shortfall that each makes up, and the shortfall
/// that is accepted, as a fraction of the cap.
const CAP_MOVES: u32 = 12;
const CAP_STEP: f64 = 0.95;
const CAP_MET: f64 = 1e-7;
/// The cap counts as out of reach above this fraction of the highest aversion.
const OUT_OF_REACH: f64 = 0.1;
/// The first aversion tried where only a cap is given.
const FIRST_AVERSION: f64 = 5.0;

/// Solves models one after the other, reusing its buffers.
#[derive(Debug, Clone, Default)]
pub(super) struct Joint {
    dual: Dual,
    climb: Climb,
    blend: Blend,
    probe: Point,
}

impl Joint {
    /// Loads a model with a price of gain. Starts at the given multipliers or at zero, wherever the dual is
    /// higher.
    pub(super) fn begin(&mut self, model: &Model, gain: f64, warm: Option<&Prices>) {
        self.dual.fill(model, gain, model.risk_aversion.unwrap_or(LEAST_AVERSION));
        self.climb.forget();
        let (width, floor) = (self.dual.width, self.dual.floor);
        let usual = if model.risk_aversion.is_some() { floor } else { FIRST_AVERSION };
        let fits = |p: &&Prices| p.factors.len() == model.factors && p.rows.len() == model.bands.len();
        let warm = warm.filter(fits);
        let gamma =
            warm.map_or(usual, |p| if model.cap.is_some() && p.gamma > floor { p.gamma } else { floor });
        self.probe.at.clear();
        self.probe.at.resize(width, 0.0);
        self.probe.at.push(gamma);
        self.dual.evaluate(None, None, &mut self.probe);
        core::mem::swap(&mut self.climb.at, &mut self.probe);
        if let Some(p) = warm {
            self.probe.at.clear();
            self.probe.at.extend(p.factors.iter().chain(&p.rows).chain([&gamma]));
            self.dual.evaluate(None, None, &mut self.probe);
            if self.probe.value > self.climb.at.value {
                core::mem::swap(&mut self.climb.at, &mut self.probe);
            }
        }
        self.blend.price = TIE_PRICE;
        self.blend.centre.clone_from(&self.climb.at.sells);
    }

    /// Changes the price of gain for the same model.
    pub(super) fn reprice(&mut self, model: &Model, gain: f64) {
        self.dual.reprice(model, gain);
    }

    /// Runs one proximal round on the true dual from the end of the last one. Returns the side of each
    /// security.
    pub(super) fn round(&mut self) -> Vec<Direction> {
        self.climb.climb(&self.dual, None, Some(&self.blend), TRUE_STEPS, BLENDED);
        self.blend.centre.clone_from(&self.climb.at.sells);
        settle(&self.dual, &mut self.climb)
    }

    /// Multipliers at the current point.
    pub(super) fn prices(&self, gain: f64) -> Prices {
        let (k, width) = (self.dual.factors, self.dual.width);
        let at = &self.climb.at.at;
        Prices { gamma: at[width], gain, factors: at[..k].to_vec(), rows: at[k..width].to_vec() }
    }

    /// Solves with each security on its side. `None` where rows or cap are not met.
    pub(super) fn solve(&mut self, model: &Model, gain: f64, sides: &[Direction]) -> Option<Trial> {
        let back = self.climb.at.at.clone();
        self.climb.climb(&self.dual, Some(sides), None, CONVEX_STEPS, TOLERANCE);
        let mut found = self.found(model, gain);
        if model.column.iter().any(Option::is_some) {
            found = found.map(|trial| self.up_to_the_cap(model, gain, sides, trial));
        }
        if found.is_none() {
            self.climb.at.at = back;
        }
        found
    }

    /// Where accounts share a security, the dual counts some variance twice and stops short of the cap.
    /// Raises the cap by the shortfall and solves again.
    fn up_to_the_cap(&mut self, model: &Model, gain: f64, sides: &[Direction], trial: Trial) -> Trial {
        let Some(cap) = self.dual.cap else { return trial };
        let mut best = trial;
        for _ in 0..CAP_MOVES {
            let short = cap - best.figures.variance;
            if best.prices.gamma <= self.dual.floor || short <= CAP_MET * cap {
                break;
            }
            self.dual.cap = self.dual.cap.map(|c| c + CAP_STEP * short);
            self.climb.climb(&self.dual, Some(sides), None, CONVEX_STEPS, TOLERANCE);
            match self.found(model, gain) {
                Some(next) => best = next,
                None => break,
            }
        }
        self.dual.cap = Some(cap);
        best
    }

    /// Moves back to given multipliers.
    pub(super) fn stand(&mut self, prices: &Prices) {
        let at = &mut self.climb.at.at;
        at.clear();
        at.extend(prices.factors.iter().chain(&prices.rows).chain([&prices.gamma]));
    }

    fn found(&self, model: &Model, gain: f64) -> Option<Trial> {
        let point = &self.climb.at;
        let trades: Vec<f64> = point
            .bought
            .iter()
            .zip(&point.sold)
            .map(|(b, s)| b + s)
            .map(|u| if u.abs() > NOTHING { u } else { 0.0 })
            .collect();
        let feasible = |b: &super::model::Band| b.miss(model.row(b, &trades)).abs() <= FEASIBLE;
        let is_reached = model.cap.is_none() || point.at[self.dual.width] <= OUT_OF_REACH * self.dual.ceiling;
        if !is_reached || !trades.iter().all(|u| u.is_finite()) || !model.bands.iter().all(feasible) {
            return None;
        }
        let plan = Plan::new(model, &trades, gain);
        let figures = plan.figures(model);
        if model.cap.is_some_and(|cap| figures.variance > cap * cap * (1.0 + MET)) {
            return None;
        }
        Some(Trial { figures, plan, prices: self.prices(gain) })
    }
}
