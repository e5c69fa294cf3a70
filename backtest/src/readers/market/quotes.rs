//! What price files say: quotes, splits and spin-offs.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use unisleeve_core::units::{IncomeKind, Price, Ratio, Shares};

use super::symbols::Symbols;

/// A price of a security on a day, with what it paid.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quote {
    pub day: NaiveDate,
    pub security: u32,
    pub close: Price,
    /// Zero = none.
    pub dividend: Price,
    pub kind: IncomeKind,
    pub traded: bool,
    /// Shares traded; zero where they are not asked for.
    pub volume: Shares,
    /// Where it stands: position of the file, and line.
    pub file: u16,
    pub line: u32,
}

/// New shares for old, or shares of another company.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    Split(Ratio),
    /// Dollars per share, and the other company where the file names it.
    SpinOff(Price, Option<String>),
}

/// Everything that price files say.
#[derive(Debug, Default)]
pub(crate) struct Quotes {
    pub symbols: Symbols,
    pub rows: Vec<Quote>,
    pub events: Vec<(NaiveDate, u32, Event)>,
    pub files: Vec<FileNote>,
    /// Splits left out because a security's prices are adjusted already.
    pub splits_left_out: BTreeMap<u32, usize>,
}

/// What is to be said of a file.
#[derive(Debug, Default)]
pub(crate) struct FileNote {
    pub name: String,
    pub rounded: usize,
    pub total: bool,
}
