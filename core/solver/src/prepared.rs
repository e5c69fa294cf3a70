//! A problem laid out for the inner loop: a row of exposures and row coefficients for each security, padded
//! to a whole number of lanes, and for each security the range of prices in which it does not trade.

use super::curve::{Direction, Stretch};
use super::{Curve, Problem};
use unisleeve_numeric::lanes::{add, dot, padded};

/// The minimizer of a one-dimensional problem.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inner {
    /// Trade.
    pub u: f64,
    /// Value of `1/2 t (a+u)² + c(u) + s u`, less its value without a trade.
    pub value: f64,
    /// Whether the minimizer is strictly inside a linear piece, so that it moves with `s`.
    pub moves: bool,
}

/// No trade.
const STAY: Inner = Inner { u: 0.0, value: 0.0, moves: false };

/// Risk terms of one security.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    active: f64,
    /// `γ d`, and its inverse.
    t: f64,
    pub inverse: f64,
}

/// A problem laid out for the inner loop; see the module's documentation.
#[derive(Debug, Clone, Default)]
pub(super) struct Prepared {
    names: Vec<Name>,
    /// For each name, the price below which it is bought and the price above which it is sold.
    stays: Vec<(f64, f64)>,
    /// `[G C]`, one row of `wide` numbers for each security.
    columns: Vec<f64>,
    /// `Σ 1/2 t a²`: the value without any trade.
    pub still: f64,
    /// K, K + m, and K + m padded to whole lanes.
    pub factors: usize,
    pub size: usize,
    pub wide: usize,
    /// K plus the number of equality rows, which come before the rows with a range.
    pub exact: usize,
    pub gamma: f64,
    /// For each position, the row of the problem.
    pub order: Vec<usize>,
    /// Bounds of the rows, by position.
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    /// `G'a`, `wide` numbers.
    pub exposure: Vec<f64>,
    /// Largest `1/(γ d)` over the smallest. Above 1e4, sums of them can't be updated by subtraction.
    pub spread: f64,
}

/// Stands for `1/t` at zero variance. The inner problem is then linear, and its minimizer is at a kink.
const NO_VARIANCE: f64 = 1e300;

impl Prepared {
    /// Lays a problem out. `proximal` is `(ε, u₀)` and adds `1/2 ε (u - u₀)²` for each security. This makes
    /// the dual smooth where there is hardly any specific variance.
    pub(super) fn fill(&mut self, p: &Problem, proximal: Option<(f64, &[f64])>) {
        let (n, k, m) = (p.len(), p.factors, p.rows.len());
        (self.factors, self.size, self.wide, self.gamma) = (k, k + m, padded(k + m), p.risk_aversion);
        let is_exact = |r: &usize| p.rows[*r].low >= p.rows[*r].high;
        self.order.clear();
        self.order.extend((0..m).filter(is_exact));
        self.exact = k + self.order.len();
        self.order.extend((0..m).filter(|r| !is_exact(r)));
        self.low.clear();
        self.high.clear();
        for r in &self.order {
            // A bound that is out of reach by rounding errors (the check allows no more) would drive its
            // price to infinity.
            let row = &p.rows[*r];
            let (least, most) = p.reach(row);
            self.low.push(if row.low > most { most } else { row.low });
            self.high.push(if row.high < least { least } else { row.high });
        }
        self.lay_columns(p);
        self.names.clear();
        self.stays.clear();
        let (mut least, mut most) = (f64::INFINITY, 0.0);
        self.still = 0.0;
        for i in 0..n {
            let (mut t, mut active) = (p.risk_aversion * p.specific[i], p.active[i]);
            if let Some((epsilon, centre)) = proximal {
                // Completes the square: 1/2 (t+ε) (u + (t a - ε u₀) / (t+ε))² plus a constant.
                active = (t * active - epsilon * centre[i]) / (t + epsilon);
                t += epsilon;
            }
            let name = Name::new(t, active);
            self.stays.push(name.stays(&p.curves[i]));
            self.names.push(name);
            self.still += 0.5 * t * active * active;
            least = if name.inverse < least { name.inverse } else { least };
            most = if name.inverse > most { name.inverse } else { most };
        }
        self.spread = if least > 0.0 && n > 0 { most / least } else { 1.0 };
    }

    /// Fills in the columns and `G'a`.
    fn lay_columns(&mut self, p: &Problem) {
        let (k, wide) = (p.factors, self.wide);
        // Entries of the last problem are overwritten.
        self.columns.resize(p.len() * wide, 0.0);
        self.exposure.clear();
        self.exposure.resize(wide, 0.0);
        for (i, column) in self.columns.chunks_exact_mut(wide.max(1)).enumerate() {
            let (factors, rest) = column.split_at_mut(k);
            factors.copy_from_slice(&p.exposures[i * k..(i + 1) * k]);
            // The rows' entries are zero until `G'a` is summed.
            rest.fill(0.0);
            add(&mut self.exposure, p.active[i], column);
            for (c, r) in column[k..].iter_mut().zip(&self.order) {
                *c = p.rows[*r].coefficients[i];
            }
        }
    }

    /// Converts multipliers from the problem's row order to positions, padded to whole lanes.
    pub(super) fn placed(&self, multipliers: &[f64], to: &mut Vec<f64>) {
        to.clear();
        to.extend_from_slice(&multipliers[..self.factors]);
        to.extend(self.order.iter().map(|r| multipliers[self.factors + r]));
        to.resize(self.wide, 0.0);
    }

