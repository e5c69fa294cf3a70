//! The method: climb the true dual, fix each name to its side, solve the convex rest, certify.

use super::curve::Side;
use super::newton::{climb, evaluate};
use super::{Problem, ProblemError};

/// A trade with its certificate: `lower_bound <= true optimum <= objective`.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Trades, fractions of the value at hand.
    pub trades: Vec<f64>,
    /// Objective at the trades.
    pub objective: f64,
    /// Certified lower bound of the true (not convex) problem.
    pub lower_bound: f64,
    /// `ν`: marginal price of each factor's exposure.
    pub factor_prices: Vec<f64>,
    /// `μ`: marginal price of each row.
    pub row_prices: Vec<f64>,
    /// Newton steps, all phases together.
    pub steps: u32,
}

/// Steps on the true dual before the sides are fixed.
const TRUE_STEPS: u32 = 15;
/// Steps on the convex problem at most; 5 to 10 are usual.
const CONVEX_STEPS: u32 = 200;
/// Rounds of fixing sides anew at the convex problem's multipliers.
const ROUNDS: u32 = 4;
/// A row may be missed by this fraction of the value.
const FEASIBLE: f64 = 1e-9;

/// Solves a problem, from the multipliers of an earlier solve where there are some.
///
/// # Errors
/// When the data are malformed or the rows can't be met.
pub fn solve(p: &Problem, warm: Option<&[f64]>) -> Result<Solution, ProblemError> {
    p.check()?;
    let size = p.factors + p.rows.len();
    let start = warm.filter(|w| w.len() == size).map_or_else(|| vec![0.0; size], <[f64]>::to_vec);
    let free = vec![Side::Either; p.len()];
    let choices: Vec<usize> = (0..p.len()).filter(|i| !p.curves[*i].is_convex()).collect();
    if choices.is_empty() {
        let (point, steps) = climb(p, &free, start, CONVEX_STEPS);
        return finish(p, point.u, point.value, &point.multipliers, steps);
    }
    let (top, mut steps) = climb(p, &free, start, TRUE_STEPS);
    let mut bound = top.value;
    let mut best: Option<Solution> = None;
    let mut missed = None;
    let (mut multipliers, mut trades) = (top.multipliers, top.u);
    let mut tried: Vec<Vec<Side>> = Vec::new();
    for _ in 0..ROUNDS {
        let sides = fix_sides(p, &choices, &trades);
        if tried.contains(&sides) {
            break;
        }
        let (point, more) = climb(p, &sides, multipliers, CONVEX_STEPS);
        steps += more;
        let truth = evaluate(p, &free, point.multipliers.clone());
        if truth.value > bound {
            bound = truth.value;
        }
        match finish(p, point.u, bound, &point.multipliers, steps) {
            Ok(s) if best.as_ref().is_none_or(|b| s.objective < b.objective) => best = Some(s),
            Ok(_) => {}
            Err(e) => missed = Some(e),
        }
        multipliers = point.multipliers;
        trades = truth.u;
        tried.push(sides);
    }
    match (best, missed) {
        (Some(s), _) => Ok(Solution { lower_bound: bound, steps, ..s }),
        (None, Some(e)) => {
            // The sides chosen could not meet the rows: let no name harvest that could be bought instead.
            let sides: Vec<Side> =
                (0..p.len()).map(|i| if choices.contains(&i) { needed_side(p) } else { Side::Either }).collect();
            let (point, more) = climb(p, &sides, vec![0.0; size], CONVEX_STEPS);
            finish(p, point.u, bound, &point.multipliers, steps + more).map_err(|_| e)
        }
        (None, None) => Err(ProblemError::Malformed { what: "rounds", expected: "at least one" }),
    }
}

/// The side that the first row needs more of.
fn needed_side(p: &Problem) -> Side {
    if p.rows.first().is_some_and(|r| r.target < 0.0) { Side::Sell } else { Side::Buy }
}

fn fix_sides(p: &Problem, choices: &[usize], trades: &[f64]) -> Vec<Side> {
    let mut sides = vec![Side::Either; p.len()];
    for i in choices {
        sides[*i] = if trades[*i] < 0.0 { Side::Sell } else { Side::Buy };
    }
    sides
}

fn finish(
    p: &Problem,
    trades: Vec<f64>,
    lower_bound: f64,
    multipliers: &[f64],
    steps: u32,
) -> Result<Solution, ProblemError> {
    let (residual, row) = p.residual(&trades);
    if residual > FEASIBLE {
        let row = row.map_or_else(String::new, |r| r.name.clone());
        return Err(ProblemError::Unsolved { row, residual, steps });
    }
    let (nu, mu) = multipliers.split_at(p.factors);
    Ok(Solution {
        objective: p.objective(&trades),
        lower_bound,
        factor_prices: nu.to_vec(),
        row_prices: mu.to_vec(),
        steps,
        trades,
    })
}
