//! Trades as an auditor reads them: a sale that was washed in part has one row for each part.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::{Journal, Side, Trade, Washed};
use unisleeve_units::{LotId, Money, Shares};

/// One row of `trades.csv`.
#[derive(Debug, Clone, Copy)]
pub struct TradeRow<'a> {
    /// The trade that this row shows, in whole or in part.
    pub trade: &'a Trade,
    /// Shares of this part.
    pub quantity: Shares,
    /// This part's share of the amount, in dollars; the last part takes the remainder from rounding.
    pub amount: Money,
    /// This part's share of the cost.
    pub cost: Money,
    /// This part's share of the basis.
    pub basis: Money,
    /// Loss disallowed, in dollars, zero or positive.
    pub disallowed: Money,
    /// Lot that replaced these shares.
    pub replacement: Option<LotId>,
}

impl TradeRow<'_> {
    /// Gain of this part, as in [`Trade::gain`].
    pub fn gain(&self) -> Money {
        match self.trade.side {
            Side::Sell => self.amount - self.cost - self.basis,
            _ => self.trade.gain(),
        }
    }

    /// `gain + disallowed`.
    pub fn recognized(&self) -> Money {
        self.gain() + self.disallowed
    }
}

impl Journal {
    /// All trade rows in order of time. For each trade, the washed parts come first, in the order in which
    /// they were replaced, then the rest.
    pub fn trade_rows(&self) -> Vec<TradeRow<'_>> {
        self.rows().collect()
    }

    /// The same as [`Journal::trade_rows`], as an iterator.
    pub fn rows(&self) -> impl Iterator<Item = TradeRow<'_>> {
        let mut washed: Vec<&Washed> = self.washed.iter().collect();
        washed.sort_by_key(|w| w.sale);
        Rows { journal: self, washed: washed.into_iter().peekable(), index: 0, rest: None }
    }
}

struct Rows<'a> {
    journal: &'a Journal,
    washed: Peekable<IntoIter<&'a Washed>>,
    /// Index of the next trade.
    index: usize,
    /// What is left of the current trade.
    rest: Option<TradeRow<'a>>,
}

impl<'a> Iterator for Rows<'a> {
    type Item = TradeRow<'a>;

    fn next(&mut self) -> Option<TradeRow<'a>> {
        loop {
            let Some(rest) = &mut self.rest else {
                let trade = self.journal.trades.get(self.index)?;
                self.index += 1;
                self.rest = Some(TradeRow {
                    trade,
                    quantity: trade.quantity,
                    amount: trade.amount,
                    cost: trade.cost,
                    basis: trade.basis,
                    disallowed: Money::ZERO,
                    replacement: None,
                });
                continue;
            };
            let trade = rest.trade;
            if let Some(w) = self.washed.next_if(|w| w.sale.0 as usize + 1 == self.index) {
                rest.quantity -= w.quantity;
                rest.amount -= w.amount;
                rest.cost -= w.cost;
                rest.basis -= w.basis;
                return Some(TradeRow {
                    trade,
                    quantity: w.quantity,
                    amount: w.amount,
                    cost: w.cost,
                    basis: w.basis,
                    disallowed: w.disallowed,
                    replacement: Some(w.replacement),
                });
            }
            let rest = self.rest.take();
            // A fully washed sale has nothing left. After a reverse split, dollars may be left without
            // shares.
            let money = |r: &TradeRow| [r.amount, r.cost, r.basis];
            let gone = |r: &TradeRow| r.quantity.is_zero() && money(r).iter().all(|m| m.is_zero());
            if let Some(row) = rest.filter(|r| trade.side != Side::Sell || !gone(r)) {
                return Some(row);
            }
        }
    }
}
