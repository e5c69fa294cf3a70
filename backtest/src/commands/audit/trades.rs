//! Checks trades.csv row by row. A row supplies only the facts: what was bought or sold, from which lot, at
//! what price. Amount, cost, basis, gain, term and disallowed loss are recomputed and compared.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use unisleeve_core::tax::term;
use unisleeve_core::units::{Money, Price, Rate, Shares, Term};

use super::income::Incomes;
use super::lots::{Lots, Piece, worth};
use super::report::{Check, Line};
use super::rows::{Kind, Side, TradeRow, Words};
use super::wash::{Holder, Part, Sold, WashSales, Washed, in_proportion, scaled};

/// A movement of cash that follows from a trade.
#[derive(Debug, Clone, Copy)]
pub(super) struct Move {
    pub(super) kind: Kind,
    pub(super) account: u32,
    pub(super) mandate: u32,
    pub(super) symbol: u32,
    pub(super) amount: Money,
}

/// A sale of one piece: its rows, and the parts in which it should appear.
#[derive(Debug)]
struct Sale {
    rows: std::ops::Range<usize>,
    date: NaiveDate,
    term: Term,
    parts: Vec<Part>,
    rest: Part,
}

/// What the rows of a session are checked against.
pub(super) struct Terms<'a> {
    pub(super) words: &'a Words,
    /// Accounts whose gains are taxed, by account.
    pub(super) taxable: &'a [bool],
    pub(super) half_spread: Rate,
    /// Whether orders also pay market impact. The files don't suffice to compute it, so the stated cost is
    /// accepted.
    pub(super) has_impact: bool,
    /// Today's closes by symbol.
    pub(super) closes: &'a [Option<Price>],
    /// Last closes by symbol.
    pub(super) last_closes: &'a [Price],
    /// Symbols that must not be bought today.
    pub(super) excluded: &'a [u32],
    /// Whether losses of wash sales are disallowed.
    pub(super) wash_sale_rule: bool,
    /// Symbols that the rule leaves alone.
    pub(super) wash_exempt: &'a [u32],
    /// Symbols spun off today without prices of their own, or whose prices have ended. Their holders are paid
    /// out without cost.
    pub(super) paid_out: &'a [u32],
}

impl Terms<'_> {
    /// Cost of an order of `amount`, dollars.
    fn cost(&self, amount: Money, stated: Money, row: &TradeRow, check: &mut Check) -> Money {
        let spread = amount.at(self.half_spread);
        if self.has_impact && stated >= spread && stated <= amount {
            return stated;
        }
        check.same("trades.csv", Line(row.line), "cost", stated, spread);
        spread
    }

    fn is_taxable(&self, account: u32) -> bool {
        self.taxable.get(account as usize).copied().unwrap_or(true)
    }
}

/// The lots of an arm and the state that depends on them.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) lots: Lots,
    pub(super) incomes: Incomes,
    washes: WashSales,
    sales: Vec<Sale>,
    /// Names of lots that came in, to find duplicates.
    names: BTreeSet<u32>,
    /// Sums over the expected rows of taxable accounts.
    pub(super) harvest: Harvest,
}

/// Recognized losses, recognized gains and disallowed losses. All are positive.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Harvest {
    pub(super) losses: Money,
    pub(super) gains: Money,
    pub(super) washed: Money,
}

impl Book {
    pub(super) fn new(group_of: Vec<usize>, for_good: Vec<bool>) -> Self {
        let groups = group_of.iter().max().map_or(0, |g| g + 1);
        Self {
            lots: Lots::new(group_of),
            incomes: Incomes::default(),
            washes: WashSales::new(groups, for_good),
            sales: Vec::new(),
            names: BTreeSet::new(),
            harvest: Harvest::default(),
        }
    }

