//! A history in memory. Each name is stored once, so rows are small.

use std::fmt::Write;

use chrono::NaiveDate;

use super::Action;
use unisleeve_units::{AccountId, Money, Price, Ratio, SecurityId, Shares, Term};

/// A list of distinct names; a name's number is its position. A file can have a million lot names, so they
/// are stored in one string and found through a hash table.
#[derive(Debug, Clone, Default)]
pub struct Names {
    text: String,
    /// End of each name in `text`.
    ends: Vec<usize>,
    /// Hash table with open addressing: a name's number plus one, or zero for an empty slot. The length is a
    /// power of two.
    slots: Vec<u32>,
    /// Number of names in the hash table.
    found: usize,
}

/// FNV-1a hash, folded to 32 bits: the same on every platform, and without the system's randomness.
fn hash(name: &str) -> usize {
    let step = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3);
    let h = name.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    (h ^ (h >> 32)) as u32 as usize
}

impl Names {
    /// The number of a name; a new name gets a new number.
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

    /// A new number for a lot that its row does not name. No other row can refer to it.
    pub fn unnamed(&mut self, line: u64) -> u32 {
        let _ = write!(self.text, "line {line}");
        self.ends.push(self.text.len());
        self.ends.len() as u32 - 1
    }

    /// The number of a known name.
    pub fn find(&self, name: &str) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        self.slots[self.slot(name)].checked_sub(1)
    }

    /// The slot that holds the name, or where it would go. At least half of the table is empty, so the search
    /// ends.
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

    /// The name with this number; empty if there is none.
    pub fn name(&self, number: u32) -> &str {
        let number = number as usize;
        let from = number.checked_sub(1).and_then(|n| self.ends.get(n)).copied().unwrap_or(0);
        self.ends.get(number).and_then(|end| self.text.get(from..*end)).unwrap_or("")
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no names.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// Kind of a dividend, as the payer reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DividendKind {
    /// Qualified, if the shares are held long enough.
    Qualified,
    /// Not qualified.
    Ordinary,
    /// Distribution of long-term capital gain by a fund.
    CapitalGain,
    /// Interest.
    Interest,
}

impl DividendKind {
    /// The words used in files, for messages.
    pub const WORDS: &'static str = "qualified, ordinary, capital_gain or interest";

    /// Finds a kind by its word; case does not matter.
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

/// One row, with numbers parsed and names replaced by their numbers.
#[derive(Debug, Clone, Copy)]
pub struct HistoryRow {
    /// Line in the file.
    pub line: u32,
    /// Date.
    pub date: NaiveDate,
    /// Account; `None` for a corporate action that names none.
    pub account: Option<AccountId>,
    /// What it does.
    pub action: Action,
    /// Security.
    pub symbol: SecurityId,
    /// Shares, if stated. A split's quantity is in `ratio`.
    pub quantity: Option<Shares>,
    /// Total dollars; zero if none are stated, or if they are per share.
    pub amount: Money,
    /// Dollars per share, for actions that state them; otherwise zero.
    pub per_share: Price,
    /// Number of the text in the `lot` column. A lot that comes in without a name is named after its line.
    pub lot: Option<u32>,
    /// Date of an earlier purchase.
    pub acquired: Option<NaiveDate>,
    /// Start of the holding period, if it differs from `acquired`.
    pub holding_start: Option<NaiveDate>,
    /// Second security of a corporate action.
    pub symbol2: Option<SecurityId>,
    /// New shares per old share.
    pub ratio: Option<Ratio>,
    /// Price of a share of `symbol`, or of a new share in a merger.
    pub price: Option<Price>,
    /// Whether the row has a text in its `lot` column.
    pub is_named: bool,
    /// Account that a transfer goes to.
    pub account2: Option<AccountId>,
    /// What a dividend is.
    pub kind: Option<DividendKind>,
    /// Ex-date: shares bought on this day or later do not receive the payment.
    pub ex_date: Option<NaiveDate>,
    /// Total cash for fractions of a share, in dollars.
    pub cash_in_lieu: Money,
    /// Term of a fund's distributed gain.
    pub term: Option<Term>,
    /// Shares that had already replaced a loss before they came in.
    pub replaced: Shares,
    /// Part of the basis that stays with the parent of a spin-off, in millionths of a percent.
    pub basis_percent: Option<u32>,
    /// Whether a merger is a taxable sale of the old shares.
    pub is_taxable: bool,
    /// A second security received in a merger, taxed like cash, and its value for each old share.
    pub boot: Option<(SecurityId, Price)>,
}

/// All rows of a file, in booking order.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Account names.
    pub accounts: Names,
    /// Symbols.
    pub symbols: Names,
    /// Texts of the `lot` column, as written.
    pub lots: Names,
    /// Rows by date, and within a date in file order, or in reverse order if the file's dates run backwards.
    pub rows: Vec<HistoryRow>,
    /// Whether the file's dates run backwards.
    pub is_backwards: bool,
    /// Lots named on rows that could not be read. A sale from such a lot is not a second fault.
    pub unreadable_lots: Vec<String>,
    /// Number of values with more decimals than can be held, which were rounded half-even.
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
