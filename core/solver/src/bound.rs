//! The certificate: a lower bound of the problem at any multipliers, with everything in it.
//!
//! `q(ν, μ, γ, λ)` of the crate's documentation, evaluated trade by trade from the problem's own data. This
//! file shares no code with the method that maximizes the dual, so a fault there can't hide here.

use super::{Problem, Segment};

/// Multipliers of a problem.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prices {
    /// `γ`: the risk aversion at which the cap on tracking error is kept; the problem's own without a cap.
    pub aversion: f64,
    /// `λ`: price of a dollar of net gain.
    pub gain: f64,
    /// `ν` (K): marginal price of each factor exposure.
    pub factors: Vec<f64>,
    /// `μ` (m): marginal price of each row.
    pub rows: Vec<f64>,
}

/// What a trade may still do in a part of the problem: a sum of [`BUY`], [`SELL`] and [`STILL`].
pub(super) type Allowed = u8;
pub(super) const BUY: Allowed = 1;
pub(super) const SELL: Allowed = 2;
pub(super) const STILL: Allowed = 4;
pub(super) const ANY: Allowed = BUY | SELL | STILL;

/// The dual at one set of multipliers: a constant, and what each trade adds on each side.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Worth {
    base: f64,
    /// Value of the best purchase and of the best sale of each trade, less the value of none; infinite where
    /// there is none of the smallest size.
    pub buy: Vec<f64>,
    pub sale: Vec<f64>,
}

impl Worth {
    pub(super) fn new(p: &Problem, prices: &Prices) -> Self {
        let (k, gamma) = (p.factors, prices.aversion);
        let mut base = 0.0;
        for nu in &prices.factors {
            base -= nu * nu / (2.0 * gamma);
        }
        for (row, mu) in p.rows.iter().zip(&prices.rows) {
            // The support function: the row's worst value at this multiplier.
            if *mu > 0.0 {
                base -= mu * row.high;
            } else if *mu < 0.0 {
                base -= mu * row.low;
            }
            // A multiplier beyond the price of the slack proves nothing.
            if mu.abs() > row.price * (1.0 + 1e-12) {
                base = f64::NEG_INFINITY;
            }
        }
        if let Some(g) = p.gains {
            base -= prices.gain * g.most;
        }
        if let Some(cap) = p.cap {
            base -= 0.5 * (gamma - p.risk_aversion) * cap * cap;
        }
        let mut worth = Self { base, buy: Vec::with_capacity(p.len()), sale: Vec::with_capacity(p.len()) };
        for (i, curve) in p.curves.iter().enumerate() {
            let mut exposure = 0.0;
            for (g, nu) in p.exposures[i * k..(i + 1) * k].iter().zip(&prices.factors) {
                exposure += g * nu;
            }
            let (mut price, mut spread) = (exposure, 0.0);
            for (row, mu) in p.rows.iter().zip(&prices.rows) {
                price += mu * row.coefficients[i];
                spread += mu * row.gross.get(i).copied().unwrap_or(0.0);
            }
            let (t, a) = (gamma * p.specific[i], p.active[i]);
            worth.base += 0.5 * t * a * a + exposure * a;
            let buying = price + spread + curve.buy_cost();
            worth.buy.push(if curve.buy_limit() < p.least {
                f64::INFINITY
            } else {
                let first = from(t, a, buying, 0.0, p.least);
                first + least(t, a, buying, p.least, curve.buy_limit()).1
            });
            let mut segments: Vec<(f64, Segment)> =
                curve.segments().map(|(s, _)| (s.cost + prices.gain * s.gain + spread - price, s)).collect();
            segments.sort_by(|x, y| x.0.total_cmp(&y.0));
            let (mut sum, mut sold) = (0.0, 0.0);
            for (slope, s) in &segments {
                // The part below the smallest size is sold whatever it is worth.
                let forced = if sold + s.width < p.least { s.width } else { (p.least - sold).max(0.0) };
                sum += from(t, -a, *slope, sold, sold + forced);
                let (taken, value) = least(t, -a, *slope, sold + forced, sold + s.width);
                sum += value;
                if taken < sold + s.width {
                    break;
                }
                sold += s.width;
            }
            worth.sale.push(if curve.sell_limit() < p.least { f64::INFINITY } else { sum });
        }
        worth
    }

    /// The bound of the part of the problem in which each trade does what is allowed. Infinite where trades
    /// of one security can't be on one side.
    pub(super) fn bound(&self, p: &Problem, allowed: &[Allowed]) -> f64 {
        if p.securities.is_empty() {
            let mut sum = self.base;
            for (i, may) in allowed.iter().enumerate() {
                let (buy, sale) = (self.side(p, i, BUY, *may), self.side(p, i, SELL, *may));
                sum += if buy < sale { buy } else { sale };
            }
            return sum;
        }
        let count = p.securities.iter().max().map_or(0, |s| *s as usize + 1);
        let mut sides = vec![(0.0, 0.0); count];
        for (i, may) in allowed.iter().enumerate() {
            let at = &mut sides[p.securities[i] as usize];
            at.0 += self.side(p, i, BUY, *may);
            at.1 += self.side(p, i, SELL, *may);
        }
        let mut sum = self.base;
        for (buy, sale) in sides {
            sum += if buy < sale { buy } else { sale };
        }
        sum
    }

    /// Value of the best that a trade may do when its security is on one side.
    pub(super) fn side(&self, p: &Problem, i: usize, side: Allowed, may: Allowed) -> f64 {
        let still = if may & STILL != 0 { 0.0 } else { f64::INFINITY };
        if may & side == 0 {
            return still;
        }
        let trades = if side == BUY { self.buy[i] } else { self.sale[i] };
        // Without a smallest size, each side includes no trade at all.
        if trades < still || p.least == 0.0 { trades } else { still }
    }
}

/// A lower bound of a problem's objective at multipliers.
pub fn bound(p: &Problem, prices: &Prices) -> f64 {
    Worth::new(p, prices).bound(p, &vec![ANY; p.len()])
}

/// Minimizer over `[low, high]` of `1/2 t (a+x)² + slope x`, and its value less the value at `low`.
fn least(t: f64, a: f64, slope: f64, low: f64, high: f64) -> (f64, f64) {
    let at_low = t * (a + low) + slope;
    if at_low >= 0.0 || high <= low {
        return (low, 0.0);
    }
    // Compares steps, not points, so that small steps keep their digits.
    let free = if t > 0.0 { -at_low / t } else { f64::INFINITY };
    let step = if free < high - low { free } else { high - low };
    (low + step, step * (at_low + 0.5 * t * step))
}

/// Value of `1/2 t (a+x)² + slope x` at `to` less that at `low`.
fn from(t: f64, a: f64, slope: f64, low: f64, to: f64) -> f64 {
    let step = to - low;
    step * (t * (a + low) + slope + 0.5 * t * step)
}