    /// Converts the rows' multipliers from positions to the problem's row order.
    pub(super) fn row_prices(&self, placed: &[f64]) -> Vec<f64> {
        let mut given = placed[self.factors..self.size].to_vec();
        for (at, r) in self.order.iter().enumerate() {
            given[*r] = placed[self.factors + at];
        }
        given
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn column(&self, i: usize) -> &[f64] {
        &self.columns[i * self.wide..(i + 1) * self.wide]
    }

    pub(super) fn name(&self, i: usize) -> &Name {
        &self.names[i]
    }

    /// Price of each name at the multipliers.
    pub(super) fn price(&self, multipliers: &[f64], prices: &mut Vec<f64>) {
        prices.clear();
        if self.wide == 0 {
            prices.resize(self.len(), 0.0);
        }
        prices.extend(self.columns.chunks_exact(self.wide.max(1)).map(|column| dot(column, multipliers)));
    }

    /// Writes the names that trade at the prices, each on its side, to `to` and returns their number. `to`
    /// must have an entry for each name. The loop has no branches, since they would often be mispredicted.
    #[expect(clippy::needless_bitwise_bool, reason = "a lazy operator is a branch")]
    pub(super) fn traders(&self, sides: &[Direction], prices: &[f64], to: &mut [u32]) -> usize {
        let mut count = 0;
        for (i, ((price, stays), side)) in prices.iter().zip(&self.stays).zip(sides).enumerate() {
            let buys = (*price < stays.0) & (*side != Direction::Sell);
            let sells = (*price > stays.1) & (*side != Direction::Buy);
            to[count] = i as u32;
            count += usize::from(buys | sells);
        }
        count
    }
}

impl Name {
    pub(super) fn new(t: f64, active: f64) -> Self {
        Self { active, t, inverse: if t > 0.0 { 1.0 / t } else { NO_VARIANCE } }
    }

    /// The range of prices in which the name does not trade.
    fn stays(&self, curve: &Curve) -> (f64, f64) {
        let pull = self.t * self.active;
        let buys = if curve.buy_limit() > 0.0 { -pull - curve.buy_cost() } else { f64::NEG_INFINITY };
        let sells = curve.stretches().first().map_or(f64::INFINITY, |s| s.cost - pull);
        (buys, sells)
    }

    /// Minimizes `1/2 t (a+u)² + c(u) + s u` over a side.
    pub(super) fn minimise(&self, curve: &Curve, s: f64, side: Direction) -> Inner {
        match side {
            Direction::Buy => self.buy(curve, s),
            Direction::Sell => self.sell(curve, s),
            Direction::Either => {
                let (b, c) = (self.buy(curve, s), self.sell(curve, s));
                if c.value < b.value { c } else { b }
            }
        }
    }

    /// Change of `1/2 t a²` by a trade.
    pub(super) fn risk(&self, u: f64) -> f64 {
        0.5 * self.t * (u + 2.0 * self.active) * u
    }

    /// The best sale.
    pub(super) fn sell(&self, curve: &Curve, s: f64) -> Inner {
        // On a segment the unconstrained minimizer sells a + (s - cost)/t, which is more for cheaper
        // segments. The minimum lies in the first segment that is not sold out. Counting is faster than
        // searching for few segments.
        let stretches = curve.stretches();
        if stretches.first().is_none_or(|x| s <= x.cost - self.t * self.active) {
            return STAY;
        }
        let sold_out = |x: &Stretch| s >= self.t * (x.end - self.active) + x.cost;
        let at = if stretches.len() <= COUNTED {
            stretches.iter().map(|x| usize::from(sold_out(x))).sum()
        } else {
            stretches.partition_point(sold_out)
        };
        let (sold, moves, cost) = if let Some(x) = stretches.get(at) {
            let free = self.active + (s - x.cost) * self.inverse;
            let free = if free < x.end { free } else { x.end };
            let (sold, moves) = if free > x.begin { (free, true) } else { (x.begin, false) };
            (sold, moves, x.before + (sold - x.begin) * x.cost)
        } else {
            let Some(x) = stretches.last() else { return STAY };
            (x.end, false, x.before + (x.end - x.begin) * x.cost)
        };
        if sold <= 0.0 {
            return STAY;
        }
        Inner { u: -sold, value: self.risk(-sold) - s * sold + cost, moves }
    }

    /// The best purchase.
    pub(super) fn buy(&self, curve: &Curve, s: f64) -> Inner {
        let price = s + curve.buy_cost();
        let free = -self.active - price * self.inverse;
        let (u, moves) = if free < curve.buy_limit() { (free, true) } else { (curve.buy_limit(), false) };
        // The two conditions can disagree by rounding errors, and some names can't be bought.
        if price >= -self.t * self.active || u <= 0.0 {
            return STAY;
        }
        Inner { u, value: self.risk(u) + price * u, moves }
    }
}

/// Up to this many segments, counting is faster than a binary search.
const COUNTED: usize = 24;

#[cfg(test)]
mod tests {
    use super::super::Segment;
    use super::*;

    /// Compared with a fine grid.
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
            let name = Name::new(t, a);
            for side in [Direction::Sell, Direction::Buy, Direction::Either] {
                let got = name.minimise(&curve, s, side);
                let (low, high) = match side {
                    Direction::Sell => (-600, 0),
                    Direction::Buy => (0, 500),
                    Direction::Either => (-600, 500),
                };
                let value = |u: f64| 0.5 * t * (a + u) * (a + u) + curve.cost(u) + s * u;
                let best = (low..=high).map(|i| value(f64::from(i) * 1e-4)).fold(f64::INFINITY, f64::min);
                let value_got = got.value + value(0.0);
                assert!((value(got.u) - value_got).abs() < 1e-15);
                assert!(value_got <= best + 1e-15 && value_got > best - 1e-6, "{side:?} {got:?} {best}");
            }
        }
    }
}
