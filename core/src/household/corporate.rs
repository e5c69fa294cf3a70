//! What companies do to the shares of their holders: splits, distributions of capital, spin-offs, mergers, new names. None
//! of them is a purchase or, but for what is paid beyond the basis, a sale.

use super::{Entry, LedgerError, LotBook};
use crate::journal::Side;
use crate::tax::{Gift, Lot, term};
use crate::units::{AccountId, LIMIT, Money, Price, Ratio, SecurityId, Shares};

/// The least that a lot can hold: a reverse split never makes one vanish.
const LEAST: Shares = Shares::from_raw(1);

fn scaled(quantity: Shares, ratio: Ratio) -> Shares {
    quantity.times(ratio).max(LEAST)
}

impl LotBook {
    fn of_account(&self, security: SecurityId, account: AccountId) -> Vec<usize> {
        let lots = self.lots(security).iter().enumerate();
        lots.filter(|(_, l)| l.account == account).map(|(at, _)| at).collect()
    }

    /// Shares that an account holds of a security.
    pub fn held_in(&self, security: SecurityId, account: AccountId) -> Shares {
        self.lots(security).iter().filter(|l| l.account == account).map(|l| l.quantity).sum()
    }

    /// Refuses what would make more shares of `into` than can be counted.
    fn check_size(&self, entry: &Entry, into: SecurityId, ratio: Ratio) -> Result<(), LedgerError> {
        let lots = self.lots(entry.security).iter().filter(|l| l.account == entry.account);
        let limit = i128::from(LIMIT) * 1_000_000;
        let more: i128 = lots.map(|l| i128::from(scaled(l.quantity, ratio).raw())).sum();
        if more + i128::from(self.held(into).raw()) > limit || into.index() >= self.lots.len() {
            return Err(LedgerError::TooLarge);
        }
        Ok(())
    }

    /// New shares for old in one account: the basis spreads over them, the holding period runs on (IRC 305(a), 307(a),
    /// 1223(4)). Losses that wait for a replacement belong to no account: see [`LotBook::restate_losses`].
    ///
    /// # Errors
    /// When there would be more shares than can be counted.
    pub fn split(&mut self, entry: &Entry, ratio: Ratio) -> Result<(), LedgerError> {
        let s = entry.security;
        self.check_size(entry, s, ratio)?;
        for at in self.of_account(s, entry.account) {
            let lot = &mut self.lots[s.index()][at];
            let quantity = scaled(lot.quantity, ratio);
            let added = quantity - lot.quantity;
            lot.quantity = quantity;
            self.held[s.index()] += added;
            let row = Lot { quantity: added, basis: Money::ZERO, ..self.lots[s.index()][at] };
            self.record(entry, Side::Split, &row, Price::ZERO, Money::ZERO, Money::ZERO, None);
        }
        self.watch.restate(s, s, Some(entry.account), |q| scaled(q, ratio));
        Ok(())
    }

    /// Restates the losses of a security that wait for a replacement in the shares after a split, whether or not any are
    /// held: once for each split.
    pub fn restate_losses(&mut self, security: SecurityId, ratio: Ratio) {
        if let Some(group) = self.group_of.get(security.index()) {
            self.wash.restate(*group as usize, security, |q| scaled(q, ratio));
        }
    }

    /// A distribution of `total` dollars that is no dividend: it reduces the basis of each share alike, and what exceeds a
    /// lot's basis is a gain of its holding period (IRC 301(c)(2) and (3); Pub. 550).
    pub fn return_of_capital(&mut self, entry: &Entry, total: Money) {
        let s = entry.security;
        let (mut left, mut shares) = (total, self.held_in(s, entry.account));
        for at in self.of_account(s, entry.account) {
            let lot = &mut self.lots[s.index()][at];
            // Of what is left for the shares that are left: nothing is lost to rounding.
            let part = left.prorate(lot.quantity, shares);
            left -= part;
            shares -= lot.quantity;
            let taken = part.min(lot.basis);
            lot.basis -= taken;
            if let Some(gift) = &mut lot.gift {
                gift.value -= part.min(gift.value);
            }
            let lot = *lot;
            let row = Lot { quantity: Shares::ZERO, basis: -taken, ..lot };
            let taxed = part > taken && self.is_taxable(lot.account);
            let term = taxed.then(|| term(lot.holding_start, entry.date));
            self.record(entry, Side::ReturnOfCapital, &row, Price::ZERO, part, Money::ZERO, term);
            if let Some(term) = term {
                self.add_gain(entry.mandate, entry.date, term, part - taken);
            }
        }
    }

    /// Shares of `child` for those of the entry's security in one account: `ratio` for each, with `fraction` of the basis
    /// (by market value: IRC 358(b)(2), Reg. 1.358-2), and the holding period of the old shares (IRC 1223(1)).
    ///
    /// # Errors
    /// When there would be more shares than can be counted.
    pub fn spin_off(
        &mut self,
        entry: &Entry,
        child: SecurityId,
        ratio: Ratio,
        fraction: Ratio,
    ) -> Result<(), LedgerError> {
        let s = entry.security;
        self.check_size(entry, child, ratio)?;
        for at in self.of_account(s, entry.account) {
            let lot = &mut self.lots[s.index()][at];
            let basis = lot.basis.times(fraction).min(lot.basis);
            lot.basis -= basis;
            let gift = lot.gift.map(|g| Gift { value: g.value.times(fraction), ..g });
            if let (Some(rest), Some(taken)) = (&mut lot.gift, gift) {
                rest.value -= taken.value;
            }
            let parent = *lot;
            let row = Lot { quantity: Shares::ZERO, basis: -basis, ..parent };
            self.record(entry, Side::Spinoff, &row, Price::ZERO, Money::ZERO, Money::ZERO, None);
            let quantity = scaled(parent.quantity, ratio);
            let new = Lot { piece: self.new_piece(), quantity, basis, gift, may_replace: false, ..parent };
            self.come_in(&Entry { security: child, ..*entry }, Side::Spinoff, new);
        }
        Ok(())
    }

    /// Shares of `into` for those of the entry's security in one account, with basis and holding period (IRC 354, 358,
    /// 1223(1)). `ratio` is new shares for an old one. Shares of another company were not purchased, so they replace
    /// nothing; under a new name (`same_company`) they are what they were.
    ///
    /// # Errors
    /// When there would be more shares than can be counted.
    pub fn exchange(
        &mut self,
        entry: &Entry,
        into: SecurityId,
        ratio: Ratio,
        same_company: bool,
    ) -> Result<(), LedgerError> {
        let s = entry.security;
        self.check_size(entry, into, ratio)?;
        let (gone, kept): (Vec<Lot>, Vec<Lot>) =
            self.lots[s.index()].drain(..).partition(|l| l.account == entry.account);
        self.lots[s.index()] = kept;
        for lot in gone {
            self.held[s.index()] -= lot.quantity;
            let row = Lot { quantity: -lot.quantity, basis: -lot.basis, ..lot };
            self.record(entry, Side::Merger, &row, Price::ZERO, Money::ZERO, Money::ZERO, None);
            let may_replace = lot.may_replace && same_company;
            let new = Lot { quantity: scaled(lot.quantity, ratio), may_replace, ..lot };
            self.come_in(&Entry { security: into, ..*entry }, Side::Merger, new);
        }
        self.watch.restate(s, into, Some(entry.account), |q| scaled(q, ratio));
        Ok(())
    }

    /// What held under the old name holds under the new one: losses that wait for a replacement, and the securities that are
    /// substantially identical. A new name that is in a group of several keeps its group.
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