    /// Books the splits of a session before its distributions. `splits` come from prices.csv.
    pub(super) fn split(&mut self, rows: &[TradeRow], splits: &[(u32, Price)], check: &mut Check) {
        let splits_of = |s: u32| splits.iter().find(|(symbol, _)| *symbol == s).map(|(_, ratio)| *ratio);
        for row in rows.iter().filter(|r| r.side == Side::Split && splits_of(r.symbol).is_none()) {
            check.fault("trades.csv", Line(row.line), "side", "split", "a split of prices.csv on this day");
        }
        for (symbol, ratio) in splits {
            let mut rows: Vec<&TradeRow> =
                rows.iter().filter(|r| r.side == Side::Split && r.symbol == *symbol).collect();
            // A company counts the shares of an account, not of a lot.
            let holders: Vec<Holder> =
                self.lots.of(*symbol).map(|p| Holder::of(p, p.quantity.raw())).collect();
            let after = in_proportion(&holders, (ratio.raw(), Price::ONE.raw()), 1, false);
            for (piece, after) in self.lots.of_mut(*symbol).zip(after) {
                let after = Shares::from_raw(after);
                let added = after - piece.quantity;
                let named = |r: &&TradeRow| {
                    (r.lot, r.account, r.holding_start) == (piece.lot, piece.account, piece.holding_start)
                        && r.quantity == added
                };
                match rows.iter().position(named) {
                    Some(at) => check.same(
                        "trades.csv",
                        Line(rows.remove(at).line),
                        "basis",
                        Money::ZERO,
                        Money::ZERO,
                    ),
                    None => check.fault(
                        "trades.csv",
                        format!("split on lot {}", piece.lot),
                        "quantity",
                        "no row",
                        added,
                    ),
                }
                piece.quantity = after;
            }
            for row in rows {
                check.fault(
                    "trades.csv",
                    Line(row.line),
                    "split",
                    row.quantity,
                    "an open lot that splits so",
                );
            }
            self.washes.split(self.lots.group(*symbol), *symbol, *ratio);
            self.incomes.split(*symbol, |q| scaled(q, *ratio));
        }
    }

    /// Books the spin-offs of a session after its splits. The basis of each lot is divided by value
    /// (358(b)(2)); the new shares keep the dates of the lot (1223(1)).
    pub(super) fn spin_off(
        &mut self,
        rows: &[TradeRow],
        spinoffs: &[(u32, u32, Price)],
        closes: &[Option<Price>],
        check: &mut Check,
    ) {
        let mut rows: Vec<&TradeRow> = rows.iter().filter(|r| r.side == Side::Spinoff).collect();
        let mut expect = |check: &mut Check, p: &Piece, symbol: u32, quantity: Shares, basis: Money| {
            let is_it = |r: &&TradeRow| {
                (r.symbol, r.lot, r.account, r.holding_start) == (symbol, p.lot, p.account, p.holding_start)
                    && (r.quantity, r.basis) == (quantity, basis)
            };
            match rows.iter().position(is_it) {
                Some(at) => {
                    rows.remove(at);
                    check.figures += 2;
                }
                None => {
                    check.fault("trades.csv", format!("spinoff on lot {}", p.lot), "basis", "no row", basis);
                }
            }
        };
        for (symbol, child, value) in spinoffs {
            let close = |s: u32| closes.get(s as usize).copied().flatten().unwrap_or_default();
            let (rest, of_child) = (close(*symbol), close(*child));
            let parents: Vec<Piece> = self.lots.of(*symbol).cloned().collect();
            let holders =
                |of: fn(&Piece) -> i64| parents.iter().map(|p| Holder::of(p, of(p))).collect::<Vec<Holder>>();
            let by_value = (value.raw(), value.raw() + rest.raw());
            let bases = in_proportion(&holders(|p| p.basis.raw()), by_value, 0, true);
            let shares =
                in_proportion(&holders(|p| p.quantity.raw()), (value.raw(), of_child.raw()), 1, false);
            for ((p, basis), quantity) in parents.into_iter().zip(bases).zip(shares) {
                let (basis, quantity) = (Money::from_raw(basis), Shares::from_raw(quantity));
                expect(check, &p, *symbol, Shares::ZERO, -basis);
                expect(check, &p, *child, quantity, basis);
                for of in self.lots.of_mut(*symbol).filter(|of| of.number == p.number) {
                    of.basis -= basis;
                }
                self.lots.add(Piece { symbol: *child, quantity, basis, may_replace: false, ..p });
            }
        }
        for row in rows {
            check.fault(
                "trades.csv",
                Line(row.line),
                "side",
                "spinoff",
                "a spin-off of prices.csv on this day",
            );
        }
    }

