//! The open lots of one security in order of purchase.
//!
//! A replay holds a few dozen lots of a security: a list. A history may hold hundreds of thousands: beyond [`FEW`] the lots
//! stand in a tree with an index for every question that the lot book asks, so that no booking walks through all of them.

use std::collections::btree_map;
use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use chrono::NaiveDate;

use unisleeve_tax::{Lot, LotMethod, TaxRates, last_long_start};
use unisleeve_units::{AccountId, LotId, Price, Shares};

/// A list is faster up to so many lots.
const FEW: usize = 64;

/// Room between two lots of one day, for the parts that are split off the later one.
const ROOM: u64 = 1 << 32;

/// Where a lot stands: by the day of the purchase, then in the order in which they came in.
type Place = (NaiveDate, u64);

/// What [`LotMethod::Fifo`] sorts an account's lots by.
type Oldest = (AccountId, NaiveDate, NaiveDate, LotId, u32);

/// What the other methods sort an account's lots of one term by: the highest basis per share first.
type Dearest = (AccountId, bool, u64, NaiveDate, NaiveDate, LotId, u32);

/// Open lots of one security.
#[derive(Debug, Clone, Default)]
pub struct OpenLots {
    list: Vec<Lot>,
    tree: Option<Box<Tree>>,
}

/// Many lots, found by whatever they are asked for.
#[derive(Debug, Clone, Default)]
struct Tree {
    lots: BTreeMap<Place, Lot>,
    /// The last place given.
    last: u64,
    by_piece: BTreeMap<u32, Place>,
    by_lot: BTreeSet<(AccountId, LotId, u32)>,
    /// Lots that may still replace shares sold at a loss, in order of purchase.
    free: BTreeSet<(NaiveDate, LotId, Place)>,
    oldest: BTreeSet<Oldest>,
    held: BTreeMap<AccountId, Shares>,
    /// Made when a method asks for it.
    dearest: Option<Dear>,
}

/// Lots by basis per share, those of a long-term gain apart.
#[derive(Debug, Clone)]
struct Dear {
    /// Holding periods up to this start are long-term.
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

/// Smaller for a higher basis per share. Both are zero or positive, so that their bits sort as they do.
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

    /// Enters a lot where its date, basis or shares matter.
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

    /// Puts a part in before the rest that it was split off.
    fn put_before(&mut self, rest: u32, part: Lot) {
        let Some(&(date, place)) = self.by_piece.get(&rest) else { return };
        // The room before a lot is for its own parts: after the last of them, else in the middle.
        let first = place - ROOM / 2;
        let last = self.lots.range((date, first)..(date, place)).next_back();
        let at = last.map_or(first, |((_, last), _)| last + 1);
        self.put_at((date, at), part);
    }

    /// Gives every lot its term as of a day.
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

/// Open lots of a security, in order of purchase.
#[derive(Debug, Clone)]
pub enum Iter<'a> {
    /// A few.
    List(slice::Iter<'a, Lot>),
    /// Many.
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
    /// None.
    pub const fn new() -> Self {
        Self { list: Vec::new(), tree: None }
    }

    /// All, in order of purchase.
    pub fn iter(&self) -> Iter<'_> {
        match &self.tree {
            None => Iter::List(self.list.iter()),
            Some(tree) => Iter::Tree(tree.lots.values()),
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.iter().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A piece by its number.
    pub fn find(&self, piece: u32) -> Option<&Lot> {
        match &self.tree {
            None => self.list.iter().find(|l| l.piece == piece),
            Some(tree) => tree.find(piece),
        }
    }

    /// Pieces of a purchase in an account.
    pub fn of_lot(&self, account: AccountId, id: LotId) -> impl Iterator<Item = &Lot> {
        let list = if self.tree.is_none() { self.list.as_slice() } else { &[] };
        let listed = list.iter().filter(move |l| (l.account, l.id) == (account, id));
        let tree = self.tree.iter().flat_map(move |tree| {
            tree.by_lot.range((account, id, 0)..=(account, id, u32::MAX)).filter_map(|key| tree.find(key.2))
        });
        listed.chain(tree)
    }

    /// Shares that an account holds.
    pub fn held_in(&self, account: AccountId) -> Shares {
        match &self.tree {
            None => self.list.iter().filter(|l| l.account == account).map(|l| l.quantity).sum(),
            Some(tree) => tree.held.get(&account).copied().unwrap_or_default(),
        }
    }

    /// Shares that an account holds and that were bought before a day.
    pub fn held_before(&self, account: AccountId, day: NaiveDate) -> Shares {
        let late = self.iter().rev().take_while(|l| l.acquired >= day);
        let late: Shares = late.filter(|l| l.account == account).map(|l| l.quantity).sum();
        self.held_in(account) - late
    }

    /// Accounts that hold any.
    pub fn holders(&self) -> BTreeSet<AccountId> {
        match &self.tree {
            None => self.list.iter().map(|l| l.account).collect(),
            Some(tree) => tree.held.iter().filter(|(_, q)| q.is_positive()).map(|(a, _)| *a).collect(),
        }
    }

    /// The pieces that make up `quantity` shares of an account in a method's order: see [`LotMethod::choose`].
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

    /// The lot that replaces shares sold at a loss: of those that may, the first in order of purchase from `from` to `to`,
    /// no part of `not`, and none before `least`. The number of its piece, with what it is sorted by.
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
                // Lots are in order of purchase, so the first one before the window ends the search.
                let recent = self.list.iter().rev().take_while(|l| l.acquired >= from);
                // Of parts of one purchase the first in the list.
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

    /// Puts a lot in, after those of its day. A long list becomes a tree where there may be `many`.
    pub(super) fn put(&mut self, lot: Lot, many: bool) {
        if many && self.tree.is_none() && self.list.len() >= FEW {
            self.tree = Some(Box::new(Tree::of(std::mem::take(&mut self.list))));
        }
        let Some(tree) = &mut self.tree else {
            let after = |l: &Lot| l.acquired > lot.acquired;
            // Nearly always the newest.
            let at = match self.list.last() {
                Some(last) if after(last) => self.list.partition_point(|l| !after(l)),
                _ => self.list.len(),
            };
            self.list.insert(at, lot);
            return;
        };
        tree.put(lot);
    }

    /// Takes shares of a piece off.
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

    /// Makes `quantity` shares of a piece a piece of their own, before the rest, under a new number. All shares of a piece keep
    /// theirs. Returns the number.
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

    /// Changes a piece; its number, account and dates of purchase stay.
    pub(super) fn change<T>(&mut self, piece: u32, change: impl FnOnce(&mut Lot) -> T) -> Option<T> {
        match &mut self.tree {
            None => self.list.iter_mut().find(|l| l.piece == piece).map(change),
            Some(tree) => tree.change(piece, change),
        }
    }

    /// Takes all lots of an account off, in order.
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

    /// A list and a tree that get the same bookings answer every question alike.
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
