//! The open lots of one security, in order of purchase.
//!
//! A replay holds a few dozen lots of a security: a list is enough. A history may hold hundreds of thousands.
//! With more than [`FEW`] lots, a tree holds them, with an index for each question that the lot book asks, so
//! that no booking scans all lots.

use std::collections::btree_map;
use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use chrono::NaiveDate;

use unisleeve_tax::{Lot, LotMethod, TaxRates, last_long_start};
use unisleeve_units::{AccountId, LotId, Price, Shares};

/// Up to this many lots, a list is faster.
const FEW: usize = 64;

/// Gap between the positions of two lots of one day, for parts that are split off the later one.
const ROOM: u64 = 1 << 32;

/// Position of a lot: by date of purchase, then in order of arrival.
type Place = (NaiveDate, u64);

/// Sort key of an account's lots for [`LotMethod::Fifo`].
type Oldest = (AccountId, NaiveDate, NaiveDate, LotId, u32);

/// Sort key of an account's lots for the other methods: by term, then by basis per share, highest first.
type Dearest = (AccountId, bool, u64, NaiveDate, NaiveDate, LotId, u32);

/// Open lots of one security.
#[derive(Debug, Clone, Default)]
pub struct OpenLots {
    list: Vec<Lot>,
    tree: Option<Box<Tree>>,
}

/// Many lots, with an index for each kind of search.
#[derive(Debug, Clone, Default)]
struct Tree {
    lots: BTreeMap<Place, Lot>,
    /// Last position assigned.
    last: u64,
    by_piece: BTreeMap<u32, Place>,
    by_lot: BTreeSet<(AccountId, LotId, u32)>,
    /// Lots that may still replace shares sold at a loss, in order of purchase.
    free: BTreeSet<(NaiveDate, LotId, Place)>,
    oldest: BTreeSet<Oldest>,
    held: BTreeMap<AccountId, Shares>,
    /// Built when a method first needs it.
    dearest: Option<Dear>,
}

/// Lots by basis per share, with long-term lots separate.
#[derive(Debug, Clone)]
struct Dear {
    /// A holding period that starts on or before this date is long-term.
    long_from: NaiveDate,
    lots: BTreeSet<Dearest>,
    /// Starts of the holding periods of short-term lots.
    short: BTreeSet<(NaiveDate, u32)>,
}

impl Dear {
    fn key(&self, lot: &Lot) -> Dearest {
        let is_long = lot.holding_start <= self.long_from;
        (lot.account, is_long, dearness(lot), lot.holding_start, lot.acquired, lot.id, lot.piece)
    }

    fn put(&mut self, lot: &Lot) {
        let key = self.key(lot);
        if !key.1 {
            self.short.insert((lot.holding_start, lot.piece));
        }
        self.lots.insert(key);
    }

    fn remove(&mut self, lot: &Lot) {
        let key = self.key(lot);
        if !key.1 {
            self.short.remove(&(lot.holding_start, lot.piece));
        }
        self.lots.remove(&key);
    }
}

/// A key that is smaller for a higher basis per share. Floats that are zero or positive sort like their bits.
fn dearness(lot: &Lot) -> u64 {
    u64::MAX - (lot.basis.to_f64() / lot.quantity.to_f64()).max(0.0).to_bits()
}

impl Tree {
    fn of(list: Vec<Lot>) -> Self {
        let mut tree = Self::default();
        for lot in list {
            tree.put(lot);
        }
        tree
    }

    fn put(&mut self, lot: Lot) {
        self.last += ROOM;
        self.put_at((lot.acquired, self.last), lot);
    }

    fn put_at(&mut self, place: Place, lot: Lot) {
        self.enter(place, &lot);
        self.by_piece.insert(lot.piece, place);
        self.by_lot.insert((lot.account, lot.id, lot.piece));
        self.lots.insert(place, lot);
    }

    /// Adds a lot to the indices that depend on its dates, basis or shares.
    fn enter(&mut self, place: Place, lot: &Lot) {
        if lot.may_replace {
            self.free.insert((lot.acquired, lot.id, place));
        }
        self.oldest.insert((lot.account, lot.acquired, lot.holding_start, lot.id, lot.piece));
        *self.held.entry(lot.account).or_default() += lot.quantity;
        if let Some(dear) = &mut self.dearest {
            dear.put(lot);
        }
    }

