//! Losses harvested and washed.

use crate::journal::Journal;
use crate::units::{AccountKind, Money};

/// Sums over all sales in taxable accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Harvest {
    /// Recognised losses, positive.
    pub losses: Money,
    /// Recognised gains.
    pub gains: Money,
    /// Losses disallowed as wash sales, positive.
    pub washed: Money,
}

/// Adds up recognised losses and gains, row by row of the trade file, and the losses disallowed.
pub fn harvest(journal: &Journal, kind_of: impl Fn(usize) -> AccountKind) -> Harvest {
    let mut sum = Harvest::default();
    for row in journal.trade_rows() {
        if !kind_of(row.trade.account.index()).is_taxable() {
            continue;
        }
        let recognized = row.recognized();
        if recognized.is_negative() {
            sum.losses -= recognized;
        } else {
            sum.gains += recognized;
        }
        sum.washed += row.disallowed;
    }
    sum
}
