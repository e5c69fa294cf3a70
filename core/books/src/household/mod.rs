//! What a household owns: accounts, sleeves, pockets of cash, lots. Only the lot book changes a lot, only the ledger
//! around it a balance.

mod corporate;
mod ledger;
mod lot_book;
mod open_lots;
mod returns;
#[cfg(test)]
mod tests;

pub use corporate::{Departed, Received};
pub use ledger::{Account, Ledger, LedgerError, Order, Pocket};
pub use lot_book::{Disposal, Entry, Incoming, LotBook, Outgoing};
pub use open_lots::OpenLots;
pub use returns::TaxReturns;
