//! One rebalancing of an arm: who acts, and what comes of it.

use super::DecisionContext;
use super::decide::Memory;
use super::execute::exits;
use super::requests::{Late, Promise, Request};
use super::reserve::Reserve;
use super::round::{RebalanceError, Round, Turn};
use unisleeve_books::household::Ledger;

/// Who acts on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// What the advisor does. One manager of everything trades all sleeves, whatever this says.
    pub advisor: Turn,
    /// Whether the specialists trade within their sleeves. They do so too when the advisor moves money between
    /// sleeves, and when a request is due.
    pub specialists: bool,
}

/// What a rebalancing leaves for later days.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Cash that specialists have raised and transfer later.
    pub promises: Vec<Promise>,
    /// Requests that specialists carry out later.
    pub requests: Vec<Request>,
    /// Money that was put to work a part of a session too early.
    pub late: Vec<Late>,
}

/// Rebalances an arm. Afterwards the advisor's pocket in each account can pay what `reserve` demands, as far
/// as the holdings allow it.
///
/// Mandates that give money are solved first, then the advisor, then mandates that receive money; otherwise
/// the order of the setup applies. Requests in `ctx` that are due have been carried out.
///
/// # Errors
/// If a problem can't be solved or the ledger refuses an order. Orders already sent stay booked.
pub fn rebalance(
    ctx: &DecisionContext<'_>,
    ledger: &mut Ledger,
    memory: &mut Memory,
    reserve: &Reserve,
    scope: Scope,
) -> Result<Outcome, RebalanceError> {
    exits(ctx, ledger)?;
    let mut round = Round::new(ctx, ledger, memory, reserve);
    if ctx.setup.mandates.len() == 1 {
        round.as_one()?;
    } else {
        round.separately(scope.advisor, scope.specialists)?;
    }
    let Round { promises, requests, late, .. } = round;
    Ok(Outcome { promises, requests, late })
}
