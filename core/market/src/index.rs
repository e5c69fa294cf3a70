//! Indices: dated weights that drift with price or with total return until the next date.

use unisleeve_units::SecurityId;

/// Position of an index in its market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexId(pub usize);

/// How weights drift between their dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drift {
    /// Weights follow total return: each member's income is reinvested in that member.
    TotalReturn,
    /// Weights follow price, as market caps do; income is reinvested in the whole index at each close.
    Price,
}

/// A session and the weights in force from its close on. Weights add up to 1 and ascend by security.
pub(super) type Dated = (usize, Vec<(SecurityId, f64)>);

/// An index: weights by date, and the level they imply.
#[derive(Debug, Clone)]
pub struct Index {
    /// Name.
    pub name: String,
    /// Weights by date, ascending by session.
    pub(super) weights: Vec<Dated>,
    /// How weights drift between their dates.
    pub(super) drift: Drift,
    /// Total-return level by session; 1 up to the first date.
    pub(super) level: Vec<f64>,
}
