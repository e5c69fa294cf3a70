//! Reads the requested rows of `trades.csv`.

use std::path::Path;

use chrono::NaiveDate;
use unisleeve_core::units::{Money, Price, Shares};

use super::facts::Facts;
use crate::failure::Failure;
use crate::readers::result_table::{Table, bounded};

/// Which rows are requested.
pub(super) struct Wanted<'a> {
    pub(super) date: NaiveDate,
    pub(super) arm: Option<&'a str>,
    pub(super) symbol: Option<&'a str>,
}

/// The raw integer of a column.
type Raw = fn(&Row) -> i64;

/// The part of an order in one lot: one row of the file.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) arm: String,
    pub(super) date: NaiveDate,
    pub(super) account: String,
    pub(super) sleeve: String,
    pub(super) mandate: String,
    pub(super) symbol: String,
    pub(super) side: String,
    pub(super) quantity: Shares,
    pub(super) price: Price,
    pub(super) amount: Money,
    pub(super) cost: Money,
    pub(super) lot: String,
    pub(super) acquired: NaiveDate,
    pub(super) holding_start: NaiveDate,
    pub(super) basis: Money,
    pub(super) gain: Money,
    pub(super) disallowed: Money,
    pub(super) recognized: Money,
    pub(super) term: String,
    pub(super) replacement: String,
    pub(super) reason: String,
}

/// The rows of the day, in the order of execution.
///
/// # Errors
/// When the arm or the security does not exist, or the day has no order. The message says what exists
/// instead.
pub(super) fn read(folder: &Path, facts: &Facts, wanted: &Wanted<'_>) -> Result<Vec<Row>, Failure> {
    if let Some(arm) = wanted.arm.filter(|arm| !facts.arms.iter().any(|a| a == arm)) {
        return Err(Failure::input(format!(
            "--arm {arm}: not in this result: expected {}",
            facts.arms.join(", ")
        )));
    }
    let all = table(folder)?;
    let of_arm = |r: &&Row| wanted.arm.is_none_or(|arm| arm == r.arm);
    let of_symbol = |r: &&Row| wanted.symbol.is_none_or(|s| s.eq_ignore_ascii_case(&r.symbol));
    let asked: Vec<&Row> = all.iter().filter(of_arm).filter(of_symbol).collect();
    let whose = wanted.arm.map_or(String::new(), |arm| format!(" in {arm}"));
    if let Some(symbol) = wanted.symbol.filter(|_| asked.is_empty()) {
        return Err(Failure::input(format!(
            "--symbol {symbol}: never traded{whose}: expected a symbol of trades.csv"
        )));
    }
    let day: Vec<Row> = asked.iter().filter(|r| r.date == wanted.date).map(|r| (*r).clone()).collect();
    if !day.is_empty() {
        return Ok(day);
    }
    let before = asked.iter().map(|r| r.date).filter(|d| *d < wanted.date).max();
    let after = asked.iter().map(|r| r.date).filter(|d| *d > wanted.date).min();
    let nearest = match (before, after) {
        (Some(a), Some(b)) => format!("the nearest days with orders are {a} and {b}"),
        (Some(a), None) => format!("the last day with orders is {a}"),
        (None, Some(b)) => format!("the first day with orders is {b}"),
        (None, None) => "there are none at all".to_owned(),
    };
    let of = wanted.symbol.map_or(String::new(), |s| format!(" in {s}"));
    Err(Failure::input(format!("--date {}: no orders{of}{whose} on that day: {nearest}", wanted.date)))
}

fn table(folder: &Path) -> Result<Vec<Row>, Failure> {
    const NAME: &str = "trades.csv";
    let table = Table::open(
        folder,
        NAME,
        "arm,date,account,sleeve,mandate,symbol,side,quantity,price,amount,cost,lot,acquired,holding_start,basis,gain,\
         disallowed,recognized,term,replacement_lot,reason",
    )?;
    let words = table.places(["arm", "account", "sleeve", "mandate", "symbol", "side", "lot"]);
    let free = table.places(["term", "replacement_lot", "reason"]);
    let money = table.places(["amount", "cost", "basis", "gain", "disallowed", "recognized"]);
    let dates = table.places(["date", "acquired", "holding_start"]);
    let [quantity, price] = table.places(["quantity", "price"]);
    let rows = table.rows(|r| {
        let word = |i: usize| r.word(words[i]).map(str::to_owned);
        let text = |i: usize| r.text(free[i]).to_owned();
        Ok(Row {
            arm: word(0)?,
            account: word(1)?,
            sleeve: word(2)?,
            mandate: word(3)?,
            symbol: word(4)?,
            side: word(5)?,
            lot: word(6)?,
            date: r.date(dates[0])?,
            acquired: r.date(dates[1])?,
            holding_start: r.date(dates[2])?,
            quantity: r.shares(quantity)?,
            price: r.price(price)?,
            amount: r.money(money[0])?,
            cost: r.money(money[1])?,
            basis: r.money(money[2])?,
            gain: r.money(money[3])?,
            disallowed: r.money(money[4])?,
            recognized: r.money(money[5])?,
            term: text(0),
            replacement: text(1),
            reason: text(2),
        })
    })?;
    // With this bound, no sum below can overflow.
    let columns: [(&str, Raw); 5] = [
        ("quantity", |r| r.quantity.raw()),
        ("amount", |r| r.amount.raw()),
        ("cost", |r| r.cost.raw()),
        ("gain", |r| r.gain.raw()),
        ("recognized", |r| r.recognized.raw()),
    ];
    for (column, raw) in columns {
        bounded(NAME, column, rows.iter().map(raw))?;
    }
    Ok(rows)
}
