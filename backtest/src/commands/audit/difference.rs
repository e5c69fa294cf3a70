//! Splits UMA minus a setup with separate managers again: tax, fees, trading costs, idle cash, class weights,
//! names, and what one arm paid out and the other could not. The formula stands in the documentation of
//! `difference` in summary.json:
//!
//! ```text
//! V_t = (1 + r - f - k) V_(t-1) + F - X
//! R_(t-1) = (1 + r - f - k) R_t - sum over classes of (m gain + n income)      at mean rates of both arms
//! ```
//!
//! `R` is what an invested dollar leaves at the end, `m` what a dollar of gain will cost at the pace at which
//! both arms sell, `n` what a dollar of income costs.

use std::collections::BTreeMap;

use super::series::{ByKind, ClassSession, Series, Session};

/// Below this value in dollars an arm has no rates of its own.
const LEAST: f64 = 1.0;

/// Names of the parts, in the order of [`split`].
pub(super) const PARTS: [&str; 7] = ["tax", "fees", "costs", "cash", "classes", "names", "unpaid"];
const TAX: usize = 0;
const FEES: usize = 1;
const COSTS: usize = 2;
const CASH: usize = 3;
const CLASSES: usize = 4;
const NAMES: usize = 5;
const UNPAID: usize = 6;

/// Parts of UMA minus the named arm, by whether everything is sold at the end.
pub(super) type Parts = BTreeMap<(String, bool), [f64; 7]>;

/// A session relative to the value at its start.
#[derive(Debug, Clone, Default)]
struct Rates {
    value: f64,
    total: f64,
    fees: f64,
    costs: f64,
    cash_weight: f64,
    cash: f64,
    /// Weight, contribution of prices and contribution of income of each class.
    classes: Vec<[f64; 3]>,
    /// Change in value that the rates do not explain.
    gap: f64,
}

impl Rates {
    fn kept(&self) -> f64 {
        1.0 + self.total - self.fees - self.costs
    }

    fn own(value: f64, s: &Session) -> Self {
        let total = (s.value - s.flow + s.tax_paid + s.fees + s.costs) / value - 1.0;
        let classes: Vec<[f64; 3]> =
            s.classes.iter().map(|c| [c.before / value, c.gain / value, c.income / value]).collect();
        let (mut cash_weight, mut cash) = (1.0, total);
        for [weight, gain, income] in &classes {
            cash_weight -= weight;
            cash -= gain + income;
        }
        let (fees, costs) = (s.fees / value, s.costs / value);
        Self { value, total, fees, costs, cash_weight, cash, classes, gap: 0.0 }
    }

    /// The rates of the other arm, for an arm without value.
    fn borrowed(value: f64, s: &Session, other: &Self) -> Self {
        let gap = s.value - (value * other.kept() + s.flow - s.tax_paid);
        Self { value, gap, ..other.clone() }
    }

    fn of_both(values: [f64; 2], sessions: [&Session; 2]) -> [Self; 2] {
        let own = |i: usize| (values[i] >= LEAST).then(|| Self::own(values[i], sessions[i]));
        let borrowed = |i: usize, from: &Self| Self::borrowed(values[i], sessions[i], from);
        match (own(0), own(1)) {
            (Some(a), Some(b)) => [a, b],
            (Some(a), None) => [a.clone(), borrowed(1, &a)],
            (None, Some(b)) => [borrowed(0, &b), b],
            (None, None) => {
                let classes = vec![[0.0; 3]; sessions[0].classes.len()];
                let none = Self { cash_weight: 1.0, classes, ..Self::default() };
                [borrowed(0, &none), borrowed(1, &none)]
            }
        }
    }
}

fn over(numerator: f64, denominator: f64, other: f64) -> f64 {
    if denominator > 0.0 { numerator / denominator } else { other }
}

/// What dollars are worth, and cost in tax, at the end.
struct Prices {
    /// Of a dollar invested at each close.
    worth: Vec<f64>,
    /// Cost of a dollar of gain and of income, by session and class.
    tax: Vec<Vec<[f64; 2]>>,
    /// Mean cost of a dollar of each kind taxed in a year.
    years: Vec<ByKind>,
    /// Mean cost of a dollar of gain at the sale, by term.
    sale: [f64; 2],
}

