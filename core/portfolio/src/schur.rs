//! The quadratic model of a Newton step after `ν` is eliminated: a small concave program over the rows and
//! the risk aversion. Coordinate ascent finds the free coordinates, whose system is then solved exactly.

use unisleeve_numeric::cholesky_in_place;
use unisleeve_numeric::lanes::dot;

use super::dual::Dual;

/// Largest number of rounds of coordinate ascent.
const ROUNDS: u32 = 60;
/// Largest factor by which one step may change `γ`.
pub(super) const FACTOR: f64 = 4.0;

/// Cholesky factor of the first `n` rows of a matrix, lower triangle, in place. The rows below get their part
/// of the factor. Returns false where the matrix is not positive definite.
pub(super) fn factorise(l: &mut [f64], size: usize, n: usize) -> bool {
    cholesky_in_place(l, size, n, |left, _| (left > 0.0).then(|| left.sqrt()))
}

/// The reduced model: `max g'x - 1/2 x'Sx - σ(μ+x)` over the rows, with the risk aversion inside a box.
pub(super) struct Schur<'a> {
    dual: &'a Dual,
    /// `S`, symmetric.
    matrix: Vec<f64>,
    gradient: &'a [f64],
    multipliers: &'a [f64],
    /// Smallest and largest change of the risk aversion.
    least: f64,
    most: f64,
}

impl<'a> Schur<'a> {
    pub(super) fn new(dual: &'a Dual, l: &[f64], at: &'a [f64], gradient: &'a [f64]) -> Self {
        let (k, size) = (dual.factors, dual.width + 1);
        let n = size - k;
        let entry =
            |i: usize, j: usize| if i >= j { l[(k + i) * size + k + j] } else { l[(k + j) * size + k + i] };
        let matrix = (0..n * n).map(|x| entry(x / n, x % n)).collect();
        let gamma = at[dual.width];
        let (least, most) = if dual.cap.is_some() {
            let low = if gamma / FACTOR > dual.floor { gamma / FACTOR } else { dual.floor };
            let high = if FACTOR * gamma < dual.ceiling { FACTOR * gamma } else { dual.ceiling };
            (if low < gamma { low - gamma } else { 0.0 }, if high > gamma { high - gamma } else { 0.0 })
        } else {
            (0.0, 0.0)
        };
        Self { dual, matrix, gradient, multipliers: &at[k..], least, most }
    }

    /// The step of one coordinate, for the slope that the other coordinates leave.
    fn to(&self, i: usize, slope: f64) -> f64 {
        let n = self.gradient.len();
        let bend = self.matrix[i * n + i];
        if i + 1 == n {
            let free = if bend > 0.0 { slope / bend } else { 0.0 };
            return free.clamp(self.least, self.most);
        }
        // Positive at the upper bound, negative at the lower bound, else zero.
        let mu = self.multipliers[i];
        let above = mu + (slope - self.dual.high[i]) / bend;
        let below = mu + (slope - self.dual.low[i]) / bend;
        let to = if above > 0.0 {
            above
        } else if below < 0.0 {
            below
        } else {
            0.0
        };
        to - mu
    }

    pub(super) fn solve(&self) -> Vec<f64> {
        let n = self.gradient.len();
        let mut x = vec![0.0; n];
        for _ in 0..ROUNDS {
            let (mut change, mut scale) = (0.0, 0.0);
            for i in 0..n {
                let row = &self.matrix[i * n..(i + 1) * n];
                let slope = self.gradient[i] - dot(row, &x) + row[i] * x[i];
                let step = self.to(i, slope);
                // Measures a move by its effect on the gradient, since rows and risk aversion have different
                // scales.
                let moved = (step - x[i]).abs() * row[i];
                change = if moved > change { moved } else { change };
                scale = if step.abs() * row[i] > scale { step.abs() * row[i] } else { scale };
                x[i] = step;
            }
            if change <= 1e-3 * scale {
                break;
            }
        }
        self.exact(&x).unwrap_or(x)
    }

    /// Solves the system of the free coordinates. `None` where they keep leaving their ranges.
    fn exact(&self, x: &[f64]) -> Option<Vec<f64>> {
        let (n, mut x) = (self.gradient.len(), x.to_vec());
        let is_free = |i: usize, x: &[f64]| {
            if i + 1 == n { x[i] > self.least && x[i] < self.most } else { self.multipliers[i] + x[i] != 0.0 }
        };
        // A coordinate that leaves its range is set to the range's end, and the rest is solved again.
        for _ in 0..n {
            let free: Vec<usize> = (0..n).filter(|i| is_free(*i, &x)).collect();
            let f = free.len();
            if f == 0 {
                return Some(x);
            }
            // The matrix of the free coordinates with the right-hand side as an extra row. Factoring it also
            // solves the forward substitution.
            let size = f + 1;
            let mut l = vec![0.0; size * size];
            for (r, i) in free.iter().enumerate() {
                for (c, j) in free[..=r].iter().enumerate() {
                    l[r * size + c] = self.matrix[i * n + j];
                }
                let mut wanted = self.gradient[*i];
                for j in (0..n).filter(|j| !free.contains(j)) {
                    wanted -= self.matrix[i * n + j] * x[j];
                }
                if i + 1 < n {
                    wanted -= if self.multipliers[*i] + x[*i] > 0.0 {
                        self.dual.high[*i]
                    } else {
                        self.dual.low[*i]
                    };
                }
                l[f * size + r] = wanted;
            }
            if !factorise(&mut l, size, f) {
                return None;
            }
            let mut y: Vec<f64> = l[f * size..f * size + f].to_vec();
            for j in (0..f).rev() {
                let mut sum = y[j];
                for i in j + 1..f {
                    sum -= l[i * size + j] * y[i];
                }
                y[j] = sum / l[j * size + j];
            }
            let mut left = false;
            for (i, to) in free.iter().zip(&y) {
                let (mu, before) = (self.multipliers.get(*i).copied().unwrap_or(0.0), x[*i]);
                if i + 1 == n {
                    left |= *to < self.least || *to > self.most;
                    x[*i] = to.clamp(self.least, self.most);
                } else if (mu + before > 0.0) == (mu + to > 0.0) {
                    x[*i] = *to;
                } else {
                    left = true;
                    x[*i] = -mu;
                }
            }
            if !left {
                return Some(x);
            }
        }
        None
    }
}
