//! A history in memory: names held once, rows small.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

use chrono::NaiveDate;

use super::Action;
use crate::units::{AccountId, Money, Price, Ratio, SecurityId, Shares};

/// Names, each once; the position is its number.
#[derive(Debug, Clone, Default)]
pub struct Names {
    list: Vec<String>,
    /// Hashed with fixed keys: the same everywhere, and no randomness asked of the system.
    at: HashMap<String, u32, BuildHasherDefault<DefaultHasher>>,
}

impl Names {
    /// The number of a name, a new one where it is new.
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(at) = self.at.get(name) {
            return *at;
        }
        let at = self.list.len() as u32;
        self.list.push(name.to_owned());
        self.at.insert(name.to_owned(), at);
        at
    }

    /// The number of a name that is there.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.at.get(name).copied()
    }

    /// A name by its number; empty when there is none.
    pub fn name(&self, number: u32) -> &str {
        self.list.get(number as usize).map_or("", String::as_str)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// One row, numbers read and names replaced by their position.
#[derive(Debug, Clone, Copy)]
pub struct Row {
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
    /// Value of a share of `symbol`.
    pub price: Option<Price>,
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
    /// Rows by date, then as in the file.
    pub rows: Vec<Row>,
    /// Lots named on rows that could not be read: a sale from one of them is no second fault.
    pub unreadable_lots: Vec<String>,
    /// Numbers that had more decimals than are held, rounded half-even.
    pub rounded: u64,
}
