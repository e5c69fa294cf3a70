//! Result of running one arm.

use chrono::NaiveDate;
use unisleeve_books::household::Account;
use unisleeve_books::journal::Journal;
use unisleeve_mandates::Setup;
use unisleeve_tax::Lot;
use unisleeve_units::{AccountId, Money, SecurityId};

/// The day on which a portfolio could no longer pay what was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruin {
    /// Session.
    pub date: NaiveDate,
    /// Dollars due.
    pub asked: Money,
    /// Dollars paid.
    pub paid: Money,
}

/// An account that was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// Session.
    pub date: NaiveDate,
    /// Account.
    pub account: AccountId,
    /// Cash paid out.
    pub cash: Money,
    /// Value of the shares that left, in dollars at their last closes.
    pub in_kind: Money,
}

/// Result of running one arm.
#[derive(Debug, Clone)]
pub struct ArmResult {
    /// Setup of the arm.
    pub setup: Setup,
    /// Record of everything that happened.
    pub journal: Journal,
    /// Open lots at the end, sorted by security.
    pub lots: Vec<(SecurityId, Lot)>,
    /// Accounts.
    pub accounts: Vec<Account>,
    /// Accounts that were closed, by date.
    pub closed: Vec<Closed>,
    /// When the money ran out; `None` if it lasted.
    pub ruin: Option<Ruin>,
    /// Ex-ante tracking error of each sleeve against its own index at the last close, annual. `None` without
    /// an index or holdings.
    pub sleeve_te_ex_ante: Vec<Option<f64>>,
}
