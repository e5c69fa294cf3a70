//! The dual function at one point: its value, its gradient and the best trade of each name.

use super::Curve;
use super::curve::Direction;
use super::prepared::Prepared;
use unisleeve_numeric::lanes::{add, add_four, dot};

/// The dual at one point. Vectors over factors and rows are padded with zeros beyond K + m to a whole number
/// of lanes.
#[derive(Debug, Clone, Default)]
pub(super) struct Point {
    /// `(ν, μ)`, with the rows in the order of [`Prepared`].
    pub multipliers: Vec<f64>,
    /// `q(ν, μ)`.
    pub value: f64,
    /// The value without the blending penalty. Where no side is fixed this is a lower bound of the true
    /// problem.
    pub truth: f64,
    /// Gradient of the smooth part: `(G'(a+u) - ν/γ, Cu)`.
    pub gradient: Vec<f64>,
    /// Minimizers of the inner problems: the trade of each name.
    pub u: Vec<f64>,
    /// Derivative of each trade with respect to its price, up to sign: `1/(γ d)` inside a linear piece, 0 at
    /// a kink.
    pub weight: Vec<f64>,
    /// Names with a nonzero weight.
    pub moving: Vec<u32>,
    /// Fraction of each choice that sells, where choices are blended.
    pub sells: Vec<f64>,
    /// Price of each name: the multipliers times its column.
    prices: Vec<f64>,
    /// Buffer for the names that trade.
    traders: Vec<u32>,
}

/// Smooths the dual where buying and selling are tied. A buy-or-harvest choice may sell with a fraction `λ`
/// and buy with the rest, at the penalty `1/2 ρ (λ - λ₀)²`. This is a proximal step in `λ`: without the
/// penalty the dual would be unchanged. Near the maximum at most about K + m choices have a fraction strictly
/// between 0 and 1 (Shapley and Folkman).
#[derive(Debug, Clone, Default)]
pub(super) struct Blend {
    /// `ρ`, the weight of the penalty.
    pub price: f64,
    /// `λ₀`, the proximal center.
    pub centre: Vec<f64>,
}

/// The dual function of a problem with a side for each name. A choice whose side is open takes the better
/// side or, with `blend`, a mix of the two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dual<'a> {
    pub prepared: &'a Prepared,
    pub curves: &'a [Curve],
    pub sides: &'a [Direction],
    pub blend: Option<&'a Blend>,
}

