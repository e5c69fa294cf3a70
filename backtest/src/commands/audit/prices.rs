//! Reads prices.csv: sessions, closes, distributions and splits.

use std::path::Path;

use chrono::NaiveDate;
use unisleeve_core::units::Price;

use super::report::{Check, Line};
use crate::failure::Failure;
use crate::readers::result_table::{Names, Table};

/// How a distribution is taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Paid {
    Qualified,
    Ordinary,
    Interest,
}

/// A distribution per share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Distribution {
    pub(super) symbol: u32,
    pub(super) per_share: Price,
    pub(super) kind: Paid,
}

/// One session.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// Closes by symbol.
    pub(super) closes: Vec<(u32, Price)>,
    pub(super) distributions: Vec<Distribution>,
    /// New shares for one old share, by symbol.
    pub(super) splits: Vec<(u32, Price)>,
    /// Parent, child, and the value of the child's shares per share of the parent.
    pub(super) spinoffs: Vec<(u32, u32, Price)>,
}

/// All sessions of a run.
#[derive(Debug, Default)]
pub(super) struct Prices {
    pub(super) symbols: Names,
    pub(super) dates: Vec<NaiveDate>,
    pub(super) sessions: Vec<Session>,
    pub(super) rows: usize,
    /// Index of the last session with a close, by symbol.
    last: Vec<Option<usize>>,
}

struct Quote {
    line: u32,
    date: NaiveDate,
    symbol: u32,
    close: Option<Price>,
    paid: Option<Distribution>,
    split: Option<Price>,
    spinoff: Option<(u32, Price)>,
}

impl Prices {
    /// Reads the file. Every session must name every symbol once.
    pub(super) fn read(folder: &Path, check: &mut Check) -> Result<Self, Failure> {
        let table = Table::open(
            folder,
            "prices.csv",
            "date,symbol,close,dividend,dividend_kind,split,spinoff,spinoff_symbol",
        )?;
        let [date, symbol, close, dividend, dividend_kind, split, spinoff, child] = table.places([
            "date",
            "symbol",
            "close",
            "dividend",
            "dividend_kind",
            "split",
            "spinoff",
            "spinoff_symbol",
        ]);
        let mut prices = Self::default();
        let symbols = &mut prices.symbols;
        let kinds =
            [("qualified", Paid::Qualified), ("ordinary", Paid::Ordinary), ("interest", Paid::Interest)];
        let quotes = table.rows(|row| {
            let symbol = symbols.id(row.word(symbol)?);
            let paid = match row.price_or_none(dividend)? {
                Some(per_share) => {
                    let kind = row.one_of(dividend_kind, &kinds, "qualified, ordinary or interest")?;
                    Some(Distribution { symbol, per_share, kind })
                }
                None if row.text(dividend_kind).is_empty() => None,
                None => return Err(row.bad(dividend_kind, "nothing beside no dividend")),
            };
            let split = row.price_or_none(split)?;
            let spinoff = match row.price_or_none(spinoff)? {
                Some(value) => Some((symbols.id(row.word(child)?), value)),
                None => None,
            };
            Ok(Quote {
                line: row.line,
                date: row.date(date)?,
                symbol,
                close: row.price_or_none(close)?,
                paid,
                split,
                spinoff,
            })
        })?;
        prices.rows = quotes.len();
        let all = prices.symbols.len();
        prices.last = vec![None; all];
        let mut seen = vec![false; all];
        for day in quotes.chunk_by(|a, b| a.date == b.date) {
            let Some(first) = day.first() else { continue };
            if prices.dates.last().is_some_and(|d| *d >= first.date) {
                check.fault(
                    "prices.csv",
                    Line(first.line),
                    "date",
                    first.date,
                    "a later date than in the rows before",
                );
                continue;
            }
            seen.fill(false);
            let mut session = Session::default();
            for q in day {
                if std::mem::replace(&mut seen[q.symbol as usize], true) {
                    let name = prices.symbols.name(q.symbol);
                    check.fault(
                        "prices.csv",
                        Line(q.line),
                        format!("{name} on {}", q.date),
                        "a second row",
                        "one row",
                    );
                    continue;
                }
                session.closes.extend(q.close.map(|c| (q.symbol, c)));
                session.distributions.extend(q.paid);
                session.spinoffs.extend(q.spinoff.map(|(child, value)| (q.symbol, child, value)));
                session.splits.extend(q.split.filter(|r| *r != Price::ONE).map(|r| (q.symbol, r)));
            }
            for (at, _) in seen.iter().enumerate().filter(|(_, seen)| !**seen) {
                let name = prices.symbols.name(at as u32);
                check.fault("prices.csv", first.date, name, "no row", "a row for each symbol and session");
            }
            check.figures += day.len() as u64;
            for (symbol, _) in &session.closes {
                prices.last[*symbol as usize] = Some(prices.sessions.len());
            }
            prices.dates.push(first.date);
            prices.sessions.push(session);
        }
        if prices.dates.is_empty() {
            return Err(Failure::input("prices.csv:2: no rows: expected at least one session"));
        }
        Ok(prices)
    }

    /// Symbols whose last close was on the session before.
    pub(super) fn ended_before(&self, session: usize) -> impl Iterator<Item = u32> {
        let ended = self.last.iter().enumerate();
        ended.filter(move |(_, last)| last.is_some_and(|l| l + 1 == session)).map(|(symbol, _)| symbol as u32)
    }
}
