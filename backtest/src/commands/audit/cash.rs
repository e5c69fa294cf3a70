//! Checks cash.csv: each trade and distribution has its cash row, there are no other such rows, and no pocket
//! goes below zero.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use unisleeve_core::units::Money;

use super::report::{Check, Line};
use super::rows::{CashRow, Kind, Words};
use super::trades::Move;

/// Cash balance of each mandate in each account (a pocket).
#[derive(Debug, Default)]
pub(super) struct Pockets {
    balances: BTreeMap<(u32, u32), Money>,
}

impl Pockets {
    /// All cash.
    pub(super) fn total(&self) -> Money {
        self.balances.values().copied().sum()
    }

    /// Cash of one account.
    pub(super) fn of_account(&self, account: u32) -> Money {
        self.balances.iter().filter(|((a, _), _)| *a == account).map(|(_, balance)| *balance).sum()
    }

    /// Cash of one mandate in one account.
    pub(super) fn balance(&self, account: u32, mandate: u32) -> Money {
        self.balances.get(&(account, mandate)).copied().unwrap_or_default()
    }

    /// Books one row. Reports a pocket once, when it goes below zero.
    pub(super) fn book(&mut self, row: &CashRow, words: &Words, check: &mut Check) {
        let balance = self.balances.entry((row.account, row.mandate)).or_default();
        let was_negative = balance.is_negative();
        *balance += row.amount;
        check.figures += 1;
        if balance.is_negative() && !was_negative {
            let (account, mandate) = (words.accounts.name(row.account), words.mandates.name(row.mandate));
            let what = format!("balance of {mandate} in {account}");
            check.fault("cash.csv", Line(row.line), what, *balance, "zero or more");
        }
    }
}

/// Amount found, amount expected, and the first line.
type Sum = (Money, Money, Option<u32>);

/// Compares the rows of trades and distributions with the recomputed movements.
pub(super) fn check_moves(
    date: NaiveDate,
    rows: &[CashRow],
    moves: &[Move],
    words: &Words,
    check: &mut Check,
) {
    let follows = |k: Kind| matches!(k, Kind::Trade | Kind::Cost | Kind::Dividend | Kind::Interest);
    let mut sums: BTreeMap<(Kind, u32, u32, u32), Sum> = BTreeMap::new();
    for row in rows.iter().filter(|r| follows(r.kind)) {
        let Some(symbol) = row.symbol else {
            check.fault(
                "cash.csv",
                Line(row.line),
                "symbol",
                "",
                format!("the symbol of a {}", row.kind.as_str()),
            );
            continue;
        };
        let sum = sums.entry((row.kind, row.account, row.mandate, symbol)).or_default();
        sum.0 += row.amount;
        sum.2 = sum.2.or(Some(row.line));
    }
    for m in moves {
        sums.entry((m.kind, m.account, m.mandate, m.symbol)).or_default().1 += m.amount;
    }
    for ((kind, account, mandate, symbol), (found, expected, line)) in sums {
        check.figures += 1;
        if found == expected {
            continue;
        }
        let (account, mandate) = (words.accounts.name(account), words.mandates.name(mandate));
        let symbol = words.symbols.name(symbol);
        let line = line.map_or_else(String::new, |l| format!("line {l}, "));
        let row = format!("{line}{date} {account} {mandate} {symbol}");
        let what = format!("amount of {}", kind.as_str());
        match (found.is_zero(), expected.is_zero()) {
            (true, _) => check.fault("cash.csv", row, what, "no row", expected),
            (_, true) => check.fault("cash.csv", row, what, found, "no row"),
            _ => check.fault("cash.csv", row, what, found, expected),
        }
    }
}

/// Checks that transfers between mandates net to zero in each account, and that each amount has the sign of
/// its kind.
pub(super) fn check_transfers(date: NaiveDate, rows: &[CashRow], words: &Words, check: &mut Check) {
    let mut net: BTreeMap<u32, Money> = BTreeMap::new();
    for row in rows {
        let (may_be_in, may_be_out) = match row.kind {
            Kind::Contribution | Kind::TaxCredit | Kind::TransferIn | Kind::Dividend | Kind::Interest => {
                (true, false)
            }
            Kind::Withdrawal | Kind::Fee | Kind::Tax | Kind::TransferOut | Kind::Cost => (false, true),
            Kind::Trade | Kind::Idle | Kind::Distribution => (true, true),
        };
        if (row.amount.is_positive() && !may_be_in) || (row.amount.is_negative() && !may_be_out) {
            let (kind, sign) = (row.kind.as_str(), if may_be_in { "above" } else { "below" });
            check.fault(
                "cash.csv",
                Line(row.line),
                format!("amount of {kind}"),
                row.amount,
                format!("{sign} zero"),
            );
        }
        if matches!(row.kind, Kind::TransferIn | Kind::TransferOut) {
            *net.entry(row.account).or_default() += row.amount;
        }
    }
    for (account, net) in net {
        let row = format!("{date} {}", words.accounts.name(account));
        check.same("cash.csv", row, "transfers between mandates, net", net, Money::ZERO);
    }
}
