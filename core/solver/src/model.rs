//! The quadratic model of one Newton step: the generalized Hessian over the trades that move, and the step
//! that solves
//!
//! ```text
//! max over Δ   g'Δ - 1/2 Δ'HΔ - σ(μ+Δμ)
//! ```
//!
//! `ν` and the multipliers of equality rows are eliminated by Cholesky. One variable is left for each other
//! row, and one for the risk aversion under a cap. Coordinate ascent, where each coordinate has a closed
//! form, finds those that stay at a kink or at a bound (a row that does not bind gets a multiplier of exactly
//! zero); the system of the others is then solved exactly (Lee, Sun and Saunders 2014).
//!
//! All of this is for `γH` in place of `H`: its largest part, the sum over the trades that move, does not
//! depend on `γ`, so it is updated instead of summed anew.

use super::dual::{Blend, Blended, Point};
use super::prepared::Prepared;
use unisleeve_numeric::lanes::{LANES, add, add_four, dot, padded};

/// Buffers of the model. Symmetric matrices are stored as their upper triangle, in rows of `span` numbers. A
/// row is used from the start of the lane block that holds its diagonal.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    /// `γH` without damping and blending, and the weights of each trade in it.
    hessian: Vec<f64>,
    inside: Vec<f64>,
    skew: Vec<f64>,
    /// Trades whose weights changed, with the changes.
    changed: Vec<(u32, f64)>,
    /// Cholesky factor of `γH`.
    factor: Vec<f64>,
    /// K + m, one more under a cap, and that padded to whole lanes.
    total: usize,
    span: usize,
    /// The column of a blended choice.
    apart: Vec<f64>,
    /// Gradient of the reduced model, and its system.
    left: Vec<f64>,
    start: Vec<f64>,
    free: Vec<usize>,
    system: Vec<f64>,
    /// The step in `(ν, μ)`, padded to a whole number of lanes, and in `γ`.
    pub step: Vec<f64>,
    pub gamma_step: f64,
}

/// Damping of the rows' part of the Hessian, relative to its largest diagonal entry.
const DAMPING: f64 = 1e-13;
/// Largest number of rounds of coordinate ascent and the relative change that ends it: to find the coordinates
/// that stay, and where their system can't be solved exactly.
const ROUGH: (u32, f64) = (60, 1e-3);
const FINE: (u32, f64) = (200, 1e-14);
/// Ratio of variances above which the Hessian is summed anew instead of updated.
const ILL_SCALED: f64 = 1e4;
/// Added to the curvature of a row in the choice of sides, in units of `1/d`: rows without curvature of their
/// own are kept.
const STIFF: f64 = 1e-6;
/// Largest factor by which one step may change `γ`.
const FACTOR: f64 = 4.0;

/// Start of the lane block that holds a position.
fn strand(at: usize) -> usize {
    at / LANES * LANES
}

impl Model {
    /// Drops the Hessian. Required before another problem.
    pub(super) fn forget(&mut self) {
        self.inside.clear();
    }

    /// Computes the proximal Newton step from a point into `self.step` and `self.gamma_step`.
    pub(super) fn direct(&mut self, p: &Prepared, at: &Point, blend: Option<&Blend>) {
        self.total = p.size + usize::from(p.cap.is_some());
        self.span = padded(self.total);
        self.sum_hessian(p, at);
        let (size, span) = (p.size, self.span);
        let mut largest = 1.0;
        for j in 0..size {
            let h = self.hessian[j * span + j];
            largest = if h > largest { h } else { largest };
        }
        let mut extra = DAMPING;
        loop {
            self.factor.clone_from(&self.hessian);
            self.add_aversion(p, at);
            self.add_blended(p, at, blend);
            for j in p.factors..size {
                let diagonal = &mut self.factor[j * span + j];
                *diagonal += if *diagonal <= 1e-14 * largest { largest } else { extra * largest };
            }
            if self.solve(p, at) {
                return;
            }
            extra *= 100.0;
            if extra > 1e6 {
                self.step.clear();
                self.step.extend_from_slice(&at.gradient[..p.factors]);
                self.step.extend((0..p.order.len()).map(|j| at.row_error(p, j)));
                self.step.resize(p.wide, 0.0);
                self.gamma_step = 0.0;
                return;
            }
        }
    }

