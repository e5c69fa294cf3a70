//! Turns the optimizer's solution into orders wanted.

use super::super::DecisionContext;
use super::super::impact::MARGINAL;
use super::decision::{Decision, Wish};
use super::position::Position;
use super::problem::{Brief, Prices};
use unisleeve_books::journal::Reason;
use unisleeve_solver::{Problem, Solution};

/// The orders with their reasons, and the dollars of each cell after them.
pub(super) fn decision(
    ctx: &DecisionContext<'_>,
    brief: &Brief,
    positions: &[Position],
    problem: &Problem,
    solution: Solution,
    prices: &Prices,
) -> Decision {
    let base = brief.base.to_f64();
    let mut by_cell = vec![0.0; ctx.setup.cells.len()];
    let mut will_hold = Vec::with_capacity(positions.len());
    for (p, u) in positions.iter().zip(&solution.trades) {
        if let Some(cell) = p.cell {
            by_cell[cell] += (u + (ctx.half() + p.impact) * u.abs()) * base;
            will_hold.push((cell, p.security, p.dollars + u * base));
        }
    }
    let wishes = wishes(positions, problem, &solution, base, prices, ctx.half());
    Decision { wishes, solution: Some(solution), by_cell, will_hold }
}

fn wishes(
    positions: &[Position],
    problem: &Problem,
    solution: &Solution,
    base: f64,
    prices: &Prices,
    half: f64,
) -> Vec<Wish> {
    let k = problem.factors;
    let mut wishes = Vec::new();
    for (i, p) in positions.iter().enumerate() {
        let u = solution.trades[i];
        let (Some(price), Some(cell)) = (p.price.filter(|_| u != 0.0), p.cell) else { continue };
        let mut factor_price = 0.0;
        for (g, nu) in problem.exposures[i * k..(i + 1) * k].iter().zip(&solution.factor_prices) {
            factor_price += g * nu;
        }
        let mut forced = 0.0;
        for (row, mu) in problem.rows.iter().zip(&solution.row_prices) {
            forced -= row.coefficients[i] * mu * u;
        }
        let specific = problem.risk_aversion * problem.specific[i] * (problem.active[i] + u);
        let cost = (half + p.impact) * u.abs();
        let priced = (half + MARGINAL * p.impact) * u.abs();
        let tax = if u < 0.0 { problem.curves[i].cost(u) - priced } else { prices.disallowed(p) * u };
        let reason = Reason { tax, cost, risk: (factor_price + specific) * u, forced };
        wishes.push(Wish {
            cell,
            security: p.security,
            price,
            dollars: u * base,
            pieces: if u < 0.0 { p.pieces.clone() } else { Vec::new() },
            reason,
        });
    }
    wishes
}
