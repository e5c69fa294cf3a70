//! The dual function and the proximal semismooth Newton method that climbs it.
//!
//! With `σ(μ) = Σ (μⱼ highⱼ where μⱼ > 0, μⱼ lowⱼ where μⱼ < 0)`, the support function of the rows' ranges, the dual is
//! `q = smooth(ν, μ) - σ(μ)`. `σ` has a kink at zero wherever a row has a range, so it is kept as it is in each step's model:
//!
//! ```text
//! max over Δ   g'Δ - 1/2 Δ'HΔ - σ(μ+Δμ)
//! ```
//!
//! `H` is the generalised Hessian over the securities strictly inside a linear piece. `ν` and the rows that must be met
//! exactly are eliminated by Cholesky; what is left has one variable for each row with a range and is solved by coordinate
//! ascent, each coordinate in closed form. A row that does not bind gets a multiplier of exactly zero (Lee, Sun and
//! Saunders 2014 for the method).

use super::curve::Side;
use super::prepared::Prepared;

/// The dual at one point.
#[derive(Debug, Clone, Default)]
pub(super) struct Point {
    /// `(ν, μ)`, rows by place.
    pub multipliers: Vec<f64>,
    /// `q(ν, μ)`.
    pub value: f64,
    /// Gradient of the smooth part: `(G'(a+u) - ν/γ, Cu)`.
    pub gradient: Vec<f64>,
    /// Inner minimisers.
    pub u: Vec<f64>,
    /// By how much each moves with its price: one over `γ d` strictly inside a linear piece, zero at a kink.
    pub weight: Vec<f64>,
    /// Part of a choice that sells, where choices are blended.
    pub sells: Vec<f64>,
}

/// Makes the true dual smooth at its ties: a buy-or-harvest choice may sell with a part `λ` and buy with the rest, at the
/// price `1/2 ρ (λ - λ₀)²` (a proximal step in `λ`; without that price the dual would be the same). Around the maximum at most
/// about K + m choices have a part strictly between zero and one (Shapley and Folkman).
#[derive(Debug, Clone, Default)]
pub(super) struct Blend {
    /// `ρ`.
    pub price: f64,
    /// `λ₀`.
    pub centre: Vec<f64>,
}

/// Buffers of one solver: nothing is allocated once they have grown to a problem's size.
#[derive(Debug, Clone, Default)]
pub(super) struct Work {
    /// Where the climb stands.
    pub at: Point,
    trial: Point,
    best: Point,
    step: Vec<f64>,
    /// `H` without damping, lower triangle, and the weight that each security has in it.
    hessian: Vec<f64>,
    inside: Vec<f64>,
    /// Its factor.
    factor: Vec<f64>,
}

/// Gradient (fractions of the value, or of the factors' volatility) at which the convex problem counts as solved.
pub(super) const TOLERANCE: f64 = 1e-11;
/// Damping of the rows' part of the Hessian, relative to its largest diagonal entry.
const DAMPING: f64 = 1e-13;
/// Evaluations of one line search on the convex problem. A security with hardly any variance moves within a window of
/// prices as narrow as its variance, and halving has to find it.
const SEARCH: u32 = 60;
/// First change tried of the price of a row that no security moves with: a basis point for each dollar.
const FIRST_GUESS: f64 = 1e-4;
/// Rounds of coordinate ascent over the rows with a range.
const COORDINATE_ROUNDS: u32 = 200;
/// Ratio of weights above which the Hessian is summed anew rather than corrected.
const ILL_SCALED: f64 = 1e4;

/// Sum of products in four strands, the same on every machine.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (mut x, mut y) = (a.chunks_exact(4), b.chunks_exact(4));
    let mut sums = [0.0; 4];
    for (p, q) in x.by_ref().zip(y.by_ref()) {
        for ((s, p), q) in sums.iter_mut().zip(p).zip(q) {
            *s += p * q;
        }
    }
    let mut sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    for (p, q) in x.remainder().iter().zip(y.remainder()) {
        sum += p * q;
    }
    sum
}

