//! The dual function: its value, its gradient and what each name does, at one point.

use super::Curve;
use super::curve::Direction;
use super::prepared::Prepared;
use unisleeve_numeric::lanes::{add, add_four, dot};

/// The dual at one point. Vectors over factors and rows are in whole strands, zero beyond K + m.
#[derive(Debug, Clone, Default)]
pub(super) struct Point {
    /// `(ν, μ)`, rows by place.
    pub multipliers: Vec<f64>,
    /// `q(ν, μ)`.
    pub value: f64,
    /// The same without the price of blending: a lower bound of the true problem where no side is fixed.
    pub truth: f64,
    /// Gradient of the smooth part: `(G'(a+u) - ν/γ, Cu)`.
    pub gradient: Vec<f64>,
    /// Inner minimisers.
    pub u: Vec<f64>,
    /// By how much each moves with its price: one over `γ d` strictly inside a linear piece, zero at a kink.
    pub weight: Vec<f64>,
    /// The names whose weight is not zero.
    pub moving: Vec<u32>,
    /// Part of a choice that sells, where choices are blended.
    pub sells: Vec<f64>,
    /// Each name's price.
    prices: Vec<f64>,
    /// Room for the names that trade.
    traders: Vec<u32>,
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

/// One dual function: of a problem, with each name on its side; choices whose side is open take the better one, or blend the
/// two.
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

    /// Evaluates where the prices are those of `point.multipliers` already.
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
            // Written out: compiled for size, an array's `map` is a call for each of its items.
            let [a, b, c, d] = [*a as usize, *b as usize, *c as usize, *d as usize];
            let columns = [p.column(a), p.column(b), p.column(c), p.column(d)];
            add_four(gradient, [u[a], u[b], u[c], u[d]], columns);
        }
        for i in rest.iter().map(|i| *i as usize) {
            add(gradient, u[i], p.column(i));
        }
    }

    /// The dual's value alone, at the prices of a point evaluated before, of this function or another of the same problem.
    pub(super) fn value(&self, at: &mut Point) -> f64 {
        let mut sum = self.linear(&at.multipliers);
        let count = self.prepared.traders(self.sides, &at.prices, &mut at.traders);
        for i in at.traders[..count].iter().map(|i| *i as usize) {
            sum += self.prepared.name(i).minimise(&self.curves[i], at.prices[i], self.sides[i]).value;
        }
        sum
    }

    /// The value of no trade at the multipliers.
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
    /// Puts it at multipliers, where nothing but the prices is known yet.
    pub(super) fn put(&mut self, p: &Prepared, multipliers: &[f64]) {
        self.multipliers.clear();
        self.multipliers.extend_from_slice(multipliers);
        p.price(&self.multipliers, &mut self.prices);
    }

    /// What is left of a row's gradient after the best subgradient of `σ` at its multiplier.
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

    /// The largest part of the gradient that is left.
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

    /// The first length of a step strictly between two lengths at which the price of a row with a range passes zero, and the
    /// row: the dual has a kink there.
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

    /// Slope of the dual in the direction of a step.
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
