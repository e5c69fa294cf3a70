//! A simplex method for the small linear programs of the day loop: a dense tableau with bounded variables
//! (Dantzig 1955).
//!
//! ```text
//! min c'x   subject to   A x = b,  0 <= x <= u
//! ```
//!
//! The linear programming library can do the same and more, but it would add a fifth to the file that a
//! browser fetches. Programs with a few dozen variables in a dozen rows do not need it. Tests compare the
//! two. The entering variable is the one with the most negative reduced cost. After many steps Bland's rule
//! takes over, which can't cycle.

use super::lp::{LinearProgram, LpError, LpSolver};

/// The method, as an [`LpSolver`].
#[derive(Debug, Clone, Copy, Default)]
pub struct SmallSimplex;

/// Reduced costs and pivots below this count as zero.
const NOTHING: f64 = 1e-11;
/// Rows may be missed by this fraction of the largest target (or of 1).
const FEASIBLE: f64 = 1e-9;
/// Number of steps after which Bland's rule takes over, and the limit.
const PATIENT: usize = 2_000;
const MOST: usize = 50_000;

impl LpSolver for SmallSimplex {
    fn minimise(&self, program: &LinearProgram) -> Result<Vec<f64>, LpError> {
        let mut tableau = Tableau::new(program);
        let (n, rows) = (program.variables.len(), tableau.basis.len());
        let artificial: Vec<f64> = (0..n + rows).map(|j| if j < n { 0.0 } else { 1.0 }).collect();
        tableau.run(&artificial)?;
        let mut missed = 0.0;
        for (value, j) in tableau.values.iter().zip(&tableau.basis) {
            missed += if *j >= n { *value } else { 0.0 };
        }
        if missed > FEASIBLE * tableau.scale {
            return Err(LpError("its rows can't be met together".to_owned()));
        }
        // Artificial variables stay at zero from here on.
        for limit in &mut tableau.limits[n..] {
            *limit = 0.0;
        }
        let mut costs: Vec<f64> = program.variables.iter().map(|(c, _)| *c).collect();
        costs.resize(n + rows, 0.0);
        tableau.run(&costs)?;
        Ok(tableau.solution(n))
    }
}

/// `B⁻¹ A`, row by row, with an artificial variable for each row at the end.
struct Tableau {
    rows: Vec<Vec<f64>>,
    limits: Vec<f64>,
    /// Whether a nonbasic variable is at its limit instead of at zero.
    full: Vec<bool>,
    /// Basic variable of each row, and its value.
    basis: Vec<usize>,
    values: Vec<f64>,
    /// Largest target, at least 1.
    scale: f64,
}

impl Tableau {
    fn new(program: &LinearProgram) -> Self {
        let (n, m) = (program.variables.len(), program.equalities.len());
        let mut limits: Vec<f64> = program.variables.iter().map(|(_, limit)| *limit).collect();
        limits.resize(n + m, f64::INFINITY);
        let (mut rows, mut values, mut scale) = (Vec::new(), Vec::new(), 1.0);
        for (i, (terms, target)) in program.equalities.iter().enumerate() {
            // Targets are made nonnegative, so that artificial variables start at or above zero.
            let sign = if *target < 0.0 { -1.0 } else { 1.0 };
            let mut row = vec![0.0; n + m];
            for (j, c) in terms {
                row[*j] += sign * c;
            }
            row[n + i] = 1.0;
            rows.push(row);
            values.push(sign * target);
            scale = if target.abs() > scale { target.abs() } else { scale };
        }
        Self { rows, limits, full: vec![false; n + m], basis: (n..n + m).collect(), values, scale }
    }

    /// Minimizes `costs` from the current basis.
    fn run(&mut self, costs: &[f64]) -> Result<(), LpError> {
        let mut reduced = costs.to_vec();
        for (row, j) in self.rows.iter().zip(&self.basis) {
            let cost = costs[*j];
            if cost != 0.0 {
                for (r, x) in reduced.iter_mut().zip(row) {
                    *r -= cost * x;
                }
            }
        }
        for step in 0..MOST {
            let Some(entering) = self.entering(&reduced, step >= PATIENT) else { return Ok(()) };
            self.step(entering, &mut reduced)?;
        }
        Err(LpError("too many steps".to_owned()))
    }

    /// The variable with the largest improvement or, by Bland's rule, the first with any.
    fn entering(&self, reduced: &[f64], bland: bool) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for (j, r) in reduced.iter().enumerate() {
            let gain = if self.full[j] { *r } else { -r };
            if gain <= NOTHING || self.limits[j] <= 0.0 || self.basis.contains(&j) {
                continue;
            }
            if best.is_none_or(|(g, _)| gain > g) {
                best = Some((gain, j));
            }
            if bland {
                break;
            }
        }
        best.map(|(_, j)| j)
    }

    /// Moves a variable away from its bound until it or a basic variable reaches a bound.
    fn step(&mut self, entering: usize, reduced: &mut [f64]) -> Result<(), LpError> {
        let way = if self.full[entering] { -1.0 } else { 1.0 };
        let mut length = self.limits[entering];
        let mut leaving: Option<usize> = None;
        for (i, row) in self.rows.iter().enumerate() {
            let change = -way * row[entering];
            let room = if change < -NOTHING {
                self.values[i] / -change
            } else if change > NOTHING {
                (self.limits[self.basis[i]] - self.values[i]) / change
            } else {
                continue;
            };
            let room = if room > 0.0 { room } else { 0.0 };
            // Among equal lengths the larger pivot is numerically safer.
            let safer = |at: usize| row[entering].abs() > self.rows[at][entering].abs() && room <= length;
            if room < length || leaving.is_some_and(safer) {
                length = room;
                leaving = Some(i);
            }
        }
        if !length.is_finite() {
            return Err(LpError("it has no least value".to_owned()));
        }
        for (value, row) in self.values.iter_mut().zip(&self.rows) {
            *value -= way * row[entering] * length;
        }
        let Some(at) = leaving else {
            self.full[entering] = !self.full[entering];
            return Ok(());
        };
        let gone = self.basis[at];
        self.full[gone] = -way * self.rows[at][entering] > 0.0;
        self.values[at] = if self.full[entering] { self.limits[entering] - length } else { length };
        self.full[entering] = false;
        self.basis[at] = entering;
        let pivot = self.rows[at][entering];
        for x in &mut self.rows[at] {
            *x /= pivot;
        }
        let row = self.rows[at].clone();
        for (i, other) in self.rows.iter_mut().enumerate() {
            let factor = other[entering];
            if i != at && factor != 0.0 {
                for (x, y) in other.iter_mut().zip(&row) {
                    *x -= factor * y;
                }
            }
        }
        let factor = reduced[entering];
        for (x, y) in reduced.iter_mut().zip(&row) {
            *x -= factor * y;
        }
        Ok(())
    }

    fn solution(&self, n: usize) -> Vec<f64> {
        let mut x: Vec<f64> = (0..n).map(|j| if self.full[j] { self.limits[j] } else { 0.0 }).collect();
        for (value, j) in self.values.iter().zip(&self.basis) {
            if let Some(x) = x.get_mut(*j) {
                *x = if *value > 0.0 { *value } else { 0.0 };
            }
        }
        x
    }
}
