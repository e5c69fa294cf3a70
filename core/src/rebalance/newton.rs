//! The dual function and a semismooth Newton method that climbs it.

use super::Problem;
use super::curve::Side;
use super::linalg::cholesky_solve;

/// The dual at one point.
#[derive(Debug, Clone, Default)]
pub(super) struct Point {
    /// `(ν, μ)`.
    pub multipliers: Vec<f64>,
    /// `q(ν, μ)`.
    pub value: f64,
    /// `(G'(a+u) - ν/γ, Cu - b)`.
    pub gradient: Vec<f64>,
    /// Inner minimisers.
    pub u: Vec<f64>,
    /// Whether each moves with its multiplier.
    pub moves: Vec<bool>,
}

impl Point {
    fn error(&self) -> f64 {
        let mut worst = 0.0;
        for g in &self.gradient {
            if g.abs() > worst {
                worst = g.abs();
            }
        }
        worst
    }
}

/// Gradient (fractions of the value, or of the factors' volatility) at which the convex problem counts as solved.
const TOLERANCE: f64 = 1e-11;

/// Evaluates the dual with each name on its side.
pub(super) fn evaluate(p: &Problem, sides: &[Side], multipliers: Vec<f64>) -> Point {
    let (n, k) = (p.len(), p.factors);
    let gamma = p.risk_aversion;
    let (nu, mu) = multipliers.split_at(k);
    let mut point = Point {
        value: 0.0,
        gradient: vec![0.0; multipliers.len()],
        u: vec![0.0; n],
        moves: vec![false; n],
        multipliers: Vec::new(),
    };
    for j in 0..k {
        point.value -= nu[j] * nu[j] / (2.0 * gamma);
        point.gradient[j] = -nu[j] / gamma;
    }
    for (j, row) in p.rows.iter().enumerate() {
        point.value -= mu[j] * row.target;
        point.gradient[k + j] = -row.target;
    }
    for i in 0..n {
        let exposures = &p.exposures[i * k..(i + 1) * k];
        let mut factor_price = 0.0;
        for (g, v) in exposures.iter().zip(nu) {
            factor_price += g * v;
        }
        let mut row_price = 0.0;
        for (row, m) in p.rows.iter().zip(mu) {
            row_price += row.coefficients[i] * m;
        }
        let a = p.active[i];
        let inner = p.curves[i].minimise(gamma * p.specific[i], a, factor_price + row_price, sides[i]);
        point.value += inner.value + factor_price * a;
        for (g, e) in point.gradient.iter_mut().zip(exposures) {
            *g += e * (a + inner.u);
        }
        for (g, row) in point.gradient[k..].iter_mut().zip(&p.rows) {
            *g += row.coefficients[i] * inner.u;
        }
        point.u[i] = inner.u;
        point.moves[i] = inner.moves;
    }
    point.multipliers = multipliers;
    point
}

/// A Newton direction at a point. Rows that no security moves with have no curvature here; they get that of the rest, and
/// the line search finds the length.
fn direction(p: &Problem, point: &Point, damping: f64) -> Vec<f64> {
    let (n, k) = (p.len(), p.factors);
    let size = point.multipliers.len();
    let mut hessian = vec![0.0; size * size];
    let mut column = vec![0.0; size];
    for i in (0..n).filter(|i| point.moves[*i]) {
        column[..k].copy_from_slice(&p.exposures[i * k..(i + 1) * k]);
        for (c, row) in column[k..].iter_mut().zip(&p.rows) {
            *c = row.coefficients[i];
        }
        let weight = 1.0 / (p.risk_aversion * p.specific[i]);
        for r in 0..size {
            let x = column[r] * weight;
            for (h, c) in hessian[r * size..=r * size + r].iter_mut().zip(&column) {
                *h += x * c;
            }
        }
    }
    for j in 0..k {
        hessian[j * size + j] += 1.0 / p.risk_aversion;
    }
    let mut largest = 1.0 / p.risk_aversion;
    for j in 0..size {
        if hessian[j * size + j] > largest {
            largest = hessian[j * size + j];
        }
    }
    let mut extra = damping;
    loop {
        let mut a = hessian.clone();
        for j in k..size {
            let still = a[j * size + j] <= 1e-14 * largest;
            a[j * size + j] += if still { largest } else { extra * largest };
        }
        let mut step = point.gradient.clone();
        if cholesky_solve(&mut a, &mut step) {
            return step;
        }
        extra = if extra > 0.0 { extra * 100.0 } else { 1e-14 };
        if extra > 1e6 {
            return point.gradient.clone();
        }
    }
}