    /// Updates the Hessian to the point's weights: by the changes, or from scratch where fewer trades move
    /// than changed.
    fn sum_hessian(&mut self, p: &Prepared, at: &Point) {
        let span = self.span;
        self.changed.clear();
        let is_known = self.inside.len() == p.len()
            && self.hessian.len() == p.size * span
            && p.spread <= ILL_SCALED
            && self.skew.len() == at.skew.len();
        if is_known {
            for (i, (new, old)) in at.weight.iter().zip(&self.inside).enumerate() {
                let change = new - old;
                if change != 0.0 || p.grosses > 0 && at.skew[i] - self.skew[i] != 0.0 {
                    self.changed.push((i as u32, change));
                }
            }
        }
        if !is_known || self.changed.len() > at.moving.len() {
            self.changed.clear();
            self.changed.extend(at.moving.iter().map(|i| (*i, at.weight[*i as usize])));
            self.hessian.clear();
            self.hessian.resize(p.size * span, 0.0);
            for j in 0..p.factors {
                self.hessian[j * span + j] = 1.0;
            }
            self.skew.clear();
            self.skew.resize(at.skew.len(), 0.0);
        }
        self.inside.clone_from(&at.weight);
        let (fours, rest) = self.changed.as_chunks::<4>();
        for four in fours {
            add_outer(&mut self.hessian, p, span, *four);
        }
        if let Some(last) = rest.first() {
            let at = |i: usize| rest.get(i).copied().unwrap_or((last.0, 0.0));
            add_outer(&mut self.hessian, p, span, [at(0), at(1), at(2), at(3)]);
        }
        if p.grosses > 0 {
            for (i, by) in &self.changed {
                let i = *i as usize;
                let skew = at.skew[i] - self.skew[i];
                add_gross(&mut self.hessian, p, span, i, *by, skew);
            }
            self.skew.clone_from(&at.skew);
        }
    }

    /// Adds the row of the risk aversion to the matrix.
    fn add_aversion(&mut self, p: &Prepared, at: &Point) {
        if p.cap.is_none() {
            return;
        }
        let (span, last) = (self.span, p.size);
        let column = &mut self.apart;
        column.clear();
        column.resize(span, 0.0);
        let nu = &at.multipliers[..p.factors];
        let mut bend = dot(nu, nu) / (at.gamma * at.gamma);
        for (c, nu) in column.iter_mut().zip(nu) {
            *c = -nu / at.gamma;
        }
        for i in at.moving.iter().map(|i| *i as usize) {
            let by = p.specific[i] * (p.active[i] + at.u[i]);
            bend += at.weight[i] * by * by;
            add(column, at.weight[i] * by, p.column(i));
            if p.grosses > 0 {
                for (r, g) in p.gross(i) {
                    column[p.factors + *r as usize] += at.skew[i] * by * g;
                }
            }
        }
        self.factor.resize((p.size + 1) * span, 0.0);
        for j in 0..last {
            self.factor[j * span + last] = self.apart[j];
        }
        self.factor[last * span + last] = bend * (1.0 + DAMPING) + f64::MIN_POSITIVE;
    }

    /// Adds the choices that a blend leaves between their sides.
    fn add_blended(&mut self, p: &Prepared, at: &Point, blend: Option<&Blend>) {
        let Some(blend) = blend else { return };
        let span = self.span;
        for security in at.blended.chunk_by(|a, b| a.first == b.first) {
            apart(p, security, &mut self.apart);
            self.apart.resize(span, 0.0);
            let scale = at.gamma / blend.price;
            for r in 0..self.total {
                let by = scale * self.apart[r];
                if by != 0.0 {
                    let from = strand(r);
                    add(&mut self.factor[r * span + from..(r + 1) * span], by, &self.apart[from..]);
                }
            }
        }
    }

    /// `γH` without blending over the coordinates that are free to move: a lower triangle, row by row.
    pub(super) fn curvature(&mut self, p: &Prepared, at: &Point, free: &mut Vec<usize>, to: &mut Vec<f64>) {
        self.total = p.size + usize::from(p.cap.is_some());
        self.span = padded(self.total);
        self.sum_hessian(p, at);
        self.factor.clone_from(&self.hessian);
        self.add_aversion(p, at);
        let span = self.span;
        let is_free = |i: usize| {
            if i < p.factors {
                true
            } else if i < p.size {
                let (m, limit) = (at.multipliers[i], p.limit[i - p.factors]);
                m != 0.0 && m.abs() < limit
            } else {
                at.gamma > p.gamma && at.gamma < p.ceiling
            }
        };
        free.clear();
        free.extend((0..self.total).filter(|i| is_free(*i)));
        let n = free.len();
        to.clear();
        to.resize(n * n, 0.0);
        for (r, i) in free.iter().enumerate() {
            for (c, j) in free[..=r].iter().enumerate() {
                to[r * n + c] = self.factor[j * span + i];
            }
            // A row that no moving trade belongs to can't be met by others once it is missed.
            let stiff = to[r * n + r] + STIFF;
            to[r * n + r] = stiff;
        }
    }

