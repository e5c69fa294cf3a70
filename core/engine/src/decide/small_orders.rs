//! Leaves out orders that are too small to be sent, and decides the rest again.
//!
//! In every arm an order below `trading.min_trade` is not sent, except a sale for cash that is due
//! ([`super::super::execute`]). Solving again without the small orders puts their money into orders that are
//! sent. If all orders are small, as when little cash is to be invested, each round leaves out the smaller
//! half. It ends when no small order is left, or when the cash has to wait.

use super::super::DecisionContext;
use super::problem::Brief;
use unisleeve_solver::{Curve, Problem, Solution, Solver};

/// Most rounds. Ten halvings reduce a thousand small orders to one.
const ROUNDS: usize = 11;

/// Solves again without small orders among the first `count` columns. Some small orders may remain if the
/// demands can't be met without them.
///
/// Returns the original problem and the new solution.
pub(super) fn without_small_orders(
    ctx: &DecisionContext<'_>,
    solver: &mut Solver,
    brief: &Brief,
    problem: Problem,
    solution: Solution,
    count: usize,
) -> (Problem, Solution) {
    let least = ctx.config.trading.min_trade.to_f64() / brief.base.to_f64();
    let small = |s: &Solution| -> Vec<usize> {
        let is_small = |i: &usize| s.trades[*i] != 0.0 && s.trades[*i].abs() < least;
        (0..count).filter(is_small).collect()
    };
    let first = small(&solution);
    if first.is_empty() {
        return (problem, solution);
    }
    let mut again = |left_out: &[usize], from: &Solution| {
        let mut smaller = problem.clone();
        for i in left_out {
            smaller.curves[*i] = Curve::default();
        }
        let warm = [from.factor_prices.as_slice(), &from.row_prices].concat();
        let found = solver.solve(&smaller, Some(&warm)).ok()?;
        // The bound is that of the problem with all orders allowed.
        let (lower_bound, steps) = (solution.lower_bound, from.steps + found.steps);
        Some(Solution { lower_bound, steps, objective: problem.objective(&found.trades), ..found })
    };
    // Names that stand still stay out too: what the small ones leave goes to orders that are sent anyway.
    let idle = |s: &Solution| (0..count).filter(|i| s.trades[*i] == 0.0).collect::<Vec<_>>();
    let all = [first.as_slice(), &idle(&solution)].concat();
    if let Some(found) = again(&all, &solution).filter(|s| small(s).is_empty()) {
        return (problem, found);
    }
    let (mut best, mut left_out) = (solution.clone(), idle(&solution));
    for _ in 0..ROUNDS {
        let mut smallest = small(&best);
        if smallest.is_empty() {
            break;
        }
        smallest.sort_by(|a, b| best.trades[*a].abs().total_cmp(&best.trades[*b].abs()).then(a.cmp(b)));
        smallest.truncate(smallest.len().div_ceil(2));
        left_out.extend(smallest);
        let Some(found) = again(&left_out, &best) else { break };
        best = found;
    }
    (problem, best)
}