/// Damping of the rows' part of the Hessian, relative to its largest diagonal entry.
const DAMPING: f64 = 1e-13;
/// Evaluations of one line search on the convex problem. A security with hardly any variance moves within a window of
/// prices as narrow as its variance, and halving has to find it.
const SEARCH: u32 = 60;
/// The same on the true dual, where a tie has no such window.
const SEARCH_TIES: u32 = 12;

/// First change tried of the price of a row that no security moves with: a basis point for each dollar.
const FIRST_GUESS: f64 = 1e-4;

/// Rows that are not met although no security moves with their price: Newton's method is blind there.
fn still_rows(p: &Problem, point: &Point) -> Vec<usize> {
    let k = p.factors;
    let moves =
        |row: &super::Row| row.coefficients.iter().zip(&point.moves).any(|(c, moves)| *moves && *c != 0.0);
    (0..p.rows.len())
        .filter(|j| point.gradient[k + j].abs() > TOLERANCE && !moves(&p.rows[*j]))
        .map(|j| k + j)
        .collect()
}

/// Climbs the dual from a point for at most `limit` steps; returns the last point and the steps taken. Ascent is
/// monotone. Stops at the maximum, or where no step climbs (a tie of the true dual).
pub(super) fn climb(p: &Problem, sides: &[Side], start: Vec<f64>, limit: u32, ties: bool) -> (Point, u32) {
    let mut point = evaluate(p, sides, start);
    for steps in 0..limit {
        if point.error() <= TOLERANCE {
            return (point, steps);
        }
        for row in still_rows(p, &point) {
            // Its price alone, from a guess of the right order: the line search finds the length.
            let mut step = vec![0.0; point.multipliers.len()];
            step[row] = if point.gradient[row] > 0.0 { FIRST_GUESS } else { -FIRST_GUESS };
            point = search(p, sides, &point, &step, SEARCH).unwrap_or(point);
        }
        let step = direction(p, &point, DAMPING);
        match search(p, sides, &point, &step, if ties { SEARCH_TIES } else { SEARCH }) {
            Some(candidate) => point = candidate,
            None => return (point, steps + 1),
        }
    }
    (point, limit)
}

/// Line search for the maximum along `step`: the dual is concave, so its slope along the way falls; the search ends where
/// the slope is less than half of what it was. None when nothing on the way is higher.
fn search(p: &Problem, sides: &[Side], point: &Point, step: &[f64], budget: u32) -> Option<Point> {
    let slope = |at: &Point| {
        let mut sum = 0.0;
        for (g, s) in at.gradient.iter().zip(step) {
            sum += g * s;
        }
        sum
    };
    let at = |length: f64| {
        let trial = point.multipliers.iter().zip(step).map(|(m, s)| m + length * s).collect();
        evaluate(p, sides, trial)
    };
    let first = slope(point);
    // Also false where the slope is not a number.
    let good = |s: f64| s.abs() <= 0.5 * first;
    let (mut low, mut high, mut length) = (0.0, f64::INFINITY, 1.0);
    let mut best: Option<Point> = None;
    for _ in 0..budget {
        let candidate = at(length);
        let s = slope(&candidate);
        // Near the maximum the value stands still in its last digits; a smaller gradient is progress then.
        if good(s) || candidate.error() < 0.1 * point.error() && candidate.value >= point.value {
            return Some(candidate);
        }
        if s > 0.0 {
            low = length;
            best = Some(candidate);
        } else {
            high = length;
            let higher = best.as_ref().map_or(point.value, |b| b.value);
            if candidate.value > higher {
                best = Some(candidate);
            }
        }
        length = if high.is_finite() { 0.5 * (low + high) } else { 4.0 * length };
        if length <= low || length >= high || !length.is_finite() {
            break;
        }
    }
    best
}
