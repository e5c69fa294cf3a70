//! Maximizes the dual in all its multipliers at once. It is a proximal semismooth Newton method, as in the
//! parent module, with the risk aversion as a last coordinate that has a lower bound.
//!
//! Each step maximizes `g'Δ - 1/2 Δ'HΔ - σ(μ+Δμ)`, with `γ+Δγ` within a factor of its current value. `ν` is
//! eliminated by Cholesky. Rows and `γ` are found by coordinate ascent; the small system of the coordinates
//! that stay free is then solved exactly. The sum of `w w'` over the moving variables, which is part of `H`,
//! does not depend on `γ`, so it is updated instead of summed anew.

use unisleeve_numeric::lanes::dot;

use super::dual::{Blend, Dual, Point};
use super::schur::{FACTOR, Schur, factorise};
use super::terms::Direction;

/// Damping, relative to the largest diagonal entry.
const DAMPING: f64 = 1e-13;
/// Largest number of evaluations of one line search.
const SEARCH: u32 = 40;
/// First change tried for the multiplier of a row that no moving variable belongs to.
const FIRST_GUESS: f64 = 1e-4;
/// Ratio of variances above which the sum is built anew instead of updated.
const ILL_SCALED: f64 = 1e4;
/// Weight of the relative error of the variance at the cap.
const CAP_ERROR: f64 = 0.01;
/// A line search ends where the slope is at most this fraction of the first slope.
const FLAT: f64 = 0.5;

/// Buffers of one climb.
#[derive(Debug, Clone, Default)]
pub(super) struct Climb {
    /// The current point.
    pub at: Point,
    trial: Point,
    best: Point,
    step: Vec<f64>,
    /// `Σ w w'` over the moving variables, and the weight of each variable in it as a purchase and as a sale.
    sum: Vec<f64>,
    inside: Vec<(f64, f64)>,
    matrix: Vec<f64>,
    column: Vec<f64>,
}

/// Residual of a row's gradient after the best subgradient of its support function.
fn row_error(dual: &Dual, point: &Point, j: usize) -> f64 {
    let (mu, g) = (point.at[dual.factors + j], point.gradient[dual.factors + j]);
    if mu > 0.0 || (mu == 0.0 && g > dual.high[j]) {
        g - dual.high[j]
    } else if mu < 0.0 || g < dual.low[j] {
        g - dual.low[j]
    } else {
        0.0
    }
}

/// The largest violation of the optimality conditions.
fn error(dual: &Dual, point: &Point) -> f64 {
    let mut worst = 0.0;
    for g in &point.gradient[..dual.factors] {
        worst = if g.abs() > worst { g.abs() } else { worst };
    }
    for j in 0..dual.low.len() {
        let e = row_error(dual, point, j).abs();
        worst = if e > worst { e } else { worst };
    }
    if let Some(cap) = dual.cap {
        let g = point.gradient[dual.width];
        let e =
            if g > 0.0 || point.at[dual.width] > dual.floor { 2.0 * g.abs() / cap * CAP_ERROR } else { 0.0 };
        worst = if e > worst { e } else { worst };
    }
    worst
}

/// Directional derivative of the dual along a step.
fn slope(dual: &Dual, point: &Point, step: &[f64]) -> f64 {
    let mut sum = dot(&point.gradient, step);
    for j in 0..dual.low.len() {
        let (mu, d) = (point.at[dual.factors + j], step[dual.factors + j]);
        let side = if mu == 0.0 { d } else { mu };
        if side > 0.0 {
            sum -= dual.high[j] * d;
        } else if side < 0.0 {
            sum -= dual.low[j] * d;
        }
    }
    sum
}

impl Climb {
    /// Drops the sum. Required before another model or other coefficients.
    pub(super) fn forget(&mut self) {
        self.inside.clear();
    }

    /// Maximizes the dual from `self.at.at` in at most `limit` steps, until the error is at most `tolerance`
    /// or no step improves. Returns the number of steps. The value never falls.
    pub(super) fn climb(
        &mut self,
        dual: &Dual,
        sides: Option<&[Direction]>,
        blend: Option<&Blend>,
        limit: u32,
        tolerance: f64,
    ) -> u32 {
        dual.evaluate(sides, blend, &mut self.at);
        for steps in 0..limit {
            if self.error(dual) <= tolerance {
                return steps;
            }
            for j in 0..dual.low.len() {
                if self.is_still(dual, j, tolerance) {
                    // Changes this multiplier alone. The line search finds the length.
                    self.step.clear();
                    self.step.resize(dual.width + 1, 0.0);
                    let up = row_error(dual, &self.at, j) > 0.0;
                    self.step[dual.factors + j] = if up { FIRST_GUESS } else { -FIRST_GUESS };
                    self.search(dual, sides, blend);
                }
            }
            self.direction(dual, blend);
            if !self.search(dual, sides, blend) {
                return steps + 1;
            }
        }
        limit
    }

