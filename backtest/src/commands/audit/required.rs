//! Recomputes required distributions: what each IRA with a date of birth must move to the main account in a year.

use chrono::{Datelike, NaiveDate};
use unisleeve_core::tax::required_distribution::required;
use unisleeve_core::units::Money;

use super::facts::Facts;
use super::report::Check;
use super::rows::{CashRow, Kind};

/// A dollar: values are rounded lot by lot in the run, and by symbol here.
const TOLERANCE: Money = Money::whole(1);

/// What has left each account since the year began.
#[derive(Debug, Default)]
pub(super) struct Required {
    /// Value of each account at the end of the year before.
    worth: Vec<Money>,
    /// Paid for bills and withdrawals.
    paid: Vec<Money>,
    /// Moved to the main account.
    moved: Vec<Money>,
}

/// A session and the accounts after it.
pub(super) struct Close<'a> {
    pub(super) date: NaiveDate,
    pub(super) is_first: bool,
    /// Whether it is the last session of its year, or of all.
    pub(super) is_last: bool,
    pub(super) cash: &'a [CashRow],
    /// Value of each account when it was opened, at the first session.
    pub(super) opening: &'a dyn Fn(usize) -> Money,
    pub(super) worth: &'a dyn Fn(usize) -> Money,
    /// Cash of the advisor in each account.
    pub(super) balance: &'a dyn Fn(usize) -> Money,
}

impl Required {
    pub(super) fn check(&mut self, facts: &Facts, close: &Close<'_>, check: &mut Check) {
        let accounts = facts.accounts.len();
        if close.is_first {
            self.worth = (0..accounts).map(close.opening).collect();
            (self.paid, self.moved) = (vec![Money::ZERO; accounts], vec![Money::ZERO; accounts]);
        }
        let mut net = Money::ZERO;
        for row in close.cash {
            let at = row.account as usize;
            match row.kind {
                Kind::Distribution => {
                    net += row.amount;
                    self.moved[at] -= row.amount;
                }
                Kind::Withdrawal | Kind::Tax => self.paid[at] -= row.amount,
                _ => {}
            }
        }
        let date = close.date;
        check.same("cash.csv", date.to_string(), "distributions, net", net, Money::ZERO);
        if !close.is_last {
            return;
        }
        for (i, other) in facts.config.household.accounts.iter().enumerate() {
            // The main account is the first.
            let at = i + 1;
            let due = other.born.map_or(Money::ZERO, |born| required(born, date.year(), self.worth[at]));
            let due = (due - self.paid[at]).max(Money::ZERO);
            let moved = self.moved[at];
            // A distribution is made in December, as far as there is cash.
            let is_short = moved + TOLERANCE < due && (close.balance)(at) > TOLERANCE && date.month() == 12;
            let is_closed = (close.worth)(at).is_zero();
            if moved > due + TOLERANCE || (is_short && !is_closed) {
                let row = format!("{} {}", date.year(), other.name);
                check.fault("cash.csv", row, "required distribution", moved, due);
            }
            check.figures += 1;
        }
        self.worth = (0..accounts).map(close.worth).collect();
        self.paid.fill(Money::ZERO);
        self.moved.fill(Money::ZERO);
    }
}
