//! A proximal semismooth Newton method that maximizes the dual.
//!
//! Let `σ(μ) = Σ (μⱼ highⱼ where μⱼ > 0, μⱼ lowⱼ where μⱼ < 0)` be the support function of the rows' ranges.
//! The dual is `q = smooth(ν, μ) - σ(μ)`. `σ` has a kink at zero for each row with a range, so each step's
//! model keeps it exactly (`model`).

use super::dual::{Dual, Point};
use super::model::Model;
use super::prepared::Prepared;

/// Buffers of one solver. They grow to a problem's size; after that nothing is allocated.
#[derive(Debug, Clone, Default)]
pub(super) struct Work {
    /// The current point.
    pub at: Point,
    trial: Point,
    best: Point,
    model: Model,
}

/// Residual gradient at which the convex problem counts as solved, in fractions of the portfolio value or of
/// the factors' volatility.
pub(super) const TOLERANCE: f64 = 1e-11;
/// Evaluations of one line search. A security with hardly any variance moves only within a range of prices as
/// narrow as its variance, and bisection has to find that range.
const SEARCH: u32 = 60;
/// Rows missed by less than this are repaired after the climb. From there on a line search that can't gain
/// more than [`NO_ASCENT`] ends. Otherwise it would halve the step down to the last digit, toward a kink at
/// which no security moves.
const MENDED: f64 = 1e-9;
/// Gain that counts as none, a fraction of the portfolio value.
const NO_ASCENT: f64 = 1e-16;
/// First change tried for the multiplier of a row that no moving security belongs to: a basis point per
/// dollar.
const FIRST_GUESS: f64 = 1e-4;

impl Work {
    /// Maximizes a dual from `self.at`, where it has been evaluated, in at most `limit` steps. Returns the
    /// number of steps. The value never falls. Stops at the maximum, where no step improves, or above
    /// `ceiling`: a dual whose rows can't be met has no maximum.
    pub(super) fn climb(&mut self, dual: &Dual<'_>, limit: u32, tolerance: f64, ceiling: f64) -> u32 {
        let p = dual.prepared;
        self.model.forget();
        for steps in 0..limit {
            if self.at.error(p) <= tolerance || self.at.value > ceiling {
                return steps;
            }
            for j in 0..p.order.len() {
                if self.is_still(p, j) {
                    // Changes this multiplier alone. The line search finds the length.
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

    /// Whether a row is violated although no moving security belongs to it. Newton's method can't improve
    /// such a row.
    fn is_still(&self, p: &Prepared, j: usize) -> bool {
        self.at.row_error(p, j).abs() > TOLERANCE
            && self.at.moving.iter().all(|i| p.column(*i as usize)[p.factors + j] == 0.0)
    }

    /// Line search along the step. The dual is concave, so its slope falls along the way. The search ends
    /// where the slope is at most half of the first slope, or where concavity leaves nothing to gain. Returns
    /// false where no point on the way is higher.
    fn search(&mut self, dual: &Dual<'_>) -> bool {
        let (p, step) = (dual.prepared, &self.model.step);
        let first = self.at.slope(p, step);
        // False for a slope that is not a number.
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
            // `near` is the slope just before the kink. If the dual rises up to the kink and falls beyond it,
            // the kink is the maximum.
            let near = kink.map_or(s, |(j, _)| s + (p.high[j] - p.low[j]) * step[p.factors + j].abs());
            if s <= 0.0 && near > 0.0 && self.trial.value >= self.at.value {
                core::mem::swap(&mut self.at, &mut self.trial);
                return true;
            }
            // Beyond a kink the slope may be small although the value is lower. Near the maximum the value is
            // constant to its last digits; there a smaller gradient counts as progress.
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
