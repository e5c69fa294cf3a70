//! What a household owns: accounts, sleeves, pockets of cash, lots. Only the ledger may change a lot or a balance.

mod ledger;
mod returns;

pub use ledger::{Account, Ledger, LedgerError, Order, Pocket};
pub use returns::Returns;