    /// Solves the step's model with the matrix in `self.factor`. Returns false where the matrix is not
    /// positive definite.
    fn solve(&mut self, p: &Prepared, at: &Point) -> bool {
        let (total, span, exact, k, gamma) = (self.total, self.span, p.exact, p.factors, at.gamma);
        let (f, x) = (&mut self.factor, &mut self.step);
        x.clear();
        x.extend(at.gradient[..p.size].iter().map(|g| gamma * g));
        x.resize(span, 0.0);
        for j in k..exact {
            x[j] -= gamma * p.low[j - k];
        }
        if total > p.size {
            x[p.size] = gamma * at.gamma_slope;
        }
        // Eliminates the exact part row by row: a row is divided by the root of its pivot, then subtracted
        // from the rows below. This leaves the Schur complement of the rows with a range, and their reduced
        // gradient. The diagonal then holds the inverse of the root.
        for j in 0..exact {
            let (head, below) = f.split_at_mut((j + 1) * span);
            let row = &mut head[j * span..];
            let pivot = row[j];
            if pivot.is_nan() || pivot <= 0.0 {
                return false;
            }
            let inverse = 1.0 / pivot.sqrt();
            for r in &mut row[j..] {
                *r *= inverse;
            }
            x[j] *= inverse;
            let by = x[j];
            for (i, lower) in (j + 1..total).zip(below.chunks_exact_mut(span)) {
                let times = row[i];
                x[i] -= times * by;
                if times != 0.0 {
                    let from = strand(i);
                    add(&mut lower[from..], -times, &row[from..]);
                }
            }
            row[j] = inverse;
        }
        if total > exact {
            self.left.clear();
            self.left.extend_from_slice(&x[exact..total]);
            x[exact..total].fill(0.0);
            let reduced = Reduced::new(p, at, f, span, total, &self.left);
            reduced.ascend(x, ROUGH);
            self.start.clear();
            self.start.extend_from_slice(&x[exact..total]);
            let rough = reduced.value(x);
            let is_solved = reduced.finish(x, &mut self.free, &mut self.system);
            // With the wrong coordinates at their kinks the system's solution can be worse than no step.
            if !is_solved || reduced.value(x) < rough {
                x[exact..total].copy_from_slice(&self.start);
                reduced.ascend(x, FINE);
            }
        }
        for j in (0..exact).rev() {
            let row = &f[j * span..(j + 1) * span];
            let sum = dot(&row[j + 1..total], &x[j + 1..total]);
            x[j] = (x[j] - sum) * row[j];
        }
        self.gamma_step = if total > p.size { x[p.size] } else { 0.0 };
        x.truncate(p.size);
        x.resize(p.wide, 0.0);
        x.iter().all(|s| s.is_finite()) && self.gamma_step.is_finite()
    }
}

/// Gradient of selling less that of buying of a blended choice, over `(ν, μ)` and, under a cap, `γ`.
pub(super) fn apart(p: &Prepared, choice: &[Blended], to: &mut Vec<f64>) {
    to.clear();
    to.resize(p.size + 1, 0.0);
    for b in choice {
        let i = b.name as usize;
        let by = b.sale - b.purchase;
        for (to, c) in to[..p.size].iter_mut().zip(p.column(i)) {
            *to += by * c;
        }
        if p.grosses > 0 {
            for (r, g) in p.gross(i) {
                to[p.factors + *r as usize] -= (b.sale + b.purchase) * g;
            }
        }
        if p.cap.is_some() {
            let (s, x) = (p.active[i] + b.sale, p.active[i] + b.purchase);
            to[p.size] += 0.5 * p.specific[i] * (s * s - x * x);
        }
    }
}

