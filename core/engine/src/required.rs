//! Required distributions of tax-deferred accounts: how much is left to be taken this year, and the move to the
//! main account.

use chrono::{Datelike, NaiveDate};
use unisleeve_books::household::LedgerError;
use unisleeve_books::journal::CashKind;
use unisleeve_market::View;
use unisleeve_tax::required_distribution::required;
use unisleeve_units::{AccountId, Money};

use super::arm::Arm;
use super::dues::Dues;

/// Month in which required distributions are made.
const MONTH: u32 = 12;

impl Arm<'_> {
    /// At the first session of a year, works out what each account must distribute in it, from its value at the
    /// close before. In the first year of a run that is its value at the start.
    pub(super) fn require_distributions(&mut self, view: &View<'_>, is_first: bool) {
        let others = &self.config.household.accounts;
        if others.iter().all(|a| a.born.is_none()) {
            return;
        }
        let worth = match view.previous().filter(|_| !is_first) {
            Some(close) => self.worth_by_account(|s| close.last_close(s).unwrap_or_default(), |_| true),
            None => self.worth_at_start(view),
        };
        self.required = vec![Money::ZERO; self.setup.accounts.len()];
        for (i, account) in others.iter().enumerate() {
            let at = AccountId::beside_main(i).index();
            if let (Some(born), Some(worth)) = (account.born, worth.get(at)) {
                self.required[at] = required(born, view.date().year(), *worth);
            }
        }
    }

    /// Required distributions that are due at a session: what is left of the year's, in December.
    pub(super) fn required_now(&self, date: NaiveDate) -> Vec<Money> {
        let closed = |a: usize| self.closed.iter().any(|c| c.account.index() == a || c.account.is_main());
        if date.month() < MONTH {
            return Vec::new();
        }
        self.required
            .iter()
            .enumerate()
            .map(|(a, left)| if closed(a) { Money::ZERO } else { *left })
            .collect()
    }

    /// Moves what is required from each account's cash to the main account, and counts what the accounts have
    /// paid otherwise.
    pub(super) fn move_required(
        &mut self,
        date: NaiveDate,
        dues: &[Dues],
        bill: &[Money],
        taken: &[Money],
    ) -> Result<(), LedgerError> {
        for a in 0..self.required.len() {
            let account = AccountId(a as u16);
            let amount = dues[a].required.min(self.balance(account)).max(Money::ZERO);
            let paid = [bill, taken].iter().filter_map(|paid| paid.get(a)).copied().sum::<Money>() + amount;
            self.required[a] = (self.required[a] - paid).max(Money::ZERO);
            if amount.is_positive() {
                let from = self.setup.pocket(account, self.setup.advisor());
                self.ledger.book_cash(date, from, CashKind::Distribution, None, -amount)?;
                self.cash(date, CashKind::Distribution, amount)?;
                self.has_distributed = true;
            }
        }
        Ok(())
    }

    /// Value of each account at the start, before its cash and lots are booked, in dollars.
    fn worth_at_start(&self, view: &View<'_>) -> Vec<Money> {
        let house = &self.config.household;
        let mut worth = vec![house.cash];
        worth.extend(house.accounts.iter().map(|a| a.cash));
        for (lot, (cell, security)) in house.lots.iter().zip(&self.setup.legacy) {
            let price = view.last_close(*security).unwrap_or_default();
            worth[cell.account.index()] += Money::of(lot.quantity, price);
        }
        worth
    }
}
