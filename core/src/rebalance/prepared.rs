//! A problem laid out for the inner loop: one row of exposures and row coefficients for each security, all stretches of all
//! curves in one array, and for each stretch the price at which it is sold out, so that the loop has no division.

use super::curve::Side;
use super::{Curve, Problem};

/// The minimiser of a one-dimensional problem.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inner {
    /// Trade.
    pub u: f64,
    /// Value of `1/2 t (a+u)² + c(u) + s u`.
    pub value: f64,
    /// Whether the minimiser is strictly inside a linear piece, so that it moves with `s`.
    pub moves: bool,
}

/// A stretch of selling.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// Dollars sold at its start and at its end.
    begin: f64,
    end: f64,
    /// Cost of each dollar, and of all stretches before it.
    cost: f64,
    before: f64,
}

/// One security's terms.
#[derive(Debug, Clone, Copy)]
struct Name {
    active: f64,
    /// `γ d`, and one over it.
    t: f64,
    inverse: f64,
    buy_cost: f64,
    buy_limit: f64,
    /// Price below which it is bought, and above which it is sold.
    buys_below: f64,
    sells_above: f64,
    /// Whether its curve is not convex across zero.
    is_choice: bool,
    /// Its stretches in the array.
    first: usize,
    last: usize,
}

/// See the module's head.
#[derive(Debug, Clone, Default)]
pub(super) struct Prepared {
    names: Vec<Name>,
    stretches: Vec<Stretch>,
    /// Price `s` from which on each stretch is sold out.
    sold_out: Vec<f64>,
    /// `[G C]`, one row for each security.
    columns: Vec<f64>,
    /// K and K + m.
    pub factors: usize,
    pub size: usize,
    /// K and the rows that must be met exactly: they come before those with a range.
    pub exact: usize,
    pub gamma: f64,
    /// Row of the problem at each place.
    pub order: Vec<usize>,
    /// Bounds of the rows, by place.
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    /// `G'a`.
    pub exposure: Vec<f64>,
    /// Largest `1/(γ d)` over the smallest: beyond 1e4 sums of them can't be undone by subtraction.
    pub spread: f64,
}

/// Stands for one over no variance at all: the inner problem is linear, and its minimiser one of its kinks.
const NO_VARIANCE: f64 = 1e300;

impl Prepared {
    /// Lays a problem out. `proximal` is `(ε, u₀)`: `1/2 ε (u - u₀)²` is added for each security, which makes the dual
    /// smooth where there is hardly any specific variance.
    pub(super) fn fill(&mut self, p: &Problem, proximal: Option<(f64, &[f64])>) {
        let (n, k, m) = (p.len(), p.factors, p.rows.len());
        (self.factors, self.size, self.gamma) = (k, k + m, p.risk_aversion);
        let is_exact = |r: &usize| p.rows[*r].low >= p.rows[*r].high;
        self.order.clear();
        self.order.extend((0..m).filter(is_exact));
        self.exact = k + self.order.len();
        self.order.extend((0..m).filter(|r| !is_exact(r)));
        self.low.clear();
        self.high.clear();
        self.low.extend(self.order.iter().map(|r| p.rows[*r].low));
        self.high.extend(self.order.iter().map(|r| p.rows[*r].high));
        self.columns.clear();
        self.columns.resize(n * (k + m), 0.0);
        self.exposure.clear();
        self.exposure.resize(k, 0.0);
        for (i, column) in self.columns.chunks_exact_mut((k + m).max(1)).enumerate() {
            let exposures = &p.exposures[i * k..(i + 1) * k];
            column[..k].copy_from_slice(exposures);
            for (c, r) in column[k..].iter_mut().zip(&self.order) {
                *c = p.rows[*r].coefficients[i];
            }
            for (y, g) in self.exposure.iter_mut().zip(exposures) {
                *y += g * p.active[i];
            }
        }
        self.names.clear();
        self.stretches.clear();
        self.sold_out.clear();
        for i in 0..n {
            let (mut t, mut active) = (p.risk_aversion * p.specific[i], p.active[i]);
            if let Some((epsilon, centre)) = proximal {
                // One square: 1/2 (t+ε) (u + (t a - ε u₀) / (t+ε))², but for a constant.
                active = (t * active - epsilon * centre[i]) / (t + epsilon);
                t += epsilon;
            }
            self.push(&p.curves[i], t, active);
        }
        let (mut least, mut most) = (f64::INFINITY, 0.0);
        for name in &self.names {
            least = if name.inverse < least { name.inverse } else { least };
            most = if name.inverse > most { name.inverse } else { most };
        }
        self.spread = if least > 0.0 && n > 0 { most / least } else { 1.0 };
    }

    /// Multipliers of the problem's rows in the order of places, after the factors'.
    pub(super) fn placed(&self, multipliers: &[f64], to: &mut Vec<f64>) {
        to.clear();
        to.extend_from_slice(&multipliers[..self.factors]);
        to.extend(self.order.iter().map(|r| multipliers[self.factors + r]));
    }

    /// Back into the order of the problem's rows.
    pub(super) fn as_given(&self, placed: &[f64]) -> Vec<f64> {
        let mut given = placed.to_vec();
        for (at, r) in self.order.iter().enumerate() {
            given[self.factors + r] = placed[self.factors + at];
        }
        given
    }

