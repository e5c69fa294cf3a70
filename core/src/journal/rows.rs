//! Trades as an auditor reads them: a sale that was washed in part comes as one row for each part.

use super::{Journal, Side, Trade, Washed};
use crate::units::{LotId, Money, Shares};

/// One row of `trades.csv`.
#[derive(Debug, Clone, Copy)]
pub struct TradeRow<'a> {
    /// The trade that the row is (a part of).
    pub trade: &'a Trade,
    /// Shares of this part.
    pub quantity: Shares,
    /// Their part of the amount; the last part takes the rest of a rounding.
    pub amount: Money,
    /// Their part of the cost.
    pub cost: Money,
    /// Their part of the basis.
    pub basis: Money,
    /// Loss disallowed, zero or positive.
    pub disallowed: Money,
    /// The lot that replaced these shares.
    pub replacement: Option<LotId>,
}

impl TradeRow<'_> {
    /// This part's [`Trade::gain`].
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
    /// All trade rows in order of time: washed parts first, in the order in which they were replaced, then the rest.
    pub fn trade_rows(&self) -> Vec<TradeRow<'_>> {
        let mut washed: Vec<&Washed> = self.washed.iter().collect();
        washed.sort_by_key(|w| w.sale);
        let mut next = washed.into_iter().peekable();
        let mut rows = Vec::with_capacity(self.trades.len() + self.washed.len());
        for (index, trade) in self.trades.iter().enumerate() {
            let mut rest = TradeRow {
                trade,
                quantity: trade.quantity,
                amount: trade.amount,
                cost: trade.cost,
                basis: trade.basis,
                disallowed: Money::ZERO,
                replacement: None,
            };
            while let Some(w) = next.next_if(|w| w.sale.0 as usize == index) {
                rows.push(TradeRow {
                    trade,
                    quantity: w.quantity,
                    amount: w.amount,
                    cost: w.cost,
                    basis: w.basis,
                    disallowed: w.disallowed,
                    replacement: Some(w.replacement),
                });
                rest.quantity -= w.quantity;
                rest.amount -= w.amount;
                rest.cost -= w.cost;
                rest.basis -= w.basis;
            }
            if !rest.quantity.is_zero() || trade.side != Side::Sell {
                rows.push(rest);
            }
        }
        rows
    }
}
