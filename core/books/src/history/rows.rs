//! A history in memory: names held once, rows small.

use std::fmt::Write;

use chrono::NaiveDate;

use super::Action;
use unisleeve_units::{AccountId, Money, Price, Ratio, SecurityId, Shares, Term};

/// Names, each once; the position is its number. A million lots have a million names: they stand one after the other in one
/// text, found by a table of their hashes.
#[derive(Debug, Clone, Default)]
pub struct Names {
    text: String,
    /// Where each name ends.
    ends: Vec<usize>,
    /// Number of a name plus one, zero where empty, at or after the place that its hash says. A power of two long.
    slots: Vec<u32>,
    /// How many names are in the table.
    found: usize,
}

/// FNV-1a, folded: the same everywhere, and no randomness asked of the system.
fn hash(name: &str) -> usize {
    let step = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3);
    let h = name.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    (h ^ (h >> 32)) as u32 as usize
}

impl Names {
    /// The number of a name, a new one where it is new.
    pub fn number(&mut self, name: &str) -> u32 {
        if self.slots.len() < 2 * self.found + 2 {
            self.grow();
        }
        let at = self.slot(name);
        if self.slots[at] == 0 {
            self.text.push_str(name);
            self.ends.push(self.text.len());
            self.slots[at] = self.ends.len() as u32;
            self.found += 1;
        }
        self.slots[at] - 1
    }

    /// A new number for a name that none can ask for: the shares of a line that names no lot.
    pub fn unnamed(&mut self, line: u64) -> u32 {
        let _ = write!(self.text, "line {line}");
        self.ends.push(self.text.len());
        self.ends.len() as u32 - 1
    }

    /// The number of a name that is there.
    pub fn find(&self, name: &str) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        self.slots[self.slot(name)].checked_sub(1)
    }

    /// Where the name stands, or where it would. At least half of the table is empty, so the search ends.
    fn slot(&self, name: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash(name) & mask;
        while self.slots[at] != 0 && self.name(self.slots[at] - 1) != name {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        let slots = vec![0; (4 * self.found).next_power_of_two().max(16)];
        for taken in core::mem::replace(&mut self.slots, slots) {
            if taken > 0 {
                let at = self.slot(self.name(taken - 1));
                self.slots[at] = taken;
            }
        }
    }

    /// A name by its number; empty when there is none.
    pub fn name(&self, number: u32) -> &str {
        let number = number as usize;
        let from = number.checked_sub(1).and_then(|n| self.ends.get(n)).copied().unwrap_or(0);
        self.ends.get(number).and_then(|end| self.text.get(from..*end)).unwrap_or("")
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// What a dividend is, as its payer reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DividendKind {
    /// Qualified, as far as the shares are held long enough.
    Qualified,
    /// Not qualified.
    Ordinary,
    /// A fund's distribution of long-term gain.
    CapitalGain,
    /// Interest.
    Interest,
}

impl DividendKind {
    /// Their words, for messages.
    pub const WORDS: &'static str = "qualified, ordinary, capital_gain or interest";

    /// By its word, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [
            ("qualified", Self::Qualified),
            ("ordinary", Self::Ordinary),
            ("capital_gain", Self::CapitalGain),
            ("interest", Self::Interest),
        ];
        all.into_iter().find(|(w, _)| w.eq_ignore_ascii_case(word)).map(|(_, kind)| kind)
    }
}

/// One row, numbers read and names replaced by their position.
#[derive(Debug, Clone, Copy)]
pub struct HistoryRow {
    /// Line in the file.
    pub line: u32,
    /// Date.
    pub date: NaiveDate,
    /// Account; none where a company's action names none.
    pub account: Option<AccountId>,
    /// What it does.
    pub action: Action,
    /// Security.
    pub symbol: SecurityId,
    /// Shares, where the action needs them.
    pub quantity: Option<Shares>,
    /// Dollars, in total or for a share as the action has it; zero where none are given.
    pub amount: Money,
    /// Dollars for a share, with the six decimals of a price.
    pub per_share: Price,
    /// Number of the lot text. Shares that come in without a name are named after their line.
    pub lot: Option<u32>,
    /// Date of an earlier purchase.
    pub acquired: Option<NaiveDate>,
    /// Start of the holding period where it is not `acquired`.
    pub holding_start: Option<NaiveDate>,
    /// Second security.
    pub symbol2: Option<SecurityId>,
    /// Shares for a share.
    pub ratio: Option<Ratio>,
    /// Value of a share of `symbol`; of a new share in a merger.
    pub price: Option<Price>,
    /// Whether the file names the lot that comes in.
    pub is_named: bool,
    /// The other account of a transfer.
    pub account2: Option<AccountId>,
    /// What a dividend is.
    pub kind: Option<DividendKind>,
    /// Shares bought on this day or later are not entitled to what is paid.
    pub ex_date: Option<NaiveDate>,
    /// Cash for a fraction of a share, in all.
    pub cash_in_lieu: Money,
    /// Term of a fund's gain.
    pub term: Option<Term>,
    /// Shares that have replaced a loss before they come in.
    pub replaced: Shares,
}

/// All rows of a file in order of date.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Account names.
    pub accounts: Names,
    /// Symbols.
    pub symbols: Names,
    /// Lot texts as they stand in the file.
    pub lots: Names,
    /// Rows by date, then as in the file, or from its end where its dates run backwards.
    pub rows: Vec<HistoryRow>,
    /// Whether the file's dates run backwards.
    pub is_backwards: bool,
    /// Lots named on rows that could not be read: a sale from one of them is no second fault.
    pub unreadable_lots: Vec<String>,
    /// Numbers that had more decimals than are held, rounded half-even.
    pub rounded: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_one_number() {
        let mut names = Names::default();
        assert_eq!(names.find("a"), None);
        for i in 0..5_000u32 {
            assert_eq!(names.number(&format!("lot {i}")), i);
        }
        for i in 0..5_000u32 {
            let name = format!("lot {i}");
            assert_eq!((names.number(&name), names.find(&name)), (i, Some(i)));
            assert_eq!(names.name(i), name);
        }
        assert_eq!((names.find("lot 5000"), names.name(5_000), names.len()), (None, "", 5_000));
        assert_eq!((names.number(""), names.number("")), (5_000, 5_000));
        assert_eq!((names.unnamed(7), names.find("line 7")), (5_001, None));
        assert_eq!(names.name(5_001), "line 7");
        assert_eq!(names.number("line 7"), 5_002);
    }
}
