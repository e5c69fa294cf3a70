//! The content of price files: quotes, splits and spin-offs.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use unisleeve_core::units::{IncomeKind, Price, Ratio, Shares};

use super::symbols::Symbols;

/// A security's price on a day, with its dividend.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quote {
    pub day: NaiveDate,
    pub security: u32,
    pub close: Price,
    /// Dollars per share; zero means none.
    pub dividend: Price,
    pub kind: IncomeKind,
    pub traded: bool,
    /// Shares traded; zero when volumes are not requested.
    pub volume: Shares,
    /// Source of the quote: position of the file, and line.
    pub file: u16,
    pub line: u32,
}

/// A split or a spin-off.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    Split(Ratio),
    /// Value in dollars per share, and the other company if the file names it.
    SpinOff(Price, Option<String>),
}

/// The content of all price files.
#[derive(Debug, Default)]
pub(crate) struct Quotes {
    pub symbols: Symbols,
    pub rows: Vec<Quote>,
    pub events: Vec<(NaiveDate, u32, Event)>,
    pub files: Vec<FileNote>,
    /// Splits ignored because the security's prices are already adjusted, by security.
    pub splits_left_out: BTreeMap<u32, usize>,
}

/// What the findings need to know about a file.
#[derive(Debug, Default)]
pub(crate) struct FileNote {
    pub name: String,
    pub rounded: usize,
    pub total: bool,
}
