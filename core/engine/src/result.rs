//! What a run of one arm leaves behind.

use chrono::NaiveDate;
use unisleeve_books::household::Account;
use unisleeve_books::journal::Journal;
use unisleeve_mandates::Setup;
use unisleeve_tax::Lot;
use unisleeve_units::{AccountId, Money, SecurityId};

/// The day on which a portfolio could no longer pay what was asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruin {
    /// Session.
    pub date: NaiveDate,
    /// Dollars asked for.
    pub asked: Money,
    /// Dollars paid.
    pub paid: Money,
}

/// An account that was emptied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// Session.
    pub date: NaiveDate,
    /// Account.
    pub account: AccountId,
    /// Cash paid out.
    pub cash: Money,
    /// Shares that left, at their last closes.
    pub in_kind: Money,
}

/// What one arm did.
#[derive(Debug, Clone)]
pub struct ArmResult {
    /// The arm.
    pub setup: Setup,
    /// Everything that happened.
    pub journal: Journal,
    /// Open lots at the end, by security.
    pub lots: Vec<(SecurityId, Lot)>,
    /// Accounts.
    pub accounts: Vec<Account>,
    /// Accounts that were closed.
    pub closed: Vec<Closed>,
    /// When the money ran out.
    pub ruin: Option<Ruin>,
    /// Tracking error ex ante of each sleeve against its own index at the last close; none without an index or holdings.
    pub sleeve_te_ex_ante: Vec<Option<f64>>,
}