    /// Books the trades of a session. `first` is the index of the first row within the arm.
    pub(super) fn trade(
        &mut self,
        rows: &[TradeRow],
        first: usize,
        terms: &Terms<'_>,
        check: &mut Check,
    ) -> Vec<Move> {
        let mut moves = Vec::new();
        let mut at = first;
        let order = |a: &TradeRow, b: &TradeRow| {
            let key = |r: &TradeRow| (r.account, r.sleeve, r.mandate, r.symbol, r.side, r.price, r.reason);
            key(a) == key(b)
        };
        for rows in rows.chunk_by(order) {
            match rows.first().map(|r| r.side) {
                Some(Side::Sell) => self.sell(rows, at, terms, check, &mut moves),
                Some(Side::Buy) => {
                    for row in rows {
                        self.buy(row, terms, check, &mut moves);
                    }
                }
                Some(Side::TransferIn) => {
                    for row in rows {
                        self.transfer_in(row, terms, check);
                    }
                }
                Some(Side::TransferOut | Side::GiftOut) => {
                    for row in rows {
                        self.leave(row, terms, check);
                    }
                }
                Some(Side::Split | Side::Spinoff) | None => {}
            }
            at += rows.len();
        }
        moves
    }

    fn buy(&mut self, row: &TradeRow, terms: &Terms<'_>, check: &mut Check, moves: &mut Vec<Move>) {
        let line = || Line(row.line);
        let file = "trades.csv";
        if !row.quantity.is_positive() {
            check.fault(file, line(), "quantity", row.quantity, "shares above zero");
            return;
        }
        at_close(row, terms, check);
        let amount = worth(row.quantity, row.price);
        check.same(file, line(), "amount", row.amount, amount);
        let cost = terms.cost(amount, row.cost, row, check);
        check.same(file, line(), "basis", row.basis, amount + cost);
        check.same(file, line(), "acquired", row.acquired, row.date);
        check.same(file, line(), "holding_start", row.holding_start, row.date);
        nothing_realized(row, check);
        if terms.excluded.contains(&row.symbol) {
            let name = terms.words.symbols.name(row.symbol);
            check.fault(file, line(), "symbol", name, "no purchase of an excluded name");
        }
        let (account, mandate, symbol) = (row.account, row.mandate, row.symbol);
        moves.push(Move { kind: Kind::Trade, account, mandate, symbol, amount: -amount });
        moves.push(Move { kind: Kind::Cost, account, mandate, symbol, amount: -cost });
        self.come_in(row, amount + cost, row.date, terms, check);
    }

    /// Books a lot brought in at its basis (1223(2)), at the price of the day.
    fn transfer_in(&mut self, row: &TradeRow, terms: &Terms<'_>, check: &mut Check) {
        let line = || Line(row.line);
        let file = "trades.csv";
        if !row.quantity.is_positive() {
            check.fault(file, line(), "quantity", row.quantity, "shares above zero");
            return;
        }
        let close = terms.last_closes.get(row.symbol as usize).copied().unwrap_or_default();
        check.same(file, line(), "price", row.price, close);
        check.same(file, line(), "amount", row.amount, row.basis);
        check.same(file, line(), "cost", row.cost, Money::ZERO);
        check.same(file, line(), "holding_start", row.holding_start, row.acquired);
        if row.acquired > row.date {
            check.fault(file, line(), "acquired", row.acquired, format!("{} or before", row.date));
        }
        nothing_realized(row, check);
        self.come_in(row, row.basis, row.acquired, terms, check);
    }

    fn come_in(
        &mut self,
        row: &TradeRow,
        basis: Money,
        acquired: NaiveDate,
        terms: &Terms<'_>,
        check: &mut Check,
    ) {
        if !self.names.insert(row.lot) {
            let name = terms.words.lots.name(row.lot);
            check.fault("trades.csv", Line(row.line), "lot", name, "a name that no other purchase has");
        }
        let number = self.lots.add(Piece {
            number: 0,
            purchase: 0,
            lot: row.lot,
            account: row.account,
            sleeve: row.sleeve,
            mandate: row.mandate,
            symbol: row.symbol,
            quantity: row.quantity,
            basis,
            acquired,
            holding_start: acquired,
            may_replace: true,
            slack: 0,
        });
        let mut washed = Vec::new();
        self.washes.bought(&mut self.lots, row.symbol, number, row.date, &mut washed);
        self.disallow(&washed);
    }

