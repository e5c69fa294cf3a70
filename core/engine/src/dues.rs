//! What must be paid at a session, and which account pays it.
//!
//! An account pays its own fee: a fee of an IRA paid from the IRA is not a distribution. Tax bills and
//! withdrawals are paid from taxable accounts first, then from tax-deferred accounts, then from Roth
//! accounts. This is the usual order; it leaves untaxed growth for last. No account pays more than it is
//! worth.

use chrono::NaiveDate;
use unisleeve_books::household::{Account, LedgerError};
use unisleeve_books::journal::CashKind;
use unisleeve_market::View;
use unisleeve_tax::Lot;
use unisleeve_units::{AccountId, Money, Price, SecurityId};

use super::arm::{Arm, Overdue};
use super::result::Ruin;
use super::{Reserve, lot_is_kept};

/// Payments due at a session, in dollars.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// Tax bill.
    pub bill: Money,
    /// Fee of each account.
    pub fees: Vec<Money>,
    /// Withdrawals.
    pub taken: Money,
    /// Required distribution of each account; empty if there is none.
    pub required: Vec<Money>,
}

/// Payments due from one account, in dollars.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Dues {
    pub bill: Money,
    pub fee: Money,
    pub taken: Money,
    /// To be moved to the main account.
    pub required: Money,
}

impl Dues {
    pub(super) fn total(self) -> Money {
        self.bill + self.fee + self.taken + self.required
    }
}

impl Asked {
    pub(super) fn total(&self) -> Money {
        let of_accounts = self.fees.iter().chain(&self.required).copied();
        self.bill + self.taken + of_accounts.sum::<Money>()
    }

    /// Payments of each account. `worth` is the most that each can pay. The rest, which no account can pay,
    /// is asked of the first account. What an account pays of bills and withdrawals counts towards its required
    /// distribution.
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
        for ((d, required), worth) in dues.iter_mut().zip(&self.required).zip(worth) {
            let paid = d.bill + d.taken;
            d.required = (*required - paid).min(*worth - d.fee - paid).max(Money::ZERO);
        }
        dues
    }
}

/// Divides `amount` over accounts in the order in which they pay, up to what each has in `free`, and reduces
/// `free`. The rest is asked of the first account. Returns pairs of account index and dollars.
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

/// Payments made, in dollars.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paid {
    /// Paid of the tax bill.
    pub bill: Money,
    /// Withdrawals.
    pub taken: Money,
}

impl Arm<'_> {
    /// Pays what is due from the advisor's cash and records what stays open.
    ///
    /// A portfolio that can't cover the rest is ruined. Its open fees and withdrawals lapse; open tax stays
    /// due.
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
            // After the main account is closed, cash that still arrives is paid out.
            let all = self.balance(AccountId::MAIN);
            self.cash(date, CashKind::Withdrawal, -all)?;
            vec![all]
        };
        self.move_required(date, dues, &bill, &taken)?;
        let total = |paid: &[Money]| paid.iter().copied().sum::<Money>();
        let (bill, taken, paid) = (total(&bill), total(&taken), total(&bill) + total(&fees) + total(&taken));
        // A required distribution stays in the household.
        let missing = (asked.bill + asked.taken + total(&asked.fees) - paid).max(Money::ZERO);
        // The value is needed only if something is missing. What is missing waits for money that is under way.
        let is_under_way = !self.promises.is_empty() || !self.requests.is_empty();
        let is_ruined = missing.is_positive() && !is_under_way && missing > self.value(view);
        let or_none = |x: Money| if is_ruined { Money::ZERO } else { x };
        self.overdue = Overdue {
            tax: asked.bill - bill,
            fees: asked.fees.iter().zip(&fees).map(|(asked, paid)| or_none(*asked - *paid)).collect(),
            taken: or_none((asked.taken - taken).max(Money::ZERO)),
        };
        if is_ruined && self.ruin.is_none() {
            self.ruin = Some(Ruin { date, asked: paid + missing, paid });
        }
        Ok(Paid { bill, taken })
    }

    /// Pays one kind of due from each account, up to its cash. Returns the dollars that each account paid.
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

    /// The most that each account can pay, in dollars: its cash and its lots that may be sold, at last
    /// quotes. With one account or nothing to pay no value is computed, and each entry is the total asked
    /// for.
    pub(super) fn worth(&self, view: &View<'_>, asked: &Asked) -> Vec<Money> {
        let count = self.setup.accounts.len();
        if count == 1 || !asked.total().is_positive() {
            return vec![asked.total(); count];
        }
        self.worth_of_accounts(view)
    }

    fn worth_of_accounts(&self, view: &View<'_>) -> Vec<Money> {
        let known = self.config.trading.execution.known(view);
        let price = |security| view.last_restated(security, &known);
        let mut worth = self.worth_by_account(price, |lot| !lot_is_kept(self.config, lot.id));
        if let Some(main) = worth.first_mut() {
            *main -= self.reserve;
        }
        worth
    }

    /// Cash of each account plus its lots that count, at given prices, in dollars.
    pub(super) fn worth_by_account(
        &self,
        price: impl Fn(SecurityId) -> Price,
        counts: impl Fn(&Lot) -> bool,
    ) -> Vec<Money> {
        let mut worth = vec![Money::ZERO; self.setup.accounts.len()];
        for pocket in self.ledger.pockets() {
            worth[pocket.account.index()] += pocket.balance;
        }
        for security in self.timeline.universe.iter().filter(|s| self.ledger.held(**s).is_positive()) {
            let price = price(*security);
            for lot in self.ledger.lots(*security).iter().filter(|lot| counts(lot)) {
                worth[lot.account.index()] += Money::of(lot.quantity, price);
            }
        }
        worth
    }

    /// Cash that each account must keep after the trades: its dues, cash held back for tax, and its part of
    /// the buffer. `value` is the value of the portfolio in dollars.
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

    /// The taxable account is empty and the Roth account has all the money, so the Roth account pays.
    #[test]
    fn the_account_with_the_money_pays() {
        let accounts = accounts(&[AccountKind::Taxable, AccountKind::Roth]);
        let asked = Asked { bill: m(30), fees: vec![Money::ZERO, m(10)], taken: m(50), ..Asked::default() };
        let dues = asked.dues(&accounts, &[Money::ZERO, m(1_000)]);
        assert_eq!(dues[1], Dues { bill: m(30), fee: m(10), taken: m(50), required: Money::ZERO });
        assert_eq!(dues[0].total(), Money::ZERO);
    }

    #[test]
    fn taxable_accounts_pay_first_and_roth_accounts_last() {
        let accounts =
            accounts(&[AccountKind::Taxable, AccountKind::Roth, AccountKind::Ira, AccountKind::Taxable]);
        let asked = Asked { fees: vec![m(1); 4], taken: m(60), ..Asked::default() };
        let dues = asked.dues(&accounts, &[m(11), m(100), m(21), m(21)]);
        let taken: Vec<Money> = dues.iter().map(|d| d.taken).collect();
        assert_eq!(taken, [m(10), m(10), m(20), m(20)]);
        assert!(dues.iter().all(|d| d.fee == m(1)));
    }

    /// No account can pay the rest. It is asked of the first account, where it stays unpaid.
    #[test]
    fn what_nobody_can_pay_is_asked_of_the_first() {
        let accounts = accounts(&[AccountKind::Taxable, AccountKind::Roth]);
        let asked = Asked { taken: m(60), ..Asked::default() };
        let dues = asked.dues(&accounts, &[m(10), m(20)]);
        assert_eq!((dues[0].taken, dues[1].taken), (m(40), m(20)));
    }
}