/// Evaluates the dual at `point.multipliers` with each name on its side; choices whose side is open take the better one, or
/// blend the two.
pub(super) fn evaluate(p: &Prepared, sides: &[Side], blend: Option<&Blend>, point: &mut Point) {
    let (n, k) = (p.len(), p.factors);
    let Point { multipliers, value, gradient, u, weight, sells } = point;
    u.resize(n, 0.0);
    weight.resize(n, 0.0);
    sells.resize(n, 0.0);
    gradient.clear();
    gradient.resize(p.size, 0.0);
    let (nu, mu) = multipliers.split_at(k);
    let mut sum = dot(nu, &p.exposure);
    for i in 0..n {
        let column = p.column(i);
        let price = dot(column, multipliers);
        match blend.filter(|_| sides[i] == Side::Either && p.is_choice(i)) {
            None => {
                let inner = p.minimise(i, price, sides[i]);
                sum += inner.value;
                u[i] = inner.u;
                weight[i] = if inner.moves { p.inverse(i) } else { 0.0 };
            }
            Some(blend) => {
                let (sell, buy) = (p.minimise(i, price, Side::Sell), p.minimise(i, price, Side::Buy));
                let free = blend.centre[i] - (sell.value - buy.value) / blend.price;
                let part = free.clamp(0.0, 1.0);
                let (off, apart) = (part - blend.centre[i], sell.u - buy.u);
                sum += part * sell.value + (1.0 - part) * buy.value + 0.5 * blend.price * off * off;
                u[i] = part * sell.u + (1.0 - part) * buy.u;
                let moving = if sell.moves { part } else { 0.0 } + if buy.moves { 1.0 - part } else { 0.0 };
                weight[i] = moving * p.inverse(i);
                if part > 0.0 && part < 1.0 {
                    weight[i] += apart * apart / blend.price;
                }
                sells[i] = part;
            }
        }
        if u[i] != 0.0 {
            for (g, c) in gradient.iter_mut().zip(column) {
                *g += c * u[i];
            }
        }
    }
    for j in 0..k {
        sum -= nu[j] * nu[j] / (2.0 * p.gamma);
        gradient[j] += p.exposure[j] - nu[j] / p.gamma;
    }
    for (j, m) in mu.iter().enumerate() {
        sum -= if *m > 0.0 {
            m * p.high[j]
        } else if *m < 0.0 {
            m * p.low[j]
        } else {
            0.0
        };
    }
    *value = sum;
}

impl Point {
    /// What is left of a row's gradient after the best subgradient of `σ` at its multiplier.
    fn row_error(&self, p: &Prepared, j: usize) -> f64 {
        let (m, c) = (self.multipliers[p.factors + j], self.gradient[p.factors + j]);
        if m > 0.0 || (m == 0.0 && c > p.high[j]) {
            c - p.high[j]
        } else if m < 0.0 || c < p.low[j] {
            c - p.low[j]
        } else {
            0.0
        }
    }

    fn error(&self, p: &Prepared) -> f64 {
        let mut worst = 0.0;
        for g in &self.gradient[..p.factors] {
            worst = if g.abs() > worst { g.abs() } else { worst };
        }
        for j in 0..p.order.len() {
            let g = self.row_error(p, j).abs();
            worst = if g > worst { g } else { worst };
        }
        worst
    }

    /// Slope of the dual in the direction of a step.
    fn slope(&self, p: &Prepared, step: &[f64]) -> f64 {
        let mut sum = dot(&self.gradient, step);
        for j in 0..p.order.len() {
            let (m, d) = (self.multipliers[p.factors + j], step[p.factors + j]);
            let side = if m == 0.0 { d } else { m };
            if side > 0.0 {
                sum -= p.high[j] * d;
            } else if side < 0.0 {
                sum -= p.low[j] * d;
            }
        }
        sum
    }
}