    /// The largest violation of the optimality conditions at the current point.
    pub(super) fn error(&self, dual: &Dual) -> f64 {
        error(dual, &self.at)
    }

    /// Whether a row is violated although no moving variable belongs to it. Newton's method can't improve
    /// such a row.
    fn is_still(&self, dual: &Dual, j: usize, tolerance: f64) -> bool {
        row_error(dual, &self.at, j).abs() > tolerance
            && !(0..dual.len())
                .any(|i| (self.at.buys[i].1 > 0.0 || self.at.sales[i].1 > 0.0) && dual.counts(i, j))
    }

    fn correct(&mut self, dual: &Dual, i: usize, side: Direction, weight: f64) {
        let width = dual.width;
        self.column.resize(width + 1, 0.0);
        dual.coefficients(i, side, &mut self.column[..width]);
        let scale = weight / dual.specific[i];
        for r in 0..width {
            let c = self.column[r];
            if c != 0.0 {
                let x = c * scale;
                for (h, c) in self.sum[r * width..=r * width + r].iter_mut().zip(&self.column) {
                    *h += x * c;
                }
            }
        }
    }

    /// Updates the sum to the current point.
    fn sum_up(&mut self, dual: &Dual) {
        let (n, width) = (dual.len(), dual.width);
        if self.inside.len() != n || self.sum.len() != width * width || dual.spread > ILL_SCALED {
            self.inside.clear();
            self.inside.resize(n, (0.0, 0.0));
            self.sum.clear();
            self.sum.resize(width * width, 0.0);
        }
        for i in 0..n {
            let now = (self.at.buys[i].1, self.at.sales[i].1);
            let change = (now.0 - self.inside[i].0, now.1 - self.inside[i].1);
            if change.0 != 0.0 {
                self.correct(dual, i, Direction::Buy, change.0);
            }
            if change.1 != 0.0 {
                self.correct(dual, i, Direction::Sell, change.1);
            }
            self.inside[i] = now;
        }
    }

    /// `H` at the current point, as its lower triangle, into `self.matrix`.
    fn hessian(&mut self, dual: &Dual, blend: Option<&Blend>) {
        self.sum_up(dual);
        let (k, width) = (dual.factors, dual.width);
        let (size, gamma) = (width + 1, self.at.at[width]);
        self.matrix.clear();
        self.matrix.resize(size * size, 0.0);
        for r in 0..width {
            let (to, from) = (r * size, r * width);
            for (h, s) in self.matrix[to..=to + r].iter_mut().zip(&self.sum[from..=from + r]) {
                *h = s / gamma;
            }
            if r < k {
                self.matrix[to + r] += 1.0 / gamma;
            }
        }
        // The row of the risk aversion.
        let mut norm = 0.0;
        for nu in &self.at.at[..k] {
            norm += nu * nu;
        }
        let mut last = norm / (gamma * gamma * gamma);
        let mut cross = vec![0.0; width];
        self.column.resize(size, 0.0);
        for i in 0..dual.len() {
            for (side, (u, part)) in [(Direction::Buy, self.at.buys[i]), (Direction::Sell, self.at.sales[i])]
            {
                if part > 0.0 {
                    let x = dual.position(i, u);
                    last += part * dual.specific[i] * x * x / gamma;
                    dual.coefficients(i, side, &mut self.column[..width]);
                    for (h, c) in cross.iter_mut().zip(&self.column) {
                        *h += c * part * x / gamma;
                    }
                }
            }
        }
        for (h, nu) in cross.iter_mut().zip(&self.at.at[..k]) {
            *h -= nu / (gamma * gamma);
        }
        self.matrix[width * size..width * size + width].copy_from_slice(&cross);
        self.matrix[width * size + width] = last;
        // Choices whose sides are blended.
        let Some(blend) = blend else { return };
        for s in 0..dual.of_security.len() {
            let part = self.at.sells[s];
            if part > 0.0 && part < 1.0 && dual.is_choice[s] {
                dual.apart(s, &self.at, &mut self.column);
                for r in 0..size {
                    let x = self.column[r] / blend.price;
                    if x != 0.0 {
                        for (h, c) in self.matrix[r * size..=r * size + r].iter_mut().zip(&self.column) {
                            *h += x * c;
                        }
                    }
                }
            }
        }
    }

