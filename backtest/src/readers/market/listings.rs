//! Splits symbols into listings. A ticker that returns after a long gap is a different share.

use chrono::NaiveDate;
use unisleeve_core::units::SecurityId;

use super::quotes::Quote;
use super::symbols::Symbols;

/// Sessions without a price after which a symbol stands for another share, unless configured otherwise: about
/// half a year.
pub(crate) const REUSED_AFTER: usize = 120;

/// A period in which a symbol stood for one share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listing {
    /// First day with a price.
    pub first: NaiveDate,
    /// Last day with a price.
    pub last: NaiveDate,
    /// Sessions without a price between the previous listing and this one.
    pub gap: usize,
    /// Position in the panel.
    pub security: SecurityId,
}

/// The listings of each symbol, earliest first.
#[derive(Debug, Default)]
pub(crate) struct Listings {
    by_symbol: Vec<Vec<Listing>>,
    /// First day of the run. It decides which listing keeps the plain symbol; the others get a symbol with a
    /// date.
    start: NaiveDate,
}

impl Listings {
    /// Finds the listings in quotes sorted by day. Panel positions follow the order of symbols.
    pub(crate) fn of(quotes: &[Quote], symbols: usize, reused_after: usize, start: NaiveDate) -> Self {
        let mut by_symbol: Vec<Vec<Listing>> = vec![Vec::new(); symbols];
        let mut sessions: Vec<usize> = vec![0; symbols];
        let (mut session, mut today) = (0, None);
        for q in quotes {
            if today.is_some_and(|d| d != q.day) {
                session += 1;
            }
            today = Some(q.day);
            let at = q.security as usize;
            let (Some(of), Some(before)) = (by_symbol.get_mut(at), sessions.get_mut(at)) else { continue };
            let gap = if of.is_empty() { 0 } else { (session - *before).saturating_sub(1) };
            *before = session;
            match of.last_mut() {
                Some(listing) if gap <= reused_after => listing.last = q.day,
                _ => of.push(Listing { first: q.day, last: q.day, gap, security: SecurityId(0) }),
            }
        }
        for (at, listing) in by_symbol.iter_mut().flatten().enumerate() {
            listing.security = SecurityId(at as u32);
        }
        Self { by_symbol, start }
    }

    /// All listings of a symbol.
    pub(crate) fn all(&self, symbol: u32) -> &[Listing] {
        self.by_symbol.get(symbol as usize).map_or(&[], Vec::as_slice)
    }

    /// The share that a symbol stands for when no date is given: the first listing that ends on or after the
    /// run's start, otherwise the last listing.
    pub(crate) fn plain(&self, symbol: u32) -> Option<SecurityId> {
        let all = self.all(symbol);
        all.iter().find(|l| l.last >= self.start).or(all.last()).map(|l| l.security)
    }

    /// The share that a symbol stands for on a day: the latest listing that has begun by then, otherwise the
    /// first.
    pub(crate) fn on(&self, symbol: u32, day: NaiveDate) -> Option<SecurityId> {
        let all = self.all(symbol);
        all.iter().rev().find(|l| l.first <= day).or(all.first()).map(|l| l.security)
    }

    /// The shares that a symbol stands for from `from` until `to` (exclusive; `None` = open end), each with
    /// its part of that period.
    pub(crate) fn between(
        &self,
        symbol: u32,
        from: NaiveDate,
        to: Option<NaiveDate>,
    ) -> Vec<(SecurityId, NaiveDate, Option<NaiveDate>)> {
        let all = self.all(symbol);
        let mut parts = Vec::new();
        for (i, listing) in all.iter().enumerate() {
            // A listing that is followed by another ends with its last price.
            let ends = all.get(i + 1).and_then(|_| listing.last.succ_opt());
            let end = [to, ends].into_iter().flatten().min();
            let begin = if i > 0 { from.max(listing.first) } else { from };
            if end.is_none_or(|end| begin < end) {
                parts.push((listing.security, begin, end));
            }
        }
        parts
    }

    /// The name of a listing: the symbol, with the day of its first price added unless the plain symbol
    /// stands for this listing.
    pub(crate) fn name(&self, symbol: u32, listing: &Listing, symbols: &Symbols) -> String {
        let name = symbols.names.get(symbol as usize).map_or("", String::as_str);
        if self.plain(symbol) == Some(listing.security) {
            name.to_owned()
        } else {
            format!("{name}@{}", listing.first)
        }
    }
}

#[cfg(test)]
mod tests {
    use unisleeve_core::units::{IncomeKind, Price, Shares};

    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, 1, n).unwrap()
    }

    /// Symbol 0 on days 1 to 20; symbol 1 on days 2 and 3, and again on days 10 to 12.
    fn listings(reused_after: usize, start: u32) -> Listings {
        let quote = |n, security| Quote {
            day: day(n),
            security,
            close: Price::ZERO,
            dividend: Price::ZERO,
            kind: IncomeKind::Interest,
            traded: true,
            volume: Shares::ZERO,
            file: 0,
            line: 0,
        };
        let mut quotes: Vec<Quote> = (1..=20).map(|n| quote(n, 0)).collect();
        quotes.extend([2, 3, 10, 11, 12].map(|n| quote(n, 1)));
        quotes.sort_by_key(|q| (q.day, q.security));
        Listings::of(&quotes, 2, reused_after, day(start))
    }

    #[test]
    fn a_symbol_means_the_share_of_its_time() {
        let [first, second] = [SecurityId(1), SecurityId(2)];
        let reused = listings(5, 1);
        assert_eq!(
            reused.all(1).iter().map(|l| (l.first, l.last, l.gap)).collect::<Vec<_>>(),
            [(day(2), day(3), 0), (day(10), day(12), 6)]
        );
        assert_eq!(
            [1, 3, 9, 10, 20].map(|n| reused.on(1, day(n))),
            [Some(first), Some(first), Some(first), Some(second), Some(second)]
        );
        // A member for the whole period is the first share, then the second, with nothing in between.
        assert_eq!(reused.between(1, day(1), None), [(first, day(1), Some(day(4))), (second, day(10), None)]);
        assert_eq!(reused.between(1, day(5), Some(day(11))), [(second, day(10), Some(day(11)))]);
        assert_eq!([1, 4].map(|start| listings(5, start).plain(1)), [Some(first), Some(second)]);
        let one = listings(6, 1);
        assert_eq!((one.all(1).len(), one.on(1, day(12))), (1, Some(first)));
        assert_eq!(one.between(1, day(1), None), [(first, day(1), None)]);
    }
}