/// What a dollar of each kind taxed in a year costs one arm.
fn of_year(arm: &Series, year: usize, is_sold: bool, worth: &[f64]) -> ByKind {
    let Some(marginal) = arm.years.get(year) else { return [0.0; 4] };
    let mut price = if is_sold { marginal.at_sale } else { [0.0; 4] };
    for (later, cost) in marginal.years.iter().enumerate() {
        let paid = arm.paid.get(year + later).copied().flatten();
        let value = paid.and_then(|t| worth.get(t).copied()).unwrap_or(1.0);
        for (price, cost) in price.iter_mut().zip(cost) {
            *price += value * cost;
        }
    }
    price
}

/// What a dollar of gain that is open before a session will cost, from the same after it.
fn open_before(class: &ClassSession, year: &ByKind, later: f64) -> f64 {
    let sold = class.sold[0] + class.sold[1];
    if sold <= 0.0 {
        return later;
    }
    let grown = over(class.taxable * (class.before + class.gain), class.before, 0.0);
    let part = if grown > sold { sold / grown } else { 1.0 };
    part * (class.sold[0] * year[0] + class.sold[1] * year[1]) / sold + (1.0 - part) * later
}

impl Prices {
    fn new(arms: [&Series; 2], rates: &[[Rates; 2]], is_sold: bool) -> Self {
        let (sessions, classes) = (arms[0].sessions.len(), arms[0].brought.len());
        let mut p = Self {
            worth: vec![1.0; sessions],
            tax: vec![vec![[0.0; 2]; classes]; sessions],
            years: vec![[0.0; 4]; arms[0].years.len()],
            sale: [0.0; 2],
        };
        let mut open = [vec![0.0; classes], vec![0.0; classes]];
        if is_sold {
            for (arm, open) in arms.iter().zip(&mut open) {
                for (mean, rate) in p.sale.iter_mut().zip(arm.sale_marginal) {
                    *mean += 0.5 * rate;
                }
                for (open, value) in open.iter_mut().zip(&arm.open_value) {
                    let [short, long] = arm.sale_marginal;
                    *open = over(value[0] * short + value[1] * long, value[0] + value[1], long);
                }
            }
        }
        let mut year = None;
        let mut prices = [[0.0; 4]; 2];
        for t in (0..sessions).rev() {
            let here = arms.map(|a| &a.sessions[t]);
            if year != Some(here[0].year) {
                year = Some(here[0].year);
                prices = arms.map(|a| of_year(a, here[0].year, is_sold, &p.worth));
                if let Some(mean) = p.years.get_mut(here[0].year) {
                    for (kind, mean) in mean.iter_mut().enumerate() {
                        *mean = 0.5 * (prices[0][kind] + prices[1][kind]);
                    }
                }
            }
            for c in 0..classes {
                let [u, s] = here.map(|session| session.classes[c]);
                open[0][c] = open_before(&u, &prices[0], open[0][c]);
                open[1][c] = open_before(&s, &prices[1], open[1][c]);
                let taxable = u.taxable + s.taxable;
                let even = 0.5 * (open[0][c] + open[1][c]);
                let gain = over(u.taxable * open[0][c] + s.taxable * open[1][c], taxable, even);
                let bill = u.taxed[0] * prices[0][2]
                    + u.taxed[1] * prices[0][3]
                    + s.taxed[0] * prices[1][2]
                    + s.taxed[1] * prices[1][3];
                let part = over(taxable, u.before + s.before, 1.0);
                p.tax[t][c] = [gain * part, over(bill, u.income + s.income, 0.0)];
            }
            if t > 0 {
                let mut before = 0.0;
                for rate in &rates[t] {
                    let mut tax = 0.0;
                    for ([_, gain, income], [m, n]) in rate.classes.iter().zip(&p.tax[t]) {
                        tax += gain * m + income * n;
                    }
                    before += 0.5 * (rate.kept() * p.worth[t] - tax);
                }
                p.worth[t - 1] = before;
            }
        }
        p
    }
}

