//! Plans from the dual in all its multipliers at once: `dual` evaluates it, `climb` climbs it.
//!
//! As in the parent module, proximal rounds in the parts of the buy-or-harvest choices take the true dual to its maximum; after
//! each, every security is fixed to the side that its greater part took and the convex rest is solved to the last digit, cap
//! included. A price of gain is given from outside (`budget`).

use super::bound::Prices;
use super::climb::Climb;
use super::dual::{Blend, Dual, Point};
use super::model::Model;
use super::plan::Plan;
use super::program::{Direction, NOTHING, Trial};
use super::search::LEAST_AVERSION;
use super::settle::settle;

/// `ρ`: what blending a choice costs, as in the parent module.
const TIE_PRICE: f64 = 1e-6;
/// Steps of one proximal round on the true dual, and the error that ends it.
const TRUE_STEPS: u32 = 30;
const BLENDED: f64 = 1e-5;
/// Steps on a convex problem at most, and the error at which it is solved.
const CONVEX_STEPS: u32 = 60;
const TOLERANCE: f64 = 1e-11;
/// A row may be missed by this weight, the variance at the cap by this part of it.
const FEASIBLE: f64 = 1e-10;
const MET: f64 = 1e-9;
/// Moves of the cap at most, part of what is lacking that each makes up for, and part of the cap that may be lacking.
const CAP_MOVES: u32 = 12;
const CAP_STEP: f64 = 0.95;
const CAP_MET: f64 = 1e-7;
/// Part of the highest aversion at which the cap is out of reach, or nearly.
const OUT_OF_REACH: f64 = 0.1;
/// The first aversion tried where only a cap asks for one.
const FIRST_AVERSION: f64 = 5.0;

/// Solves one model after the other in the same buffers.
#[derive(Debug, Clone, Default)]
pub(super) struct Joint {
    dual: Dual,
    climb: Climb,
    blend: Blend,
    probe: Point,
}

impl Joint {
    /// Takes a model in, with a price of gain, and stands at the multipliers given or at zero, wherever the dual is higher.
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

    /// Another price of gain for the same model.
    pub(super) fn reprice(&mut self, model: &Model, gain: f64) {
        self.dual.reprice(model, gain);
    }

    /// One proximal round on the true dual, from where the last one ended.
    pub(super) fn round(&mut self) -> Vec<Direction> {
        self.climb.climb(&self.dual, None, Some(&self.blend), TRUE_STEPS, BLENDED);
        self.blend.centre.clone_from(&self.climb.at.sells);
        settle(&self.dual, &mut self.climb)
    }

    /// Multipliers where the climb stands.
    pub(super) fn prices(&self, gain: f64) -> Prices {
        let (k, width) = (self.dual.factors, self.dual.width);
        let at = &self.climb.at.at;
        Prices { gamma: at[width], gain, factors: at[..k].to_vec(), rows: at[k..width].to_vec() }
    }

    /// Solves with each security on its side. None where the rows or the cap are not met.
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

    /// Where accounts share a security the dual counts some variance twice, and stops short of the cap by that much: the cap is
    /// moved by what it stops short, and the problem solved again.
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

    /// Stands at multipliers again.
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