    fn leave(&mut self, place: Place, lot: &Lot) {
        if lot.may_replace {
            self.free.remove(&(lot.acquired, lot.id, place));
        }
        self.oldest.remove(&(lot.account, lot.acquired, lot.holding_start, lot.id, lot.piece));
        *self.held.entry(lot.account).or_default() -= lot.quantity;
        if let Some(dear) = &mut self.dearest {
            dear.remove(lot);
        }
    }

    fn remove(&mut self, piece: u32) -> Option<Lot> {
        let place = self.by_piece.remove(&piece)?;
        let lot = self.lots.remove(&place)?;
        self.leave(place, &lot);
        self.by_lot.remove(&(lot.account, lot.id, lot.piece));
        Some(lot)
    }

    fn find(&self, piece: u32) -> Option<&Lot> {
        self.lots.get(self.by_piece.get(&piece)?)
    }

    fn change<T>(&mut self, piece: u32, change: impl FnOnce(&mut Lot) -> T) -> Option<T> {
        let place = *self.by_piece.get(&piece)?;
        let before = *self.lots.get(&place)?;
        self.leave(place, &before);
        let lot = self.lots.get_mut(&place)?;
        let result = change(lot);
        let after = *lot;
        self.enter(place, &after);
        Some(result)
    }

    /// Inserts a part before the piece that it was split off.
    fn put_before(&mut self, rest: u32, part: Lot) {
        let Some(&(date, place)) = self.by_piece.get(&rest) else { return };
        // The gap before a lot is for its own parts: a new part goes after the last of them, or into the
        // middle of the gap.
        let first = place - ROOM / 2;
        let last = self.lots.range((date, first)..(date, place)).next_back();
        let at = last.map_or(first, |((_, last), _)| last + 1);
        self.put_at((date, at), part);
    }

    /// Updates the term of every lot. `long_from` is the latest start of a long-term holding period.
    fn sort_by_basis(&mut self, long_from: NaiveDate) -> &BTreeSet<Dearest> {
        let lots = &self.lots;
        let by_piece = &self.by_piece;
        let build = || {
            let mut dear = Dear { long_from, lots: BTreeSet::new(), short: BTreeSet::new() };
            for lot in lots.values() {
                dear.put(lot);
            }
            dear
        };
        let dear = self.dearest.get_or_insert_with(build);
        if long_from < dear.long_from {
            *dear = build();
        }
        while let Some(&(start, piece)) = dear.short.first().filter(|(start, _)| *start <= long_from) {
            dear.short.remove(&(start, piece));
            if let Some(lot) = by_piece.get(&piece).and_then(|place| lots.get(place)) {
                let short = dear.key(lot);
                dear.lots.remove(&short);
                dear.lots.insert(Dearest::from((short.0, true, short.2, short.3, short.4, short.5, short.6)));
            }
        }
        dear.long_from = long_from;
        &dear.lots
    }
}

