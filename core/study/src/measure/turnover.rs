//! Turnover and orders.

use super::years;
use unisleeve_books::journal::{Journal, Side};
use unisleeve_numeric::mean;
use unisleeve_units::Money;

/// Turnover: the smaller of purchases and sales over average daily value, a year, as defined in SEC Form
/// N-1A, item 13. The portfolio's first purchase counts.
pub fn turnover(journal: &Journal) -> Option<f64> {
    let total =
        |side: Side| -> Money { journal.trades.iter().filter(|t| t.side == side).map(|t| t.amount).sum() };
    let values: Vec<f64> = journal.marks.iter().map(|m| m.value.to_f64()).collect();
    let average = mean(&values).filter(|v| *v > 0.0)?;
    Some(total(Side::Buy).min(total(Side::Sell)).to_f64() / average / years(&journal.marks)?)
}

/// Number of orders. Trades of one mandate in one security and sleeve, on one date and side, are one order.
pub fn orders(journal: &Journal) -> usize {
    let same = |a: &unisleeve_books::journal::Trade, b: &unisleeve_books::journal::Trade| {
        (a.date, a.mandate, a.security, a.sleeve, a.side) == (b.date, b.mandate, b.security, b.sleeve, b.side)
    };
    let is_order = |t: &unisleeve_books::journal::Trade| matches!(t.side, Side::Buy | Side::Sell);
    journal.trades.chunk_by(|a, b| same(a, b)).filter(|c| c.first().is_some_and(is_order)).count()
}
