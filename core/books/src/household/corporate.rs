//! Corporate actions: splits, distributions of capital, spin-offs, mergers, new names. None of them is a
//! purchase, and apart from what is paid in cash none is a sale.
//!
//! A company counts the shares of an account, not of a lot: the account receives its total times the ratio,
//! rounded once. Each lot receives its part, and differences from rounding go to the largest lot.

use chrono::NaiveDate;

use super::{Entry, LedgerError, LotBook};
use crate::journal::Side;
use unisleeve_tax::{Gift, Lot, term};
use unisleeve_units::{AccountId, LIMIT, Money, Price, Ratio, SecurityId, Shares, Term};

/// Smallest quantity of a lot, so that a reverse split never makes a lot vanish.
const LEAST: Shares = Shares::from_raw(1);

fn scaled(quantity: Shares, ratio: Ratio) -> Shares {
    quantity.times(ratio).max(LEAST)
}

/// Adjusts parts so that they add up to `total`. The difference goes to the largest part, as far as its
/// bounds allow, then to the next largest. Of equal parts the first counts as larger.
fn settle(parts: &mut [i64], total: i64, least: i64, most: impl Fn(usize) -> i64) {
    let mut rest = total - parts.iter().sum::<i64>();
    if rest == 0 {
        return;
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_unstable_by_key(|at| (std::cmp::Reverse(parts[*at]), *at));
    for at in order {
        let room = if rest < 0 { (least - parts[at]).min(0) } else { (most(at) - parts[at]).max(0) };
        let step = if rest < 0 { rest.max(room) } else { rest.min(room) };
        parts[at] += step;
        rest -= step;
        if rest == 0 {
            return;
        }
    }
}

/// The shares of each lot after its account's total is multiplied by the ratio.
fn restated(lots: &[Lot], ratio: Ratio) -> Vec<Shares> {
    let held: Shares = lots.iter().map(|l| l.quantity).sum();
    let mut parts: Vec<i64> = lots.iter().map(|l| scaled(l.quantity, ratio).raw()).collect();
    settle(&mut parts, held.times(ratio).raw(), LEAST.raw(), |_| i64::MAX);
    parts.into_iter().map(Shares::from_raw).collect()
}

/// The part of each lot's basis that goes to the shares of another company.
fn apportioned(bases: impl Iterator<Item = Money>, fraction: Ratio) -> Vec<Money> {
    let bases: Vec<Money> = bases.collect();
    let mut parts: Vec<i64> = bases.iter().map(|b| b.times(fraction).min(*b).raw()).collect();
    let total = bases.iter().copied().sum::<Money>().times(fraction);
    settle(&mut parts, total.raw(), 0, |at| bases[at].raw());
    parts.into_iter().map(Money::from_raw).collect()
}

/// Shares that left the account before a distribution on them was paid.
#[derive(Debug, Clone, Copy)]
pub struct Departed {
    /// The shares as they were when they were sold.
    pub lot: Lot,
    /// Term of that sale.
    pub term: Term,
}

/// What holders receive in a merger for each old share.
#[derive(Debug, Clone, Copy)]
pub struct Received {
    /// New shares per old share.
    pub ratio: Ratio,
    /// Cash per old share (boot).
    pub cash: Price,
    /// Value of a new share; `None` treats all of the cash as gain.
    pub value: Option<Price>,
    /// Whether this is the same company under a new name: then shares may still replace shares sold at a
    /// loss.
    pub same_company: bool,
}

impl LotBook {
    fn of_account(&self, security: SecurityId, account: AccountId) -> Vec<Lot> {
        self.lots(security).iter().filter(|l| l.account == account).copied().collect()
    }

    /// Refuses an action that would create more shares of `into` than can be counted.
    fn check_size(&self, entry: &Entry, into: SecurityId, ratio: Ratio) -> Result<(), LedgerError> {
        let lots = self.lots(entry.security).iter().filter(|l| l.account == entry.account);
        let limit = i128::from(LIMIT) * 1_000_000;
        let more: i128 = lots.map(|l| i128::from(scaled(l.quantity, ratio).raw())).sum();
        if more + i128::from(self.held(into).raw()) > limit || into.index() >= self.lots.len() {
            return Err(LedgerError::TooLarge);
        }
        Ok(())
    }

    pub(super) fn change(&mut self, security: SecurityId, piece: u32, change: impl FnOnce(&mut Lot)) {
        if let Some(lots) = self.lots.get_mut(security.index()) {
            lots.change(piece, change);
        }
    }

    /// Splits the shares in one account: the basis spreads over the new shares, and the holding period
    /// continues (IRC 305(a), 307(a), 1223(4)). Losses that wait for a replacement belong to no account;
    /// restate them with [`LotBook::restate_losses`]. Returns the pieces with their new shares.
    ///
    /// # Errors
    /// [`LedgerError::TooLarge`] if there would be more shares than can be counted.
    pub fn split(&mut self, entry: &Entry, ratio: Ratio) -> Result<Vec<Lot>, LedgerError> {
        let s = entry.security;
        self.check_size(entry, s, ratio)?;
        let mut lots = self.of_account(s, entry.account);
        let after = restated(&lots, ratio);
        for (lot, quantity) in lots.iter_mut().zip(after) {
            let added = quantity - lot.quantity;
            lot.quantity = quantity;
            self.change(s, lot.piece, |l| l.quantity = quantity);
            self.held[s.index()] += added;
            let row = Lot { quantity: added, basis: Money::ZERO, ..*lot };
            self.record(entry, Side::Split, &row, Price::ZERO, Money::ZERO, Money::ZERO, None);
        }
        self.watch.restate(s, s, Some(entry.account), |q| scaled(q, ratio));
        Ok(lots)
    }

    /// Restates a security's losses that wait for a replacement in shares after a split. Call it once for
    /// each split, even if no shares are held.
    pub fn restate_losses(&mut self, security: SecurityId, ratio: Ratio) {
        if let Some(group) = self.group_of.get(security.index()) {
            self.wash.restate(*group as usize, security, |q| scaled(q, ratio));
        }
    }

    /// Books a distribution of `total` dollars that is not a dividend, on the shares that an account held
    /// before `ex`. It reduces the basis of each share by the same amount. What exceeds a lot's basis is a
    /// gain of its holding period (IRC 301(c)(2) and (3); Pub. 550). Shares that have `departed` since then
    /// have no basis left, so their part is a gain of the sale's term.
    pub fn return_of_capital(&mut self, entry: &Entry, total: Money, ex: NaiveDate, departed: &[Departed]) {
        let s = entry.security;
        let mut lots = self.of_account(s, entry.account);
        lots.retain(|l| l.acquired < ex);
        let (mut left, held) = (total, lots.iter().map(|l| l.quantity).sum::<Shares>());
        let mut shares = held + departed.iter().map(|d| d.lot.quantity).sum();
        // Each part is a share of what is left, so rounding loses nothing.
        let mut part_of = |quantity: Shares| {
            let part = left.prorate(quantity, shares);
            left -= part;
            shares -= quantity;
            part
        };
        for mut lot in lots {
            let part = part_of(lot.quantity);
            let taken = part.min(lot.basis);
            lot.basis -= taken;
            if let Some(gift) = &mut lot.gift {
                gift.value -= part.min(gift.value);
            }
            self.change(s, lot.piece, |l| (l.basis, l.gift) = (lot.basis, lot.gift));
            self.book_distribution(
                entry,
                Side::ReturnOfCapital,
                &lot,
                part,
                taken,
                term(lot.holding_start, entry.date),
            );
        }
        for d in departed {
            let part = part_of(d.lot.quantity);
            self.book_distribution(entry, Side::ReturnOfCapital, &d.lot, part, Money::ZERO, d.term);
        }
    }

    /// Books cash that a lot receives without a sale: `taken` comes out of its basis and the rest is gain.
    fn book_distribution(
        &mut self,
        entry: &Entry,
        side: Side,
        lot: &Lot,
        part: Money,
        taken: Money,
        term: Term,
    ) {
        let row = Lot { quantity: Shares::ZERO, basis: -taken, ..*lot };
        let term = (part > taken && self.is_taxable(lot.account)).then_some(term);
        self.record(entry, side, &row, Price::ZERO, part, Money::ZERO, term);
        if let Some(term) = term {
            self.add_gain(entry.mandate, entry.date, term, part - taken);
        }
    }

    /// Spins off shares of `child` in one account: `ratio` new shares for each old share, with `fraction` of
    /// the basis (by market value: IRC 358(b)(2), Reg. 1.358-2) and the holding period of the old shares (IRC
    /// 1223(1)). Returns the new pieces.
    ///
    /// # Errors
    /// [`LedgerError::TooLarge`] if there would be more shares than can be counted.
    pub fn spin_off(
        &mut self,
        entry: &Entry,
        child: SecurityId,
        ratio: Ratio,
        fraction: Ratio,
    ) -> Result<Vec<Lot>, LedgerError> {
        let s = entry.security;
        self.check_size(entry, child, ratio)?;
        let parents = self.of_account(s, entry.account);
        let shares = restated(&parents, ratio);
        let bases = apportioned(parents.iter().map(|l| l.basis), fraction);
        let mut received = Vec::with_capacity(parents.len());
        for ((parent, quantity), basis) in parents.iter().zip(shares).zip(bases) {
            let gift = parent.gift.map(|g| Gift { value: g.value.times(fraction).min(g.value), ..g });
            self.change(s, parent.piece, |l| {
                l.basis -= basis;
                if let (Some(rest), Some(taken)) = (&mut l.gift, gift) {
                    rest.value -= taken.value;
                }
            });
            let row = Lot { quantity: Shares::ZERO, basis: -basis, ..*parent };
            self.record(entry, Side::Spinoff, &row, Price::ZERO, Money::ZERO, Money::ZERO, None);
            let new = Lot { piece: self.new_piece(), quantity, basis, gift, may_replace: false, ..*parent };
            self.come_in(&Entry { security: child, ..*entry }, Side::Spinoff, new);
            received.push(new);
        }
        Ok(received)
    }

    /// Exchanges the shares in one account for shares of `into`, which take over basis and holding period
    /// (IRC 354, 358, 1223(1)). Cash is taxed as far as the exchange has a gain, and a loss is never
    /// recognized; the rest of the cash reduces the basis (IRC 356(a)(1) and (c), 358(a)(1)). Shares of
    /// another company were not purchased, so they replace nothing. For a new name of the same company,
    /// shares keep their status. Returns the new pieces.
    ///
    /// # Errors
    /// [`LedgerError::TooLarge`] if there would be more shares than can be counted.
    pub fn exchange(
        &mut self,
        entry: &Entry,
        into: SecurityId,
        received: &Received,
    ) -> Result<Vec<Lot>, LedgerError> {
        let (s, ratio) = (entry.security, received.ratio);
        self.check_size(entry, into, ratio)?;
        let mut gone = self.lots[s.index()].drain(entry.account);
        let shares = restated(&gone, ratio);
        let mut new = Vec::with_capacity(gone.len());
        for (lot, quantity) in gone.iter_mut().zip(shares) {
            self.held[s.index()] -= lot.quantity;
            let cash = Money::of(lot.quantity, received.cash);
            if cash.is_positive() {
                // An amount computed from a price is not bounded, so the sum saturates.
                let sum = |a: Money, b: Money| Money::from_raw(a.raw().saturating_add(b.raw()));
                let worth = received.value.map(|v| sum(Money::of(quantity, v), cash));
                let gain = worth.map_or(cash, |w| (w - lot.basis).max(Money::ZERO).min(cash));
                let taken = (cash - gain).min(lot.basis);
                lot.basis -= taken;
                if let Some(gift) = &mut lot.gift {
                    gift.value -= taken.min(gift.value);
                }
                let term = term(lot.holding_start, entry.date);
                self.book_distribution(entry, Side::Merger, lot, cash, taken, term);
            }
            let row = Lot { quantity: -lot.quantity, basis: -lot.basis, ..*lot };
            self.record(entry, Side::Merger, &row, Price::ZERO, Money::ZERO, Money::ZERO, None);
            let may_replace = lot.may_replace && received.same_company;
            let lot = Lot { quantity, may_replace, ..*lot };
            self.come_in(&Entry { security: into, ..*entry }, Side::Merger, lot);
            new.push(lot);
        }
        self.watch.restate(s, into, Some(entry.account), |q| scaled(q, ratio));
        Ok(new)
    }

    /// Carries over from the old symbol to the new one: losses that wait for a replacement, and the group of
    /// substantially identical securities. A new symbol that is already in a group of several keeps its
    /// group.
    pub fn rename(&mut self, old: SecurityId, new: SecurityId) {
        let (from, to) = (self.group_of[old.index()] as usize, self.group_of[new.index()] as usize);
        if from == to || self.groups[to].len() > 1 {
            self.wash.hand_over(from, old, to, new);
            return;
        }
        self.wash.hand_over(to, new, from, new);
        self.wash.hand_over(from, old, from, new);
        self.groups[from].retain(|s| *s != old);
        self.groups[from].push(new);
        self.groups[to] = vec![old];
        self.group_of[old.index()] = to as u32;
        self.group_of[new.index()] = from as u32;
    }

    fn come_in(&mut self, entry: &Entry, side: Side, lot: Lot) {
        self.held[entry.security.index()] += lot.quantity;
        self.record(entry, side, &lot, Price::ZERO, Money::ZERO, Money::ZERO, None);
        self.put(entry.security, lot);
    }
}