    /// `H` without blending, restricted to the coordinates that are free to move, with their positions.
    pub(super) fn curvature(&mut self, dual: &Dual) -> (Vec<usize>, Vec<f64>) {
        self.hessian(dual, None);
        let (k, width, size) = (dual.factors, dual.width, dual.width + 1);
        let is_free = |i: &usize| match *i {
            i if i < k => true,
            i if i < width => self.at.at[i] != 0.0 && self.matrix[i * size + i] > 0.0,
            _ => dual.cap.is_some() && self.at.at[width] > dual.floor,
        };
        let free: Vec<usize> = (0..size).filter(is_free).collect();
        let n = free.len();
        let mut matrix = vec![0.0; n * n];
        for (r, i) in free.iter().enumerate() {
            for (c, j) in free[..=r].iter().enumerate() {
                matrix[r * n + c] = self.matrix[i * size + j];
            }
        }
        (free, matrix)
    }

    /// The Newton step, into `self.step`.
    fn direction(&mut self, dual: &Dual, blend: Option<&Blend>) {
        self.hessian(dual, blend);
        let (k, width, size) = (dual.factors, dual.width, dual.width + 1);
        let mut largest = 0.0;
        for j in 0..width {
            let h = self.matrix[j * size + j];
            largest = if h > largest { h } else { largest };
        }
        for j in k..width {
            let still = self.matrix[j * size + j] <= 1e-14 * largest;
            self.matrix[j * size + j] += if still { largest } else { DAMPING * largest };
        }
        // The risk aversion has a different scale, so its damping is relative to its own diagonal.
        self.matrix[width * size + width] *= 1.0 + DAMPING;
        self.step.clear();
        self.step.extend_from_slice(&self.at.gradient);
        let (l, x) = (&mut self.matrix, &mut self.step);
        if !factorise(l, size, k) {
            for j in 0..dual.low.len() {
                x[k + j] = row_error(dual, &self.at, j);
            }
            x[width] = 0.0;
            return;
        }
        for j in 0..k {
            x[j] = (x[j] - dot(&l[j * size..j * size + j], &x[..j])) / l[j * size + j];
        }
        for i in k..size {
            for j in k..=i {
                let sum = dot(&l[i * size..i * size + k], &l[j * size..j * size + k]);
                l[i * size + j] -= sum;
            }
            x[i] -= dot(&l[i * size..i * size + k], &x[..k]);
        }
        let rest = Schur::new(dual, l, &self.at.at, &x[k..]).solve();
        x[k..].copy_from_slice(&rest);
        for j in (0..k).rev() {
            let mut sum = x[j];
            for i in j + 1..size {
                sum -= l[i * size + j] * x[i];
            }
            x[j] = sum / l[j * size + j];
        }
    }

    /// Line search along the step. The slope falls along the way; the search ends where it is nearly flat.
    /// Returns false where no point on the way is higher.
    fn search(&mut self, dual: &Dual, sides: Option<&[Direction]>, blend: Option<&Blend>) -> bool {
        let (first, width) = (slope(dual, &self.at, &self.step), dual.width);
        let (gamma, down) = (self.at.at[width], self.step[width]);
        let longest = if down < 0.0 {
            (gamma - dual.floor) / -down
        } else if down > 0.0 {
            (dual.ceiling - gamma) / down
        } else {
            f64::INFINITY
        };
        let (mut low, mut high, mut length) = (0.0, f64::INFINITY, if longest < 1.0 { longest } else { 1.0 });
        let error_here = error(dual, &self.at);
        let mut found = false;
        for _ in 0..SEARCH {
            self.trial.at.clear();
            self.trial.at.extend(self.at.at.iter().zip(&self.step).map(|(m, s)| m + length * s));
            if self.trial.at[width] < dual.floor {
                self.trial.at[width] = dual.floor;
            } else if self.trial.at[width] > dual.ceiling {
                self.trial.at[width] = dual.ceiling;
            }
            dual.evaluate(sides, blend, &mut self.trial);
            let s = slope(dual, &self.trial, &self.step);
            let level = self.trial.value >= self.at.value - 1e-15 * self.at.value.abs();
            let good = s.abs() <= FLAT * first || s > 0.0 && length >= longest;
            if level && (good || error(dual, &self.trial) < 0.1 * error_here) {
                core::mem::swap(&mut self.at, &mut self.trial);
                return true;
            }
            let higher = if found { self.best.value } else { self.at.value };
            if s > 0.0 {
                low = length;
                core::mem::swap(&mut self.best, &mut self.trial);
                found = true;
            } else {
                high = length;
                if self.trial.value > higher {
                    core::mem::swap(&mut self.best, &mut self.trial);
                    found = true;
                }
            }
            length = if high.is_finite() { 0.5 * (low + high) } else { FACTOR * length };
            length = if length > longest { longest } else { length };
            if length <= low || length >= high || !length.is_finite() {
                break;
            }
        }
        if found {
            core::mem::swap(&mut self.at, &mut self.best);
        }
        found
    }
}