    /// Books shares given away or taken out. No gain is realized; the basis goes with the shares.
    fn leave(&mut self, row: &TradeRow, terms: &Terms<'_>, check: &mut Check) {
        let line = || Line(row.line);
        let file = "trades.csv";
        let quantity = -row.quantity;
        if !quantity.is_positive() {
            check.fault(file, line(), "quantity", row.quantity, "shares below zero");
            return;
        }
        check.same(file, line(), "price", row.price, Price::ZERO);
        check.same(file, line(), "amount", row.amount, Money::ZERO);
        check.same(file, line(), "cost", row.cost, Money::ZERO);
        nothing_realized(row, check);
        let Some(number) = self.resolve(std::slice::from_ref(row), quantity, -row.basis, terms, check) else {
            return;
        };
        let Some(mut part) = self.lots.remove(row.symbol, number, quantity) else { return };
        self.lots.settle(&mut part, -row.basis);
        check.same(file, line(), "quantity", row.quantity, -part.quantity);
        check.same(file, line(), "basis", row.basis, -part.basis);
        self.incomes.left(&part, row.mandate, row.date);
        if row.side == Side::GiftOut {
            let is_long = term(part.holding_start, row.date).as_str() == "long";
            if !is_long || !terms.is_taxable(row.account) {
                check.fault(file, line(), "side", "gift_out", "long-term shares of a taxable account");
            }
        }
    }

    /// Books one order. Takes the pieces one after the other, then matches their losses.
    fn sell(
        &mut self,
        rows: &[TradeRow],
        first: usize,
        terms: &Terms<'_>,
        check: &mut Check,
        moves: &mut Vec<Move>,
    ) {
        let same_lot = |a: &TradeRow, b: &TradeRow| {
            // A row without a replacement lot is the last row of its sale.
            a.replacement.is_some()
                && (a.lot, a.acquired, a.holding_start) == (b.lot, b.acquired, b.holding_start)
        };
        let (mut sold, mut at) = (Vec::new(), first);
        for mut rows in rows.chunk_by(same_lot) {
            while !rows.is_empty() {
                let count = self.rows_of_one(rows);
                let (mine, others) = rows.split_at(count);
                if let Some(sale) = self.sell_piece(mine, at, terms, check, moves) {
                    sold.push(sale);
                }
                at += count;
                rows = others;
            }
        }
        let mut washed = Vec::new();
        // The parts of one order count as sold in order of acquisition (Reg. 1.1091-1(b)).
        sold.sort_by_key(|s: &Sold| (s.acquired, s.purchase, s.holding_start));
        for sale in &sold {
            if terms.wash_sale_rule && !terms.wash_exempt.contains(&sale.symbol) {
                self.washes.sold(&mut self.lots, sale, &mut washed);
            }
        }
        self.disallow(&washed);
    }

    /// Number of leading rows that belong to one piece. It is all rows unless several pieces of the lot are
    /// possible. Then it is as many as exactly add up to the basis of a piece.
    fn rows_of_one(&self, rows: &[TradeRow]) -> usize {
        let Some(row) = rows.first() else { return 0 };
        let named = |p: &&Piece| is_named(p, row) && p.holding_start == row.holding_start;
        if rows.len() == 1 || self.lots.of(row.symbol).filter(named).count() < 2 {
            return rows.len();
        }
        // An order sells a whole piece before the next. So rows that use up a piece have priority over rows
        // that may be a part of one.
        let uses_up = |p: &Piece, quantity: Shares, basis: Money| (p.quantity, p.basis) == (quantity, basis);
        for is_it in [uses_up, fits] {
            for count in (1..=rows.len()).rev() {
                let (quantity, basis) = totals(&rows[..count]);
                if self.lots.of(row.symbol).filter(named).any(|p| is_it(p, quantity, basis)) {
                    return count;
                }
            }
        }
        rows.len()
    }

