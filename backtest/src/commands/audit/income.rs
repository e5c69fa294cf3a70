//! Recomputes the portfolio's income in each year's return: gains by term, dividends by character.
//!
//! A dividend is qualified only on shares held for more than 60 of the 121 days around its ex-date (IRC
//! 246(c)(3)). An earlier sale makes it ordinary in the dividend's year.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use unisleeve_core::tax::Income;
use unisleeve_core::units::{Money, Shares, Term};

use super::lots::Piece;
use super::prices::Paid;

/// Days of the window on each side of the ex-date.
const SIDE: i64 = 60;

/// A qualified dividend that an early sale may still make ordinary.
#[derive(Debug, Clone, Copy)]
struct Watched {
    ex: NaiveDate,
    account: u32,
    mandate: u32,
    amount: Money,
    shares: Shares,
    left: Money,
}

/// Income by year.
#[derive(Debug, Default)]
pub(super) struct Incomes {
    years: BTreeMap<i32, Income>,
    /// Recent qualified dividends by symbol.
    watched: BTreeMap<u32, Vec<Watched>>,
}

impl Incomes {
    /// Income of a year so far.
    pub(super) fn of(&self, year: i32) -> Income {
        self.years.get(&year).copied().unwrap_or_default()
    }

    fn year(&mut self, date: NaiveDate) -> &mut Income {
        self.years.entry(date.year()).or_default()
    }

    /// Books a gain (positive), a loss (negative) or a disallowed loss (positive).
    pub(super) fn gain(&mut self, date: NaiveDate, term: Term, gain: Money) {
        let year = self.year(date);
        match term {
            Term::Short => year.net_short += gain,
            Term::Long => year.net_long += gain,
        }
    }

    /// Books a distribution to a taxable account.
    pub(super) fn paid(
        &mut self,
        date: NaiveDate,
        kind: Paid,
        (symbol, account, mandate): (u32, u32, u32),
        amount: Money,
        shares: Shares,
    ) {
        let year = self.year(date);
        match kind {
            Paid::Qualified => year.qualified += amount,
            Paid::Ordinary => year.ordinary += amount,
            Paid::Interest => year.interest += amount,
        }
        if kind == Paid::Qualified {
            let watched = self.watched.entry(symbol).or_default();
            watched.retain(|w| (date - w.ex).num_days() <= SIDE);
            watched.push(Watched { ex: date, account, mandate, amount, shares, left: amount });
        }
    }

    /// Books cash that leaves a tax-deferred account.
    pub(super) fn distributed(&mut self, date: NaiveDate, amount: Money) {
        self.year(date).distributions += amount;
    }

    /// Shares leave the account. Dividends on shares not held long enough become ordinary.
    pub(super) fn left(&mut self, part: &Piece, mandate: u32, date: NaiveDate) {
        let mut early = Vec::new();
        for w in self.watched.get_mut(&part.symbol).into_iter().flatten() {
            let last = (date - w.ex).num_days().min(SIDE);
            let before_first = (part.acquired - w.ex).num_days().max(-SIDE - 1);
            let is_his = (w.account, w.mandate) == (part.account, mandate) && part.acquired < w.ex;
            if is_his && last - before_first <= SIDE {
                let amount = w.amount.prorate(part.quantity.min(w.shares), w.shares).min(w.left);
                w.left -= amount;
                early.push((w.ex, amount));
            }
        }
        for (ex, amount) in early {
            let year = self.year(ex);
            year.qualified -= amount;
            year.ordinary += amount;
        }
    }

    /// Converts the watched shares of a symbol to shares after a split.
    pub(super) fn split(&mut self, symbol: u32, scale: impl Fn(Shares) -> Shares) {
        for w in self.watched.get_mut(&symbol).into_iter().flatten() {
            w.shares = scale(w.shares);
        }
    }
}
