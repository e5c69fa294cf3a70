//! The dual function at one point: its value, its gradient and the best trade of each name.

use super::Curve;
use super::curve::Direction;
use super::prepared::{Inner, Name, Names, Prepared};
use unisleeve_numeric::lanes::{add, add_four, dot};

/// The dual at one point. Vectors over factors and rows are padded with zeros beyond K + m to a whole number
/// of lanes.
#[derive(Debug, Clone, Default)]
pub(super) struct Point {
    /// `(ν, μ)`, with the rows in the order of [`Prepared`].
    pub multipliers: Vec<f64>,
    /// `γ`: the problem's risk aversion plus twice the multiplier of the squared cap.
    pub gamma: f64,
    /// `q(ν, μ, γ)`.
    pub value: f64,
    /// The value without the blending penalty. Where no side is fixed this is a lower bound of the true
    /// problem, proximal terms aside.
    pub truth: f64,
    /// Gradient of the smooth part: `(G'(a+u) - ν/γ, C u + D |u|)`.
    pub gradient: Vec<f64>,
    /// Derivative with respect to `γ`; zero without a cap.
    pub gamma_slope: f64,
    /// Minimizers of the inner problems: the trade of each name.
    pub u: Vec<f64>,
    /// Derivative of each trade with respect to its price, up to sign and times `γ`: `1/d` inside a linear
    /// piece, 0 at a kink. That of a purchase less that of a sale is in `skew`, where rows count magnitudes.
    pub weight: Vec<f64>,
    pub skew: Vec<f64>,
    /// Names with a nonzero weight.
    pub moving: Vec<u32>,
    /// Fraction of each choice that sells, where choices are blended, and the names strictly in between.
    pub sells: Vec<f64>,
    pub blended: Vec<Blended>,
    /// Price of each name: the multipliers times its column, and times its coefficients of magnitudes.
    prices: Vec<f64>,
    gross: Vec<f64>,
    /// Buffer for the names that trade.
    traders: Vec<u32>,
    /// The names at `γ`, under a cap.
    names: Names,
    /// Values of the best sales and purchases of securities with several trades.
    members: Vec<(Inner, Inner)>,
}

/// A choice that a blend leaves between its sides: its best sale and its best purchase.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blended {
    pub name: u32,
    /// The first trade of its security.
    pub first: u32,
    pub sale: f64,
    pub purchase: f64,
    /// Value of selling less that of buying, of the whole security.
    pub worse: f64,
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

impl Blend {
    /// The fraction of a choice that sells, for the values of selling and of buying, and by how much the blend
    /// with its penalty is above the better of the two.
    #[inline]
    fn part(&self, choice: usize, sale: f64, buy: f64) -> (f64, f64) {
        let gain = buy - sale;
        let part = (self.centre[choice] + gain / self.price).clamp(0.0, 1.0);
        let off = part - self.centre[choice];
        let better = if gain > 0.0 { sale } else { buy };
        (part, part * sale + (1.0 - part) * buy - better + 0.5 * self.price * off * off)
    }
}

/// The dual function of a problem with a side for each name. A choice whose side is open takes the better
/// side or, with `blend`, a mix of the two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dual<'a> {
    pub prepared: &'a Prepared,
    /// The curves at the price of gain.
    pub curves: &'a [Curve],
    pub sides: &'a [Direction],
    pub blend: Option<&'a Blend>,
    /// What the limit on gains adds: its price times the limit.
    pub gains: f64,
    /// Smallest trade of each name on a fixed side; empty where there is none.
    pub least: &'a [f64],
    /// Smallest trade of names whose side is open.
    pub open_least: f64,
}

