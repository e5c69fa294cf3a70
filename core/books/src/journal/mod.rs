//! The journal: an append-only record of everything that happened in one arm. Every figure shown anywhere can
//! be recomputed from the journal and the prices.
//!
//! - [`Trade`], [`Washed`] and [`CashRow`] are bookings; [`TradeRow`] shows trades as an auditor reads them.
//! - [`Mark`] and [`SleeveMark`] are values at each session's close.
//! - [`TaxYearRow`], [`SolveRow`], [`TransferRow`], [`TicketRow`] and [`SmallOrders`] record tax returns,
//!   certificates, and what happened between managers.
//! - [`Reason`] holds the numbers behind an order, and [`Cause`] the main cause in words.

mod cause;
mod hash;
mod lists;
mod record;
mod rows;

pub use lists::Journal;

pub use cause::Cause;
pub use record::{
    CashKind, CashRow, Mark, Reason, Side, SleeveMark, SmallOrders, SolveRow, TaxYearRow, TicketKind,
    TicketRow, Trade, TransferRow, Washed,
};
pub use rows::TradeRow;
