//! Wash sales (IRC 1091; Reg. 1.1091-1 and -2; Pub. 550).
//!
//! A loss is disallowed to the extent that substantially identical shares were bought within 30 days before
//! or after the sale, in any account of the household.
//!
//! - Losses are matched in order of sale; losses of one order, in order of acquisition (Reg. 1.1091-1(b)).
//! - Replacement shares are matched in order of purchase, each share once.
//! - The disallowed loss is added to the replacement's basis, and the holding period tacks. If the
//!   replacement is in an IRA or a Roth account, the loss is permanently disallowed (Rev. Rul. 2008-5).
//! - Shares of the same purchase do not replace each other (Rev. Rul. 56-602).
//!
//! This module keeps the losses that still wait for a replacement. The ledger keeps the shares.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use unisleeve_units::TradeIndex;
use unisleeve_units::{LotId, Money, Ratio, SecurityId, Shares};

/// Days before and after the sale, inclusive.
pub const WINDOW_DAYS: i64 = 30;

/// First and last day of the window around a sale.
pub fn window(sold: NaiveDate) -> (NaiveDate, NaiveDate) {
    let days = Days::new(WINDOW_DAYS.unsigned_abs());
    let first = sold.checked_sub_days(days).unwrap_or(NaiveDate::MIN);
    (first, sold.checked_add_days(days).unwrap_or(NaiveDate::MAX))
}

/// Whether a purchase on `bought` can replace shares sold on `sold`.
pub fn in_window(bought: NaiveDate, sold: NaiveDate) -> bool {
    (bought - sold).num_days().abs() <= WINDOW_DAYS
}

/// Whether replacement shares may be older than the shares sold: bought within the 30 days before a sale at a
/// loss, but before the shares that were sold.
///
/// By the words of section 1091(a) they are replacement shares, and brokers report them so. Some read
/// "acquired ... substantially identical" to mean only shares bought after those sold. There is no ruling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PriorPurchases {
    /// They are replacement shares, by the words of the section.
    #[default]
    Count,
    /// They are not replacement shares.
    Ignore,
}

/// A loss, or a part of one, whose shares have not been replaced yet.
#[derive(Debug, Clone, Copy)]
pub struct PendingLoss {
    /// The sale.
    pub sale: TradeIndex,
    /// Its position among all losses: in order of sale, and within one order in order of acquisition.
    pub turn: u32,
    /// Date of the sale. For worthless shares, the last day of the year (IRC 165(g)(1)).
    pub sold: NaiveDate,
    /// Security that was sold.
    pub security: SecurityId,
    /// Purchase that the sold shares came from.
    pub lot: LotId,
    /// Date of that purchase.
    pub acquired: NaiveDate,
    /// Start of the sold shares' holding period.
    pub holding_start: NaiveDate,
    /// Shares not replaced yet, as today's shares: a split after the sale restates them.
    pub quantity: Shares,
    /// The same shares, counted as on the day of the sale, as its record has them.
    pub quantity_sold: Shares,
    /// Quantity times price of these shares.
    pub amount: Money,
    /// Trading cost of these shares.
    pub cost: Money,
    /// Basis of these shares.
    pub basis: Money,
}

impl PendingLoss {
    /// Loss on the shares not replaced yet, zero or positive.
    pub fn loss(&self) -> Money {
        (self.basis + self.cost - self.amount).max(Money::ZERO)
    }

    /// Splits off `quantity` shares with their part of the sale. Remainders from rounding stay in this loss.
    pub fn take(&mut self, quantity: Shares) -> Self {
        let fraction = Ratio::new(i128::from(quantity.raw()), i128::from(self.quantity.raw()));
        let part = Self {
            quantity,
            quantity_sold: self.quantity_sold.times(fraction.unwrap_or(Ratio::ONE)).min(self.quantity_sold),
            amount: self.amount.prorate(quantity, self.quantity),
            cost: self.cost.prorate(quantity, self.quantity),
            basis: self.basis.prorate(quantity, self.quantity),
            ..*self
        };
        self.quantity -= part.quantity;
        self.quantity_sold -= part.quantity_sold;
        self.amount -= part.amount;
        self.cost -= part.cost;
        self.basis -= part.basis;
        part
    }
}

/// Losses that wait for replacement shares, in order of sale, for one group of substantially identical
/// securities.
#[derive(Debug, Clone, Default)]
struct Queue {
    losses: Vec<PendingLoss>,
    /// Losses before this index are used up, or too old for a purchase today.
    from: usize,
}

