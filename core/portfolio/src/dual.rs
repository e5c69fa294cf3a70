//! The true dual as a function of all its multipliers, including the risk aversion. `bound` gives the
//! formula.
//!
//! `q(ν, μ, γ)` is jointly concave: it is a minimum over trades of functions that are linear in `γ` and `μ`,
//! less `ν'ν/(2γ)`. So a cap on tracking error needs no outer search. Its multiplier `(γ - γ₀)/2` is one more
//! coordinate, with `γ >= γ₀`. With `x = a + u`, the gradient of the inner minimum is `(g, c, d x²/2)`: the
//! exposures, the coefficients in the rows, and half of the specific variance term. Where the trade moves,
//! its second derivative is `-(1/γ) w w'` with `w = (g, c, d x) / √d`.
//!
//! Rows that count `|u|` have one coefficient for buying and one for selling. As in the parent module, a
//! buy-or-harvest choice may sell with a fraction `λ` and buy with the rest, at the penalty
//! `1/2 ρ (λ - λ₀)²`. This makes the dual smooth at ties.

use super::model::Model;
use super::plan::order;
use super::terms::{Direction, OWN};
use unisleeve_numeric::lanes::dot;

/// A segment of selling, in order of tax per dollar.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// Weight sold at its start and at its end.
    begin: f64,
    end: f64,
    /// Tax of each dollar in this segment, and total tax of all segments before it.
    tax: f64,
    before: f64,
}

/// A model laid out for the inner loop.
#[derive(Debug, Clone, Default)]
pub(super) struct Dual {
    /// K, and K + m, which is the position of `γ`.
    pub factors: usize,
    pub width: usize,
    /// `[G C]`, one row for each variable.
    columns: Vec<f64>,
    /// Rows that count `|u|`, and each variable's coefficient of `|u|` in them.
    absolute: Vec<usize>,
    extra: Vec<f64>,
    /// Bounds of the rows.
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    active: Vec<f64>,
    /// `d`, and the ratio of the largest to the smallest.
    pub specific: Vec<f64>,
    pub spread: f64,
    half: Vec<f64>,
    limit: Vec<f64>,
    pieces: Vec<Piece>,
    /// Range of pieces of each variable, and range of variables of each security.
    of_variable: Vec<(usize, usize)>,
    pub of_security: Vec<(usize, usize)>,
    /// Securities whose costs are not convex across zero.
    pub is_choice: Vec<bool>,
    /// `G'a`.
    exposure: Vec<f64>,
    /// `γ₀`.
    pub floor: f64,
    /// Upper limit of `γ`. Without it the dual would rise forever where the cap can't be reached.
    pub ceiling: f64,
    pub cap: Option<f64>,
    /// Price of gain times the budget.
    budget: f64,
}

/// The best trade of one variable on one side.
#[derive(Debug, Clone, Copy, Default)]
struct Inner {
    u: f64,
    /// Value less the value of no trade.
    value: f64,
    /// Whether the trade moves with its price.
    moves: bool,
}

/// The dual at one point.
#[derive(Debug, Clone, Default)]
pub(super) struct Point {
    /// `(ν, μ, γ)`.
    pub at: Vec<f64>,
    pub value: f64,
    /// Gradient without the support function of the rows.
    pub gradient: Vec<f64>,
    /// Weight bought and sold of each variable, times the fraction of its security that buys or sells. One of
    /// the two is zero unless the sides are blended.
    pub bought: Vec<f64>,
    pub sold: Vec<f64>,
    /// The best trade on each side before blending, and its weight in the second derivatives, which is zero
    /// at a kink.
    pub buys: Vec<(f64, f64)>,
    pub sales: Vec<(f64, f64)>,
    /// Fraction of each security that sells, and the value of selling less that of buying.
    pub sells: Vec<f64>,
    pub worse: Vec<f64>,
}

/// The blending penalty: `ρ`, and `λ₀` of each security.
#[derive(Debug, Clone, Default)]
pub(super) struct Blend {
    pub price: f64,
    pub centre: Vec<f64>,
}

/// Upper limit of the risk aversion, unless a multiple of the requested one is higher.
const MOST_AVERSION: f64 = 1e9;

