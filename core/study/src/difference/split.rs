//! The split of a difference between two arms.
//!
//! For arms `U` and `S`, means of both with a bar, `Δ` for `U - S`, and the prices of [`super::prices`] (`R`, what
//! an invested dollar is worth at the end after tax; `m` and `n`, the price in tax of a dollar of gain and of
//! income):
//!
//! ```text
//! tax    = (T_S - Q_S) - (T_U - Q_U)       T = Σ_t X_t R_t + accrued + tax of the sale
//!                                          Q = Σ_t Σ_c (m_c,t gain_c,t + n_c,t income_c,t)
//! fees   = -Σ_t V̄_(t-1) Δf_t R_t           costs likewise
//! holdings of class c
//!        = Σ_t V̄_(t-1) (Δgain_c,t (R_t - m_c,t) + Δincome_c,t (R_t - n_c,t))
//! unpaid = Σ_t ΔF_t (R_t - 1)
//! ```
//!
//! The parts add up to `ΔW - Σ ΔF` exactly: from one session to the next, `ΔV_t = (1 + r̄ - f̄ - k̄) ΔV_(t-1) +
//! V̄_(t-1) (Δr - Δf - Δk) + ΔF - ΔX`, and `R` and `Q` are built on the same rates and prices.
//!
//! So tax is what an arm pays beyond the price of its own gains, at prices that both share. Luck changes `T`
//! and `Q` alike and cancels.
//!
//! Holdings are split on. With `w` the weight of a class at the session's start and `ρ` its return pooled over
//! both arms, class weights are `Σ V̄ Δw ρ`, each after tax, and names are the rest of the class. What idle cash
//! displaced is taken out of the class weights in proportion to them: cash is `-Δw_cash w̄_c / (1 - w̄_cash) ρ`.
//!
//! A class may cost more tax than the price of its gains (winners sold and losers kept) or less (losses
//! harvested), in both arms alike. Holding more of it brings more of that, which is no merit of the setup. So
//! the excess of both arms for each dollar held, `κ_c = (E_U + E_S) / Σ_t (V_U,c + V_S,c) R_t` with `E` = price of
//! what was realized and is still open, less `Q`, less the price of the gain brought in, counts as a cost of
//! the weight and moves from tax to class weights.

use super::prices::{Prices, prices};
use super::rates::{ClassRates, Rates, rates};
use super::row::Ending;
use super::series::{Series, Session};

/// The parts of a difference, dollars at the end.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Parts {
    /// Tax.
    pub tax: f64,
    /// Fees.
    pub fees: f64,
    /// Trading costs.
    pub costs: f64,
    /// Idle cash.
    pub cash: f64,
    /// Weights of asset classes.
    pub classes: f64,
    /// Names.
    pub names: f64,
    /// What one arm paid out and the other could not.
    pub unpaid: f64,
}

impl Parts {
    /// The setup effect.
    pub fn setup(&self) -> f64 {
        self.tax + self.fees + self.costs
    }

    /// The sum of all parts.
    pub fn total(&self) -> f64 {
        self.setup() + self.cash + self.classes + self.names + self.unpaid
    }
}

