//! Workload: what people have to do in a setup. Counted from the journal; nothing is charged for it.

use serde::Serialize;

use unisleeve_books::journal::{Journal, Side};

/// Counts over a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Workload {
    /// Days on which a manager acted, counted for each manager: who traded, was instructed or had money moved.
    pub tasks: usize,
    /// Instructions from the advisor to another manager.
    pub tickets: usize,
    /// Money moved between managers.
    pub transfers: usize,
    /// Orders: all lots of one security that a manager trades one way on one day in one sleeve of an account.
    pub orders: usize,
    /// Orders below `trading.min_trade` that were not sent.
    pub held_back: usize,
    /// Sales below it that were sent all the same, since cash was short.
    pub forced_small: usize,
}

/// Counts the work of a run in which `mandates` managers share the pockets of each account.
pub fn workload(journal: &Journal, mandates: usize) -> Workload {
    let traded = journal.trades.iter().filter(|t| matches!(t.side, Side::Buy | Side::Sell));
    let mut days: Vec<_> = traded.map(|t| (t.date, t.mandate.index())).collect();
    days.extend(journal.tickets.iter().map(|t| (t.date, t.mandate.index())));
    for t in &journal.transfers {
        days.extend([t.from, t.to].map(|p| (t.date, p.index() % mandates.max(1))));
    }
    days.sort_unstable();
    days.dedup();
    Workload {
        tasks: days.len(),
        tickets: journal.tickets.len(),
        transfers: journal.transfers.len(),
        orders: super::orders(journal),
        held_back: journal.small_orders.held_back as usize,
        forced_small: journal.small_orders.forced as usize,
    }
}