/// Up to this many variables, each variable's own variance is the fraction [`OWN`] of its security's
/// variance. Beyond it a larger fraction is used, since 200 names in two accounts took minutes with the
/// smaller one. The certificate does not use this variance, so its gap shows the cost.
const SMALL: usize = 60;
const OWN_OF_MANY: f64 = 1e-2;

/// The variance in an inner problem. Where factor columns replace the specific variance, a fraction of the
/// total is used, since the inner problem needs a positive one.
fn own_variance(model: &Model, i: usize) -> f64 {
    if model.specific[i] > 0.0 {
        return model.specific[i];
    }
    let k = model.factors;
    let mut sum = 0.0;
    for g in &model.exposures[i * k..(i + 1) * k] {
        sum += g * g;
    }
    sum * if model.len() > SMALL { OWN_OF_MANY } else { OWN }
}

impl Dual {
    /// Fills in a model, with a price per dollar of net gain.
    pub(super) fn fill(&mut self, model: &Model, gain_price: f64, floor: f64) {
        let (n, k, m) = (model.len(), model.factors, model.bands.len());
        (self.factors, self.width) = (k, k + m);
        self.columns.clear();
        self.columns.resize(n * (k + m), 0.0);
        self.exposure.clear();
        self.exposure.resize(k, 0.0);
        self.absolute.clear();
        self.absolute.extend((0..m).filter(|r| model.bands[*r].counts.is_absolute()));
        let wide = self.absolute.len();
        self.extra.clear();
        self.extra.resize(n * wide, 0.0);
        for i in 0..n {
            let exposures = &model.exposures[i * k..(i + 1) * k];
            self.columns[i * (k + m)..i * (k + m) + k].copy_from_slice(exposures);
            for (y, g) in self.exposure.iter_mut().zip(exposures) {
                *y += g * model.active[i];
            }
        }
        for (r, band) in model.bands.iter().enumerate() {
            let place = self.absolute.iter().position(|a| *a == r);
            for i in &band.members {
                let (net, gross) = band.counts.of(model.variables[*i].half);
                self.columns[i * (k + m) + k + r] = net;
                if let Some(place) = place {
                    self.extra[i * wide + place] = gross;
                }
            }
        }
        self.low.clear();
        self.low.extend(model.bands.iter().map(|b| b.low));
        self.high.clear();
        self.high.extend(model.bands.iter().map(|b| b.high));
        self.active.clone_from(&model.active);
        self.specific.clear();
        self.specific.extend((0..n).map(|i| own_variance(model, i)));
        let (mut least, mut most) = (f64::INFINITY, 0.0);
        for d in &self.specific {
            least = if *d < least { *d } else { least };
            most = if *d > most { *d } else { most };
        }
        self.spread = if least > 0.0 { most / least } else { f64::INFINITY };
        self.half.clear();
        self.half.extend(model.variables.iter().map(|v| v.half));
        self.limit.clear();
        self.limit.extend(model.variables.iter().map(|v| v.buy_limit));
        self.floor = floor;
        self.ceiling = if 10.0 * floor > MOST_AVERSION { 10.0 * floor } else { MOST_AVERSION };
        self.cap = model.cap.map(|c| c * c);
        self.of_security.clear();
        self.of_security.extend(model.of_security.iter().map(|v| match (v.first(), v.last()) {
            (Some(first), Some(last)) => (*first, last + 1),
            _ => (0, 0),
        }));
        self.reprice(model, gain_price);
    }

    /// Changes the price of gain.
    pub(super) fn reprice(&mut self, model: &Model, gain_price: f64) {
        self.budget = gain_price * model.budget.unwrap_or(0.0);
        self.pieces.clear();
        self.of_variable.clear();
        for (i, v) in model.variables.iter().enumerate() {
            let first = self.pieces.len();
            let (mut begin, mut before) = (0.0, 0.0);
            for j in order(model, i, gain_price) {
                let s = &v.stretches[j];
                let (tax, end) = (s.tax + gain_price * s.gain, begin + s.width);
                self.pieces.push(Piece { begin, end, tax, before });
                before += s.width * tax;
                begin = end;
            }
            self.of_variable.push((first, self.pieces.len()));
        }
        self.is_choice.clear();
        for (first, last) in &self.of_security {
            let buys = (*first..*last).any(|i| self.limit[i] > 0.0);
            let sells = |i: usize| {
                let (from, to) = self.of_variable[i];
                // With several accounts one could buy what another sells, whatever the tax.
                from < to && (last - first > 1 || self.pieces[from].tax < 0.0)
            };
            let is_choice = buys && (*first..*last).any(sells);
            self.is_choice.push(is_choice);
        }
    }

