//! Open lots, worked out again from trades: quantity, basis and holding period of every piece.

use chrono::NaiveDate;
use unisleeve_core::units::{Money, Price, Shares};

/// Largest amount worked with, in units of 0.0001: what is beyond it can only come from a damaged file.
const MOST: i64 = 10_000_000_000_000_000;

/// Quantity times price; of damaged files at most a trillion dollars.
pub(super) fn worth(quantity: Shares, price: Price) -> Money {
    Money::from_raw(Money::of(quantity, price).raw().clamp(-MOST, MOST))
}

/// Shares of one purchase with one basis per share and one holding period.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Names it among the pieces of an arm.
    pub(super) number: u32,
    /// Purchase: position in the order in which purchases were booked.
    pub(super) purchase: u32,
    /// Purchase's name in the files.
    pub(super) lot: u32,
    pub(super) account: u32,
    pub(super) sleeve: u32,
    pub(super) mandate: u32,
    pub(super) symbol: u32,
    pub(super) quantity: Shares,
    pub(super) basis: Money,
    pub(super) acquired: NaiveDate,
    pub(super) holding_start: NaiveDate,
    /// Has not replaced shares sold at a loss yet (Reg. 1.1091-1(e)).
    pub(super) may_replace: bool,
    /// Units of 0.0001 by which its basis may be off: rows name a lot and its holding period, so of two
    /// pieces alike in both and in basis for a share it does not show which one was sold.
    pub(super) slack: i64,
}

impl Piece {
    /// Takes shares off with their part of the basis, rounded half-even; the rest keeps the remainder.
    pub(super) fn take(&mut self, quantity: Shares) -> Self {
        let part = Self { quantity, basis: self.basis.prorate(quantity, self.quantity), ..self.clone() };
        self.quantity -= quantity;
        self.basis -= part.basis;
        part
    }
}

/// All open pieces of an arm, by group of substantially identical symbols.
#[derive(Debug, Default)]
pub(super) struct Lots {
    /// Group of each symbol.
    group_of: Vec<usize>,
    /// Pieces of each group, by purchase.
    pieces: Vec<Vec<Piece>>,
    purchases: u32,
    numbers: u32,
}

impl Lots {
    pub(super) fn new(group_of: Vec<usize>) -> Self {
        let groups = group_of.iter().max().map_or(0, |g| g + 1);
        Self { group_of, pieces: vec![Vec::new(); groups], purchases: 0, numbers: 0 }
    }

    pub(super) fn group(&self, symbol: u32) -> usize {
        self.group_of.get(symbol as usize).copied().unwrap_or(0)
    }

    pub(super) fn of_group(&mut self, group: usize) -> &mut Vec<Piece> {
        &mut self.pieces[group]
    }

    /// Open pieces of a symbol.
    pub(super) fn of(&self, symbol: u32) -> impl Iterator<Item = &Piece> {
        self.pieces[self.group(symbol)].iter().filter(move |p| p.symbol == symbol)
    }

    /// The same, to be changed.
    pub(super) fn of_mut(&mut self, symbol: u32) -> impl Iterator<Item = &mut Piece> {
        let group = self.group(symbol);
        self.pieces[group].iter_mut().filter(move |p| p.symbol == symbol)
    }

    /// All open pieces.
    pub(super) fn all(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().flatten()
    }

    /// Adds a purchase.
    pub(super) fn add(&mut self, mut piece: Piece) -> u32 {
        self.purchases += 1;
        piece.purchase = self.purchases;
        piece.number = self.number();
        let (group, number) = (self.group(piece.symbol), piece.number);
        self.pieces[group].push(piece);
        number
    }

    fn number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    /// Makes `quantity` shares of a piece one of their own, and gives its position.
    pub(super) fn split_off(&mut self, group: usize, at: usize, quantity: Shares) -> usize {
        if quantity == self.pieces[group][at].quantity {
            return at;
        }
        let number = self.number();
        let part = self.pieces[group][at].take(quantity);
        self.pieces[group].insert(at, Piece { number, ..part });
        at
    }

    /// The piece of a number.
    pub(super) fn find(&self, symbol: u32, number: u32) -> Option<&Piece> {
        self.pieces[self.group(symbol)].iter().find(|p| p.number == number)
    }

    /// Pieces that rows can't tell from this one.
    fn alike(a: &Piece, b: &Piece) -> bool {
        let key = |p: &Piece| (p.symbol, p.lot, p.account, p.holding_start);
        key(a) == key(b) && a.number != b.number
    }

    /// Notes that a sale might as well have been of another piece.
    pub(super) fn doubt(&mut self, symbol: u32, number: u32) {
        let Some(piece) = self.find(symbol, number).cloned() else { return };
        for p in self.of_mut(symbol).filter(|p| p.number == number || Self::alike(p, &piece)) {
            p.slack += 1;
        }
    }

    /// Where earlier sales in doubt were counted against this piece, it takes back what it lacks of
    /// `quantity` from its like.
    pub(super) fn refill(&mut self, symbol: u32, number: u32, quantity: Shares) {
        let Some(piece) = self.find(symbol, number).cloned().filter(|p| p.slack > 0) else { return };
        let mut missing = quantity - piece.quantity;
        let (mut shares, mut basis) = (Shares::ZERO, Money::ZERO);
        for p in self.of_mut(symbol).filter(|p| p.slack > 0 && Self::alike(p, &piece)) {
            if missing.is_positive() {
                let part = p.take(missing.min(p.quantity));
                missing -= part.quantity;
                shares += part.quantity;
                basis += part.basis;
            }
        }
        for p in self.of_mut(symbol).filter(|p| p.number == number) {
            p.quantity += shares;
            p.basis += basis;
        }
        let group = self.group(symbol);
        self.pieces[group].retain(|p| p.quantity.is_positive() || p.number == number);
    }

    /// Moves a difference of rounding between what was sold of pieces in doubt and what is left of them.
    pub(super) fn settle(&mut self, part: &mut Piece, basis: Money) {
        let off = basis - part.basis;
        if off.is_zero() || off.abs().raw() > part.slack {
            return;
        }
        let (sold, number) = (part.clone(), part.number);
        let rest = self.of_mut(sold.symbol).find(|p| p.number == number || Self::alike(p, &sold));
        if let Some(rest) = rest {
            rest.basis -= off;
            part.basis = basis;
        }
    }

    /// Removes shares of a piece; as many as there are where more are asked for.
    pub(super) fn remove(&mut self, symbol: u32, number: u32, quantity: Shares) -> Option<Piece> {
        let group = self.group(symbol);
        let pieces = &mut self.pieces[group];
        let at = pieces.iter().position(|p| p.number == number)?;
        if quantity >= pieces[at].quantity {
            Some(pieces.remove(at))
        } else {
            Some(pieces[at].take(quantity))
        }
    }
}

/// Group of each symbol: those that `identical` names together are one.
pub(super) fn groups(symbols: &[String], identical: &[Vec<String>]) -> Vec<usize> {
    let mut group_of: Vec<usize> = (0..symbols.len()).collect();
    for names in identical {
        let members: Vec<usize> = names
            .iter()
            .filter_map(|n| symbols.iter().position(|s| s.eq_ignore_ascii_case(n)))
            .map(|s| group_of[s])
            .collect();
        if let Some(to) = members.first() {
            for g in group_of.iter_mut().filter(|g| members.contains(g)) {
                *g = *to;
            }
        }
    }
    group_of
}
