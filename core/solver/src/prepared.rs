//! A problem laid out for the inner loop: a row of exposures and row coefficients for each trade, padded to a
//! whole number of lanes, and for each trade the range of prices in which it does not trade.

use super::curve::{Direction, Stretch};
use super::{Curve, Problem};
use unisleeve_numeric::lanes::{add, dot, padded};

/// The minimizer of a one-dimensional problem.
#[derive(Debug, Clone, Copy, Default)]
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

/// Risk terms of one trade.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    active: f64,
    /// `γ d`, and its inverse.
    t: f64,
    pub inverse: f64,
}

/// The names at one risk aversion.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    all: Vec<Name>,
    /// For each name, the price below which it is bought and the price above which it is sold.
    stays: Vec<(f64, f64)>,
    /// The value without any trade.
    pub still: f64,
    /// `γ`; zero before the first filling.
    pub gamma: f64,
}

/// Proximal terms `1/2 ε (u - u₀)²`, for each trade. They make the dual smooth where there is hardly any
/// specific variance.
#[derive(Debug, Clone, Default)]
pub(super) struct Proximal {
    /// `ε` of each trade; empty where there are no proximal terms.
    pub weight: Vec<f64>,
    /// `u₀`.
    pub centre: Vec<f64>,
}

/// A problem laid out for the inner loop; see the module's documentation.
#[derive(Debug, Clone, Default)]
pub(super) struct Prepared {
    /// The names at the problem's own risk aversion.
    pub names: Names,
    /// `[G C]`, one row of `wide` numbers for each trade.
    columns: Vec<f64>,
    /// Up to `grosses` coefficients of `|u|` for each trade, with the positions of their rows.
    gross: Vec<(u32, f64)>,
    pub grosses: usize,
    /// K, K + m, and K + m padded to whole lanes.
    pub factors: usize,
    pub size: usize,
    pub wide: usize,
    /// K plus the number of equality rows that must be met, which come before the other rows.
    pub exact: usize,
    /// Lowest and highest risk aversion. They differ only under a cap.
    pub gamma: f64,
    pub ceiling: f64,
    /// The risk aversion of the objective, which is zero where only a cap is given.
    pub asked: f64,
    /// The cap squared.
    pub cap: Option<f64>,
    /// For each position, the row of the problem.
    pub order: Vec<usize>,
    /// Bounds of the rows and the largest magnitude of their multipliers, by position.
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    pub limit: Vec<f64>,
    /// `G'a`, `wide` numbers.
    pub exposure: Vec<f64>,
    /// Specific variances and active weights.
    pub specific: Vec<f64>,
    pub active: Vec<f64>,
    pub proximal: Proximal,
    /// Largest `1/(γ d)` over the smallest. Above 1e4, sums of them can't be updated by subtraction.
    pub spread: f64,
    /// Trades of securities that have several, security by security, and where each begins.
    pub shared: Vec<u32>,
    pub shares: Vec<u32>,
    /// The place of a trade's security among those with several trades; [`ALONE`] for the others.
    place: Vec<u32>,
}

/// The place of a security with one trade.
const ALONE: u32 = u32::MAX;
/// Stands for `1/t` at zero variance. The inner problem is then linear, and its minimizer is at a kink.
const NO_VARIANCE: f64 = 1e280;
/// Where only a cap is given, the aversion that stands for none.
pub(super) const LEAST_AVERSION: f64 = 1e-6;
/// Highest risk aversion, unless ten times the problem's own is higher. Without a limit the dual would rise
/// forever where a cap can't be reached.
const MOST_AVERSION: f64 = 1e9;

