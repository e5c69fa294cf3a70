//! Branch and bound over the side of each security. The node with the lowest bound comes first.

use super::program::{Direction, NOTHING, Program};
use super::{DriftProblem, DriftSolution, NoPlan, Traded};
use unisleeve_solver::lp::LpError;

/// Largest number of nodes. When it is reached, the certificate reports the remaining gap.
const NODES: u32 = 200;
/// A gap at or below this counts as closed.
const CLOSED: f64 = 1e-12;

/// A node: the sides of the securities, with the optimum of the linear program for them.
struct Node {
    sides: Vec<Direction>,
    bound: f64,
    traded: Traded,
}

/// The best plan found, with its sides.
struct Best {
    objective: f64,
    traded: Traded,
    sides: Vec<Direction>,
}

/// Solves the problem.
///
/// # Errors
/// When no plan exists, or none was found.
pub(in super::super) fn solve(problem: &DriftProblem) -> Result<DriftSolution, NoPlan> {
    let open = vec![Direction::Both; problem.active.len()];
    let root = relaxed(problem, open)
        .map_err(|e| if e.is_infeasible() { NoPlan::Infeasible } else { NoPlan::Failed(e) })?;
    let (mut open, mut best, mut nodes) = (vec![root], None, 1);
    // Lowest bound of the nodes whose linear program failed.
    let mut unsolved = f64::INFINITY;
    while let Some(at) = first(&open) {
        let reached = best.as_ref().map_or(f64::INFINITY, |b: &Best| b.objective);
        if open[at].bound >= reached - CLOSED {
            break;
        }
        let Some(split) = widest(problem, &open[at].traded) else {
            let node = open.swap_remove(at);
            keep(problem, &mut best, node);
            continue;
        };
        // A heuristic plan: each security is on the side of its net trade.
        if let Ok(node) = relaxed(problem, net_sides(problem, &open[at].traded)) {
            keep(problem, &mut best, node);
        }
        if nodes >= NODES {
            break;
        }
        let node = open.swap_remove(at);
        for side in [Direction::Sell, Direction::Buy] {
            let mut sides = node.sides.clone();
            sides[split] = side;
            nodes += 1;
            match relaxed(problem, sides) {
                Ok(child) => open.push(child),
                Err(e) if e.is_infeasible() => {}
                Err(_) => unsolved = least(unsolved, node.bound),
            }
        }
    }
    let Some(best) = best else { return Err(NoPlan::NoSides { nodes }) };
    let left = first(&open).map_or(f64::INFINITY, |at| open[at].bound);
    let (row_prices, gain_price) = Program::new(problem, &best.sides).prices().map_err(NoPlan::Failed)?;
    Ok(DriftSolution {
        lower_bound: least(best.objective, least(left, unsolved)),
        objective: best.objective,
        traded: best.traded,
        row_prices,
        gain_price,
    })
}

fn least(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The node with the lowest bound; the first of equal ones.
fn first(open: &[Node]) -> Option<usize> {
    (0..open.len()).min_by(|a, b| open[*a].bound.total_cmp(&open[*b].bound))
}

/// Solves the relaxed linear program. Securities that it buys and sells at once get the convex hull of both
/// sides, until no further security does so.
fn relaxed(problem: &DriftProblem, mut sides: Vec<Direction>) -> Result<Node, LpError> {
    loop {
        let (bound, traded) = Program::new(problem, &sides).minimise()?;
        let mut is_new = false;
        for (side, at_once) in sides.iter_mut().zip(at_once(problem, &traded)) {
            if *side == Direction::Both && at_once > 0.0 {
                (*side, is_new) = (Direction::Parts, true);
            }
        }
        if !is_new {
            return Ok(Node { sides, bound, traded });
        }
    }
}

/// Total purchase and total sale of each security over all accounts.
fn totals(problem: &DriftProblem, traded: &Traded) -> Vec<(f64, f64)> {
    let mut totals = vec![(0.0, 0.0); problem.active.len()];
    for (t, (bought, sold)) in problem.trades.iter().zip(traded.bought.iter().zip(&traded.sold)) {
        totals[t.security].0 += bought;
        for z in sold {
            totals[t.security].1 += z;
        }
    }
    totals
}

/// The amount of each security that is bought and sold at once.
fn at_once(problem: &DriftProblem, traded: &Traded) -> Vec<f64> {
    let totals = totals(problem, traded);
    totals
        .into_iter()
        .map(|(buy, sell)| least(buy, sell))
        .map(|x| if x > NOTHING { x } else { 0.0 })
        .collect()
}

/// The security with the largest amount bought and sold at once.
fn widest(problem: &DriftProblem, traded: &Traded) -> Option<usize> {
    let at_once = at_once(problem, traded);
    (0..at_once.len())
        .filter(|i| at_once[*i] > 0.0)
        .max_by(|a, b| at_once[*a].total_cmp(&at_once[*b]).then(b.cmp(a)))
}

fn net_sides(problem: &DriftProblem, traded: &Traded) -> Vec<Direction> {
    let totals = totals(problem, traded);
    totals.into_iter().map(|(buy, sell)| if sell > buy { Direction::Sell } else { Direction::Buy }).collect()
}

/// Keeps a node's plan if it is better than the best so far.
fn keep(problem: &DriftProblem, best: &mut Option<Best>, node: Node) {
    let objective = problem.cost(&node.traded);
    if best.as_ref().is_none_or(|b| objective < b.objective) {
        *best = Some(Best { objective, traded: node.traded, sides: node.sides });
    }
}