impl Work {
    /// Climbs the dual from `self.at.multipliers` for at most `limit` steps; returns the steps taken. Ascent is monotone.
    /// Stops at the maximum, or where no step climbs.
    pub(super) fn climb(
        &mut self,
        p: &Prepared,
        sides: &[Side],
        blend: Option<&Blend>,
        limit: u32,
        tolerance: f64,
    ) -> u32 {
        evaluate(p, sides, blend, &mut self.at);
        self.inside.clear();
        for steps in 0..limit {
            if self.at.error(p) <= tolerance {
                return steps;
            }
            for j in 0..p.order.len() {
                if self.is_still(p, j) {
                    // Its price alone, from a guess of the right order: the line search finds the length.
                    self.step.clear();
                    self.step.resize(p.size, 0.0);
                    let up = self.at.row_error(p, j) > 0.0;
                    self.step[p.factors + j] = if up { FIRST_GUESS } else { -FIRST_GUESS };
                    self.search(p, sides, blend);
                }
            }
            self.direction(p);
            if !self.search(p, sides, blend) {
                return steps + 1;
            }
        }
        limit
    }

    /// Whether a row is not met although no security moves with its price: Newton's method is blind there.
    fn is_still(&self, p: &Prepared, j: usize) -> bool {
        self.at.row_error(p, j).abs() > TOLERANCE
            && !(0..p.len()).any(|i| self.at.weight[i] > 0.0 && p.column(i)[p.factors + j] != 0.0)
    }

    /// Adds a security to the Hessian with a weight.
    fn correct(&mut self, p: &Prepared, i: usize, weight: f64) {
        let column = p.column(i);
        for (r, c) in column.iter().enumerate().filter(|(_, c)| **c != 0.0) {
            let x = c * weight;
            for (h, c) in self.hessian[r * p.size..=r * p.size + r].iter_mut().zip(column) {
                *h += x * c;
            }
        }
    }

    fn sum_hessian(&mut self, p: &Prepared) {
        let n = p.len();
        if self.inside.len() != n || p.spread > ILL_SCALED {
            self.inside.clear();
            self.inside.resize(n, 0.0);
            self.hessian.clear();
            self.hessian.resize(p.size * p.size, 0.0);
            for j in 0..p.factors {
                self.hessian[j * p.size + j] = 1.0 / p.gamma;
            }
        }
        for i in 0..n {
            let change = self.at.weight[i] - self.inside[i];
            if change != 0.0 {
                self.inside[i] = self.at.weight[i];
                self.correct(p, i, change);
            }
        }
    }

    /// The proximal Newton step at the point, into `self.step`.
    fn direction(&mut self, p: &Prepared) {
        self.sum_hessian(p);
        let size = p.size;
        let mut largest = 1.0 / p.gamma;
        for j in 0..size {
            let h = self.hessian[j * size + j];
            largest = if h > largest { h } else { largest };
        }
        let mut extra = DAMPING;
        loop {
            self.factor.clear();
            self.factor.extend_from_slice(&self.hessian);
            for j in p.factors..size {
                let still = self.factor[j * size + j] <= 1e-14 * largest;
                self.factor[j * size + j] += if still { largest } else { extra * largest };
            }
            if self.solve_model(p) {
                return;
            }
            extra *= 100.0;
            if extra > 1e6 {
                self.step.clear();
                self.step.extend_from_slice(&self.at.gradient[..p.factors]);
                self.step.extend((0..p.order.len()).map(|j| self.at.row_error(p, j)));
                return;
            }
        }
    }

