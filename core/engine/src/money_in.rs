//! Money and shares that come in: opening cash and lots, promised cash from managers, distributions.

use unisleeve_books::household::{LedgerError, Order, Pocket};
use unisleeve_books::journal::{CashKind, Reason};
use unisleeve_market::View;
use unisleeve_units::{AccountId, Money, PocketId, Rate};

use super::Late;
use super::arm::Arm;
use super::delay::Delay;

impl Arm<'_> {
    /// Books the household's opening cash and lots. Returns their value in dollars.
    pub(super) fn open(&mut self, view: &View<'_>) -> Result<Money, LedgerError> {
        let (config, date) = (self.config, view.date());
        let mut value = config.household.cash;
        self.cash(date, CashKind::Contribution, value)?;
        for (i, account) in config.household.accounts.iter().enumerate() {
            let pocket = self.setup.pocket(AccountId::beside_main(i), self.setup.advisor());
            self.ledger.book_cash(date, pocket, CashKind::Contribution, None, account.cash)?;
            value += account.cash;
        }
        for (lot, (cell, security)) in config.household.lots.iter().zip(&self.setup.legacy) {
            let price = view.last_close(*security).unwrap_or_default();
            let order = Order {
                date,
                pocket: self.setup.pocket(cell.account, self.setup.mandate_of(cell.sleeve)),
                sleeve: cell.sleeve,
                security: *security,
                price,
                cost_rate: Rate::ZERO,
                reason: Reason::default(),
            };
            self.ledger.transfer_lot_in(&order, lot.quantity, lot.basis, lot.acquired)?;
            value += Money::of(lot.quantity, price);
        }
        Ok(value)
    }

    /// Transfers promised cash that arrives today. Returns whether there was any.
    pub(super) fn arrivals(&mut self, view: &View<'_>) -> Result<bool, LedgerError> {
        let (due, rest): (Vec<_>, Vec<_>) = self.promises.iter().partition(|p| p.at <= self.session);
        self.promises = rest;
        let delay = Delay::of(self.setup.lag(), view.sessions_a_year());
        for p in &due {
            self.promised[p.from.index()] -= p.amount;
            let amount = p.amount.min(self.ledger.balance(p.from));
            self.ledger.transfer(view.date(), p.from, p.to, amount)?;
            let account = self.ledger.pockets().get(p.to.index()).map_or(AccountId::MAIN, |p| p.account);
            if delay.rest > 0.0 && amount.is_positive() {
                self.late.push(Late { account, amount, rest: delay.rest });
            }
        }
        Ok(!due.is_empty())
    }

    /// Books the session's distributions on shares held before its trades.
    pub(super) fn distribute(&mut self, view: &View<'_>) -> Result<(), LedgerError> {
        for d in view.distributions() {
            if !self.ledger.held(d.security).is_positive() {
                continue;
            }
            for pocket in 0..self.ledger.pockets().len() {
                let Some(Pocket { account, mandate, .. }) = self.ledger.pockets().get(pocket).copied() else {
                    continue;
                };
                let lots = self.ledger.lots(d.security).iter();
                let mine =
                    lots.filter(|l| l.account == account && self.setup.mandate_of(l.sleeve) == mandate);
                let shares = mine.map(|l| l.quantity).sum();
                let amount = Money::of(shares, d.per_share);
                if amount.is_positive() {
                    let to = PocketId(pocket as u16);
                    self.ledger.income_received(view.date(), to, d.security, d.kind, amount, shares)?;
                }
            }
        }
        Ok(())
    }
}