/// Adds the weighted outer products of four columns.
fn add_outer(hessian: &mut [f64], p: &Prepared, span: usize, four: [(u32, f64); 4]) {
    let [(a, v), (b, w), (c, x), (d, y)] = four;
    let [a, b, c, d] =
        [p.column(a as usize), p.column(b as usize), p.column(c as usize), p.column(d as usize)];
    for (r, row) in hessian.chunks_exact_mut(span.max(1)).enumerate() {
        let by = [v * a[r], w * b[r], x * c[r], y * d[r]];
        if by[0] != 0.0 || by[1] != 0.0 || by[2] != 0.0 || by[3] != 0.0 {
            let from = strand(r);
            add_four(&mut row[from..], by, [&a[from..], &b[from..], &c[from..], &d[from..]]);
        }
    }
}

/// Adds what the coefficients of a trade's magnitude contribute: `by × g g' + skew × (c g' + g c')`.
fn add_gross(hessian: &mut [f64], p: &Prepared, span: usize, i: usize, by: f64, skew: f64) {
    let (column, k) = (p.column(i), p.factors);
    for (r, g) in p.gross(i) {
        if *g == 0.0 {
            continue;
        }
        let at = k + *r as usize;
        let times = skew * g;
        for (j, c) in column[..at].iter().enumerate() {
            hessian[j * span + at] += times * c;
        }
        let row = &mut hessian[at * span..(at + 1) * span];
        row[at] += times * column[at];
        for (to, c) in row[at..p.size].iter_mut().zip(&column[at..]) {
            *to += times * c;
        }
        for (s, h) in p.gross(i) {
            let to = k + *s as usize;
            if to >= at {
                hessian[at * span + to] += by * g * h;
            }
        }
    }
}

/// The model after `ν` and the equality rows are eliminated: a small concave program over the other rows and
/// the risk aversion.
struct Reduced<'a> {
    p: &'a Prepared,
    at: &'a Point,
    /// Upper triangle, from `exact` on.
    matrix: &'a [f64],
    span: usize,
    total: usize,
    gradient: &'a [f64],
    /// Smallest and largest change of the risk aversion.
    least: f64,
    most: f64,
}

impl<'a> Reduced<'a> {
    fn new(
        p: &'a Prepared,
        at: &'a Point,
        matrix: &'a [f64],
        span: usize,
        total: usize,
        gradient: &'a [f64],
    ) -> Self {
        let low = if at.gamma / FACTOR > p.gamma { at.gamma / FACTOR } else { p.gamma };
        let high = if at.gamma * FACTOR < p.ceiling { at.gamma * FACTOR } else { p.ceiling };
        let (least, most) = (low - at.gamma, high - at.gamma);
        let (least, most) = (if least < 0.0 { least } else { 0.0 }, if most > 0.0 { most } else { 0.0 });
        Self { p, at, matrix, span, total, gradient, least, most }
    }

    fn entry(&self, i: usize, j: usize) -> f64 {
        if i <= j { self.matrix[i * self.span + j] } else { self.matrix[j * self.span + i] }
    }

    fn multiplier(&self, i: usize) -> f64 {
        self.at.multipliers[i]
    }

    /// Bounds of a row, times `γ`.
    fn bounds(&self, i: usize) -> (f64, f64) {
        let j = i - self.p.factors;
        (self.at.gamma * self.p.low[j], self.at.gamma * self.p.high[j])
    }

    /// The step of one coordinate, for the slope that the other coordinates leave.
    fn to(&self, i: usize, slope: f64) -> f64 {
        let bend = self.entry(i, i);
        if i == self.p.size {
            return (if bend > 0.0 { slope / bend } else { 0.0 }).clamp(self.least, self.most);
        }
        // The new multiplier: positive against the upper bound, negative against the lower, else zero.
        let (m, limit, (low, high)) = (self.multiplier(i), self.p.limit[i - self.p.factors], self.bounds(i));
        let above = m + (slope - high) / bend;
        let below = m + (slope - low) / bend;
        let to = if above > 0.0 {
            above
        } else if below < 0.0 {
            below
        } else {
            0.0
        };
        to.clamp(-limit, limit) - m
    }