/// Splits what one arm ends with beyond another. Both have the same sessions, years and classes; the
/// difference is zero where they do not.
pub fn split(uma: &Series, sma: &Series, ending: Ending) -> Parts {
    let is_alike = uma.sessions.len() == sma.sessions.len() && uma.brought.len() == sma.brought.len();
    if !is_alike || uma.sessions.is_empty() {
        return Parts::default();
    }
    let arms = [uma, sma];
    let is_sold = ending == Ending::Liquidated;
    let mut by_session = vec![Default::default()];
    for (u, s) in uma.sessions.windows(2).zip(sma.sessions.windows(2)) {
        by_session.push(rates([u[0].value, s[0].value], [&u[1], &s[1]]));
    }
    let prices = prices(arms, &by_session, is_sold);
    let excess = excess_per_dollar(arms, &by_session, &prices);

    let mut parts = Parts::default();
    let sale = if is_sold { uma.sale.tax - sma.sale.tax } else { 0.0 };
    parts.tax -= uma.accrued - sma.accrued + sale;
    parts.fees -= uma.owed - sma.owed;
    for ((u, s), worth) in uma.sessions.iter().zip(&sma.sessions).zip(&prices.worth) {
        parts.tax -= (u.tax_paid - s.tax_paid) * worth;
        parts.unpaid += (u.flow - s.flow) * (worth - 1.0);
    }
    // Before the first session there is no value: its fees and costs count in dollars.
    if let (Some(u), Some(s), Some(worth)) =
        (uma.sessions.first(), sma.sessions.first(), prices.worth.first())
    {
        let gap = |x: &Session| x.value - x.flow + x.tax_paid + x.fees + x.costs;
        parts.fees -= (u.fees - s.fees) * worth;
        parts.costs -= (u.costs - s.costs) * worth;
        parts.names += (gap(u) - gap(s)) * worth;
    }
    for (t, [u, s]) in by_session.iter().enumerate().skip(1) {
        let (worth, mean) = (prices.worth[t], 0.5 * (u.value + s.value));
        parts.names += (u.gap - s.gap) * worth;
        parts.fees -= mean * (u.fees - s.fees) * worth;
        parts.costs -= mean * (u.costs - s.costs) * worth;
        parts.cash += mean * (u.cash - s.cash) * worth;
        let cash = u.cash_weight - s.cash_weight;
        let invested = 1.0 - 0.5 * (u.cash_weight + s.cash_weight);
        for (c, price) in prices.tax[t].iter().enumerate() {
            let (a, b) = (at(u, c), at(s, c));
            parts.tax += price.gain * (u.value * a.gain - s.value * b.gain);
            parts.tax += price.income * (u.value * a.income - s.value * b.income);
            let after_tax =
                |gain: f64, income: f64| gain * (worth - price.gain) + income * (worth - price.income);
            let all = after_tax(a.gain - b.gain, a.income - b.income);
            let weights = a.weight + b.weight;
            let pooled = if weights > 0.0 {
                after_tax((a.gain + b.gain) / weights, (a.income + b.income) / weights)
            } else {
                0.0
            };
            let displaced = if invested > 0.0 { cash * 0.5 * weights / invested } else { 0.0 };
            let weight = a.weight - b.weight;
            parts.names += mean * (all - weight * pooled);
            let per_weight = mean * (pooled - excess[c] * worth);
            parts.cash -= displaced * per_weight;
            parts.classes += (weight + displaced) * per_weight;
            parts.tax += mean * weight * excess[c] * worth;
        }
    }
    parts
}

fn at(rates: &Rates, class: usize) -> ClassRates {
    rates.classes.get(class).copied().unwrap_or_default()
}

/// `κ` of each class: tax beyond the price of its gains for each dollar held, valued at the end.
fn excess_per_dollar(arms: [&Series; 2], by_session: &[[Rates; 2]], prices: &Prices) -> Vec<f64> {
    let classes = arms[0].brought.len();
    let (mut excess, mut held) = (vec![0.0; classes], vec![0.0; classes]);
    for (i, arm) in arms.into_iter().enumerate() {
        for c in 0..classes {
            let open = arm.sale.gain.get(c).copied().unwrap_or_default();
            excess[c] += open.times(prices.sale) - arm.brought[c] * prices.tax[0][c].gain;
        }
        for (t, session) in arm.sessions.iter().enumerate() {
            let year = prices.years.get(session.year).copied().unwrap_or_default();
            for (c, class) in session.classes.iter().enumerate().take(classes) {
                excess[c] += class.realized.times(year.gain);
                if t > 0 {
                    let rates = &by_session[t][i];
                    let here = at(rates, c);
                    excess[c] -= rates.value * here.gain * prices.tax[t][c].gain;
                    held[c] += rates.value * here.weight * prices.worth[t];
                }
            }
        }
    }
    excess.iter().zip(&held).map(|(e, h)| if *h > 0.0 { e / h } else { 0.0 }).collect()
}
