//! The dual of the true problem, with spreads in the cash rows, the cap and the budget. Its value at any
//! multipliers is a lower bound:
//!
//! ```text
//! q = -ν'ν/(2γ) - Σ σ(μ) - λ budget - 1/2 (γ - γ₀) cap²
//!     + Σ min over uᵢ [ 1/2 γ dᵢ (aᵢ+uᵢ)² + cᵢ(uᵢ) + λ gainᵢ(uᵢ) + (Gν)ᵢ (aᵢ+uᵢ)
//!                       + Σ μ (netᵢ uᵢ + grossᵢ |uᵢ|) ]
//! ```
//!
//! The minimum is taken over all accounts of a security together: all buy or all sell. `γ >= γ₀`; the
//! difference is twice the multiplier of the cap on the variance. `gross` is half the spread in cash rows and
//! one half in turnover.
//!
//! The inner minimum is written out here although the solver's `prepared` and `dual` have one too. The
//! certificate shares no code with what it certifies, so it does not share its mistakes.

use super::model::Model;
use super::plan::order;
use super::terms::Direction;

/// Multipliers of the problem.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Prices {
    /// `γ`.
    pub gamma: f64,
    /// `λ`, per dollar of net gain.
    pub gain: f64,
    /// `ν`.
    pub factors: Vec<f64>,
    /// `μ`, in the order of the bands.
    pub rows: Vec<f64>,
}

/// Marginal cost of a trade of each variable, apart from its specific variance, as `(price, spread)`. Each
/// dollar bought costs `price + spread`. Each dollar sold earns `price` and costs `spread` and its tax.
pub(super) fn margins(model: &Model, prices: &Prices) -> Vec<(f64, f64)> {
    let k = model.factors;
    let mut margins: Vec<(f64, f64)> = (0..model.len())
        .map(|i| {
            let mut price = 0.0;
            for (g, nu) in model.exposures[i * k..(i + 1) * k].iter().zip(&prices.factors) {
                price += g * nu;
            }
            (price, model.variables[i].half)
        })
        .collect();
    for (band, mu) in model.bands.iter().zip(&prices.rows) {
        for v in &band.members {
            let (net, gross) = band.counts.of(model.variables[*v].half);
            margins[*v].0 += mu * net;
            margins[*v].1 += mu * gross;
        }
    }
    margins
}

/// Value of the best purchase of one variable, less the value of no trade.
fn best_buy(model: &Model, prices: &Prices, i: usize, (price, spread): (f64, f64)) -> f64 {
    let t = prices.gamma * model.specific[i];
    least(t, model.active[i], price + spread, 0.0, model.variables[i].buy_limit).1
}

/// Value of the best sale of one variable, less the value of no trade.
fn best_sale(model: &Model, prices: &Prices, i: usize, (price, spread): (f64, f64)) -> f64 {
    let t = prices.gamma * model.specific[i];
    let (mut sum, mut sold) = (0.0, 0.0);
    for j in order(model, i, prices.gain) {
        let s = &model.variables[i].stretches[j];
        let slope = s.tax + prices.gain * s.gain + spread - price;
        let (taken, value) = least(t, -model.active[i], slope, sold, sold + s.width);
        sum += value;
        if taken < sold + s.width {
            break;
        }
        sold += s.width;
    }
    sum
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

/// Values of a security's best purchases and of its best sales over all accounts, less the value of no trade.
pub(super) fn sides_worth(model: &Model, prices: &Prices, security: usize, all: &[(f64, f64)]) -> (f64, f64) {
    let (mut buy, mut sale) = (0.0, 0.0);
    for v in &model.of_security[security] {
        buy += best_buy(model, prices, *v, all[*v]);
        sale += best_sale(model, prices, *v, all[*v]);
    }
    (buy, sale)
}

/// `q`, with the side of some securities fixed.
pub(super) fn bound(model: &Model, prices: &Prices, fixed: &[Option<Direction>]) -> f64 {
    let mut sum = 0.0;
    for nu in &prices.factors {
        sum -= nu * nu / (2.0 * prices.gamma);
    }
    for (band, mu) in model.bands.iter().zip(&prices.rows) {
        if *mu > 0.0 {
            sum -= mu * band.high;
        } else if *mu < 0.0 {
            sum -= mu * band.low;
        }
    }
    if let Some(budget) = model.budget {
        sum -= prices.gain * budget;
    }
    if let Some(cap) = model.cap {
        sum -= 0.5 * (prices.gamma - model.risk_aversion.unwrap_or(0.0)) * cap * cap;
    }
    let k = model.factors;
    let all = margins(model, prices);
    for i in 0..model.len() {
        let mut exposure = 0.0;
        for (g, nu) in model.exposures[i * k..(i + 1) * k].iter().zip(&prices.factors) {
            exposure += g * nu;
        }
        let a = model.active[i];
        sum += 0.5 * prices.gamma * model.specific[i] * a * a + exposure * a;
    }
    for (i, side) in fixed.iter().enumerate() {
        let (buy, sale) = sides_worth(model, prices, i, &all);
        sum += match side {
            Some(Direction::Sell) => sale,
            None if sale < buy => sale,
            Some(Direction::Buy) | None => buy,
        };
    }
    sum
}
