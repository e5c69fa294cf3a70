//! Chooses sides for the choices that a blend leaves undecided.
//!
//! At the maximum of the blended dual, the blended trades meet all conditions. Moving undecided choices to
//! one side each changes the gradient by `e = Σ (s - λ) apart`. `s` is 1 where the choice sells, and `apart`
//! is the gradient of selling less that of buying. Solving again then raises the objective by about
//! `Σ s (value of selling - value of buying) + 1/2 e' H⁻¹ e`. A local search that changes one or two choices
//! at a time minimizes this. Rounding each choice by itself would let all their errors add up.

use super::dual::Point;
use super::model::{Model, apart};
use super::prepared::Prepared;
use unisleeve_numeric::cholesky_in_place;
use unisleeve_numeric::lanes::dot;

/// A fraction this close to 0 or 1 counts as decided.
const DECIDED: f64 = 1e-6;
/// Largest number of undecided choices; the search looks at their pairs. The least decided come first.
const MOST: usize = 60;
/// Largest number of changes for each undecided choice.
const CHANGES: usize = 4;

/// An undecided choice.
#[derive(Debug, Clone, Copy)]
struct Open {
    choice: usize,
    part: f64,
    sells: bool,
    /// Value of selling less that of buying.
    worse: f64,
}

/// Buffers of the search.
#[derive(Debug, Clone, Default)]
pub(super) struct Rounding {
    /// Coordinates that are free to move, and the Cholesky factor of `γH` over them.
    free: Vec<usize>,
    factor: Vec<f64>,
    open: Vec<Open>,
    /// `L⁻¹ apart` of each open choice, one after the other.
    columns: Vec<f64>,
    column: Vec<f64>,
    error: Vec<f64>,
    /// Their inner products, and those with the error.
    products: Vec<f64>,
    along: Vec<f64>,
}

impl Rounding {
    /// Rounds the fractions of the undecided choices in `sells` to zero or one, at the end of a blended climb.
    pub(super) fn round(&mut self, p: &Prepared, at: &Point, model: &mut Model, sells: &mut [f64]) {
        self.open.clear();
        for security in at.blended.chunk_by(|a, b| a.first == b.first) {
            let (choice, worse) = (security[0].first as usize, security[0].worse);
            let part = at.sells[choice];
            if part > DECIDED && part < 1.0 - DECIDED {
                self.open.push(Open { choice, part, sells: part > 0.5, worse });
            }
        }
        let far = |o: &Open| (o.part - 0.5).abs();
        self.open.sort_unstable_by(|a, b| far(a).total_cmp(&far(b)).then(a.choice.cmp(&b.choice)));
        self.open.truncate(MOST);
        if !self.open.is_empty() && self.prepare(p, at, model) {
            self.search();
        }
        for o in &self.open {
            sells[o.choice] = if o.sells { 1.0 } else { 0.0 };
        }
    }

    /// Computes the products. Returns false where `H` is not positive definite.
    fn prepare(&mut self, p: &Prepared, at: &Point, model: &mut Model) -> bool {
        model.curvature(p, at, &mut self.free, &mut self.factor);
        let n = self.free.len();
        let positive = |left: f64, _: f64| (left > 0.0).then(|| left.sqrt());
        if !cholesky_in_place(&mut self.factor, n, n, positive) {
            return false;
        }
        let m = self.open.len();
        self.columns.clear();
        self.columns.resize(m * n, 0.0);
        self.error.clear();
        self.error.resize(n, 0.0);
        // `γ` scales the matrix, so its root scales the columns.
        let root = at.gamma.sqrt();
        for (o, to) in self.open.iter().zip(self.columns.chunks_exact_mut(n.max(1))) {
            let Some(members) =
                at.blended.chunk_by(|a, b| a.first == b.first).find(|s| s[0].first as usize == o.choice)
            else {
                return false;
            };
            apart(p, members, &mut self.column);
            for (j, i) in self.free.iter().enumerate() {
                let row = &self.factor[j * n..(j + 1) * n];
                to[j] = (root * self.column[*i] - dot(&row[..j], &to[..j])) / row[j];
            }
            let by = if o.sells { 1.0 - o.part } else { -o.part };
            for (e, a) in self.error.iter_mut().zip(to.iter()) {
                *e += by * a;
            }
        }
        self.products.clear();
        self.products.resize(m * m, 0.0);
        self.along.clear();
        for i in 0..m {
            let a = &self.columns[i * n..(i + 1) * n];
            for j in 0..=i {
                let x = dot(a, &self.columns[j * n..(j + 1) * n]);
                (self.products[i * m + j], self.products[j * m + i]) = (x, x);
            }
            self.along.push(dot(&self.error, a));
        }
        true
    }

    /// Changing one choice adds `e'a + 1/2 a'a`; changing two also adds their product.
    fn search(&mut self) {
        let m = self.open.len();
        let turn = |o: &Open| if o.sells { -1.0 } else { 1.0 };
        for _ in 0..CHANGES * m {
            let (open, products, along) = (&self.open, &self.products, &self.along);
            let single = |i: usize| turn(&open[i]) * (along[i] + open[i].worse) + 0.5 * products[i * m + i];
            let mut best = (-1e-15, None);
            for i in 0..m {
                let alone = single(i);
                if alone < best.0 {
                    best = (alone, Some((i, i)));
                }
                for j in 0..i {
                    let both = alone + single(j) + turn(&open[i]) * turn(&open[j]) * products[i * m + j];
                    if both < best.0 {
                        best = (both, Some((i, j)));
                    }
                }
            }
            let (_, Some((i, j))) = best else { break };
            for at in [i, j].into_iter().take(if i == j { 1 } else { 2 }) {
                let by = turn(&self.open[at]);
                for (x, p) in self.along.iter_mut().zip(&self.products[at * m..(at + 1) * m]) {
                    *x += by * p;
                }
                self.open[at].sells = !self.open[at].sells;
            }
        }
    }
}