impl Prepared {
    /// Lays a problem out. The curves may carry a price of gain.
    pub(super) fn fill(&mut self, p: &Problem, curves: &[Curve]) {
        let (k, m) = (p.factors, p.rows.len());
        (self.factors, self.size, self.wide) = (k, k + m, padded(k + m));
        self.asked = p.risk_aversion;
        self.gamma = if p.risk_aversion > 0.0 { p.risk_aversion } else { LEAST_AVERSION };
        self.ceiling = if p.cap.is_none() {
            self.gamma
        } else if 10.0 * self.gamma > MOST_AVERSION {
            10.0 * self.gamma
        } else {
            MOST_AVERSION
        };
        self.cap = p.cap.map(|cap| cap * cap);
        let is_exact = |r: &usize| p.rows[*r].low >= p.rows[*r].high && p.rows[*r].is_hard();
        self.order.clear();
        self.order.extend((0..m).filter(is_exact));
        self.exact = k + self.order.len();
        self.order.extend((0..m).filter(|r| !is_exact(r)));
        self.low.clear();
        self.high.clear();
        self.limit.clear();
        for r in &self.order {
            let row = &p.rows[*r];
            let (mut low, mut high) = (row.low, row.high);
            if row.is_hard() {
                // A bound that is out of reach by rounding errors (the check allows no more) would drive its
                // price to infinity.
                let (least, most) = p.reach(row);
                low = if low > most { most } else { low };
                high = if high < least { least } else { high };
            }
            self.low.push(low);
            self.high.push(high);
            self.limit.push(row.price);
        }
        self.lay_columns(p);
        self.lay_gross(p);
        self.lay_shared(p);
        self.specific.clone_from(&p.specific);
        self.active.clone_from(&p.active);
        self.proximal.weight.clear();
        self.reprice(curves);
    }

    /// Adapts the ranges without a trade to curves with another price of gain or another proximal term.
    pub(super) fn reprice(&mut self, curves: &[Curve]) {
        let mut names = core::mem::take(&mut self.names);
        self.lay_names(curves, self.gamma, &mut names);
        let (mut least, mut most) = (f64::INFINITY, 0.0);
        for name in &names.all {
            least = if name.inverse < least { name.inverse } else { least };
            most = if name.inverse > most { name.inverse } else { most };
        }
        self.spread = if least > 0.0 && !names.all.is_empty() { most / least } else { 1.0 };
        self.names = names;
    }