    /// Number of variables.
    pub(super) fn len(&self) -> usize {
        self.active.len()
    }

    /// The variable's coefficients per dollar of `u` on a side: factor exposures, then rows.
    pub(super) fn coefficients(&self, i: usize, side: Direction, to: &mut [f64]) {
        to.copy_from_slice(&self.columns[i * self.width..(i + 1) * self.width]);
        let wide = self.absolute.len();
        for (r, e) in self.absolute.iter().zip(&self.extra[i * wide..(i + 1) * wide]) {
            to[self.factors + r] += if side == Direction::Buy { *e } else { -e };
        }
    }

    /// Whether a variable has a coefficient in a row, for buying or selling.
    pub(super) fn counts(&self, i: usize, row: usize) -> bool {
        let wide = self.absolute.len();
        self.columns[i * self.width + self.factors + row] != 0.0
            || self.absolute.iter().position(|r| *r == row).is_some_and(|p| self.extra[i * wide + p] != 0.0)
    }

    /// Price of a dollar of `u`, and of a dollar traded.
    fn prices(&self, i: usize, at: &[f64]) -> (f64, f64) {
        let price = dot(&self.columns[i * self.width..(i + 1) * self.width], &at[..self.width]);
        let wide = self.absolute.len();
        let mut gross = self.half[i];
        for (r, e) in self.absolute.iter().zip(&self.extra[i * wide..(i + 1) * wide]) {
            gross += e * at[self.factors + r];
        }
        (price, gross)
    }

    fn buy(&self, i: usize, t: f64, (price, gross): (f64, f64)) -> Inner {
        let slope = t * self.active[i] + price + gross;
        if slope >= 0.0 || self.limit[i] <= 0.0 {
            return Inner::default();
        }
        let free = -slope / t;
        let (u, moves) = if free < self.limit[i] { (free, true) } else { (self.limit[i], false) };
        Inner { u, value: u * (slope + 0.5 * t * u), moves }
    }

    fn sell(&self, i: usize, t: f64, (price, gross): (f64, f64)) -> Inner {
        let (first, last) = self.of_variable[i];
        let slope = gross - price - t * self.active[i];
        let pieces = &self.pieces[first..last];
        if pieces.first().is_none_or(|p| slope + p.tax >= 0.0) {
            return Inner::default();
        }
        // Finds the first segment that is not sold out.
        let mut best = Inner::default();
        for p in pieces {
            let free = -(slope + p.tax) / t;
            if free <= p.begin {
                break;
            }
            let (z, moves) = if free < p.end { (free, true) } else { (p.end, false) };
            let value = z * (slope + 0.5 * t * z) + p.before + (z - p.begin) * p.tax;
            best = Inner { u: -z, value, moves };
            if moves {
                break;
            }
        }
        best
    }

