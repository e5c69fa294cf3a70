//! The record of everything that happened in one arm. Append-only; every figure shown anywhere can be recomputed from
//! it and the prices.

mod cause;
mod hash;
mod record;
mod rows;

use chrono::NaiveDate;

pub use cause::Cause;
pub use record::{
    CashKind, CashRow, Mark, Reason, Side, SleeveMark, SmallOrders, SolveRow, TaxYearRow, TicketKind,
    TicketRow, Trade, TransferRow, Washed,
};
pub use rows::TradeRow;

/// All that one arm did, in order of time within each list.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    /// One entry for each lot touched.
    pub trades: Vec<Trade>,
    /// Disallowances: parts of sales that a replacement washed, in the order in which they came about.
    pub washed: Vec<Washed>,
    /// Every change of a cash balance.
    pub cash: Vec<CashRow>,
    /// Value and accruals at each session's close.
    pub marks: Vec<Mark>,
    /// Every sleeve at each session's close, in the order of the setup.
    pub sleeve_marks: Vec<SleeveMark>,
    /// Sessions on which the calendar asked for rebalancing, the same in every arm.
    pub rebalancings: Vec<NaiveDate>,
    /// Returns filed, and at the end those still open.
    pub tax_years: Vec<TaxYearRow>,
    /// One entry for each optimisation: its certificate.
    pub solves: Vec<SolveRow>,
    /// Money moved between mandates.
    pub transfers: Vec<TransferRow>,
    /// Instructions to other managers.
    pub tickets: Vec<TicketRow>,
    /// Orders below the least that is sent.
    pub small_orders: SmallOrders,
}
