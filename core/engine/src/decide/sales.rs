//! The pieces of lots that a solution sells.

use super::position::{Piece, Position};
use unisleeve_solver::{Problem, Solution};

/// The pieces that a solution sells of a position, with the amount of each as a fraction of the value.
pub(super) fn sales<'a>(
    position: &'a Position,
    at: usize,
    problem: &'a Problem,
    solution: &'a Solution,
) -> impl Iterator<Item = (&'a Piece, f64)> {
    let (mixed, u) = (solution.sold.get(at), solution.trades[at]);
    let cheapest = problem.curves[at].parts(if mixed.is_none() { -u } else { 0.0 });
    let cheapest = cheapest.map(|part| (part.segment, part.amount));
    let mixed = mixed.into_iter().flatten().copied().enumerate().filter(|(_, amount)| *amount > 0.0);
    cheapest.chain(mixed).map(|(i, amount)| (&position.pieces[i], amount))
}
