//! What a session asks of the portfolio, and which account pays it.
//!
//! An account pays its own fee: an IRA's fee from the IRA is no distribution. Tax bills and withdrawals come out of taxable
//! accounts in their order, then of tax-deferred ones, then of Roth accounts: the usual order, and the one that leaves the
//! untaxed growth for last. Each account gives what it is worth at most.

use unisleeve_books::household::Account;
use unisleeve_units::Money;

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