impl Dual<'_> {
    /// Evaluates at `point.multipliers` and `point.gamma`.
    pub(super) fn evaluate(&self, point: &mut Point) {
        self.prepared.price(&point.multipliers, &mut point.prices, &mut point.gross);
        self.respond(point);
    }

    /// Evaluates where the prices already match `point.multipliers`.
    pub(super) fn respond(&self, point: &mut Point) {
        let p = self.prepared;
        if p.cap.is_some() {
            p.lay_names(self.curves, point.gamma, &mut point.names);
        }
        let Point { multipliers, gamma, value, truth, gradient, u, weight, skew, moving, sells, .. } = point;
        let Point { prices, gross, traders, names, members, blended, .. } = point;
        let names = if p.cap.is_some() { &*names } else { &p.names };
        let n = p.len();
        let mut sum = self.linear(names, multipliers, *gamma);
        u.clear();
        u.resize(n, 0.0);
        weight.clear();
        weight.resize(n, 0.0);
        let has_gross = p.grosses > 0;
        if has_gross {
            skew.clear();
            skew.resize(n, 0.0);
        }
        moving.clear();
        blended.clear();
        traders.resize(n, 0);
        if let Some(blend) = self.blend {
            sells.clone_from(&blend.centre);
        }
        let count = names.traders(self.sides, (prices, gross), self.least, traders);
        let mut blending = 0.0;
        let mut extra = 0.0;
        gradient.clear();
        gradient.extend_from_slice(&p.exposure);
        for (g, nu) in gradient.iter_mut().zip(&multipliers[..p.factors]) {
            *g -= nu / *gamma;
        }
        let add_gross = |gradient: &mut [f64], i: usize, by: f64| {
            for (at, g) in p.gross(i) {
                gradient[p.factors + *at as usize] += g * by;
            }
        };
        for i in traders[..count].iter().map(|i| *i as usize) {
            let (name, curve, side) = (names.of(i), &self.curves[i], self.sides[i]);
            if p.is_shared(i) && side == Direction::Either {
                continue;
            }
            let at = (prices[i], if has_gross { gross[i] } else { 0.0 });
            let unit = *gamma * name.inverse;
            match self.blend.filter(|_| side == Direction::Either && !curve.is_convex()) {
                None => {
                    let inner = name.minimise(curve, at, side, self.least_of(i));
                    sum += inner.value;
                    u[i] = inner.u;
                    if inner.moves {
                        weight[i] = unit;
                        if has_gross {
                            skew[i] = if inner.u < 0.0 { -unit } else { unit };
                        }
                    }
                    if has_gross {
                        add_gross(gradient, i, inner.u.abs());
                    }
                }
                Some(blend) => {
                    let (sale, buy) = (name.sell(curve, at.0 - at.1), name.buy(curve, at.0 + at.1));
                    let gain = buy.value - sale.value;
                    let (part, above) = blend.part(i, sale.value, buy.value);
                    sum += if gain > 0.0 { sale.value } else { buy.value };
                    blending += above;
                    u[i] = part * sale.u + (1.0 - part) * buy.u;
                    let sold = if sale.moves { part } else { 0.0 };
                    let bought = if buy.moves { 1.0 - part } else { 0.0 };
                    weight[i] = (bought + sold) * unit;
                    if has_gross {
                        skew[i] = (bought - sold) * unit;
                        add_gross(gradient, i, (1.0 - part) * buy.u - part * sale.u);
                    }
                    if part > 0.0 && part < 1.0 {
                        let (name, first) = (i as u32, i as u32);
                        let (sale, purchase, worse) = (sale.u, buy.u, -gain);
                        blended.push(Blended { name, first, sale, purchase, worse });
                        if p.cap.is_some() {
                            // The variance of the two sides, less that of their mix.
                            let apart = sale - purchase;
                            extra += p.specific[i] * part * (1.0 - part) * apart * apart;
                        }
                    }
                    sells[i] = part;
                }
            }
            if weight[i] != 0.0 {
                moving.push(i as u32);
            }
        }
        // Securities with several trades, all on one side.
        for security in p.securities() {
            let first = security[0] as usize;
            if self.sides[first] != Direction::Either {
                continue;
            }
            members.clear();
            let (mut sale, mut buy) = (0.0, 0.0);
            for i in security.iter().map(|i| *i as usize) {
                let at = (prices[i], if has_gross { gross[i] } else { 0.0 });
                let (s, b) = self.both(names.of(i), i, at);
                (sale, buy) = (sale + s.value, buy + b.value);
                members.push((s, b));
            }
            let gain = buy - sale;
            let part = match self.blend {
                Some(blend) => {
                    let (part, above) = blend.part(first, sale, buy);
                    blending += above;
                    part
                }
                None if gain > 0.0 => 1.0,
                None => 0.0,
            };
            sum += if gain > 0.0 { sale } else { buy };
            for (i, (s, b)) in security.iter().map(|i| *i as usize).zip(members.iter()) {
                let unit = *gamma * names.of(i).inverse;
                u[i] = part * s.u + (1.0 - part) * b.u;
                let sold = if s.moves { part } else { 0.0 };
                let bought = if b.moves { 1.0 - part } else { 0.0 };
                weight[i] = (bought + sold) * unit;
                if has_gross {
                    skew[i] = (bought - sold) * unit;
                    add_gross(gradient, i, (1.0 - part) * b.u - part * s.u);
                }
                if part > 0.0 && part < 1.0 {
                    let (name, first) = (i as u32, first as u32);
                    let (sale, purchase, worse) = (s.u, b.u, -gain);
                    blended.push(Blended { name, first, sale, purchase, worse });
                    if p.cap.is_some() {
                        let apart = s.u - b.u;
                        extra += p.specific[i] * part * (1.0 - part) * apart * apart;
                    }
                }
                if let Some(to) = sells.get_mut(i) {
                    *to = part;
                }
                if weight[i] != 0.0 {
                    moving.push(i as u32);
                }
                add(gradient, u[i], p.column(i));
            }
        }
        (*value, *truth) = (sum + blending, sum);
        let is_alone = |i: &u32| !(p.is_shared(*i as usize) && self.sides[*i as usize] == Direction::Either);
        if p.shared.is_empty() {
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
        } else {
            for i in traders[..count].iter().filter(|i| is_alone(i)).map(|i| *i as usize) {
                add(gradient, u[i], p.column(i));
            }
        }
        point.gamma_slope = match p.cap {
            Some(cap) => {
                let mut variance = extra;
                for ((d, a), u) in p.specific.iter().zip(&p.active).zip(&point.u) {
                    variance += d * (a + u) * (a + u);
                }
                let nu = &point.multipliers[..p.factors];
                0.5 * (variance + dot(nu, nu) / (point.gamma * point.gamma) - cap)
            }
            None => 0.0,
        };
    }

    /// Smallest trade of a name.
    fn least_of(&self, i: usize) -> f64 {
        if self.sides[i] == Direction::Either {
            self.open_least
        } else {
            self.least.get(i).copied().unwrap_or(0.0)
        }
    }

    /// The best sale and the best purchase of one trade of a security with several.
    fn both(&self, name: &Name, i: usize, (price, gross): (f64, f64)) -> (Inner, Inner) {
        let curve = &self.curves[i];
        if self.open_least > 0.0 {
            // Each trade of the side may also be none.
            let of = |side| {
                let inner = name.minimise(curve, (price, gross), side, self.open_least);
                if inner.value < 0.0 { inner } else { Inner::default() }
            };
            return (of(Direction::Sell), of(Direction::Buy));
        }
        (name.sell(curve, price - gross), name.buy(curve, price + gross))
    }

    /// The value alone, without proximal terms, at a point whose prices are already known from this dual or
    /// another one of the same problem. With open sides this is a lower bound of the true problem.
    pub(super) fn value(&self, at: &mut Point) -> f64 {
        let p = self.prepared;
        if p.cap.is_none() && p.proximal.weight.is_empty() && p.shared.is_empty() {
            let mut sum = self.linear(&p.names, &at.multipliers, at.gamma);
            at.traders.resize(p.len(), 0);
            let count = p.names.traders(self.sides, (&at.prices, &at.gross), self.least, &mut at.traders);
            for i in at.traders[..count].iter().map(|i| *i as usize) {
                let price = (at.prices[i], at.gross.get(i).copied().unwrap_or(0.0));
                sum += p.names.of(i).minimise(&self.curves[i], price, self.sides[i], self.least_of(i)).value;
            }
            return sum;
        }
        let mut still = 0.0;
        let mut sum = 0.0;
        let true_name = |i: usize| Name::new(at.gamma * p.specific[i], p.active[i]);
        for i in 0..p.len() {
            still += 0.5 * at.gamma * p.specific[i] * p.active[i] * p.active[i];
            if p.is_shared(i) && self.sides[i] == Direction::Either {
                continue;
            }
            let price = (at.prices[i], at.gross.get(i).copied().unwrap_or(0.0));
            sum += true_name(i).minimise(&self.curves[i], price, self.sides[i], self.least_of(i)).value;
        }
        for security in p.securities().filter(|s| self.sides[s[0] as usize] == Direction::Either) {
            let (mut sale, mut buy) = (0.0, 0.0);
            for i in security.iter().map(|i| *i as usize) {
                let price = (at.prices[i], at.gross.get(i).copied().unwrap_or(0.0));
                let (s, b) = self.both(&true_name(i), i, price);
                (sale, buy) = (sale + s.value, buy + b.value);
            }
            sum += if sale < buy { sale } else { buy };
        }
        sum + still + self.fixed(&at.multipliers, at.gamma)
    }

    /// The part of the dual that does not depend on trades: its value where nobody trades.
    fn linear(&self, names: &Names, multipliers: &[f64], gamma: f64) -> f64 {
        names.still + self.fixed(multipliers, gamma)
    }

    /// The same without the specific variance.
    fn fixed(&self, multipliers: &[f64], gamma: f64) -> f64 {
        let p = self.prepared;
        let (nu, mu) = multipliers.split_at(p.factors);
        let mut sum = dot(nu, &p.exposure) - dot(nu, nu) / (2.0 * gamma) - self.gains;
        for ((m, high), low) in mu.iter().zip(&p.high).zip(&p.low) {
            if *m > 0.0 {
                sum -= m * high;
            } else if *m < 0.0 {
                sum -= m * low;
            }
        }
        match p.cap {
            // Where only a cap is given, the objective has no risk and the multiplier is all of γ.
            Some(cap) => sum - 0.5 * (gamma - p.asked) * cap,
            None => sum,
        }
    }
}

