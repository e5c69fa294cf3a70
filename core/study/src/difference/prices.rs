//! What a dollar is worth at the end, after tax: a dollar that is invested, and a dollar of gain.
//!
//! Two series run backward from the end, where `R = 1`:
//!
//! ```text
//! b_t     = h_t θ_t + (1 - h_t) b_(t+1)                    b after the end = θ of the sale, or 0 if all is kept
//! R_(t-1) = (1 + r_t - f_t - k_t) R_t - Σ_c (m_c,t gain_c,t + n_c,t income_c,t)
//! ```
//!
//! - `R_t` is what a dollar invested at the close of session `t` leaves at the end after tax, fees and costs,
//!   at the mean rates of both arms.
//! - `θ` is what a dollar of gain realized in the session costs in tax, valued at the end: the change of that
//!   year's tax and of later ones (by what is carried forward), each times `R` when it was paid, and of the
//!   tax of the sale at the end. It is the household's own, with its brackets, netting and carryforward, by
//!   term, in the mix of what was sold.
//! - `h_t` is the fraction of the class that was sold in the session, in taxable accounts. So `b` is what a
//!   dollar of gain that is not realized yet will cost, at the pace at which the arm sells.
//! - `m` is `b` of both arms, weighted by what they hold in taxable accounts, times the part of the class in
//!   taxable accounts: the price in tax of a dollar of gain. `n` is the same for a dollar of income.
//!
//! Tax of a year is paid after its sessions, so one pass backward is enough.

use super::rates::Rates;
use super::series::{ByKind, ByTerm, ClassSession, Series};

/// Prices in tax of one class in one session, dollars at the end for each dollar.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Price {
    /// Of a dollar of gain.
    pub gain: f64,
    /// Of a dollar of income.
    pub income: f64,
}

/// Prices of a comparison.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Prices {
    /// What a dollar invested at the close of each session is worth at the end.
    pub worth: Vec<f64>,
    /// Prices in tax, by session and class. Those of the first session apply to gain that was brought in.
    pub tax: Vec<Vec<Price>>,
    /// What a dollar of each kind taxed in a year costs, the mean of both arms.
    pub years: Vec<ByKind>,
    /// What a dollar of gain costs at the sale, the mean of both arms. Zero if all is kept.
    pub sale: ByTerm,
}

impl ByKind {
    /// Adds `weight × other`.
    fn add(&mut self, weight: f64, other: &Self) {
        self.gain.short += weight * other.gain.short;
        self.gain.long += weight * other.gain.long;
        self.qualified += weight * other.qualified;
        self.ordinary += weight * other.ordinary;
    }
}

/// What a dollar of each kind taxed in a year costs one arm.
fn of_year(arm: &Series, year: usize, is_sold: bool, worth: &[f64]) -> ByKind {
    let mut price = ByKind::default();
    let Some(first) = arm.years.get(year) else { return price };
    for (later, change) in first.marginal.iter().enumerate() {
        let paid = arm.years.get(year + later).and_then(|y| y.paid);
        price.add(paid.and_then(|t| worth.get(t).copied()).unwrap_or(1.0), change);
    }
    if is_sold {
        price.add(1.0, &first.marginal_at_sale);
    }
    price
}

/// What a dollar of gain in a class costs one arm if it is still open after the end.
fn at_the_end(arm: &Series, class: usize, is_sold: bool) -> f64 {
    if !is_sold {
        return 0.0;
    }
    let value = arm.sale.value.get(class).copied().unwrap_or_default();
    let total = value.total();
    if total > 0.0 { value.times(arm.sale.marginal) / total } else { arm.sale.marginal.long }
}

/// `b_t` of one arm and class from `b_(t+1)`.
fn unrealized(class: &ClassSession, year: &ByKind, later: f64) -> f64 {
    let sold = class.sold.total();
    let grown = if class.before > 0.0 { class.taxable * (1.0 + class.gain / class.before) } else { 0.0 };
    if sold <= 0.0 {
        return later;
    }
    let part = if grown > sold { sold / grown } else { 1.0 };
    part * (class.sold.times(year.gain) / sold) + (1.0 - part) * later
}

/// `numerator / denominator`, or `other` where the denominator is not above zero.
fn over(numerator: f64, denominator: f64, other: f64) -> f64 {
    if denominator > 0.0 { numerator / denominator } else { other }
}

/// Prices from both arms and their rates by session. `rates[0]` is unused.
pub(super) fn prices(arms: [&Series; 2], rates: &[[Rates; 2]], is_sold: bool) -> Prices {
    let sessions = arms[0].sessions.len();
    let classes = arms[0].brought.len();
    let mut prices = Prices {
        worth: vec![1.0; sessions],
        tax: vec![vec![Price::default(); classes]; sessions],
        years: vec![ByKind::default(); arms[0].years.len()],
        sale: ByTerm::default(),
    };
    if is_sold {
        for arm in arms {
            prices.sale.short += 0.5 * arm.sale.marginal.short;
            prices.sale.long += 0.5 * arm.sale.marginal.long;
        }
    }
    let mut open = arms.map(|a| (0..classes).map(|c| at_the_end(a, c, is_sold)).collect::<Vec<f64>>());
    let mut current: Option<usize> = None;
    let mut year = [ByKind::default(); 2];
    for t in (0..sessions).rev() {
        let of = |arm: &Series| arm.sessions.get(t).map(|s| s.year);
        if of(arms[0]) != current {
            current = of(arms[0]);
            let at = current.unwrap_or_default();
            year = arms.map(|a| of_year(a, at, is_sold, &prices.worth));
            if let Some(mean) = prices.years.get_mut(at) {
                for y in &year {
                    mean.add(0.5, y);
                }
            }
        }
        for c in 0..classes {
            let here =
                arms.map(|a| a.sessions.get(t).and_then(|s| s.classes.get(c)).copied().unwrap_or_default());
            for (i, class) in here.iter().enumerate() {
                open[i][c] = unrealized(class, &year[i], open[i][c]);
            }
            let taxable = here[0].taxable + here[1].taxable;
            let gain = over(
                here[0].taxable * open[0][c] + here[1].taxable * open[1][c],
                taxable,
                0.5 * (open[0][c] + open[1][c]),
            );
            let taxed = over(taxable, here[0].before + here[1].before, 1.0);
            let mut bill = 0.0;
            for (class, year) in here.iter().zip(&year) {
                bill += class.qualified * year.qualified + class.ordinary * year.ordinary;
            }
            let income = over(bill, here[0].income + here[1].income, 0.0);
            prices.tax[t][c] = Price { gain: gain * taxed, income };
        }
        if t > 0 {
            let mut before = 0.0;
            for r in &rates[t] {
                let mut tax = 0.0;
                for (class, price) in r.classes.iter().zip(&prices.tax[t]) {
                    tax += class.gain * price.gain + class.income * price.income;
                }
                before += 0.5 * ((1.0 + r.total - r.fees - r.costs) * prices.worth[t] - tax);
            }
            prices.worth[t - 1] = before;
        }
    }
    prices
}