impl Queue {
    fn expire(&mut self, today: NaiveDate, keep: bool) {
        let done = |p: &PendingLoss| !p.quantity.is_positive() || (today - p.sold).num_days() > WINDOW_DAYS;
        while self.losses.get(self.from).is_some_and(done) {
            self.from += 1;
        }
        if !keep && self.from > 32 && self.from * 2 > self.losses.len() {
            self.losses.drain(..self.from);
            self.from = 0;
        }
    }
}

/// Losses that wait for replacement shares, by group of substantially identical securities.
#[derive(Debug, Clone, Default)]
pub struct WashBook {
    pending: Vec<Queue>,
    /// Number of losses added so far.
    turns: u32,
    /// Whether to keep losses older than the window, for shares that are booked long after they were bought.
    keep: bool,
}

impl WashBook {
    /// An empty book for `groups` groups of substantially identical securities.
    pub fn new(groups: usize) -> Self {
        Self { pending: vec![Queue::default(); groups], turns: 0, keep: false }
    }

    /// Keeps all losses, because shares may be booked long after they were bought.
    pub fn keep_all(&mut self) {
        self.keep = true;
    }

    /// Adds what is left of a loss after matching it with shares bought before the sale.
    pub fn wait(&mut self, group: usize, mut loss: PendingLoss) {
        self.turns += 1;
        loss.turn = self.turns;
        if let Some(queue) = self.pending.get_mut(group).filter(|_| loss.quantity.is_positive()) {
            // The new loss is nearly always the last.
            let at = queue.losses.partition_point(|l| (l.sold, l.turn) <= (loss.sold, loss.turn));
            queue.losses.insert(at.max(queue.from), loss);
        }
    }

    /// The parts of waiting losses that `quantity` shares replace, in order of sale. The shares were bought
    /// on `bought` and are booked `today`.
    pub fn replaced_by(
        &mut self,
        group: usize,
        today: NaiveDate,
        bought: NaiveDate,
        lot: LotId,
        quantity: Shares,
        prior: PriorPurchases,
    ) -> Vec<PendingLoss> {
        let Some(queue) = self.pending.get_mut(group) else { return Vec::new() };
        queue.expire(today, self.keep);
        let first = if bought == today {
            queue.from
        } else {
            queue.losses.partition_point(|p| p.sold < bought && !in_window(bought, p.sold))
        };
        let (mut left, mut parts) = (quantity, Vec::new());
        for loss in queue.losses.iter_mut().skip(first) {
            if !left.is_positive() || (loss.sold - bought).num_days() > WINDOW_DAYS {
                break;
            }
            let take = left.min(loss.quantity);
            // Shares that are booked late may have been bought before the shares sold.
            let counts = prior == PriorPurchases::Count || bought >= loss.acquired;
            if take.is_positive() && loss.lot != lot && counts {
                parts.push(loss.take(take));
                left -= take;
            }
        }
        parts
    }

    /// Losses that a purchase on `date` could still disallow, in order of sale.
    pub fn waiting(&self, group: usize, date: NaiveDate) -> impl Iterator<Item = &PendingLoss> {
        let queue = self.pending.get(group);
        let losses = queue.map_or(&[][..], |q| q.losses.get(q.from..).unwrap_or_default());
        losses.iter().filter(move |p| p.quantity.is_positive() && in_window(date, p.sold))
    }

    /// Restates the waiting losses of a security in shares after a split. `scale` maps old shares to new
    /// ones.
    pub fn restate(&mut self, group: usize, security: SecurityId, scale: impl Fn(Shares) -> Shares) {
        let losses = self.pending.get_mut(group).into_iter().flat_map(|q| &mut q.losses);
        for loss in losses.filter(|l| l.security == security && l.quantity.is_positive()) {
            loss.quantity = scale(loss.quantity);
        }
    }

    /// Reassigns the waiting losses of security `old` in group `from` to security `new` in group `to`.
    pub fn hand_over(&mut self, from: usize, old: SecurityId, to: usize, new: SecurityId) {
        let Some(queue) = self.pending.get_mut(from) else { return };
        let (moved, kept): (Vec<_>, Vec<_>) = queue.losses.drain(..).partition(|l| l.security == old);
        (queue.losses, queue.from) = (kept, 0);
        if let Some(queue) = self.pending.get_mut(to) {
            queue.losses.extend(moved.into_iter().map(|l| PendingLoss { security: new, ..l }));
            queue.losses.sort_by_key(|l| (l.sold, l.turn));
            queue.from = 0;
        }
    }
}
