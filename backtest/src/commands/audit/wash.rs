//! Wash sales (IRC 1091), recomputed. A loss on shares is disallowed as far as identical shares were bought
//! within 30 days before or after the sale, in any account. Losses are matched in order of sale, replacements
//! in order of purchase, and each share once. If an IRA or Roth bought the replacement, the loss is lost
//! permanently (Rev. Rul. 2008-5).

use chrono::{Days, NaiveDate};
use unisleeve_core::units::{Money, Price, Shares};

use super::lots::{Lots, Piece};

/// Days before and after the sale.
const WINDOW: i64 = 30;

/// Shares sold at a loss without a replacement so far.
#[derive(Debug, Clone)]
struct Loss {
    /// Index among the arm's sales.
    sale: usize,
    sold: NaiveDate,
    symbol: u32,
    /// Lot of the purchase sold. A purchase can't replace itself (Rev. Rul. 56-602).
    lot: u32,
    holding_start: NaiveDate,
    /// Shares in today's units (after splits).
    quantity: Shares,
    part: Part,
}

/// A part of a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Part {
    /// Shares in units of the day of the sale.
    pub(super) quantity: Shares,
    pub(super) amount: Money,
    pub(super) cost: Money,
    pub(super) basis: Money,
    /// Disallowed loss. The next field is the lot that replaced the shares.
    pub(super) disallowed: Money,
    pub(super) replacement: Option<u32>,
}

impl Part {
    pub(super) fn gain(&self) -> Money {
        self.amount - self.cost - self.basis
    }
}

impl Loss {
    fn open(&self) -> Money {
        (-self.part.gain()).max(Money::ZERO)
    }

    /// Removes shares with their part of the sale, each figure rounded half-even. The remainder stays with
    /// the rest.
    fn take(&mut self, quantity: Shares) -> Self {
        let (all, p) = (self.quantity, &self.part);
        let share = |m: Money| m.prorate(quantity, all);
        // Shares have more decimals than dollars but are prorated the same way.
        let shares = Money::from_raw(p.quantity.raw()).prorate(quantity, all).raw().min(p.quantity.raw());
        let part = Part {
            quantity: Shares::from_raw(shares),
            amount: share(p.amount),
            cost: share(p.cost),
            basis: share(p.basis),
            ..Part::default()
        };
        self.quantity -= quantity;
        self.part.quantity -= part.quantity;
        self.part.amount -= part.amount;
        self.part.cost -= part.cost;
        self.part.basis -= part.basis;
        Self { quantity, part, ..self.clone() }
    }
}

/// A disallowed loss.
#[derive(Debug, Clone, Copy)]
pub(super) struct Washed {
    pub(super) sale: usize,
    pub(super) part: Part,
}

/// Losses that may still find a replacement, by group of identical symbols, in order of sale.
#[derive(Debug, Default)]
pub(super) struct WashSales {
    waiting: Vec<Vec<Loss>>,
    /// Accounts in which the replacement makes the loss permanent: those that are not taxed.
    for_good: Vec<bool>,
}

/// The facts of a sale that section 1091 needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sold {
    pub(super) sale: usize,
    pub(super) date: NaiveDate,
    pub(super) symbol: u32,
    pub(super) lot: u32,
    pub(super) acquired: NaiveDate,
    /// Position of the purchase in the order of booking.
    pub(super) purchase: u32,
    pub(super) holding_start: NaiveDate,
    pub(super) quantity: Shares,
    pub(super) amount: Money,
    pub(super) cost: Money,
    pub(super) basis: Money,
    /// Whether all shares of the symbol are paid out at once. Then none of them can replace another.
    pub(super) is_paid_out: bool,
}

fn in_window(bought: NaiveDate, sold: NaiveDate) -> bool {
    (bought - sold).num_days().abs() <= WINDOW
}

impl WashSales {
    pub(super) fn new(groups: usize, for_good: Vec<bool>) -> Self {
        Self { waiting: vec![Vec::new(); groups], for_good }
    }

    /// Matches a loss with shares bought before it and still held. The unmatched rest waits for later
    /// purchases.
    pub(super) fn sold(&mut self, lots: &mut Lots, sold: &Sold, washed: &mut Vec<Washed>) {
        let group = lots.group(sold.symbol);
        let mut loss = Loss {
            sale: sold.sale,
            sold: sold.date,
            symbol: sold.symbol,
            lot: sold.lot,
            holding_start: sold.holding_start,
            quantity: sold.quantity,
            part: Part {
                quantity: sold.quantity,
                amount: sold.amount,
                cost: sold.cost,
                basis: sold.basis,
                ..Part::default()
            },
        };
        while loss.quantity.is_positive() {
            let pieces = lots.of_group(group).iter().enumerate();
            let free = pieces.filter(|(_, p)| {
                p.may_replace
                    && !(sold.is_paid_out && p.symbol == sold.symbol)
                    && p.lot != loss.lot
                    && p.quantity.is_positive()
                    && in_window(p.acquired, loss.sold)
            });
            let first = free.min_by_key(|(_, p)| (p.acquired, p.purchase)).map(|(at, p)| (at, p.quantity));
            let Some((at, quantity)) = first else { break };
            let part = loss.take(quantity.min(loss.quantity));
            washed.push(self.replace(lots, group, at, &part));
        }
        if loss.quantity.is_positive() {
            self.waiting[group].push(loss);
        }
    }

