//! Workload: the work that people have to do in a setup, counted from the journal. It is not charged.

use serde::Serialize;

use unisleeve_books::journal::{Journal, Side};
use unisleeve_mandates::WorkloadConfig;

/// Counts over a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Workload {
    /// Days on which a manager traded, was instructed or had money moved, summed over managers.
    pub tasks: usize,
    /// Instructions from the advisor to another manager.
    pub tickets: usize,
    /// Transfers of money between managers.
    pub transfers: usize,
    /// Orders. All lots of a security that a manager trades in one direction on one day in one sleeve count
    /// once.
    pub orders: usize,
    /// Orders not sent because they were below `trading.min_trade`.
    pub held_back: usize,
    /// Sales below `trading.min_trade` that were sent because cash was short.
    pub forced_small: usize,
}

/// The work of one setup with its hours. Over many paths, averages.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Work {
    /// Arm.
    pub arm: &'static str,
    /// Days on which a manager acted, summed over managers.
    pub tasks: f64,
    /// Instructions from the advisor to another manager.
    pub tickets: f64,
    /// Transfers of money between managers.
    pub transfers: f64,
    /// Orders.
    pub orders: f64,
    /// Hours at the minutes of the configuration.
    pub hours: f64,
    /// Cost of these hours in dollars. `None` without an hourly rate.
    pub dollars: Option<f64>,
}

impl Work {
    /// The work of an arm: tasks, instructions, transfers and orders.
    pub fn new(arm: &'static str, counts: [f64; 4], config: &WorkloadConfig) -> Self {
        let [tasks, tickets, transfers, orders] = counts;
        let hours = config.hours(tasks, tickets, transfers);
        Self { arm, tasks, tickets, transfers, orders, hours, dollars: config.dollars(hours) }
    }

    /// The work of one run.
    pub fn of(arm: &'static str, load: &Workload, config: &WorkloadConfig) -> Self {
        let counts = [load.tasks, load.tickets, load.transfers, load.orders].map(|n| n as f64);
        Self::new(arm, counts, config)
    }
}

/// Counts the work in a run. `mandates` is the number of managers that share the pockets of each account.
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