/// Iterator over the open lots of a security, in order of purchase.
#[derive(Debug, Clone)]
pub enum Iter<'a> {
    /// Few lots.
    List(slice::Iter<'a, Lot>),
    /// Many lots.
    Tree(btree_map::Values<'a, Place, Lot>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = &'a Lot;

    fn next(&mut self) -> Option<&'a Lot> {
        match self {
            Self::List(lots) => lots.next(),
            Self::Tree(lots) => lots.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::List(lots) => lots.size_hint(),
            Self::Tree(lots) => lots.size_hint(),
        }
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match self {
            Self::List(lots) => lots.next_back(),
            Self::Tree(lots) => lots.next_back(),
        }
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a OpenLots {
    type Item = &'a Lot;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl OpenLots {
    /// No lots.
    pub const fn new() -> Self {
        Self { list: Vec::new(), tree: None }
    }

    /// All lots, in order of purchase.
    pub fn iter(&self) -> Iter<'_> {
        match &self.tree {
            None => Iter::List(self.list.iter()),
            Some(tree) => Iter::Tree(tree.lots.values()),
        }
    }

    /// Number of pieces.
    pub fn len(&self) -> usize {
        self.iter().len()
    }

    /// Whether there are no lots.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The piece with this number.
    pub fn find(&self, piece: u32) -> Option<&Lot> {
        match &self.tree {
            None => self.list.iter().find(|l| l.piece == piece),
            Some(tree) => tree.find(piece),
        }
    }

    /// Pieces of one purchase in an account.
    pub fn of_lot(&self, account: AccountId, id: LotId) -> impl Iterator<Item = &Lot> {
        let list = if self.tree.is_none() { self.list.as_slice() } else { &[] };
        let listed = list.iter().filter(move |l| (l.account, l.id) == (account, id));
        let tree = self.tree.iter().flat_map(move |tree| {
            tree.by_lot.range((account, id, 0)..=(account, id, u32::MAX)).filter_map(|key| tree.find(key.2))
        });
        listed.chain(tree)
    }

    /// Shares held in an account.
    pub fn held_in(&self, account: AccountId) -> Shares {
        match &self.tree {
            None => self.list.iter().filter(|l| l.account == account).map(|l| l.quantity).sum(),
            Some(tree) => tree.held.get(&account).copied().unwrap_or_default(),
        }
    }

    /// Shares held in an account that were bought before `day`.
    pub fn held_before(&self, account: AccountId, day: NaiveDate) -> Shares {
        let late = self.iter().rev().take_while(|l| l.acquired >= day);
        let late: Shares = late.filter(|l| l.account == account).map(|l| l.quantity).sum();
        self.held_in(account) - late
    }

    /// Accounts that hold shares.
    pub fn holders(&self) -> BTreeSet<AccountId> {
        match &self.tree {
            None => self.list.iter().map(|l| l.account).collect(),
            Some(tree) => tree.held.iter().filter(|(_, q)| q.is_positive()).map(|(a, _)| *a).collect(),
        }
    }

    /// Chooses the pieces for `quantity` shares of an account, in the method's order: see
    /// [`LotMethod::choose`].
    pub fn choose(
        &mut self,
        method: LotMethod,
        account: AccountId,
        quantity: Shares,
        date: NaiveDate,
        price: Price,
        rates: TaxRates,
    ) -> Vec<(u32, Shares)> {
        let Some(tree) = &mut self.tree else {
            let lots = self.list.iter().filter(|l| l.account == account);
            return method.choose(lots, quantity, date, price, rates);
        };
        let (mut left, mut chosen) = (quantity, Vec::new());
        let mut take = |lot: &Lot| {
            let part = lot.quantity.min(left);
            chosen.push((lot.piece, part));
            left -= part;
            left.is_positive()
        };
        if !quantity.is_positive() {
            return chosen;
        }
        let long_from = last_long_start(date);
        if method == LotMethod::Fifo {
            let from = (account, NaiveDate::MIN, NaiveDate::MIN, LotId(0), 0);
            let to = (account, NaiveDate::MAX, NaiveDate::MAX, LotId(u32::MAX), u32::MAX);
            for key in tree.oldest.range(from..=to) {
                if !tree.find(key.4).is_some_and(&mut take) {
                    break;
                }
            }
            return chosen;
        }
        tree.sort_by_basis(long_from);
        let Some(dear) = &tree.dearest else { return chosen };
        let of_term = |is_long: bool| {
            let from = (account, is_long, 0, NaiveDate::MIN, NaiveDate::MIN, LotId(0), 0);
            let to = (account, is_long, u64::MAX, NaiveDate::MAX, NaiveDate::MAX, LotId(u32::MAX), u32::MAX);
            dear.lots.range(from..=to).filter_map(|key| tree.find(key.6)).peekable()
        };
        let (mut short, mut long) = (of_term(false), of_term(true));
        loop {
            let next = match (short.peek(), long.peek()) {
                (Some(a), Some(b)) if method.is_before(a, b, price, long_from, rates) => short.next(),
                (Some(_), None) => short.next(),
                _ => long.next(),
            };
            if !next.is_some_and(&mut take) {
                return chosen;
            }
        }
    }

    /// The piece that replaces shares sold at a loss: the first in order of purchase that may replace, was
    /// bought from `from` to `to`, does not belong to the purchase `not`, and does not come before `least`.
    /// Returns its sort key and its piece number.
    pub fn first_free(
        &self,
        (from, to): (NaiveDate, NaiveDate),
        not: LotId,
        least: Option<(NaiveDate, LotId)>,
    ) -> Option<(NaiveDate, LotId, u32)> {
        let fits =
            |l: &&Lot| l.may_replace && l.id != not && least.is_none_or(|least| (l.acquired, l.id) >= least);
        let found = match &self.tree {
            None => {
                // Lots are in order of purchase, so the search ends at the first one before the window.
                let recent = self.list.iter().rev().take_while(|l| l.acquired >= from);
                // Of several parts of one purchase, take the first in the list.
                recent
                    .filter(|l| l.acquired <= to)
                    .filter(fits)
                    .reduce(|a, b| if (b.acquired, b.id) <= (a.acquired, a.id) { b } else { a })
            }
            Some(tree) => {
                let start = least.map_or((from, LotId(0)), |l| l.max((from, LotId(0))));
                let range = (start.0, start.1, (NaiveDate::MIN, 0))
                    ..=(to, LotId(u32::MAX), (NaiveDate::MAX, u64::MAX));
                if range.start() > range.end() {
                    return None;
                }
                tree.free.range(range).filter_map(|key| tree.lots.get(&key.2)).find(fits)
            }
        };
        found.map(|l| (l.acquired, l.id, l.piece))
    }

    /// Inserts a lot after the others of its day. If there may be `many` lots, a long list becomes a tree.
    pub(super) fn put(&mut self, lot: Lot, many: bool) {
        if many && self.tree.is_none() && self.list.len() >= FEW {
            self.tree = Some(Box::new(Tree::of(std::mem::take(&mut self.list))));
        }
        let Some(tree) = &mut self.tree else {
            let after = |l: &Lot| l.acquired > lot.acquired;
            // The new lot is nearly always the newest.
            let at = match self.list.last() {
                Some(last) if after(last) => self.list.partition_point(|l| !after(l)),
                _ => self.list.len(),
            };
            self.list.insert(at, lot);
            return;
        };
        tree.put(lot);
    }

    /// Takes shares off a piece.
    pub(super) fn take(&mut self, piece: u32, quantity: Shares) -> Option<Lot> {
        if let Some(tree) = &mut self.tree {
            return if tree.find(piece)?.quantity == quantity {
                tree.remove(piece)
            } else {
                tree.change(piece, |lot| lot.take(quantity))
            };
        }
        let at = self.list.iter().position(|l| l.piece == piece)?;
        let lot = &mut self.list[at];
        Some(if quantity == lot.quantity { self.list.remove(at) } else { lot.take(quantity) })
    }

    /// Splits `quantity` shares off a piece as a new piece before the rest, with the number `new`. If they
    /// are all its shares, the piece keeps its number. Returns the number of the piece with these shares.
    pub(super) fn split_off(&mut self, piece: u32, quantity: Shares, new: u32) -> Option<u32> {
        if self.find(piece)?.quantity <= quantity {
            return Some(piece);
        }
        if let Some(tree) = &mut self.tree {
            let part = tree.change(piece, |lot| lot.take(quantity))?;
            tree.put_before(piece, Lot { piece: new, ..part });
        } else {
            let at = self.list.iter().position(|l| l.piece == piece)?;
            let part = self.list[at].take(quantity);
            self.list.insert(at, Lot { piece: new, ..part });
        }
        Some(new)
    }

    /// Changes a piece. Its number, account and date of purchase must stay the same.
    pub(super) fn change<T>(&mut self, piece: u32, change: impl FnOnce(&mut Lot) -> T) -> Option<T> {
        match &mut self.tree {
            None => self.list.iter_mut().find(|l| l.piece == piece).map(change),
            Some(tree) => tree.change(piece, change),
        }
    }

    /// Removes all lots of an account and returns them in order.
    pub(super) fn drain(&mut self, account: AccountId) -> Vec<Lot> {
        let all: Vec<Lot> = self.iter().copied().collect();
        let (gone, kept) = all.into_iter().partition(|l| l.account == account);
        match &mut self.tree {
            None => self.list = kept,
            Some(tree) => **tree = Tree::of(kept),
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unisleeve_units::{Money, SleeveId};

    const RATES: TaxRates = TaxRates { short: 0.408, long: 0.238 };

    fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + chrono::Days::new(n)
    }

    /// A list and a tree with the same bookings give the same answers.
    #[test]
    fn a_tree_answers_as_a_list_does() {
        for seed in 1u64..40 {
            println!("seed {seed}");
            let mut state = seed;
            let mut next = move |n: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % n
            };
            let (mut list, mut tree) = (OpenLots::new(), OpenLots::new());
            tree.tree = Some(Box::default());
            let mut pieces = 0u32;
            for step in 0..400u64 {
                let today = day(step);
                let held: Vec<u32> = list.iter().map(|l| l.piece).collect();
                let piece = if held.is_empty() { 0 } else { held[next(held.len() as u64) as usize] };
                let some = Shares::from_raw(1 + next(2_000_000) as i64);
                match next(10) {
                    0..5 => {
                        pieces += 1;
                        let acquired = day(step.saturating_sub(next(3) * next(40)));
                        let lot = Lot {
                            piece: pieces,
                            id: LotId(pieces / 2),
                            account: AccountId(next(2) as u16),
                            sleeve: SleeveId(0),
                            quantity: some,
                            basis: Money::from_raw(next(50) as i64 * 100_000),
                            acquired,
                            holding_start: day(step.saturating_sub(next(600))).min(acquired),
                            may_replace: next(3) > 0,
                            gift: None,
                        };
                        list.put(lot, false);
                        tree.put(lot, true);
                    }
                    5..7 => {
                        let part = list.find(piece).map_or(some, |l| l.quantity.min(some));
                        assert_eq!(list.take(piece, part), tree.take(piece, part));
                    }
                    7 => {
                        pieces += 1;
                        assert_eq!(list.split_off(piece, some, pieces), tree.split_off(piece, some, pieces));
                    }
                    8 => {
                        let change = |l: &mut Lot| {
                            l.may_replace = false;
                            l.basis += Money::whole(3);
                            l.holding_start = l.holding_start.pred_opt().unwrap();
                        };
                        assert_eq!(list.change(piece, change), tree.change(piece, change));
                    }
                    _ if next(8) == 0 => assert_eq!(list.drain(AccountId(1)), tree.drain(AccountId(1))),
                    _ => {}
                }
                assert!(list.iter().eq(tree.iter()));
                assert!(list.iter().rev().eq(tree.iter().rev()));
                assert_eq!((list.len(), list.holders()), (tree.len(), tree.holders()));
                for account in [0, 1].map(AccountId) {
                    assert_eq!(list.held_in(account), tree.held_in(account));
                    let before = day(step.saturating_sub(20));
                    assert_eq!(list.held_before(account, before), tree.held_before(account, before));
                    let price = Price::from_raw(next(9) as i64 * 1_000_000);
                    for method in [LotMethod::Fifo, LotMethod::Hifo, LotMethod::MinTax] {
                        let asked = Shares::from_raw(1 + next(9_000_000) as i64);
                        let of =
                            |lots: &mut OpenLots| lots.choose(method, account, asked, today, price, RATES);
                        assert_eq!(of(&mut list), of(&mut tree), "{method:?}");
                    }
                    let id = LotId(pieces / 3);
                    let of = |lots: &OpenLots| {
                        let mut pieces: Vec<u32> = lots.of_lot(account, id).map(|l| l.piece).collect();
                        pieces.sort_unstable();
                        pieces
                    };
                    assert_eq!(of(&list), of(&tree));
                }
                let window = (day(step.saturating_sub(30)), day(step + 30));
                let least = (next(2) == 0).then(|| (day(step.saturating_sub(9)), LotId(pieces / 3)));
                let not = LotId(pieces / 2);
                assert_eq!(list.first_free(window, not, least), tree.first_free(window, not, least));
            }
        }
    }
}
