//! What separate managers leave for later days: requests under notice, cash on its way, and money that was
//! put to work too early.

use unisleeve_units::{AccountId, MandateId, Money, PocketId};

/// A request that a specialist carries out after the notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Index of the session on which the specialist trades for it.
    pub at: usize,
    /// The specialist.
    pub mandate: MandateId,
    /// Account.
    pub account: AccountId,
    /// Dollars to invest, which the specialist has already; negative: to raise.
    pub dollars: Money,
}

/// Cash that a specialist has raised and that is transferred later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// Index of the session on which it arrives.
    pub at: usize,
    /// Pocket that pays.
    pub from: PocketId,
    /// Pocket that receives.
    pub to: PocketId,
    /// Dollars, positive.
    pub amount: Money,
}

/// Money that was put to work today, but in truth a part of a session later.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Late {
    /// Account.
    pub account: AccountId,
    /// Dollars, positive.
    pub amount: Money,
    /// How much later, a fraction of the time between two sessions.
    pub rest: f64,
}
