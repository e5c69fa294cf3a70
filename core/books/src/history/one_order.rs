//! Executions of one order as one purchase (Reg. 1.1012-1(c)(1)(ii)): shares bought by one order in several
//! transactions on one day may be taken at their average price. The file does not say which rows are one order, so
//! all purchases of one account, symbol and day that name no lots count as one, unless another row of the symbol,
//! other than a purchase in another account, comes between them.

use super::{Action, History, HistoryRow};
use unisleeve_units::{LIMIT, Money, Shares};

impl History {
    /// Merges purchases that are one order. Returns how many rows went into others.
    pub fn merge_orders(&mut self) -> usize {
        let before = self.rows.len();
        let mut merged: Vec<HistoryRow> = Vec::with_capacity(before);
        for row in self.rows.drain(..) {
            let same = merged
                .iter_mut()
                .rev()
                .take_while(|r| r.date == row.date)
                .filter(|r| r.symbol == row.symbol || r.symbol2 == Some(row.symbol))
                .find(|r| r.account == row.account || r.action != Action::Buy);
            match same {
                Some(first) if may_merge(first, &row) => {
                    first.quantity = Some(sum(first, &row));
                    first.amount += row.amount;
                    first.replaced += row.replaced;
                }
                _ => merged.push(row),
            }
        }
        self.rows = merged;
        before - self.rows.len()
    }
}

fn sum(first: &HistoryRow, row: &HistoryRow) -> Shares {
    first.quantity.unwrap_or_default() + row.quantity.unwrap_or_default()
}

fn may_merge(first: &HistoryRow, row: &HistoryRow) -> bool {
    let is_plain = |r: &HistoryRow| r.action == Action::Buy && !r.is_named;
    let fits = sum(first, row) <= Shares::from_raw(LIMIT * 1_000_000)
        && first.amount + row.amount <= Money::from_raw(LIMIT * 10_000);
    is_plain(first) && is_plain(row) && first.account == row.account && fits
}