impl Point {
    /// Moves the point to new multipliers and computes prices only.
    pub(super) fn put(&mut self, p: &Prepared, multipliers: &[f64]) {
        self.multipliers.clear();
        self.multipliers.extend_from_slice(multipliers);
        p.price(&self.multipliers, &mut self.prices, &mut self.gross);
    }

    /// Residual of a row's gradient after the best subgradient of its support function at its multiplier.
    pub(super) fn row_error(&self, p: &Prepared, j: usize) -> f64 {
        let (m, c) = (self.multipliers[p.factors + j], self.gradient[p.factors + j]);
        let error = if m > 0.0 || (m == 0.0 && c > p.high[j]) {
            c - p.high[j]
        } else if m < 0.0 || c < p.low[j] {
            c - p.low[j]
        } else {
            0.0
        };
        // At the price of its slack a row may be missed.
        if m >= p.limit[j] && error > 0.0 || m <= -p.limit[j] && error < 0.0 { 0.0 } else { error }
    }

    /// Residual of the cap: a variance below it is none at the lowest risk aversion.
    pub(super) fn cap_error(&self, p: &Prepared) -> f64 {
        let is_stuck = self.gamma <= p.gamma && self.gamma_slope < 0.0
            || self.gamma >= p.ceiling && self.gamma_slope > 0.0;
        if is_stuck { 0.0 } else { self.gamma_slope }
    }

    /// The largest absolute residual of the gradient. That of the cap is the relative error of the variance,
    /// times [`CAP_ERROR`].
    pub(super) fn error(&self, p: &Prepared) -> f64 {
        let mut worst = 0.0;
        for g in &self.gradient[..p.factors] {
            worst = if g.abs() > worst { g.abs() } else { worst };
        }
        for j in 0..p.order.len() {
            let g = self.row_error(p, j).abs();
            worst = if g > worst { g } else { worst };
        }
        if let Some(cap) = p.cap {
            let e = 2.0 * self.cap_error(p).abs() / cap * CAP_ERROR;
            worst = if e > worst { e } else { worst };
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
    pub(super) fn slope(&self, p: &Prepared, step: &[f64], gamma_step: f64) -> f64 {
        let mut sum = dot(&self.gradient, step) + self.gamma_slope * gamma_step;
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

/// Weight of the relative error of the variance at the cap.
const CAP_ERROR: f64 = 0.01;
