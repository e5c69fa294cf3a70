//! What a session asks of the portfolio, and which account pays it.
//!
//! An account pays its own fee: an IRA's fee from the IRA is no distribution. Tax bills and withdrawals come out of taxable
//! accounts in their order, then of tax-deferred ones, then of Roth accounts: the usual order, and the one that leaves the
//! untaxed growth for last. Each account gives what it is worth at most.

use chrono::NaiveDate;
use unisleeve_books::household::{Account, LedgerError};
use unisleeve_books::journal::CashKind;
use unisleeve_market::View;
use unisleeve_units::{AccountId, Money};

use super::arm::{Arm, Overdue};
use super::result::Ruin;
use super::{Reserve, lot_is_kept};

/// What a session asks for, dollars.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// Tax bill.
    pub bill: Money,
    /// Each account's fee.
    pub fees: Vec<Money>,
    /// Withdrawals.
    pub taken: Money,
}

/// What one account is to pay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Dues {
    pub bill: Money,
    pub fee: Money,
    pub taken: Money,
}

impl Dues {
    pub(super) fn total(self) -> Money {
        self.bill + self.fee + self.taken
    }
}

impl Asked {
    pub(super) fn total(&self) -> Money {
        self.bill + self.taken + self.fees.iter().copied().sum::<Money>()
    }

    /// What each account is to pay; `worth` is what each can pay at most. What no account can pay is asked of the first.
    pub(super) fn dues(&self, accounts: &[Account], worth: &[Money]) -> Vec<Dues> {
        let mut free: Vec<Money> = worth.iter().map(|w| (*w).max(Money::ZERO)).collect();
        let mut dues = vec![Dues::default(); accounts.len()];
        for ((d, free), fee) in dues.iter_mut().zip(&mut free).zip(&self.fees) {
            d.fee = *fee;
            *free = (*free - *fee).max(Money::ZERO);
        }
        for (a, part) in spread(self.bill, accounts, &mut free) {
            dues[a].bill += part;
        }
        for (a, part) in spread(self.taken, accounts, &mut free) {
            dues[a].taken += part;
        }
        dues
    }
}

/// Shares `amount` out over accounts in the order in which they pay, each up to what it has free, which is lowered by it. What is
/// left is asked of the first account.
pub(super) fn spread(amount: Money, accounts: &[Account], free: &mut [Money]) -> Vec<(usize, Money)> {
    let mut order: Vec<usize> = (0..accounts.len()).collect();
    order.sort_by_key(|a| accounts[*a].kind.paying_turn());
    let (mut left, mut parts) = (amount, Vec::new());
    for a in order {
        let part = left.min(free[a]);
        if part.is_positive() {
            free[a] -= part;
            left -= part;
            parts.push((a, part));
        }
    }
    if left.is_positive() && !accounts.is_empty() {
        parts.push((0, left));
    }
    parts
}

/// What was paid of the dues, dollars.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paid {
    /// Of the tax bill.
    pub bill: Money,
    /// Withdrawals.
    pub taken: Money,
}