    /// Solves the step's model with the matrix in `self.factor`. False when it is not positive definite.
    fn solve_model(&mut self, p: &Prepared) -> bool {
        let (size, exact, k) = (p.size, p.exact, p.factors);
        let (l, x) = (&mut self.factor, &mut self.step);
        x.clear();
        x.extend_from_slice(&self.at.gradient);
        for j in k..exact {
            x[j] -= p.low[j - k];
        }
        // Cholesky of the exact part, forward substitution with it; rows below carry their part of the factor.
        for j in 0..exact {
            for i in j..size {
                let (head, tail) = l.split_at(i * size);
                let (row_j, row_i) = if i == j {
                    (&tail[..j], &tail[..j])
                } else {
                    (&head[j * size..j * size + j], &tail[..j])
                };
                let sum = tail[j] - dot(row_i, row_j);
                if i == j {
                    if sum.is_nan() || sum <= 0.0 {
                        return false;
                    }
                    l[j * size + j] = sum.sqrt();
                } else {
                    l[i * size + j] = sum / l[j * size + j];
                }
            }
            x[j] = (x[j] - dot(&l[j * size..j * size + j], &x[..j])) / l[j * size + j];
        }
        // What is left of the rows with a range: their Schur complement and gradient.
        for i in exact..size {
            for j in exact..=i {
                let sum = dot(&l[i * size..i * size + exact], &l[j * size..j * size + exact]);
                l[i * size + j] -= sum;
            }
            x[i] -= dot(&l[i * size..i * size + exact], &x[..exact]);
        }
        ascend(p, l, x, &self.at.multipliers);
        for j in (0..exact).rev() {
            let mut sum = x[j];
            for i in j + 1..size {
                sum -= l[i * size + j] * x[i];
            }
            x[j] = sum / l[j * size + j];
        }
        true
    }

    /// Line search for the maximum along the step: the dual is concave, so its slope along the way falls; the search ends
    /// where the slope is less than half of what it was. False when nothing on the way is higher.
    fn search(&mut self, p: &Prepared, sides: &[Side], blend: Option<&Blend>) -> bool {
        let first = self.at.slope(p, &self.step);
        // Also false where the slope is not a number.
        let good = |s: f64| s.abs() <= 0.5 * first;
        let (mut low, mut high, mut length) = (0.0, f64::INFINITY, 1.0);
        let error = self.at.error(p);
        let mut found = false;
        for _ in 0..SEARCH {
            self.trial.multipliers.clear();
            let ahead = self.at.multipliers.iter().zip(&self.step).map(|(m, s)| m + length * s);
            self.trial.multipliers.extend(ahead);
            evaluate(p, sides, blend, &mut self.trial);
            let s = self.trial.slope(p, &self.step);
            // Behind a kink the slope may be small and the value lower all the same. Near the maximum the value stands still in
            // its last digits; a smaller gradient is progress then.
            let level = self.trial.value >= self.at.value - 1e-15 * self.at.value.abs();
            if level && (good(s) || self.trial.error(p) < 0.1 * error) {
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
            length = if high.is_finite() { 0.5 * (low + high) } else { 4.0 * length };
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

/// Coordinate ascent over the rows with a range: `x[exact..]` holds their gradient on entry and their step on return; the
/// lower triangle of `l` from `exact` on holds the Schur complement.
fn ascend(p: &Prepared, l: &[f64], x: &mut [f64], multipliers: &[f64]) {
    let (size, exact, k) = (p.size, p.exact, p.factors);
    let ranges = size - exact;
    if ranges == 0 {
        return;
    }
    let schur = |i: usize, j: usize| if i >= j { l[i * size + j] } else { l[j * size + i] };
    let gradient: Vec<f64> = x[exact..].to_vec();
    x[exact..].fill(0.0);
    for _ in 0..COORDINATE_ROUNDS {
        let (mut change, mut scale) = (0.0, 0.0);
        for i in exact..size {
            let mut slope = gradient[i - exact];
            for j in (exact..size).filter(|j| *j != i) {
                slope -= schur(i, j) * x[j];
            }
            let (bend, m) = (schur(i, i), multipliers[i]);
            let (low, high) = (p.low[i - k], p.high[i - k]);
            // The new multiplier: above zero against the upper bound, below zero against the lower, else zero.
            let above = m + (slope - high) / bend;
            let below = m + (slope - low) / bend;
            let to = if above > 0.0 {
                above
            } else if below < 0.0 {
                below
            } else {
                0.0
            };
            let step = to - m;
            let moved = (step - x[i]).abs();
            change = if moved > change { moved } else { change };
            scale = if step.abs() > scale { step.abs() } else { scale };
            x[i] = step;
        }
        if change <= 1e-14 * scale {
            break;
        }
    }
}