    /// Matches a purchase with losses of the 30 days before it.
    pub(super) fn bought(
        &mut self,
        lots: &mut Lots,
        symbol: u32,
        number: u32,
        today: NaiveDate,
        washed: &mut Vec<Washed>,
    ) {
        let group = lots.group(symbol);
        self.waiting[group].retain(|l| l.quantity.is_positive() && (today - l.sold).num_days() <= WINDOW);
        let Some(piece) = lots.find(symbol, number) else { return };
        let (bought, lot) = (piece.acquired, piece.lot);
        for i in 0..self.waiting[group].len() {
            let Some(at) = lots.of_group(group).iter().position(|p| p.number == number && p.may_replace)
            else {
                break;
            };
            let loss = &mut self.waiting[group][i];
            if loss.lot == lot || !in_window(bought, loss.sold) {
                continue;
            }
            let quantity = lots.of_group(group)[at].quantity.min(loss.quantity);
            let part = loss.take(quantity);
            washed.push(self.replace(lots, group, at, &part));
        }
    }

    /// Disallows a loss. It is added to the basis of the replacement (1091(d)), whose holding period is
    /// extended (1223(3)).
    fn replace(&self, lots: &mut Lots, group: usize, at: usize, loss: &Loss) -> Washed {
        let at = lots.split_off(group, at, loss.quantity);
        let piece = &mut lots.of_group(group)[at];
        let disallowed = loss.open();
        piece.may_replace = false;
        if !self.for_good.get(piece.account as usize).copied().unwrap_or(false) {
            piece.basis += disallowed;
            let held = (loss.sold - loss.holding_start).num_days().max(0) as u64;
            let start = piece.holding_start.checked_sub_days(Days::new(held));
            piece.holding_start = start.unwrap_or(NaiveDate::MIN);
        }
        Washed { sale: loss.sale, part: Part { disallowed, replacement: Some(piece.lot), ..loss.part } }
    }

    /// Converts waiting losses of a symbol to shares after a split.
    pub(super) fn split(&mut self, group: usize, symbol: u32, ratio: Price) {
        for loss in self.waiting[group].iter_mut().filter(|l| l.symbol == symbol) {
            loss.quantity = scaled(loss.quantity, ratio);
        }
    }
}

/// A lot that a corporate action reaches: its account, its acquisition date, and its shares or dollars.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holder {
    account: u32,
    acquired: NaiveDate,
    has: i64,
}

impl Holder {
    pub(super) fn of(piece: &Piece, has: i64) -> Self {
        Self { account: piece.account, acquired: piece.acquired, has }
    }
}

/// The result of a corporate action for each lot. The total of an account times `num / den`, rounded
/// half-even, is spread over its lots. Rounding differences go to the largest part. No part is below `least`.
/// If `bounded`, no part exceeds what the lot has.
pub(super) fn in_proportion(
    holders: &[Holder],
    (num, den): (i64, i64),
    least: i64,
    bounded: bool,
) -> Vec<i64> {
    let times = |x: i64| {
        let [num, den] = [num, den].map(Shares::from_raw);
        if den.is_positive() { Money::from_raw(x).prorate(num, den).raw() } else { x }
    };
    let bound = |at: usize| if bounded { holders[at].has } else { i64::MAX };
    let mut parts: Vec<i64> =
        (0..holders.len()).map(|at| times(holders[at].has).max(least).min(bound(at))).collect();
    let mut accounts: Vec<u32> = holders.iter().map(|h| h.account).collect();
    accounts.sort_unstable();
    accounts.dedup();
    for account in accounts {
        let mut mine: Vec<usize> = (0..holders.len()).filter(|at| holders[*at].account == account).collect();
        let sum = |of: &dyn Fn(usize) -> i64| mine.iter().fold(0i64, |sum, at| sum.saturating_add(of(*at)));
        let mut rest = times(sum(&|at| holders[at].has)).saturating_sub(sum(&|at| parts[at]));
        mine.sort_by_key(|at| (std::cmp::Reverse(parts[*at]), holders[*at].acquired));
        for at in mine {
            let after = parts[at].saturating_add(rest);
            let after = if rest < 0 { after.max(least.min(parts[at])) } else { after.min(bound(at)) };
            rest -= after - parts[at];
            parts[at] = after;
        }
    }
    parts
}

/// Shares after a split of `ratio` new shares for one old share; at least the smallest unit.
pub(super) fn scaled(quantity: Shares, ratio: Price) -> Shares {
    let raw = Money::from_raw(quantity.raw())
        .prorate(Shares::from_raw(ratio.raw()), Shares::from_raw(Price::ONE.raw()))
        .raw();
    Shares::from_raw(raw.max(1))
}
