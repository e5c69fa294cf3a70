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

/// A Newton direction at a point, damped where the generalised Hessian is singular.
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
    let mut largest = 0.0;
    for j in 0..size {
        if hessian[j * size + j] > largest {
            largest = hessian[j * size + j];
        }
    }
    let mut extra = damping;
    loop {
        let mut a = hessian.clone();
        for j in k..size {
            a[j * size + j] += extra * largest;
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

/// Least and most damping of the rows' part of the Hessian, relative to its largest diagonal entry.
const DAMPING: (f64, f64) = (1e-13, 1e3);
/// Halvings of one step before more damping is tried: where no security moves with a row's price, the undamped step is
/// far too long to be halved into place.
const HALVINGS: u32 = 12;
/// Halvings of the most damped step. With a tiny specific variance the dual is nearly a polyhedron, and the next kink may
/// be that near.
const LAST_HALVINGS: u32 = 60;

/// How hard a climb tries before it stops short of the maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// On the true dual: a point where nothing climbs is most likely a tie.
    UntilTies,
    /// On a convex problem: there is a maximum to be found.
    ToTheEnd,
}

/// Climbs the dual from a point for at most `limit` steps; returns the last point and the steps taken. Ascent is
/// monotone. Stops at the maximum, or where no step climbs however damped (a tie of the true dual).
pub(super) fn climb(p: &Problem, sides: &[Side], start: Vec<f64>, limit: u32, patience: Patience) -> (Point, u32) {
    let mut point = evaluate(p, sides, start);
    let mut damping = DAMPING.0;
    for steps in 0..limit {
        if point.error() <= TOLERANCE {
            return (point, steps);
        }
        let mut next = None;
        while next.is_none() && damping <= DAMPING.1 {
            let step = direction(p, &point, damping);
            let last = patience == Patience::ToTheEnd && damping >= DAMPING.1;
            let halvings = if last { LAST_HALVINGS } else { HALVINGS };
            next = search(p, sides, &point, &step, halvings);
            damping *= if next.is_some() { 1e-2 } else { 1e2 };
        }
        if damping < DAMPING.0 {
            damping = DAMPING.0;
        }
        match next {
            Some(candidate) => point = candidate,
            None => return (point, steps + 1),
        }
    }
    (point, limit)
}

/// The first point on the way along `step`, halved again and again, that climbs enough (Armijo).
fn search(p: &Problem, sides: &[Side], point: &Point, step: &[f64], halvings: u32) -> Option<Point> {
    let mut slope = 0.0;
    for (g, s) in point.gradient.iter().zip(step) {
        slope += g * s;
    }
    let mut length = 1.0;
    for _ in 0..halvings {
        let trial: Vec<f64> = point.multipliers.iter().zip(step).map(|(m, s)| m + length * s).collect();
        let candidate = evaluate(p, sides, trial);
        // Near the maximum the value stands still in its last digits; a smaller gradient is progress then.
        let flat = candidate.value >= point.value - 1e-15 * (1.0 + point.value.abs());
        let climbs = candidate.value >= point.value + 1e-4 * length * slope;
        if climbs || (flat && candidate.error() < 0.5 * point.error()) {
            return Some(candidate);
        }
        length *= 0.5;
    }
    None
}