    /// Evaluates the dual with each security on its given side. Open choices are blended, or take the better
    /// side.
    pub(super) fn evaluate(&self, sides: Option<&[Direction]>, blend: Option<&Blend>, point: &mut Point) {
        let (n, k, width) = (self.len(), self.factors, self.width);
        let Point { at, value, gradient, bought, sold, buys, sales, sells, worse } = point;
        for list in [&mut *bought, &mut *sold] {
            list.clear();
            list.resize(n, 0.0);
        }
        for list in [&mut *buys, &mut *sales] {
            list.clear();
            list.resize(n, (0.0, 0.0));
        }
        sells.clear();
        sells.resize(self.of_security.len(), 0.0);
        worse.clear();
        worse.resize(self.of_security.len(), 0.0);
        gradient.clear();
        gradient.resize(width + 1, 0.0);
        let gamma = at[width];
        let mut sum = dot(&at[..k], &self.exposure) - self.budget;
        let mut specific = 0.0;
        for (s, (first, last)) in self.of_security.iter().enumerate() {
            let (mut buy, mut sale) = (0.0, 0.0);
            let side = sides.map(|list| list[s]);
            for i in *first..*last {
                let (t, prices) = (gamma * self.specific[i], self.prices(i, at));
                if side != Some(Direction::Sell) {
                    let inner = self.buy(i, t, prices);
                    buys[i] = (inner.u, if inner.moves { 1.0 } else { 0.0 });
                    buy += inner.value;
                }
                if side != Some(Direction::Buy) {
                    let inner = self.sell(i, t, prices);
                    sales[i] = (inner.u, if inner.moves { 1.0 } else { 0.0 });
                    sale += inner.value;
                }
            }
            let part = match (side, blend) {
                (None, Some(blend)) if self.is_choice[s] => {
                    let free = blend.centre[s] - (sale - buy) / blend.price;
                    let part = free.clamp(0.0, 1.0);
                    let off = part - blend.centre[s];
                    sum += 0.5 * blend.price * off * off;
                    part
                }
                _ if sale < buy => 1.0,
                _ => 0.0,
            };
            sum += part * sale + (1.0 - part) * buy;
            (sells[s], worse[s]) = (part, sale - buy);
            for i in *first..*last {
                let (a, d) = (self.active[i], self.specific[i]);
                sales[i].1 *= part;
                buys[i].1 *= 1.0 - part;
                (bought[i], sold[i]) = ((1.0 - part) * buys[i].0, part * sales[i].0);
                let (b, z) = (a + buys[i].0, a + sales[i].0);
                specific += d * (part * z * z + (1.0 - part) * b * b);
                sum += 0.5 * gamma * d * a * a;
                let u = bought[i] + sold[i];
                if bought[i] != 0.0 || sold[i] != 0.0 {
                    for (g, c) in gradient.iter_mut().zip(&self.columns[i * width..(i + 1) * width]) {
                        *g += c * u;
                    }
                    let wide = self.absolute.len();
                    for (r, e) in self.absolute.iter().zip(&self.extra[i * wide..(i + 1) * wide]) {
                        gradient[k + r] += e * (bought[i] - sold[i]);
                    }
                }
            }
        }
        let mut norm = 0.0;
        for j in 0..k {
            norm += at[j] * at[j];
            gradient[j] += self.exposure[j] - at[j] / gamma;
        }
        sum -= norm / (2.0 * gamma);
        let cap = self.cap.unwrap_or(0.0);
        gradient[width] = 0.5 * (specific + norm / (gamma * gamma) - cap);
        sum -= 0.5 * (gamma - self.floor) * cap;
        for (j, mu) in at[k..width].iter().enumerate() {
            sum -= if *mu > 0.0 {
                mu * self.high[j]
            } else if *mu < 0.0 {
                mu * self.low[j]
            } else {
                0.0
            };
        }
        *value = sum;
    }

    /// `x` of a variable that trades `u`.
    pub(super) fn position(&self, i: usize, u: f64) -> f64 {
        self.active[i] + u
    }

    /// The gradient of a security's best sales less that of its best purchases, as blending mixes them.
    pub(super) fn apart(&self, s: usize, point: &Point, to: &mut Vec<f64>) {
        to.clear();
        to.resize(self.width + 1, 0.0);
        let (first, last) = self.of_security[s];
        let wide = self.absolute.len();
        for i in first..last {
            let (b, z) = (point.buys[i].0, point.sales[i].0);
            for (t, c) in to.iter_mut().zip(&self.columns[i * self.width..(i + 1) * self.width]) {
                *t += c * (z - b);
            }
            for (r, e) in self.absolute.iter().zip(&self.extra[i * wide..(i + 1) * wide]) {
                to[self.factors + r] += e * (-z - b);
            }
            let (xb, xz) = (self.active[i] + b, self.active[i] + z);
            to[self.width] += 0.5 * self.specific[i] * (xz * xz - xb * xb);
        }
    }
}
