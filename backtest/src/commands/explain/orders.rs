//! Groups rows into orders: one for each security, side, account, sleeve and reason of the day.

use serde::Serialize;
use unisleeve_core::units::{Money, Shares};

use super::facts::Facts;
use super::reason::{Why, why};
use super::rows::Row;

/// One order.
#[derive(Debug, Serialize)]
pub(super) struct Order {
    pub(super) side: String,
    pub(super) symbol: String,
    pub(super) account: String,
    pub(super) sleeve: String,
    pub(super) mandate: String,
    pub(super) shares: f64,
    pub(super) price: f64,
    /// Shares times price, dollars.
    pub(super) dollars: f64,
    /// Spread paid, dollars.
    pub(super) cost: f64,
    /// Gain after the disallowance of wash sales.
    pub(super) recognized: f64,
    /// Tax on it at flat rates by term; `None` if nothing was sold.
    pub(super) tax: Option<f64>,
    pub(super) why: Why,
    pub(super) lots: Vec<Lot>,
}

/// The part of an order in one lot.
#[derive(Debug, Serialize)]
pub(super) struct Lot {
    #[serde(rename = "lot")]
    pub(super) name: String,
    pub(super) shares: f64,
    pub(super) acquired: String,
    pub(super) holding_start: String,
    pub(super) basis: f64,
    pub(super) gain: f64,
    pub(super) disallowed: f64,
    pub(super) recognized: f64,
    /// `short` or `long`; `None` if nothing was sold.
    pub(super) term: Option<String>,
    /// The recognized gain times the flat rate of its term. A loss is a saving (negative). Zero in an account
    /// that is not taxed.
    pub(super) tax: Option<f64>,
    #[serde(rename = "replacement_lot")]
    pub(super) replacement: Option<String>,
}

/// The orders of one arm's rows, in the order in which they first appear.
pub(super) fn orders(rows: &[Row], facts: &Facts) -> Vec<Order> {
    let key = |r: &Row| [&r.account, &r.sleeve, &r.mandate, &r.symbol, &r.side, &r.reason].map(String::clone);
    let mut groups: Vec<Vec<&Row>> = Vec::new();
    let mut places = std::collections::BTreeMap::new();
    for row in rows {
        let at = *places.entry(key(row)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups.iter().filter_map(|group| order(group, facts)).collect()
}

fn order(rows: &[&Row], facts: &Facts) -> Option<Order> {
    let first = *rows.first()?;
    let lots: Vec<Lot> = rows.iter().map(|r| lot(r, facts)).collect();
    let money = |of: fn(&Row) -> Money| rows.iter().map(|r| of(r)).sum::<Money>().to_f64();
    let shares: Shares = rows.iter().map(|r| r.quantity).sum();
    let taxes: Vec<f64> = lots.iter().filter_map(|l| l.tax).collect();
    Some(Order {
        side: first.side.clone(),
        symbol: first.symbol.clone(),
        account: first.account.clone(),
        sleeve: first.sleeve.clone(),
        mandate: first.mandate.clone(),
        shares: shares.to_f64(),
        price: first.price.to_f64(),
        dollars: money(|r| r.amount),
        cost: money(|r| r.cost),
        recognized: money(|r| r.recognized),
        tax: (!taxes.is_empty()).then(|| taxes.iter().sum()),
        why: why(&first.reason),
        lots,
    })
}

fn lot(r: &Row, facts: &Facts) -> Lot {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let rate = match r.term.as_str() {
        "short" => Some(facts.rate_short),
        "long" => Some(facts.rate_long),
        _ => None,
    };
    let taxed = !facts.untaxed.contains(&r.account);
    Lot {
        name: r.lot.clone(),
        shares: r.quantity.to_f64(),
        acquired: r.acquired.to_string(),
        holding_start: r.holding_start.to_string(),
        basis: r.basis.to_f64(),
        gain: r.gain.to_f64(),
        disallowed: r.disallowed.to_f64(),
        recognized: r.recognized.to_f64(),
        term: filled(&r.term),
        tax: rate.map(|rate| if taxed { rate * r.recognized.to_f64() } else { 0.0 }),
        replacement: filled(&r.replacement),
    }
}
