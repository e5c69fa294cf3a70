//! Random valid histories of trades. Nothing is sold that is not held, and share counts stay on a grid that
//! splits and mergers preserve, so a test knows the exact holdings without the ledger.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{Days, NaiveDate};
use unisleeve_core::books::history::Settings;
use unisleeve_core::units::{AccountKind, Money, Shares};

use crate::day;
use crate::history::{HEADER, settings, with_accounts};

/// Accounts, ordered by name, which is the order in which a corporate action pays them.
pub const ACCOUNTS: [(&str, AccountKind); 4] = [
    ("a1", AccountKind::Taxable),
    ("a2", AccountKind::Taxable),
    ("ira", AccountKind::Ira),
    ("roth", AccountKind::Roth),
];

/// Random numbers that one row is built from.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Days after the previous row.
    pub wait: u64,
    /// Action, from 0 to 99.
    pub action: u8,
    /// Account.
    pub account: usize,
    /// Symbol, and the second symbol.
    pub symbol: usize,
    /// Shares to buy in 1/1,000 share, or the part to sell in 1/1,000 of the shares held.
    pub amount: i64,
    /// Price of a share in cents.
    pub cents: i64,
}

/// Kind of history to build.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "four independent choices, each drawn at random")]
pub struct Shape {
    /// Sales name their lots.
    pub named: bool,
    /// Corporate actions appear as one row for each account instead of one row for all.
    pub a_row_each: bool,
    /// There are corporate actions.
    pub companies: bool,
    /// Some shares are transferred in up to 60 days after their purchase.
    pub late: bool,
}

/// One row, with numeric fields.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Date.
    pub date: NaiveDate,
    /// Account; empty for all.
    pub account: &'static str,
    /// Action.
    pub action: &'static str,
    /// Symbol.
    pub symbol: String,
    /// Quantity in 1/1,000,000 share.
    pub quantity: i64,
    /// Cents, as a total or for one share.
    pub cents: i64,
    /// Lot text.
    pub lot: String,
    /// Date of an earlier purchase.
    pub acquired: Option<NaiveDate>,
    /// Second symbol.
    pub symbol2: String,
    /// Ratio.
    pub ratio: &'static str,
    /// Price in cents.
    pub price: i64,
    /// Destination account of a transfer.
    pub account2: &'static str,
    /// Cash in lieu of a fraction of a share, in cents.
    pub cash_in_lieu: i64,
}

impl Row {
    /// The row as a line, all dollars times `scale`.
    pub fn line(&self, scale: i64) -> String {
        let dollars = |cents: i64| {
            if cents == 0 && self.action != "delist" {
                String::new()
            } else {
                Money::from_raw(cents * scale * 100).to_string()
            }
        };
        let quantity =
            if self.quantity == 0 { String::new() } else { Shares::from_raw(self.quantity).to_string() };
        let acquired = self.acquired.map(|d| d.to_string()).unwrap_or_default();
        format!(
            "{},{},{},{},{quantity},{},{},{acquired},{},{},{},,{},,,{},,",
            self.date,
            self.account,
            self.action,
            self.symbol,
            dollars(self.cents),
            self.lot,
            self.symbol2,
            self.ratio,
            dollars(self.price),
            self.account2,
            dollars(self.cash_in_lieu)
        )
    }
}

/// A history and the holdings that it must end with.
#[derive(Debug, Clone)]
pub struct History {
    /// Rows in order.
    pub rows: Vec<Row>,
    /// Shares in 1/1,000,000 by account, symbol and lot. The lots are right only where sales name theirs.
    pub held: BTreeMap<(&'static str, String), Vec<(String, i64)>>,
    shape: Shape,
    date: NaiveDate,
    live: Vec<String>,
    fresh: usize,
    /// All quantities are multiples of it, in 1/1,000,000 share.
    grid: i64,
    halvings: u32,
    doublings: u32,
}

impl History {
    /// Builds a history. It begins with a purchase in each account.
    pub fn of(steps: &[Step], shape: Shape) -> Self {
        let mut history = Self {
            rows: Vec::new(),
            held: BTreeMap::new(),
            shape,
            date: day("2020-01-06"),
            live: (0..4).map(|s| format!("S{s}")).collect(),
            fresh: 0,
            grid: 1_000,
            halvings: 0,
            doublings: 0,
        };
        for (account, _) in ACCOUNTS {
            history.receive("buy", account, "S0", 10_000, 50_00, None);
        }
        for step in steps {
            history.date = history.date + Days::new(step.wait);
            history.step(step);
        }
        history
    }

    /// Settings in which S0 and S1 are substantially identical.
    pub fn settings() -> Settings {
        let identical = ["S0", "S1"].map(|s| (s.to_owned(), "group".to_owned())).to_vec();
        Settings { identical, ..with_accounts(settings(), &ACCOUNTS) }
    }

