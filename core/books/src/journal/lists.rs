//! The journal's lists.

use super::{
    CashRow, Mark, SleeveMark, SmallOrders, SolveRow, TaxYearRow, TicketRow, Trade, TransferRow, Washed,
};
use chrono::NaiveDate;

/// Everything that one arm did. Each list is in order of time.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    /// One entry for each lot touched by a trade.
    pub trades: Vec<Trade>,
    /// Disallowed parts of sales, in the order in which they were found.
    pub washed: Vec<Washed>,
    /// Every change of a cash balance.
    pub cash: Vec<CashRow>,
    /// Value and accruals at each session's close.
    pub marks: Vec<Mark>,
    /// Value of every sleeve at each session's close, in the order of the setup.
    pub sleeve_marks: Vec<SleeveMark>,
    /// Sessions that the calendar set for rebalancing; the same in every arm.
    pub rebalancings: Vec<NaiveDate>,
    /// Tax returns filed; at the end also those still open.
    pub tax_years: Vec<TaxYearRow>,
    /// The certificate of each optimization.
    pub solves: Vec<SolveRow>,
    /// Cash moved between mandates.
    pub transfers: Vec<TransferRow>,
    /// Instructions to other managers.
    pub tickets: Vec<TicketRow>,
    /// Number of orders below the minimum size.
    pub small_orders: SmallOrders,
}
