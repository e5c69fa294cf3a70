//! Wash sales (IRC 1091; Reg. 1.1091-1 and -2; Pub. 550).
//!
//! A loss is disallowed to the extent that substantially identical shares were bought within 30 days before or after
//! the sale, in any account of the household. Losses are matched in order of sale, replacement shares in order of
//! purchase, each share once. The loss goes to the replacement's basis and the holding period tacks; in an IRA or Roth
//! it is gone for good (Rev. Rul. 2008-5). Shares of the same purchase are not their own replacement
//! (Rev. Rul. 56-602).
//!
//! This file knows the losses that still wait for a replacement; the ledger knows the shares.

use std::collections::VecDeque;

use chrono::NaiveDate;

use crate::journal::TradeIndex;
use crate::units::{LotId, Money, Shares};

/// Days before and after the sale, both inclusive.
pub const WINDOW_DAYS: i64 = 30;

/// Whether a purchase on `bought` can replace shares sold on `sold`.
pub fn in_window(bought: NaiveDate, sold: NaiveDate) -> bool {
    (bought - sold).num_days().abs() <= WINDOW_DAYS
}

/// A loss, or the part of one, that no shares have replaced yet.
#[derive(Debug, Clone, Copy)]
pub struct PendingLoss {
    /// The sale.
    pub sale: TradeIndex,
    /// Its date.
    pub sold: NaiveDate,
    /// The purchase that was sold.
    pub lot: LotId,
    /// Start of the sold shares' holding period.
    pub holding_start: NaiveDate,
    /// Shares not replaced yet, with their part of the sale.
    pub quantity: Shares,
    /// Amount of those shares.
    pub amount: Money,
    /// Cost of those shares.
    pub cost: Money,
    /// Basis of those shares.
    pub basis: Money,
}

impl PendingLoss {
    /// Loss of the shares not replaced yet, zero or positive.
    pub fn loss(&self) -> Money {
        (self.basis + self.cost - self.amount).max(Money::ZERO)
    }

    /// Takes `quantity` shares off with their part of the sale; what a rounding leaves stays with the rest.
    pub fn take(&mut self, quantity: Shares) -> Self {
        let part = Self {
            quantity,
            amount: self.amount.prorate(quantity, self.quantity),
            cost: self.cost.prorate(quantity, self.quantity),
            basis: self.basis.prorate(quantity, self.quantity),
            ..*self
        };
        self.quantity -= part.quantity;
        self.amount -= part.amount;
        self.cost -= part.cost;
        self.basis -= part.basis;
        part
    }
}

/// Losses of the last 30 days that wait for replacement shares, by group of substantially identical securities.
#[derive(Debug, Clone, Default)]
pub struct WashBook {
    pending: Vec<VecDeque<PendingLoss>>,
}

impl WashBook {
    /// A book for `groups` groups of substantially identical securities.
    pub fn new(groups: usize) -> Self {
        Self { pending: vec![VecDeque::new(); groups] }
    }

    /// Keeps what is left of a loss after the shares bought before the sale were matched.
    pub fn wait(&mut self, group: usize, loss: PendingLoss) {
        if let Some(queue) = self.pending.get_mut(group).filter(|_| loss.quantity.is_positive()) {
            queue.push_back(loss);
        }
    }

    /// The parts of waiting losses that a purchase of `quantity` shares replaces, in order of sale.
    pub fn replaced_by(
        &mut self,
        group: usize,
        date: NaiveDate,
        lot: LotId,
        quantity: Shares,
    ) -> Vec<PendingLoss> {
        let Some(queue) = self.pending.get_mut(group) else { return Vec::new() };
        while queue.front().is_some_and(|p| (date - p.sold).num_days() > WINDOW_DAYS) {
            queue.pop_front();
        }
        let (mut left, mut parts) = (quantity, Vec::new());
        for loss in queue.iter_mut().filter(|p| p.lot != lot) {
            if !left.is_positive() {
                break;
            }
            let take = left.min(loss.quantity);
            if take.is_positive() {
                parts.push(loss.take(take));
                left -= take;
            }
        }
        queue.retain(|p| p.quantity.is_positive());
        parts
    }

    /// Losses that a purchase on `date` could still disallow, in order of sale.
    pub fn waiting(&self, group: usize, date: NaiveDate) -> impl Iterator<Item = &PendingLoss> {
        self.pending.get(group).into_iter().flatten().filter(move |p| in_window(date, p.sold))
    }
}
