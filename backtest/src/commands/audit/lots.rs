//! Open lots, recomputed from trades: quantity, basis and holding period of each piece.

use chrono::NaiveDate;
use unisleeve_core::units::{Money, Price, Shares};

/// Largest amount, in units of $0.0001. A larger one can only come from a damaged file.
const MOST: i64 = 10_000_000_000_000_000;

/// Quantity times price, limited to a trillion dollars in either direction for damaged files.
pub(super) fn worth(quantity: Shares, price: Price) -> Money {
    Money::from_raw(Money::of(quantity, price).raw().clamp(-MOST, MOST))
}

/// Shares of one purchase with the same basis per share and the same holding period.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Identifies the piece within an arm.
    pub(super) number: u32,
    /// Position of the purchase in the order of booking.
    pub(super) purchase: u32,
    /// Name of the purchase in the files.
    pub(super) lot: u32,
    pub(super) account: u32,
    pub(super) sleeve: u32,
    pub(super) mandate: u32,
    pub(super) symbol: u32,
    pub(super) quantity: Shares,
    pub(super) basis: Money,
    pub(super) acquired: NaiveDate,
    pub(super) holding_start: NaiveDate,
    /// Whether the shares have not yet replaced shares sold at a loss (Reg. 1.1091-1(e)).
    pub(super) may_replace: bool,
    /// Possible error of the basis, in units of $0.0001. Rows identify a lot and its holding period. If two
    /// pieces agree in both and in the basis per share, the files don't show which one was sold.
    pub(super) slack: i64,
}

impl Piece {
    /// Removes shares with their part of the basis, rounded half-even. The remainder stays with the rest.
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
    /// Pieces of each group in order of purchase.
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

    /// The same, mutable.
    pub(super) fn of_mut(&mut self, symbol: u32) -> impl Iterator<Item = &mut Piece> {
        let group = self.group(symbol);
        self.pieces[group].iter_mut().filter(move |p| p.symbol == symbol)
    }

    /// All open pieces.
    pub(super) fn all(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().flatten()
    }

    /// Adds a purchase and returns the number of its piece.
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

    /// Makes `quantity` shares of a piece a separate piece. Returns its position.
    pub(super) fn split_off(&mut self, group: usize, at: usize, quantity: Shares) -> usize {
        if quantity == self.pieces[group][at].quantity {
            return at;
        }
        let number = self.number();
        let part = self.pieces[group][at].take(quantity);
        self.pieces[group].insert(at, Piece { number, ..part });
        at
    }

    /// The piece with a number.
    pub(super) fn find(&self, symbol: u32, number: u32) -> Option<&Piece> {
        self.pieces[self.group(symbol)].iter().find(|p| p.number == number)
    }

    /// Whether rows can't distinguish two pieces.
    fn alike(a: &Piece, b: &Piece) -> bool {
        let key = |p: &Piece| (p.symbol, p.lot, p.account, p.holding_start);
        key(a) == key(b) && a.number != b.number
    }

    /// Records that a sale may also have come from another piece.
    pub(super) fn doubt(&mut self, symbol: u32, number: u32) {
        let Some(piece) = self.find(symbol, number).cloned() else { return };
        for p in self.of_mut(symbol).filter(|p| p.number == number || Self::alike(p, &piece)) {
            p.slack += 1;
        }
    }

    /// If earlier ambiguous sales were booked against this piece and it now has fewer than `quantity` shares,
    /// takes the missing shares from indistinguishable pieces.
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

    /// Moves a rounding difference between the sold part of ambiguous pieces and what is left of them.
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

    /// Removes shares of a piece, but not more than it has.
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

/// An open lot after the last session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed {
    pub(super) quantity: Shares,
    pub(super) basis: Money,
    pub(super) holding_start: NaiveDate,
}

/// Group of each symbol. Symbols listed together in `identical` form one group.
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