    fn sell_piece(
        &mut self,
        rows: &[TradeRow],
        at: usize,
        terms: &Terms<'_>,
        check: &mut Check,
        moves: &mut Vec<Move>,
    ) -> Option<Sold> {
        let row = rows.first()?;
        let (quantity, basis) = totals(rows);
        let file = "trades.csv";
        if !quantity.is_positive() || rows.iter().any(|r| r.quantity.is_negative()) {
            check.fault(file, Line(row.line), "quantity", quantity, "shares above zero");
            return None;
        }
        let is_paid_out = terms.paid_out.contains(&row.symbol);
        if is_paid_out {
            let last = terms.last_closes.get(row.symbol as usize).copied().unwrap_or_default();
            check.same(file, Line(row.line), "price", row.price, last);
        } else {
            at_close(row, terms, check);
        }
        let number = self.resolve(rows, quantity, basis, terms, check)?;
        let mut part = self.lots.remove(row.symbol, number, quantity)?;
        self.lots.settle(&mut part, basis);
        if part.quantity < quantity {
            check.fault(file, Line(row.line), "quantity", quantity, format!("at most {}", part.quantity));
        }
        let amount = worth(quantity, row.price);
        let stated = rows.iter().map(|r| r.cost).sum();
        let cost = if is_paid_out { Money::ZERO } else { terms.cost(amount, stated, row, check) };
        let (account, mandate, symbol) = (row.account, row.mandate, row.symbol);
        moves.push(Move { kind: Kind::Trade, account, mandate, symbol, amount });
        moves.push(Move { kind: Kind::Cost, account, mandate, symbol, amount: -cost });
        let term = term(part.holding_start, row.date);
        for r in rows {
            check.same(file, Line(r.line), "term", r.term.map_or("", |t| t.as_str()), term.as_str());
            check.same(file, Line(r.line), "acquired", r.acquired, part.acquired);
        }
        let rest = Part { quantity, amount, cost, basis: part.basis, ..Part::default() };
        let sale = self.sales.len();
        self.sales.push(Sale { rows: at..at + rows.len(), date: row.date, term, parts: Vec::new(), rest });
        if !terms.is_taxable(account) {
            return None;
        }
        self.incomes.gain(row.date, term, rest.gain());
        self.incomes.left(&part, mandate, row.date);
        rest.gain().is_negative().then_some(Sold {
            sale,
            date: row.date,
            symbol,
            lot: row.lot,
            acquired: part.acquired,
            purchase: part.purchase,
            holding_start: part.holding_start,
            quantity,
            amount,
            cost,
            basis: part.basis,
            is_paid_out,
        })
    }

    /// Finds the piece that the rows mean, and reports where account, sleeve, mandate or holding period do
    /// not fit.
    fn resolve(
        &mut self,
        rows: &[TradeRow],
        quantity: Shares,
        basis: Money,
        terms: &Terms<'_>,
        check: &mut Check,
    ) -> Option<u32> {
        let row = rows.first()?;
        let file = "trades.csv";
        let name = terms.words.lots.name(row.lot);
        let of_lot: Vec<&Piece> = self.lots.of(row.symbol).filter(|p| p.lot == row.lot).collect();
        let Some(any) = of_lot.first() else {
            let symbol = terms.words.symbols.name(row.symbol);
            check.fault(file, Line(row.line), "lot", name, format!("an open lot of {symbol}"));
            return None;
        };
        check.figures += 3;
        if any.account != row.account {
            let words = &terms.words.accounts;
            check.fault(file, Line(row.line), "account", words.name(row.account), words.name(any.account));
        }
        if any.sleeve != row.sleeve {
            let words = &terms.words.sleeves;
            check.fault(file, Line(row.line), "sleeve", words.name(row.sleeve), words.name(any.sleeve));
        }
        if any.mandate != row.mandate {
            let words = &terms.words.mandates;
            check.fault(file, Line(row.line), "mandate", words.name(row.mandate), words.name(any.mandate));
        }
        let mut pieces: Vec<&Piece> =
            of_lot.iter().copied().filter(|p| p.holding_start == row.holding_start).collect();
        if pieces.is_empty() {
            let open: Vec<String> = of_lot.iter().map(|p| p.holding_start.to_string()).collect();
            for r in rows {
                check.fault(file, Line(r.line), "holding_start", r.holding_start, open.join(" or "));
            }
            pieces = of_lot;
        }
        // If several pieces fit, take the one that is used up: an order sells a whole piece before the next.
        let fit: Vec<&Piece> = pieces.iter().copied().filter(|p| fits(p, quantity, basis)).collect();
        let whole = fit.iter().find(|p| p.quantity == quantity);
        let number = if let Some(p) = whole.or(fit.first()) {
            p.number
        } else {
            // If none fits exactly, take the piece with the nearest basis per share.
            let wanted = basis.to_f64() / quantity.to_f64();
            let off = |p: &&Piece| (p.basis.to_f64() / p.quantity.to_f64() - wanted).abs();
            let near = |p: &&Piece, q: &&Piece| off(p).total_cmp(&off(q));
            let enough = pieces.iter().copied().filter(|p| p.quantity >= quantity);
            enough.min_by(near).or_else(|| pieces.iter().copied().min_by(near))?.number
        };
        if fit.len() > 1 {
            self.lots.doubt(row.symbol, number);
        }
        self.lots.refill(row.symbol, number, quantity);
        Some(number)
    }

