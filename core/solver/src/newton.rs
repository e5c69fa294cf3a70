//! A proximal semismooth Newton method that maximizes the dual.
//!
//! Let `σ(μ) = Σ (μⱼ highⱼ where μⱼ > 0, μⱼ lowⱼ where μⱼ < 0)` be the support function of the rows' ranges.
//! The dual is `q = smooth(ν, μ, γ) - σ(μ)`. `σ` has a kink at zero for each row with a range, so each step's
//! model keeps it exactly (`model`). The multiplier of a row with slack stays within the slack's price, and
//! `γ` at or above the problem's risk aversion.

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
    pub model: Model,
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
                    self.model.gamma_step = 0.0;
                    let up = self.at.row_error(p, j) > 0.0;
                    self.model.step[p.factors + j] = if up { FIRST_GUESS } else { -FIRST_GUESS };
                    self.search(dual, ceiling);
                }
            }
            self.model.direct(p, &self.at, dual.blend);
            if !self.search(dual, ceiling) {
                return steps + 1;
            }
        }
        limit
    }

    /// Whether a row is violated although no moving security belongs to it. Newton's method can't improve
    /// such a row.
    fn is_still(&self, p: &Prepared, j: usize) -> bool {
        let counts = |i: usize| {
            p.column(i)[p.factors + j] != 0.0
                || p.grosses > 0 && p.gross(i).iter().any(|(r, g)| *r as usize == j && *g != 0.0)
        };
        self.at.row_error(p, j).abs() > TOLERANCE && !self.at.moving.iter().any(|i| counts(*i as usize))
    }

    /// The longest step within the bounds of the multipliers.
    fn longest(&self, p: &Prepared) -> f64 {
        let mut longest = f64::INFINITY;
        let mut shorten = |at: f64, step: f64, low: f64, high: f64| {
            // The model's step ends within the bounds, but for rounding errors: it is not shortened for them.
            let room = if step > 0.0 { (high - at) / step } else { (low - at) / step };
            let room = if room > 1.0 { room } else { 1.0 };
            if step != 0.0 && room < longest {
                longest = room;
            }
        };
        for (j, limit) in p.limit.iter().enumerate().filter(|(_, limit)| **limit < f64::INFINITY) {
            let at = p.factors + j;
            shorten(self.at.multipliers[at], self.model.step[at], -limit, *limit);
        }
        if p.cap.is_some() {
            shorten(self.at.gamma, self.model.gamma_step, p.gamma, p.ceiling);
        }
        longest
    }

    /// Line search along the step. The dual is concave, so its slope falls along the way. The search ends
    /// where the slope is at most half of the first slope, or where concavity leaves nothing to gain. Returns
    /// false where no point on the way is higher. The first point above `ceiling` ends it.
    fn search(&mut self, dual: &Dual<'_>, ceiling: f64) -> bool {
        let p = dual.prepared;
        let (step, gamma_step) = (&self.model.step, self.model.gamma_step);
        let first = self.at.slope(p, step, gamma_step);
        let longest = self.longest(p);
        // False for a slope that is not a number.
        let good = |s: f64| s.abs() <= 0.5 * first;
        let (mut low, mut high) = (0.0, f64::INFINITY);
        let mut length = 1.0;
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
            self.trial.gamma = (self.at.gamma + length * gamma_step).clamp(p.gamma, p.ceiling);
            if longest < f64::INFINITY {
                for (m, limit) in self.trial.multipliers[p.factors..].iter_mut().zip(&p.limit) {
                    *m = m.clamp(-limit, *limit);
                }
            }
            if let Some((j, _)) = kink {
                self.trial.multipliers[p.factors + j] = 0.0;
            }
            dual.evaluate(&mut self.trial);
            let s = self.trial.slope(p, step, gamma_step);
            // `near` is the slope just before the kink. If the dual rises up to the kink and falls beyond it,
            // the kink is the maximum.
            let near = kink.map_or(s, |(j, _)| s + (p.high[j] - p.low[j]) * step[p.factors + j].abs());
            if s <= 0.0 && near > 0.0 && self.trial.value >= self.at.value {
                core::mem::swap(&mut self.at, &mut self.trial);
                return true;
            }
            // Beyond a kink the slope may be small although the value is lower. Near the maximum the value is
            // constant to its last digits; there a smaller gradient counts as progress.
            if self.trial.value > ceiling {
                core::mem::swap(&mut self.at, &mut self.trial);
                return true;
            }
            let level = self.trial.value >= self.at.value - 1e-15 * self.at.value.abs();
            let is_end = s > 0.0 && length >= longest;
            if level && (good(s) || is_end || self.trial.error(p) < 0.1 * error) {
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
            length = if length > longest { longest } else { length };
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