impl Arm<'_> {
    /// Pays what is due out of the advisor's cash, and keeps in mind what stays open. A portfolio that has nothing left to pay
    /// from is ruined, and owes its fees and withdrawals to nobody.
    pub(super) fn pay_dues(
        &mut self,
        view: &View<'_>,
        asked: &Asked,
        dues: &[Dues],
        is_open: bool,
    ) -> Result<Paid, LedgerError> {
        let date = view.date();
        let bill = self.pay(date, CashKind::Tax, dues, |d| d.bill)?;
        let fees = self.pay(date, CashKind::Fee, dues, |d| d.fee)?;
        let taken = if is_open {
            self.pay(date, CashKind::Withdrawal, dues, |d| d.taken)?
        } else {
            // A client who has left gets what still comes in.
            let all = self.balance(AccountId::MAIN);
            self.cash(date, CashKind::Withdrawal, -all)?;
            vec![all]
        };
        let total = |paid: &[Money]| paid.iter().copied().sum::<Money>();
        let (bill, taken, paid) = (total(&bill), total(&taken), total(&bill) + total(&fees) + total(&taken));
        let missing = (asked.total() - paid).max(Money::ZERO);
        // What is there to pay from is only asked where something is missing.
        let is_ruined = missing.is_positive() && missing > self.value(view);
        let or_none = |x: Money| if is_ruined { Money::ZERO } else { x };
        self.overdue = Overdue {
            tax: asked.bill - bill,
            fees: asked.fees.iter().zip(&fees).map(|(asked, paid)| or_none(*asked - *paid)).collect(),
            taken: or_none((asked.taken - taken).max(Money::ZERO)),
        };
        if is_ruined && self.ruin.is_none() {
            self.ruin = Some(Ruin { date, asked: asked.total(), paid });
        }
        Ok(Paid { bill, taken })
    }

    /// Pays one kind of due out of each account as far as its cash goes. Returns what each paid.
    fn pay(
        &mut self,
        date: NaiveDate,
        kind: CashKind,
        dues: &[Dues],
        of: impl Fn(&Dues) -> Money,
    ) -> Result<Vec<Money>, LedgerError> {
        let mut paid = Vec::with_capacity(dues.len());
        for (a, due) in dues.iter().enumerate() {
            let account = AccountId(a as u16);
            let amount = of(due).min(self.balance(account));
            let pocket = self.setup.pocket(account, self.setup.advisor());
            self.ledger.book_cash(date, pocket, kind, None, -amount)?;
            paid.push(amount);
        }
        Ok(paid)
    }

    /// What each account could pay: its cash, and its lots that may be sold at the last close known. Asked only where there is
    /// something to pay and more than one account to pay it.
    pub(super) fn worth(&self, view: &View<'_>, asked: &Asked) -> Vec<Money> {
        let count = self.setup.accounts.len();
        if count == 1 || !asked.total().is_positive() {
            return vec![asked.total(); count];
        }
        self.worth_of_accounts(view)
    }

    fn worth_of_accounts(&self, view: &View<'_>) -> Vec<Money> {
        let mut worth = vec![Money::ZERO; self.setup.accounts.len()];
        for pocket in self.ledger.pockets() {
            worth[pocket.account.index()] += pocket.balance;
        }
        if let Some(main) = worth.first_mut() {
            *main -= self.reserve;
        }
        let known = self.config.trading.execution.known(view);
        for security in self.timeline.universe.iter().filter(|s| self.ledger.held(**s).is_positive()) {
            let price = view.last_restated(*security, &known);
            for lot in self.ledger.lots(*security).iter().filter(|l| !lot_is_kept(self.config, l.id)) {
                worth[lot.account.index()] += Money::of(lot.quantity, price);
            }
        }
        worth
    }

    /// What each account must keep in cash after the trades: its dues, what is held back for tax, and its part of the buffer.
    pub(super) fn reserve_for(&self, view: &View<'_>, dues: &[Dues], value: Money) -> Reserve {
        let mut needs: Vec<Money> = dues.iter().map(|d| d.total()).collect();
        if let Some(main) = needs.first_mut() {
            *main = (*main + self.reserve).min(value);
        }
        let wealth = (value - needs.iter().copied().sum()).max(Money::ZERO);
        let buffer =
            Money::from_f64(wealth.to_f64() * self.config.trading.cash_buffer).unwrap_or(Money::ZERO);
        let mut buffers = vec![Money::ZERO; needs.len()];
        if needs.len() == 1 {
            buffers[0] = buffer;
        } else if buffer.is_positive() {
            let mut free = self.worth_of_accounts(view);
            for (free, need) in free.iter_mut().zip(&needs) {
                *free = (*free - *need).max(Money::ZERO);
            }
            for (a, part) in spread(buffer, &self.setup.accounts, &mut free) {
                buffers[a] += part;
            }
        }
        Reserve { needs, buffers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unisleeve_units::AccountKind;

    fn accounts(kinds: &[AccountKind]) -> Vec<Account> {
        kinds.iter().map(|kind| Account { name: kind.as_str().to_owned(), kind: *kind }).collect()
    }

    fn m(dollars: i32) -> Money {
        Money::whole(dollars)
    }

    /// A cent in the taxable account, all the money in a Roth: the Roth pays.
    #[test]
    fn the_account_with_the_money_pays() {
        let accounts = accounts(&[AccountKind::Taxable, AccountKind::Roth]);
        let asked = Asked { bill: m(30), fees: vec![Money::ZERO, m(10)], taken: m(50) };
        let dues = asked.dues(&accounts, &[Money::ZERO, m(1_000)]);
        assert_eq!(dues[1], Dues { bill: m(30), fee: m(10), taken: m(50) });
        assert_eq!(dues[0].total(), Money::ZERO);
    }

    #[test]
    fn taxable_accounts_pay_first_and_roth_accounts_last() {
        let accounts =
            accounts(&[AccountKind::Taxable, AccountKind::Roth, AccountKind::Ira, AccountKind::Taxable]);
        let asked = Asked { bill: Money::ZERO, fees: vec![m(1); 4], taken: m(60) };
        let dues = asked.dues(&accounts, &[m(11), m(100), m(21), m(21)]);
        let taken: Vec<Money> = dues.iter().map(|d| d.taken).collect();
        assert_eq!(taken, [m(10), m(10), m(20), m(20)]);
        assert!(dues.iter().all(|d| d.fee == m(1)));
    }

    /// More than there is: the rest is asked of the first account, where it stays unpaid.
    #[test]
    fn what_nobody_can_pay_is_asked_of_the_first() {
        let accounts = accounts(&[AccountKind::Taxable, AccountKind::Roth]);
        let asked = Asked { bill: Money::ZERO, fees: Vec::new(), taken: m(60) };
        let dues = asked.dues(&accounts, &[m(10), m(20)]);
        assert_eq!((dues[0].taken, dues[1].taken), (m(40), m(20)));
    }
}
