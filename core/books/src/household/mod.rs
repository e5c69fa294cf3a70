//! What a household owns: accounts, pockets of cash and lots.
//!
//! - [`LotBook`] is the only place that changes a lot. It applies wash sales and corporate actions.
//! - [`Ledger`] keeps cash balances around it, and is the only place that changes a balance.
//! - [`OpenLots`] holds the open lots of one security.
//! - [`TaxReturns`] computes the household's tax returns over the years.

mod average;
mod corporate;
mod error;
mod ledger;
mod lot_book;
mod open_lots;
mod returns;
#[cfg(test)]
mod tests;

pub use error::LedgerError;

pub use corporate::{Departed, Received};
pub use ledger::{Account, Ledger, Order, Pocket};
pub use lot_book::{Disposal, Entry, Incoming, LotBook, Outgoing};
pub use open_lots::OpenLots;
pub use returns::TaxReturns;
