//! The quadratic model of one Newton step: the generalized Hessian over the securities that move, and the
//! step that solves
//!
//! ```text
//! max over Δ   g'Δ - 1/2 Δ'HΔ - σ(μ+Δμ)
//! ```
//!
//! `ν` and the multipliers of equality rows are eliminated by Cholesky. One variable is left for each row
//! with a range. These are found by coordinate ascent, where each coordinate has a closed form. A row that
//! does not bind gets a multiplier of exactly zero (method: Lee, Sun and Saunders 2014).

use super::dual::Point;
use super::prepared::Prepared;
use unisleeve_numeric::lanes::{LANES, add, add_four, dot};

/// Buffers of the model. Symmetric matrices are stored as their upper triangle, in rows of `wide` numbers. A
/// row is used from the start of the lane block that holds its diagonal.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    /// `H` without damping, and the weight of each security in it.
    hessian: Vec<f64>,
    inside: Vec<f64>,
    /// Securities whose weight changed, with the change.
    changed: Vec<(u32, f64)>,
    /// Cholesky factor of `H`.
    factor: Vec<f64>,
    /// Gradient of the rows with a range, after the other variables are eliminated.
    left: Vec<f64>,
    /// The step, padded to a whole number of lanes.
    pub step: Vec<f64>,
}

/// Damping of the rows' part of the Hessian, relative to its largest diagonal entry.
const DAMPING: f64 = 1e-13;
/// Largest number of rounds of coordinate ascent over the rows with a range.
const COORDINATE_ROUNDS: u32 = 200;
/// Ratio of variances above which the Hessian is summed anew instead of updated.
const ILL_SCALED: f64 = 1e4;

/// Start of the lane block that holds a position.
fn strand(at: usize) -> usize {
    at / LANES * LANES
}

impl Model {
    /// Drops the Hessian. Required before another problem.
    pub(super) fn forget(&mut self) {
        self.inside.clear();
    }

    /// Computes the proximal Newton step from a point into `self.step`.
    pub(super) fn direct(&mut self, p: &Prepared, at: &Point) {
        self.sum_hessian(p, at);
        let (size, wide) = (p.size, p.wide);
        let mut largest = 1.0 / p.gamma;
        for j in 0..size {
            let h = self.hessian[j * wide + j];
            largest = if h > largest { h } else { largest };
        }
        let mut extra = DAMPING;
        loop {
            self.factor.clone_from(&self.hessian);
            for j in p.factors..size {
                let diagonal = &mut self.factor[j * wide + j];
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
                self.step.resize(wide, 0.0);
                return;
            }
        }
    }

    /// Updates the Hessian to the point's weights: by the changes, or from scratch where fewer names move
    /// than changed.
    fn sum_hessian(&mut self, p: &Prepared, at: &Point) {
        self.changed.clear();
        if self.inside.len() == p.len() && p.spread <= ILL_SCALED {
            for (i, (new, old)) in at.weight.iter().zip(&self.inside).enumerate() {
                let change = new - old;
                if change != 0.0 {
                    self.changed.push((i as u32, change));
                }
            }
        }
        if self.inside.len() != p.len() || p.spread > ILL_SCALED || self.changed.len() > at.moving.len() {
            self.changed.clear();
            self.changed.extend(at.moving.iter().map(|i| (*i, at.weight[*i as usize])));
            self.hessian.clear();
            self.hessian.resize(p.size * p.wide, 0.0);
            for j in 0..p.factors {
                self.hessian[j * p.wide + j] = 1.0 / p.gamma;
            }
        }
        self.inside.clone_from(&at.weight);
        let (fours, rest) = self.changed.as_chunks::<4>();
        for four in fours {
            add_outer(&mut self.hessian, p, *four);
        }
        if let Some(last) = rest.first() {
            let at = |i: usize| rest.get(i).copied().unwrap_or((last.0, 0.0));
            add_outer(&mut self.hessian, p, [at(0), at(1), at(2), at(3)]);
        }
    }

    /// Solves the step's model with the matrix in `self.factor`. Returns false where the matrix is not
    /// positive definite.
    fn solve(&mut self, p: &Prepared, at: &Point) -> bool {
        let (size, wide, exact, k) = (p.size, p.wide, p.exact, p.factors);
        let (f, x) = (&mut self.factor, &mut self.step);
        x.clone_from(&at.gradient);
        for j in k..exact {
            x[j] -= p.low[j - k];
        }
        // Eliminates the exact part row by row: a row is divided by the root of its pivot, then subtracted
        // from the rows below. This leaves the Schur complement of the rows with a range, and their reduced
        // gradient. The diagonal then holds the inverse of the root.
        for j in 0..exact {
            let (head, below) = f.split_at_mut((j + 1) * wide);
            let row = &mut head[j * wide..];
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
            for (i, lower) in (j + 1..size).zip(below.chunks_exact_mut(wide)) {
                let times = row[i];
                x[i] -= times * by;
                if times != 0.0 {
                    let from = strand(i);
                    add(&mut lower[from..], -times, &row[from..]);
                }
            }
            row[j] = inverse;
        }
        self.left.clear();
        self.left.extend_from_slice(&x[exact..size]);
        ascend(p, f, &self.left, &at.multipliers, x);
        for j in (0..exact).rev() {
            let row = &f[j * wide..(j + 1) * wide];
            let sum = dot(&row[j + 1..size], &x[j + 1..size]);
            x[j] = (x[j] - sum) * row[j];
        }
        true
    }
}

/// Adds the weighted outer products of four columns.
fn add_outer(hessian: &mut [f64], p: &Prepared, four: [(u32, f64); 4]) {
    let [(a, v), (b, w), (c, x), (d, y)] = four;
    let [a, b, c, d] =
        [p.column(a as usize), p.column(b as usize), p.column(c as usize), p.column(d as usize)];
    for (r, row) in hessian.chunks_exact_mut(p.wide.max(1)).enumerate() {
        let by = [v * a[r], w * b[r], x * c[r], y * d[r]];
        if by[0] != 0.0 || by[1] != 0.0 || by[2] != 0.0 || by[3] != 0.0 {
            let from = strand(r);
            add_four(&mut row[from..], by, [&a[from..], &b[from..], &c[from..], &d[from..]]);
        }
    }
}

/// Coordinate ascent over the rows with a range. `gradient` is their gradient; their step goes to
/// `x[exact..]`. The upper triangle of `f` from `exact` on holds their Schur complement.
fn ascend(p: &Prepared, f: &[f64], gradient: &[f64], multipliers: &[f64], x: &mut [f64]) {
    let (size, wide, exact, k) = (p.size, p.wide, p.exact, p.factors);
    if size == exact {
        return;
    }
    let schur = |i: usize, j: usize| if i <= j { f[i * wide + j] } else { f[j * wide + i] };
    x[exact..size].fill(0.0);
    for _ in 0..COORDINATE_ROUNDS {
        let (mut change, mut scale) = (0.0, 0.0);
        for i in exact..size {
            let mut slope = gradient[i - exact];
            for j in (exact..size).filter(|j| *j != i) {
                slope -= schur(i, j) * x[j];
            }
            let (bend, m) = (schur(i, i), multipliers[i]);
            let (low, high) = (p.low[i - k], p.high[i - k]);
            // The new multiplier: positive against the upper bound, negative against the lower, else zero.
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
