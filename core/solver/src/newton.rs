//! The proximal semismooth Newton method that climbs the dual.
//!
//! With `σ(μ) = Σ (μⱼ highⱼ where μⱼ > 0, μⱼ lowⱼ where μⱼ < 0)`, the support function of the rows' ranges, the dual is
//! `q = smooth(ν, μ) - σ(μ)`. `σ` has a kink at zero wherever a row has a range, so it is kept as it is in each step's model
//! (`model`).

use super::dual::{Dual, Point};
use super::model::Model;
use super::prepared::Prepared;

/// Buffers of one solver: nothing is allocated once they have grown to a problem's size.
#[derive(Debug, Clone, Default)]
pub(super) struct Work {
    /// Where the climb stands.
    pub at: Point,
    trial: Point,
    best: Point,
    model: Model,
}

/// Gradient (fractions of the value, or of the factors' volatility) at which the convex problem counts as solved.
pub(super) const TOLERANCE: f64 = 1e-11;
/// Evaluations of one line search on the convex problem. A security with hardly any variance moves within a window of
/// prices as narrow as its variance, and halving has to find it.
const SEARCH: u32 = 60;
/// Rows missed by less than this are mended after the climb. Then a search that can't climb by more than [`NO_ASCENT`] is over:
/// it would halve its way through all digits of a length, toward a kink that no security moves at.
const MENDED: f64 = 1e-9;
/// Ascent that is none, a fraction of the value.
const NO_ASCENT: f64 = 1e-16;
/// First change tried of the price of a row that no security moves with: a basis point for each dollar.
const FIRST_GUESS: f64 = 1e-4;

impl Work {
    /// Climbs a dual from `self.at`, where it has been evaluated, for at most `limit` steps; returns the steps taken. Ascent is
    /// monotone. Stops at the maximum, where no step climbs, or above `ceiling`: where the rows can't be met a dual has no
    /// maximum.
    pub(super) fn climb(&mut self, dual: &Dual<'_>, limit: u32, tolerance: f64, ceiling: f64) -> u32 {
        let p = dual.prepared;
        self.model.forget();
        for steps in 0..limit {
            if self.at.error(p) <= tolerance || self.at.value > ceiling {
                return steps;
            }
            for j in 0..p.order.len() {
                if self.is_still(p, j) {
                    // Its price alone, from a guess of the right order: the line search finds the length.
                    self.model.step.clear();
                    self.model.step.resize(p.wide, 0.0);
                    let up = self.at.row_error(p, j) > 0.0;
                    self.model.step[p.factors + j] = if up { FIRST_GUESS } else { -FIRST_GUESS };
                    self.search(dual);
                }
            }
            self.model.direct(p, &self.at);
            if !self.search(dual) {
                return steps + 1;
            }
        }
        limit
    }

    /// Whether a row is not met although no security moves with its price: Newton's method is blind there.
    fn is_still(&self, p: &Prepared, j: usize) -> bool {
        self.at.row_error(p, j).abs() > TOLERANCE
            && self.at.moving.iter().all(|i| p.column(*i as usize)[p.factors + j] == 0.0)
    }

    /// Line search for the maximum along the step: the dual is concave, so its slope along the way falls; the search ends
    /// where the slope is less than half of what it was, or where concavity leaves nothing to gain. False when nothing on the
    /// way is higher.
    fn search(&mut self, dual: &Dual<'_>) -> bool {
        let (p, step) = (dual.prepared, &self.model.step);
        let first = self.at.slope(p, step);
        // Also false where the slope is not a number.
        let good = |s: f64| s.abs() <= 0.5 * first;
        let (mut low, mut high, mut length) = (0.0, f64::INFINITY, 1.0);
        let (start, error) = (self.at.value, self.at.error(p));
        let enough = if error <= MENDED { NO_ASCENT } else { 0.0 };
        let mut low_slope = first;
        let mut found = false;
        for _ in 0..SEARCH {
            let kink = if high.is_finite() { self.at.kink(p, step, low, high) } else { None };
            length = kink.map_or(length, |(_, at)| at);
            self.trial.multipliers.clear();
            let ahead = self.at.multipliers.iter().zip(step).map(|(m, s)| m + length * s);
            self.trial.multipliers.extend(ahead);
            if let Some((j, _)) = kink {
                self.trial.multipliers[p.factors + j] = 0.0;
            }
            dual.evaluate(&mut self.trial);
            let s = self.trial.slope(p, step);
            // The slope on the near side of the kink: up to it the dual rises and beyond it falls, so it is the maximum.
            let near = kink.map_or(s, |(j, _)| s + (p.high[j] - p.low[j]) * step[p.factors + j].abs());
            if s <= 0.0 && near > 0.0 && self.trial.value >= self.at.value {
                core::mem::swap(&mut self.at, &mut self.trial);
                return true;
            }
            // Behind a kink the slope may be small and the value lower all the same. Near the maximum the value stands still in
            // its last digits; a smaller gradient is progress then.
            let level = self.trial.value >= self.at.value - 1e-15 * self.at.value.abs();
            if level && (good(s) || self.trial.error(p) < 0.1 * error) {
                core::mem::swap(&mut self.at, &mut self.trial);
                return true;
            }
            let higher = if found { self.best.value } else { self.at.value };
            if s > 0.0 {
                (low, low_slope) = (length, s);
                core::mem::swap(&mut self.best, &mut self.trial);
                found = true;
            } else {
                high = length;
                if self.trial.value > higher {
                    core::mem::swap(&mut self.best, &mut self.trial);
                    found = true;
                }
            }
            length = if high.is_finite() { 0.5 * (low + high) } else { 4.0 * length };
            if length <= low || length >= high || !length.is_finite() || low_slope * (high - low) < enough {
                break;
            }
        }
        if found {
            core::mem::swap(&mut self.at, &mut self.best);
        }
        found && (enough <= 0.0 || self.at.value > start + enough)
    }
}