/// Tax of each class beyond the price of its gains, of both arms, for each dollar held.
fn excess(arms: [&Series; 2], rates: &[[Rates; 2]], prices: &Prices) -> Vec<f64> {
    let classes = arms[0].brought.len();
    let (mut beyond, mut held) = (vec![0.0; classes], vec![0.0; classes]);
    for (i, arm) in arms.into_iter().enumerate() {
        for c in 0..classes {
            let open = arm.open_gain[c];
            beyond[c] += open[0] * prices.sale[0] + open[1] * prices.sale[1];
            beyond[c] -= arm.brought[c] * prices.tax[0][c][0];
        }
        for (t, session) in arm.sessions.iter().enumerate() {
            let year = prices.years.get(session.year).copied().unwrap_or_default();
            for (c, class) in session.classes.iter().enumerate() {
                beyond[c] += class.realized[0] * year[0] + class.realized[1] * year[1];
                if t > 0 {
                    let rate = &rates[t][i];
                    beyond[c] -= rate.value * rate.classes[c][1] * prices.tax[t][c][0];
                    held[c] += rate.value * rate.classes[c][0] * prices.worth[t];
                }
            }
        }
    }
    beyond.iter().zip(&held).map(|(b, h)| over(*b, *h, 0.0)).collect()
}

/// The parts of UMA minus SMA in dollars at the end, in the order of [`PARTS`]. `is_sold` if everything is sold
/// at the end. `None` if the arms have different sessions.
pub(super) fn split(uma: &Series, sma: &Series, is_sold: bool) -> Option<[f64; 7]> {
    let arms = [uma, sma];
    if uma.sessions.is_empty() || uma.sessions.len() != sma.sessions.len() {
        return None;
    }
    let mut rates = vec![[Rates::default(), Rates::default()]];
    for (u, s) in uma.sessions.windows(2).zip(sma.sessions.windows(2)) {
        rates.push(Rates::of_both([u[0].value, s[0].value], [&u[1], &s[1]]));
    }
    let prices = Prices::new(arms, &rates, is_sold);
    let kappa = excess(arms, &rates, &prices);
    let mut parts = [0.0; 7];
    for (arm, sign) in arms.into_iter().zip([1.0, -1.0]) {
        parts[TAX] -= sign * (arm.accrued + if is_sold { arm.sale_tax } else { 0.0 });
        parts[FEES] -= sign * arm.owed;
        for (session, worth) in arm.sessions.iter().zip(&prices.worth) {
            parts[TAX] -= sign * session.tax_paid * worth;
            parts[UNPAID] += sign * session.flow * (worth - 1.0);
        }
        let (first, worth) = (&arm.sessions[0], prices.worth[0]);
        parts[FEES] -= sign * first.fees * worth;
        parts[COSTS] -= sign * first.costs * worth;
        let gap = first.value - first.flow + first.tax_paid + first.fees + first.costs;
        parts[NAMES] += sign * gap * worth;
    }
    for (t, [u, s]) in rates.iter().enumerate().skip(1) {
        let (worth, mean) = (prices.worth[t], 0.5 * (u.value + s.value));
        parts[NAMES] += (u.gap - s.gap) * worth;
        parts[FEES] -= mean * (u.fees - s.fees) * worth;
        parts[COSTS] -= mean * (u.costs - s.costs) * worth;
        parts[CASH] += mean * (u.cash - s.cash) * worth;
        let cash = u.cash_weight - s.cash_weight;
        let invested = 1.0 - 0.5 * (u.cash_weight + s.cash_weight);
        for (c, [m, n]) in prices.tax[t].iter().enumerate() {
            let ([uw, ug, ui], [sw, sg, si]) = (u.classes[c], s.classes[c]);
            parts[TAX] += m * (u.value * ug - s.value * sg) + n * (u.value * ui - s.value * si);
            let after_tax = |gain: f64, income: f64| gain * (worth - m) + income * (worth - n);
            let (weights, weight) = (uw + sw, uw - sw);
            let pooled =
                if weights > 0.0 { after_tax((ug + sg) / weights, (ui + si) / weights) } else { 0.0 };
            let displaced = over(cash * 0.5 * weights, invested, 0.0);
            parts[NAMES] += mean * (after_tax(ug - sg, ui - si) - weight * pooled);
            let per_weight = mean * (pooled - kappa[c] * worth);
            parts[CASH] -= displaced * per_weight;
            parts[CLASSES] += (weight + displaced) * per_weight;
            parts[TAX] += mean * weight * kappa[c] * worth;
        }
    }
    Some(parts)
}