    /// Fills in the names at a risk aversion.
    pub(super) fn lay_names(&self, curves: &[Curve], gamma: f64, to: &mut Names) {
        to.all.clear();
        to.stays.clear();
        (to.still, to.gamma) = (0.0, gamma);
        for (i, curve) in curves.iter().enumerate() {
            let (d, a) = (self.specific[i], self.active[i]);
            let (mut t, mut active) = (gamma * d, a);
            to.still += 0.5 * t * a * a;
            if let (Some(epsilon), Some(centre)) = (self.proximal.weight.get(i), self.proximal.centre.get(i))
                && *epsilon > 0.0
            {
                // Completes the square: 1/2 (t+ε) (u + (t a - ε u₀) / (t+ε))² plus a constant.
                to.still += 0.5 * epsilon * centre * centre;
                active = (t * a - epsilon * centre) / (t + epsilon);
                t += epsilon;
            }
            let name = Name::new(t, active);
            to.stays.push(name.stays(curve));
            to.all.push(name);
        }
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

    /// Fills in the coefficients of magnitudes. Most rows have none, and each trade is in few that do.
    fn lay_gross(&mut self, p: &Problem) {
        self.gross.clear();
        self.grosses = 0;
        let rows = || self.order.iter().enumerate().filter(|(_, r)| !p.rows[**r].gross.is_empty());
        if rows().next().is_none() {
            return;
        }
        let of =
            |i: usize| rows().map(move |(at, r)| (at as u32, p.rows[*r].gross[i])).filter(|(_, g)| *g != 0.0);
        let most = (0..p.len()).map(|i| of(i).count()).max().unwrap_or(0);
        let mut gross = core::mem::take(&mut self.gross);
        for i in 0..p.len() {
            gross.extend(of(i));
            gross.resize((i + 1) * most, (0, 0.0));
        }
        (self.gross, self.grosses) = (gross, most);
    }

    fn lay_shared(&mut self, p: &Problem) {
        self.shared.clear();
        self.shares.clear();
        self.place.clear();
        self.place.resize(p.len(), ALONE);
        if p.securities.is_empty() {
            return;
        }
        let mut order: Vec<u32> = (0..p.len() as u32).collect();
        order.sort_by_key(|i| p.securities[*i as usize]);
        for members in order.chunk_by(|a, b| p.securities[*a as usize] == p.securities[*b as usize]) {
            if members.len() > 1 {
                for i in members {
                    self.place[*i as usize] = self.shares.len() as u32;
                }
                self.shares.push(self.shared.len() as u32);
                self.shared.extend(members);
            }
        }
        self.shares.push(self.shared.len() as u32);
    }

    /// The trades of each security that has several.
    pub(super) fn securities(&self) -> impl Iterator<Item = &[u32]> {
        self.shares.windows(2).map(|w| &self.shared[w[0] as usize..w[1] as usize])
    }

    /// Whether a trade's security has several trades.
    pub(super) fn is_shared(&self, i: usize) -> bool {
        self.place[i] != ALONE
    }

    /// Sets the side of a trade and of all trades of its security.
    pub(super) fn turn(&self, i: usize, side: Direction, sides: &mut [Direction]) {
        sides[i] = side;
        if self.is_shared(i) {
            let at = self.place[i] as usize;
            for j in &self.shared[self.shares[at] as usize..self.shares[at + 1] as usize] {
                sides[*j as usize] = side;
            }
        }
    }

    /// Converts multipliers from the problem's row order to positions, padded to whole lanes.
    pub(super) fn placed(&self, factors: &[f64], rows: &[f64], to: &mut Vec<f64>) {
        to.clear();
        to.extend_from_slice(factors);
        to.extend(self.order.iter().zip(&self.limit).map(|(r, limit)| rows[*r].clamp(-limit, *limit)));
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
        self.specific.len()
    }

    pub(super) fn column(&self, i: usize) -> &[f64] {
        &self.columns[i * self.wide..(i + 1) * self.wide]
    }

    /// Coefficients of a trade's magnitude, with the positions of their rows.
    pub(super) fn gross(&self, i: usize) -> &[(u32, f64)] {
        &self.gross[i * self.grosses..(i + 1) * self.grosses]
    }

    /// Price of each name at the multipliers: of its net trade and, where rows count magnitudes, of its
    /// magnitude.
    pub(super) fn price(&self, multipliers: &[f64], prices: &mut Vec<f64>, gross: &mut Vec<f64>) {
        prices.clear();
        gross.clear();
        if self.wide == 0 {
            prices.resize(self.len(), 0.0);
        }
        prices.extend(self.columns.chunks_exact(self.wide.max(1)).map(|column| dot(column, multipliers)));
        if self.grosses == 1 {
            let rows = &multipliers[self.factors..];
            gross.extend(self.gross.iter().map(|(at, g)| g * rows[*at as usize]));
        } else if self.grosses > 0 {
            let rows = &multipliers[self.factors..];
            gross.extend(self.gross.chunks_exact(self.grosses).map(|of| {
                let mut sum = 0.0;
                for (at, g) in of {
                    sum += g * rows[*at as usize];
                }
                sum
            }));
        }
    }
}

impl Names {
    pub(super) fn of(&self, i: usize) -> &Name {
        &self.all[i]
    }