impl Dual<'_> {
    /// Evaluates at `point.multipliers`.
    pub(super) fn evaluate(&self, point: &mut Point) {
        self.prepared.price(&point.multipliers, &mut point.prices);
        self.respond(point);
    }

    /// Evaluates where the prices already match `point.multipliers`.
    pub(super) fn respond(&self, point: &mut Point) {
        let p = self.prepared;
        let n = p.len();
        let mut sum = self.linear(&point.multipliers);
        let Point { multipliers, value, truth, gradient, u, weight, moving, sells, prices, traders } = point;
        u.clear();
        u.resize(n, 0.0);
        weight.clear();
        weight.resize(n, 0.0);
        moving.clear();
        traders.resize(n, 0);
        if let Some(blend) = self.blend {
            sells.clone_from(&blend.centre);
        }
        let count = p.traders(self.sides, prices, traders);
        let mut blending = 0.0;
        for i in traders[..count].iter().map(|i| *i as usize) {
            let (name, curve, side) = (p.name(i), &self.curves[i], self.sides[i]);
            match self.blend.filter(|_| side == Direction::Either && !curve.is_convex()) {
                None => {
                    let inner = name.minimise(curve, prices[i], side);
                    sum += inner.value;
                    u[i] = inner.u;
                    weight[i] = if inner.moves { name.inverse } else { 0.0 };
                }
                Some(blend) => {
                    let (sell, buy) = (name.sell(curve, prices[i]), name.buy(curve, prices[i]));
                    let gain = buy.value - sell.value;
                    let free = blend.centre[i] + gain / blend.price;
                    let part = free.clamp(0.0, 1.0);
                    let (off, apart) = (part - blend.centre[i], sell.u - buy.u);
                    let better = if gain > 0.0 { sell.value } else { buy.value };
                    sum += better;
                    blending +=
                        part * sell.value + (1.0 - part) * buy.value - better + 0.5 * blend.price * off * off;
                    u[i] = part * sell.u + (1.0 - part) * buy.u;
                    let moves =
                        if sell.moves { part } else { 0.0 } + if buy.moves { 1.0 - part } else { 0.0 };
                    weight[i] = moves * name.inverse;
                    if part > 0.0 && part < 1.0 {
                        weight[i] += apart * apart / blend.price;
                    }
                    sells[i] = part;
                }
            }
            if weight[i] != 0.0 {
                moving.push(i as u32);
            }
        }
        (*value, *truth) = (sum + blending, sum);
        gradient.clear();
        gradient.extend_from_slice(&p.exposure);
        for (g, nu) in gradient.iter_mut().zip(&multipliers[..p.factors]) {
            *g -= nu / p.gamma;
        }
        let (fours, rest) = traders[..count].as_chunks::<4>();
        for [a, b, c, d] in fours {
            // Written out by hand: at opt-level `s` an array's `map` is one call per item.
            let [a, b, c, d] = [*a as usize, *b as usize, *c as usize, *d as usize];
            let columns = [p.column(a), p.column(b), p.column(c), p.column(d)];
            add_four(gradient, [u[a], u[b], u[c], u[d]], columns);
        }
        for i in rest.iter().map(|i| *i as usize) {
            add(gradient, u[i], p.column(i));
        }
    }

    /// The value alone, at a point whose prices are already known from this dual or another one of the same
    /// problem.
    pub(super) fn value(&self, at: &mut Point) -> f64 {
        let mut sum = self.linear(&at.multipliers);
        let count = self.prepared.traders(self.sides, &at.prices, &mut at.traders);
        for i in at.traders[..count].iter().map(|i| *i as usize) {
            sum += self.prepared.name(i).minimise(&self.curves[i], at.prices[i], self.sides[i]).value;
        }
        sum
    }

    /// The part of the dual that does not depend on trades: its value where nobody trades.
    fn linear(&self, multipliers: &[f64]) -> f64 {
        let p = self.prepared;
        let (nu, mu) = multipliers.split_at(p.factors);
        let mut sum = p.still + dot(nu, &p.exposure) - dot(nu, nu) / (2.0 * p.gamma);
        for ((m, high), low) in mu.iter().zip(&p.high).zip(&p.low) {
            if *m > 0.0 {
                sum -= m * high;
            } else if *m < 0.0 {
                sum -= m * low;
            }
        }
        sum
    }
}

impl Point {
    /// Moves the point to new multipliers and computes prices only.
    pub(super) fn put(&mut self, p: &Prepared, multipliers: &[f64]) {
        self.multipliers.clear();
        self.multipliers.extend_from_slice(multipliers);
        p.price(&self.multipliers, &mut self.prices);
    }

    /// Residual of a row's gradient after the best subgradient of `σ` at its multiplier.
    pub(super) fn row_error(&self, p: &Prepared, j: usize) -> f64 {
        let (m, c) = (self.multipliers[p.factors + j], self.gradient[p.factors + j]);
        if m > 0.0 || (m == 0.0 && c > p.high[j]) {
            c - p.high[j]
        } else if m < 0.0 || c < p.low[j] {
            c - p.low[j]
        } else {
            0.0
        }
    }

    /// The largest absolute residual of the gradient.
    pub(super) fn error(&self, p: &Prepared) -> f64 {
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

    /// The first step length strictly between `low` and `high` at which the multiplier of a row with a range
    /// changes sign, and the row. The dual has a kink there.
    pub(super) fn kink(&self, p: &Prepared, step: &[f64], low: f64, high: f64) -> Option<(usize, f64)> {
        let (mut first, mut found) = (high, None);
        for j in 0..p.order.len() {
            let (m, d) = (self.multipliers[p.factors + j], step[p.factors + j]);
            let at = -m / d;
            if p.low[j] < p.high[j] && m != 0.0 && at > low && at < first {
                (first, found) = (at, Some((j, at)));
            }
        }
        found
    }

    /// Directional derivative of the dual along a step.
    pub(super) fn slope(&self, p: &Prepared, step: &[f64]) -> f64 {
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
