//! Terms that all solvers of a portfolio share: directions, multipliers and tolerances.

use super::model::Model;

/// The side of zero on which a security trades, in all accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Buy,
    Sell,
}

/// Multipliers at which a problem is solved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct At {
    /// `γ`.
    pub gamma: f64,
    /// `λ`.
    pub gain: f64,
    /// Whether trades are free, for the smallest possible risk.
    pub is_free: bool,
}

/// Trades below this weight count as none: a thousandth of a cent on a million dollars.
pub(super) const NOTHING: f64 = 1e-11;
/// Tolerances: of rows and budget as weights, and of the tracking error as an annual fraction.
pub(super) const FEASIBLE: f64 = 1e-9;
pub(super) const MET: f64 = 1e-9;

/// Whether a variance is within the cap.
pub(super) fn keeps_cap(model: &Model, variance: f64) -> bool {
    model.cap.is_none_or(|cap| variance.sqrt() <= cap + MET)
}

/// The bound, at most the objective: rounding errors can put it slightly above.
pub(super) fn least_of(bound: f64, objective: f64) -> f64 {
    if bound < objective { bound } else { objective }
}