    /// The reduced model's value at a step.
    fn value(&self, x: &[f64]) -> f64 {
        let exact = self.p.exact;
        let mut sum = 0.0;
        for i in exact..self.total {
            let mut slope = self.gradient[i - exact];
            for j in exact..self.total {
                slope -= 0.5 * self.entry(i, j) * x[j];
            }
            sum += slope * x[i];
            if i < self.p.size {
                let (m, (low, high)) = (self.multiplier(i), self.bounds(i));
                for (at, sign) in [(m, 1.0), (m + x[i], -1.0)] {
                    if at > 0.0 {
                        sum += sign * at * high;
                    } else if at < 0.0 {
                        sum += sign * at * low;
                    }
                }
            }
        }
        sum
    }

    /// Coordinate ascent from `x[exact..]`.
    fn ascend(&self, x: &mut [f64], (rounds, settled): (u32, f64)) {
        let exact = self.p.exact;
        for _ in 0..rounds {
            let (mut change, mut scale) = (0.0, 0.0);
            for i in exact..self.total {
                let mut slope = self.gradient[i - exact];
                for j in (exact..self.total).filter(|j| *j != i) {
                    slope -= self.entry(i, j) * x[j];
                }
                let step = self.to(i, slope);
                // Measures a move by its effect on the gradient, since rows and risk aversion have different
                // scales.
                let bend = self.entry(i, i);
                let (moved, size) = ((step - x[i]).abs() * bend, step.abs() * bend);
                change = if moved > change { moved } else { change };
                scale = if size > scale { size } else { scale };
                x[i] = step;
            }
            if change <= settled * scale {
                break;
            }
        }
    }

    /// Whether a coordinate is neither at a kink nor at a bound.
    fn is_free(&self, i: usize, x: &[f64]) -> bool {
        if i == self.p.size {
            return x[i] > self.least && x[i] < self.most;
        }
        let (to, limit) = (self.multiplier(i) + x[i], self.p.limit[i - self.p.factors]);
        to != 0.0 && to.abs() < limit
    }

    /// Solves the system of the free coordinates. One that leaves its range is set to the range's end, and
    /// the rest is solved again. Returns false where the system is singular or coordinates keep leaving.
    fn finish(&self, x: &mut [f64], free: &mut Vec<usize>, system: &mut Vec<f64>) -> bool {
        let (exact, total, p) = (self.p.exact, self.total, self.p);
        for _ in exact..total {
            free.clear();
            free.extend((exact..total).filter(|i| self.is_free(*i, x)));
            let n = free.len();
            if n == 0 {
                return true;
            }
            // The lower triangle with the right-hand side as a last row: factoring it also solves the forward
            // substitution.
            let size = n + 1;
            system.clear();
            system.resize(size * size, 0.0);
            for (r, i) in free.iter().enumerate() {
                for (c, j) in free[..=r].iter().enumerate() {
                    system[r * size + c] = self.entry(*i, *j);
                }
                let mut wanted = self.gradient[i - exact];
                let mut at = 0;
                for j in exact..total {
                    if free.get(at) == Some(&j) {
                        at += 1;
                    } else {
                        wanted -= self.entry(*i, j) * x[j];
                    }
                }
                if *i < p.size {
                    let (low, high) = self.bounds(*i);
                    wanted -= if self.multiplier(*i) + x[*i] > 0.0 { high } else { low };
                }
                system[n * size + r] = wanted;
            }
            let positive = |left: f64, _: f64| (left > 0.0).then(|| left.sqrt());
            if !unisleeve_numeric::cholesky_in_place(system, size, n, positive) {
                return false;
            }
            for j in (0..n).rev() {
                let mut sum = system[n * size + j];
                for i in j + 1..n {
                    sum -= system[i * size + j] * system[n * size + i];
                }
                system[n * size + j] = sum / system[j * size + j];
            }
            let mut left = false;
            for (at, i) in free.iter().enumerate() {
                let to = system[n * size + at];
                if *i == p.size {
                    left |= to < self.least || to > self.most;
                    x[*i] = to.clamp(self.least, self.most);
                    continue;
                }
                let (m, limit) = (self.multiplier(*i), p.limit[i - p.factors]);
                // Rows with one bound for both signs have no kink at zero.
                let (low, high) = self.bounds(*i);
                let crosses = low < high && (m + x[*i] > 0.0) != (m + to > 0.0);
                let within = if crosses { 0.0 } else { (m + to).clamp(-limit, limit) };
                left |= crosses || (m + to).abs() > limit;
                x[*i] = within - m;
            }
            if !left {
                return true;
            }
        }
        false
    }
}