    pub(super) fn push(&mut self, curve: &Curve, t: f64, active: f64) {
        let first = self.stretches.len();
        let (mut begin, mut before) = (0.0, 0.0);
        for (end, cost) in curve.stretches() {
            self.stretches.push(Stretch { begin, end, cost, before });
            self.sold_out.push(t * (end - active) + cost);
            before += (end - begin) * cost;
            begin = end;
        }
        let cheapest = self.stretches.get(first).map(|x| x.cost);
        let can_buy = curve.buy_limit() > 0.0;
        self.names.push(Name {
            active,
            buys_below: if can_buy { -t * active - curve.buy_cost() } else { f64::NEG_INFINITY },
            sells_above: cheapest.map_or(f64::INFINITY, |cost| cost - t * active),
            t,
            inverse: if t > 0.0 { 1.0 / t } else { NO_VARIANCE },
            buy_cost: curve.buy_cost(),
            buy_limit: curve.buy_limit(),
            is_choice: !curve.is_convex(),
            first,
            last: self.stretches.len(),
        });
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn column(&self, i: usize) -> &[f64] {
        &self.columns[i * self.size..(i + 1) * self.size]
    }

    /// Whether a name is a buy-or-harvest choice.
    pub(super) fn is_choice(&self, i: usize) -> bool {
        self.names[i].is_choice
    }

    /// One over `γ d`.
    pub(super) fn inverse(&self, i: usize) -> f64 {
        self.names[i].inverse
    }

    /// Minimises `1/2 t (a+u)² + c(u) + s u` over the side.
    pub(super) fn minimise(&self, i: usize, s: f64, side: Side) -> Inner {
        let name = &self.names[i];
        let buys = s < name.buys_below && side != Side::Sell;
        let sells = s > name.sells_above && side != Side::Buy;
        match (buys, sells) {
            (false, false) => stay(name),
            (true, false) => buy(name, s),
            (false, true) => self.sell(name, s),
            (true, true) => {
                let (b, c) = (buy(name, s), self.sell(name, s));
                if c.value < b.value { c } else { b }
            }
        }
    }

    /// Best trade below zero, at a price at which something is sold.
    fn sell(&self, name: &Name, s: f64) -> Inner {
        // On a stretch the free minimiser sells a + (s - cost)/t: the more, the cheaper the stretch. The first stretch that
        // it does not sell out is where the minimum lies. Few stretches are counted faster than searched.
        let prices = &self.sold_out[name.first..name.last];
        let at = if prices.len() <= COUNTED {
            prices.iter().map(|p| usize::from(s >= *p)).sum()
        } else {
            prices.partition_point(|p| s >= *p)
        };
        let stretches = &self.stretches[name.first..name.last];
        let (sold, moves, cost) = if let Some(x) = stretches.get(at) {
            let free = name.active + (s - x.cost) * name.inverse;
            let free = if free < x.end { free } else { x.end };
            let (sold, moves) = if free > x.begin { (free, true) } else { (x.begin, false) };
            (sold, moves, x.before + (sold - x.begin) * x.cost)
        } else {
            let Some(x) = stretches.last() else { return stay(name) };
            (x.end, false, x.before + (x.end - x.begin) * x.cost)
        };
        if sold <= 0.0 {
            return stay(name);
        }
        let x = name.active - sold;
        Inner { u: -sold, value: 0.5 * name.t * x * x + cost - s * sold, moves }
    }
}

/// Stretches up to which counting beats a binary search.
const COUNTED: usize = 24;

fn stay(name: &Name) -> Inner {
    Inner { u: 0.0, value: 0.5 * name.t * name.active * name.active, moves: false }
}

/// Best trade above zero, at a price at which something is bought.
fn buy(name: &Name, s: f64) -> Inner {
    let price = s + name.buy_cost;
    let free = -name.active - price * name.inverse;
    // The last digits may disagree with the price from which on it buys.
    if free <= 0.0 {
        return stay(name);
    }
    let (u, moves) = if free < name.buy_limit { (free, true) } else { (name.buy_limit, false) };
    let x = name.active + u;
    Inner { u, value: 0.5 * name.t * x * x + price * u, moves }
}

#[cfg(test)]
mod tests {
    use super::super::Segment;
    use super::*;

    /// Against a fine grid.
    #[test]
    fn the_inner_minimum_is_the_minimum() {
        let sell = [
            Segment { width: 0.02, cost: -0.05 },
            Segment { width: 0.03, cost: 0.01 },
            Segment { width: 0.01, cost: -0.01 },
        ];
        let curve = Curve::new(&sell, 0.002, 0.05);
        assert!(!curve.is_convex());
        for (t, a, s) in [
            (1.0, 0.0, 0.0),
            (0.5, 0.02, 0.01),
            (3.0, -0.03, 0.02),
            (2.0, 0.01, -0.06),
            (0.1, -0.01, 0.0),
            (0.0, 0.01, 0.02),
            (0.0, 0.01, -0.02),
        ] {
            let mut prepared = Prepared::default();
            prepared.push(&curve, t, a);
            for side in [Side::Sell, Side::Buy, Side::Either] {
                let got = prepared.minimise(0, s, side);
                let (low, high) = match side {
                    Side::Sell => (-600, 0),
                    Side::Buy => (0, 500),
                    Side::Either => (-600, 500),
                };
                let value = |u: f64| 0.5 * t * (a + u) * (a + u) + curve.cost(u) + s * u;
                let best = (low..=high).map(|i| value(f64::from(i) * 1e-4)).fold(f64::INFINITY, f64::min);
                assert!((value(got.u) - got.value).abs() < 1e-15);
                assert!(got.value <= best + 1e-15 && got.value > best - 1e-6, "{side:?} {got:?} {best}");
            }
        }
    }
}