    /// Adds disallowed losses back in the year of the sale, whenever the replacement was bought.
    fn disallow(&mut self, washed: &[Washed]) {
        for w in washed {
            let Some(sale) = self.sales.get_mut(w.sale) else { continue };
            let p = &w.part;
            sale.rest.quantity -= p.quantity;
            sale.rest.amount -= p.amount;
            sale.rest.cost -= p.cost;
            sale.rest.basis -= p.basis;
            sale.parts.push(*p);
            self.incomes.gain(sale.date, sale.term, p.disallowed);
        }
    }

    /// After the last session, compares the rows of each sale with its expected parts.
    pub(super) fn finish(&mut self, rows: &[TradeRow], terms: &Terms<'_>, check: &mut Check) {
        let file = "trades.csv";
        for sale in &self.sales {
            let found = &rows[sale.rows.clone()];
            let rest = &sale.rest;
            let is_gone =
                rest.quantity.is_zero() && [rest.amount, rest.cost, rest.basis].iter().all(|m| m.is_zero());
            let expected: Vec<&Part> = sale.parts.iter().chain((!is_gone).then_some(rest)).collect();
            let Some(first) = found.first() else { continue };
            let lot = |l: Option<u32>| l.map_or("", |l| terms.words.lots.name(l));
            if found.len() != expected.len() {
                let replaced: Vec<String> = expected
                    .iter()
                    .map(|p| match p.replacement {
                        Some(l) => format!("{} shares replaced by {}", p.quantity, lot(Some(l))),
                        None => format!("{} shares replaced by none", p.quantity),
                    })
                    .collect();
                let rows = format!("{} rows", found.len());
                check.fault(file, Line(first.line), "replacement_lot", rows, replaced.join(", "));
            }
            for (row, part) in found.iter().zip(&expected) {
                check.same(
                    file,
                    Line(row.line),
                    "replacement_lot",
                    lot(row.replacement),
                    lot(part.replacement),
                );
                check.same(file, Line(row.line), "quantity", row.quantity, part.quantity);
                check.same(file, Line(row.line), "amount", row.amount, part.amount);
                check.same(file, Line(row.line), "cost", row.cost, part.cost);
                check.same(file, Line(row.line), "basis", row.basis, part.basis);
                check.same(file, Line(row.line), "gain", row.gain, part.gain());
                check.same(file, Line(row.line), "disallowed", row.disallowed, part.disallowed);
                check.same(file, Line(row.line), "recognized", row.recognized, part.gain() + part.disallowed);
            }
            if terms.is_taxable(first.account) {
                for part in &expected {
                    let recognized = part.gain() + part.disallowed;
                    self.harvest.losses += (-recognized).max(Money::ZERO);
                    self.harvest.gains += recognized.max(Money::ZERO);
                    self.harvest.washed += part.disallowed;
                }
            }
        }
    }
}

fn totals(rows: &[TradeRow]) -> (Shares, Money) {
    (rows.iter().map(|r| r.quantity).sum(), rows.iter().map(|r| r.basis).sum())
}

fn is_named(piece: &Piece, row: &TradeRow) -> bool {
    piece.lot == row.lot && piece.account == row.account
}

/// Whether this number of shares of the piece has exactly this basis.
fn fits(piece: &Piece, quantity: Shares, basis: Money) -> bool {
    piece.quantity >= quantity && piece.basis.prorate(quantity, piece.quantity) == basis
}

/// Checks that a trade is at the close of its session.
fn at_close(row: &TradeRow, terms: &Terms<'_>, check: &mut Check) {
    match terms.closes.get(row.symbol as usize).copied().flatten() {
        Some(close) => check.same("trades.csv", Line(row.line), "price", row.price, close),
        None => check.fault("trades.csv", Line(row.line), "price", row.price, "no trade without a close"),
    }
}

/// Checks that nothing is realized without a disposal (1001).
fn nothing_realized(row: &TradeRow, check: &mut Check) {
    let file = "trades.csv";
    for (what, found) in [("gain", row.gain), ("disallowed", row.disallowed), ("recognized", row.recognized)]
    {
        check.same(file, Line(row.line), what, found, Money::ZERO);
    }
    if row.term.is_some() || row.replacement.is_some() {
        let side = row.side.as_str();
        check.fault(
            file,
            Line(row.line),
            "term, replacement_lot",
            "a value",
            format!("nothing for a {side}"),
        );
    }
}