    /// The file, all dollars times `scale`.
    pub fn file(&self, scale: i64) -> String {
        self.rows.iter().fold(format!("{HEADER}\n"), |mut text, row| {
            let _ = writeln!(text, "{}", row.line(scale));
            text
        })
    }

    /// Shares held at the end, by account and symbol.
    pub fn totals(&self) -> BTreeMap<(String, String), i64> {
        let sum = |lots: &[(String, i64)]| lots.iter().map(|(_, q)| q).sum::<i64>();
        let each = self.held.iter().map(|((a, s), lots)| (((*a).to_owned(), s.clone()), sum(lots)));
        each.filter(|(_, q)| *q > 0).collect()
    }

    /// Sells everything held, `wait` days after the last row.
    pub fn liquidate(&mut self, wait: u64, cents: i64) {
        self.date = self.date + Days::new(wait);
        for ((account, symbol), lots) in std::mem::take(&mut self.held) {
            let quantity = lots.iter().map(|(_, q)| q).sum();
            self.sale(account, &symbol, quantity, cents, String::new());
        }
    }

    fn row(&self, action: &'static str, account: &'static str, symbol: &str) -> Row {
        Row { date: self.date, account, action, symbol: symbol.to_owned(), ..Row::default() }
    }

    fn step(&mut self, s: &Step) {
        let account = ACCOUNTS[s.account % 4].0;
        let symbol = self.live[s.symbol % self.live.len()].clone();
        let holds = self.held.get(&(account, symbol.clone())).is_some_and(|l| l.iter().any(|(_, q)| *q > 0));
        let quantity = s.amount * 1_000;
        match s.action {
            30..33 if holds => self.transfer(account, &symbol, s),
            33 => self.receive("inherit", account, &symbol, quantity, s.cents, None),
            34 if holds => {
                let row = Row { cents: s.amount, ..self.row("capital_gain", account, &symbol) };
                self.rows.push(row);
            }
            0..35 => self.receive("buy", account, &symbol, quantity, s.cents, None),
            35..65 if holds => self.sell(account, &symbol, s),
            65..70 if self.shape.late => {
                let acquired = self.date - Days::new(s.amount as u64 % 60);
                self.receive("transfer_in", account, &symbol, quantity, s.cents, Some(acquired));
            }
            70..75 if holds => {
                self.receive("reinvest", account, &symbol, quantity / 100 + 1_000, s.cents, None);
            }
            75..78 if holds => {
                let row = Row { cents: s.amount, ..self.row("dividend", account, &symbol) };
                self.rows.push(row);
            }
            78..83 if holds => {
                // Shares bought on the day itself are not entitled.
                self.date = self.date + Days::new(1);
                let row = Row {
                    cents: (s.amount * s.cents / 2_000).max(1),
                    ..self.row("return_of_capital", account, &symbol)
                };
                self.rows.push(row);
            }
            83.. if self.shape.companies => self.company(&symbol, s),
            _ => {}
        }
    }

    fn receive(
        &mut self,
        action: &'static str,
        account: &'static str,
        symbol: &str,
        quantity: i64,
        cents: i64,
        acquired: Option<NaiveDate>,
    ) {
        let quantity = (quantity / 1_000).max(1) * 1_000;
        let lot = format!("L{}", self.rows.len());
        // At least one cent, because an empty amount is invalid.
        let cents = (quantity * cents / 1_000_000).max(1);
        let row = Row { quantity, cents, lot: lot.clone(), acquired, ..self.row(action, account, symbol) };
        self.rows.push(row);
        self.held.entry((account, symbol.to_owned())).or_default().push((lot, quantity));
    }

    fn sale(&mut self, account: &'static str, symbol: &str, quantity: i64, cents: i64, lot: String) {
        if quantity > 0 {
            let cents = (i128::from(quantity) * i128::from(cents) / 1_000_000).max(1) as i64;
            let row = Row { quantity, cents, lot, ..self.row("sell", account, symbol) };
            self.rows.push(row);
        }
    }

