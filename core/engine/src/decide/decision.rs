//! What one decision wants.

use super::position::Piece;
use unisleeve_books::journal::Reason;
use unisleeve_solver::Solution;
use unisleeve_units::{Price, SecurityId};

/// Result of a decision.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decision {
    /// Orders wanted.
    pub wishes: Vec<Wish>,
    /// The optimizer's solution with its certificate; `None` if nothing was optimized.
    pub solution: Option<Solution>,
    /// Dollars that each cell of the setup invests (negative: gives up), trading costs included.
    pub by_cell: Vec<f64>,
    /// Cell, security and dollars held after the trades, in the order of the positions.
    pub will_hold: Vec<(usize, SecurityId, f64)>,
}

/// An order wanted by a decision.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    /// Index of the cell.
    pub cell: usize,
    /// Security.
    pub security: SecurityId,
    /// Price that the decision is based on.
    pub price: Price,
    /// Dollars, positive to buy.
    pub dollars: f64,
    /// Pieces in the order in which they are sold; empty for a purchase.
    pub pieces: Vec<Piece>,
    /// Why it is wanted, in numbers.
    pub reason: Reason,
}