    /// Writes the names that trade at the prices, each on its side, to `to` and returns their number. `to`
    /// must have an entry for each name. The loop has no branches, since they would often be mispredicted.
    #[expect(clippy::needless_bitwise_bool, reason = "a lazy operator is a branch")]
    pub(super) fn traders(
        &self,
        sides: &[Direction],
        (prices, gross): (&[f64], &[f64]),
        least: &[f64],
        to: &mut [u32],
    ) -> usize {
        let mut count = 0;
        if gross.is_empty() && least.is_empty() {
            for (i, ((price, stays), side)) in prices.iter().zip(&self.stays).zip(sides).enumerate() {
                let buys = (*price < stays.0) & (*side != Direction::Sell);
                let sells = (*price > stays.1) & (*side != Direction::Buy);
                to[count] = i as u32;
                count += usize::from((buys | sells) & (*side != Direction::Still));
            }
            return count;
        }
        if least.is_empty() {
            for (i, (((price, by), stays), side)) in
                prices.iter().zip(gross).zip(&self.stays).zip(sides).enumerate()
            {
                let buys = (price + by < stays.0) & (*side != Direction::Sell);
                let sells = (price - by > stays.1) & (*side != Direction::Buy);
                to[count] = i as u32;
                count += usize::from((buys | sells) & (*side != Direction::Still));
            }
            return count;
        }
        for (i, ((price, stays), side)) in prices.iter().zip(&self.stays).zip(sides).enumerate() {
            let by = gross.get(i).copied().unwrap_or(0.0);
            // A name with a smallest size on a fixed side has to trade whatever the price.
            let must = least.get(i).is_some_and(|least| *least > 0.0) & (*side != Direction::Either);
            let buys = (price + by < stays.0) & (*side != Direction::Sell);
            let sells = (price - by > stays.1) & (*side != Direction::Buy);
            to[count] = i as u32;
            count += usize::from((buys | sells | must) & (*side != Direction::Still));
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

    /// Minimizes `1/2 t (a+u)² + c(u) + s u + h |u|` over a side, for `s = price` and `h = gross`. A trade is
    /// none or at least `least`; on a fixed side it is at least `least`.
    pub(super) fn minimise(
        &self,
        curve: &Curve,
        (price, gross): (f64, f64),
        side: Direction,
        least: f64,
    ) -> Inner {
        let (bid, ask) = (price - gross, price + gross);
        match side {
            Direction::Still => STAY,
            Direction::Buy if least > 0.0 => self.buy_at_least(curve, ask, least).unwrap_or(STAY),
            Direction::Sell if least > 0.0 => self.sell_at_least(curve, bid, least).unwrap_or(STAY),
            Direction::Either if least > 0.0 => {
                let mut best = STAY;
                for x in [self.buy_at_least(curve, ask, least), self.sell_at_least(curve, bid, least)] {
                    best = x.filter(|x| x.value < best.value).unwrap_or(best);
                }
                best
            }
            Direction::Buy => self.buy(curve, ask),
            Direction::Sell => self.sell(curve, bid),
            Direction::Either => {
                let (b, c) = (self.buy(curve, ask), self.sell(curve, bid));
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

    /// The best sale of at least `least`; `None` where less is held.
    fn sell_at_least(&self, curve: &Curve, s: f64, least: f64) -> Option<Inner> {
        if curve.sell_limit() < least {
            return None;
        }
        let free = self.sell(curve, s);
        if -free.u >= least {
            return Some(free);
        }
        let value = self.risk(-least) - s * least + curve.cost(-least);
        Some(Inner { u: -least, value, moves: false })
    }

    /// The best purchase of at least `least`; `None` where less may be bought.
    fn buy_at_least(&self, curve: &Curve, s: f64, least: f64) -> Option<Inner> {
        if curve.buy_limit() < least {
            return None;
        }
        let free = self.buy(curve, s);
        if free.u >= least {
            return Some(free);
        }
        Some(Inner { u: least, value: self.risk(least) + (s + curve.buy_cost()) * least, moves: false })
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
        let sell = [Segment::new(0.02, -0.05), Segment::new(0.03, 0.01), Segment::new(0.01, -0.01)];
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
            for (side, gross, least) in [
                (Direction::Sell, 0.0, 0),
                (Direction::Buy, 0.003, 0),
                (Direction::Either, 0.0, 0),
                (Direction::Either, 0.001, 0),
                (Direction::Either, 0.001, 120),
                (Direction::Sell, 0.0, 120),
                (Direction::Buy, 0.0, 120),
                (Direction::Still, 0.0, 120),
            ] {
                let got = name.minimise(&curve, (s, gross), side, f64::from(least) * 1e-4);
                let is_open = |i: i32| match side {
                    Direction::Sell => i <= -least,
                    Direction::Buy => i >= least,
                    Direction::Either => i == 0 || i.abs() >= least,
                    Direction::Still => i == 0,
                };
                let value = |u: f64| 0.5 * t * (a + u) * (a + u) + curve.cost(u) + s * u + gross * u.abs();
                let grid = (-600..=500).filter(|i| is_open(*i));
                let best = grid.map(|i| value(f64::from(i) * 1e-4)).fold(f64::INFINITY, f64::min);
                let value_got = got.value + value(0.0);
                assert!((value(got.u) - value_got).abs() < 1e-15);
                assert!(value_got <= best + 1e-15 && value_got > best - 1e-6, "{side:?} {got:?} {best}");
            }
        }
    }
}