    /// Moves shares to the other account of the same kind.
    fn transfer(&mut self, account: &'static str, symbol: &str, s: &Step) {
        let to = match account {
            "a1" => "a2",
            "a2" => "a1",
            "ira" => "roth",
            _ => "ira",
        };
        let Some(lots) = self.held.get_mut(&(account, symbol.to_owned())) else { return };
        let (mut names, mut moved, mut quantity) = (Vec::new(), Vec::new(), 0);
        for (name, held) in lots.iter_mut().rev().take(1 + s.cents as usize % 2) {
            let part = if s.amount > 600 { *held } else { *held * s.amount / 1_000 / self.grid * self.grid };
            if part > 0 {
                *held -= part;
                quantity += part;
                names.push(format!("{name}:{}", Shares::from_raw(part)));
                moved.push((name.clone(), part));
            }
        }
        lots.retain(|(_, q)| *q > 0);
        if quantity == 0 {
            return;
        }
        self.held.entry((to, symbol.to_owned())).or_default().extend(moved);
        let lot = if self.shape.named { names.join(";") } else { String::new() };
        // A row that names its lots needs no quantity.
        let quantity = if self.shape.named && s.cents % 2 == 0 { 0 } else { quantity };
        self.rows.push(Row { quantity, lot, account2: to, ..self.row("transfer", account, symbol) });
    }

    fn sell(&mut self, account: &'static str, symbol: &str, s: &Step) {
        let Some(lots) = self.held.get_mut(&(account, symbol.to_owned())) else { return };
        let (mut names, mut quantity) = (Vec::new(), 0);
        // Sells newest lots first. A sale without named lots would sell the oldest.
        for (name, held) in lots.iter_mut().rev().take(1 + s.cents as usize % 3) {
            // Often the whole lot.
            let part = if s.amount > 600 { *held } else { *held * s.amount / 1_000 / self.grid * self.grid };
            if part > 0 {
                *held -= part;
                quantity += part;
                names.push(format!("{name}:{}", Shares::from_raw(part)));
            }
        }
        lots.retain(|(_, q)| *q > 0);
        let lot = if self.shape.named { names.join(";") } else { String::new() };
        self.sale(account, symbol, quantity, s.cents, lot);
    }

    /// A ratio that keeps quantities on the grid: numerator, denominator, text.
    fn ratio(&mut self, pick: i64) -> (i64, i64, &'static str) {
        match pick % 4 {
            0 if self.halvings < 3 => {
                self.halvings += 1;
                self.grid /= 2;
                (1, 2, "1:2")
            }
            1 if self.doublings < 5 => {
                self.doublings += 1;
                (3, 1, "3:1")
            }
            2 if self.doublings < 5 => {
                self.doublings += 1;
                (2, 1, "2")
            }
            _ => (1, 1, "1:1"),
        }
    }

    fn company(&mut self, symbol: &str, s: &Step) {
        let pick = s.amount;
        let mut row = self.row("split", "", symbol);
        let (mut num, mut den, mut into) = (0, 1, None);
        match s.action {
            83..87 => {
                (num, den, row.ratio) = self.ratio(pick);
                into = Some(symbol.to_owned());
            }
            87..90 => {
                row.action = "spinoff";
                (num, den, row.ratio) = self.ratio(pick);
                (row.symbol2, row.cents, row.price) = (self.name("C"), s.cents / 5 + 1, s.cents);
            }
            90..93 => {
                row.action = "merger";
                (num, den, row.ratio) = self.ratio(pick);
                let others: Vec<&String> = self.live.iter().filter(|l| *l != symbol).collect();
                row.symbol2.clone_from(others[s.cents as usize % others.len()]);
                into = Some(row.symbol2.clone());
            }
            93..96 => {
                row.action = "rename";
                row.symbol2 = self.name("N");
                self.live.push(row.symbol2.clone());
                (num, into) = (1, Some(row.symbol2.clone()));
            }
            96..98 => (row.action, row.cents) = ("cash_merger", s.cents),
            _ => (row.action, row.cents) = ("delist", if pick % 2 == 0 { 0 } else { s.cents }),
        }
        for (account, _) in ACCOUNTS {
            let key = (account, symbol.to_owned());
            let scaled = |lots: &[(String, i64)]| -> Vec<(String, i64)> {
                lots.iter().map(|(name, q)| (name.clone(), q * num / den)).collect()
            };
            if row.action == "spinoff" {
                if let Some(new) = self.held.get(&key).map(|l| scaled(l)) {
                    self.held.insert((account, row.symbol2.clone()), new);
                }
            } else if let Some(old) = self.held.remove(&key)
                && let Some(into) = &into
            {
                self.held.entry((account, into.clone())).or_default().extend(scaled(&old));
            }
        }
        match row.action {
            "spinoff" => self.live.push(row.symbol2.clone()),
            "split" => {}
            _ => self.live.retain(|l| l != symbol),
        }
        while self.live.len() < 3 {
            let fresh = self.name("F");
            self.live.push(fresh);
        }
        if self.shape.a_row_each {
            self.rows.extend(ACCOUNTS.iter().map(|(account, _)| Row { account, ..row.clone() }));
        } else {
            self.rows.push(row);
        }
    }

    fn name(&mut self, kind: &str) -> String {
        self.fresh += 1;
        format!("{kind}{}", self.fresh)
    }
}
