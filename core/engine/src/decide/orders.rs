//! Turns the optimizer's solution into orders wanted.

use super::super::DecisionContext;
use super::decision::{Decision, Wish};
use super::position::{Piece, Position};
use super::problem::{Brief, Rates};
use super::sales::sales;
use unisleeve_books::journal::Reason;
use unisleeve_mandates::FundLots;
use unisleeve_solver::{Problem, Solution};
use unisleeve_units::Shares;

/// Smallest order, in dollars. Less is rounding, but a sale of it at a loss would bar purchases for 30 days.
const LEAST: f64 = 0.01;

/// The orders with their reasons, and the dollars of each cell after them.
pub(super) fn decision(
    ctx: &DecisionContext<'_>,
    brief: &Brief,
    positions: &[Position],
    problem: &Problem,
    solution: Solution,
    rates: &Rates,
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
    let wishes = wishes(ctx, positions, problem, &solution, base, rates);
    Decision { wishes, solution: Some(solution), by_cell, will_hold }
}

fn wishes(
    ctx: &DecisionContext<'_>,
    positions: &[Position],
    problem: &Problem,
    solution: &Solution,
    base: f64,
    rates: &Rates,
) -> Vec<Wish> {
    let (k, half) = (problem.factors, ctx.half());
    let mut wishes = Vec::new();
    for (i, p) in positions.iter().enumerate() {
        let u = solution.trades[i];
        let (Some(price), Some(cell)) = (p.price.filter(|_| u.abs() * base >= LEAST), p.cell) else {
            continue;
        };
        let mut factor_price = 0.0;
        for (g, nu) in problem.exposures[i * k..(i + 1) * k].iter().zip(&solution.prices.factors) {
            factor_price += g * nu;
        }
        let mut forced = 0.0;
        for (row, mu) in problem.rows.iter().zip(&solution.prices.rows) {
            forced -= (row.coefficients[i] * u + row.gross.get(i).map_or(0.0, |g| g * u.abs())) * mu;
        }
        let specific = problem.risk_aversion * problem.specific[i] * (problem.active[i] + u);
        let cost = (half + p.impact) * u.abs();
        let (mut pieces, mut tax) = (Vec::new(), (rates.disallowed(p) + p.location) * u);
        if u < 0.0 {
            let net = rates.of(p.mandate).net();
            tax = p.location * u;
            if let Some(ordered) = by_habit(ctx, p) {
                pieces = ordered;
                let mut left = -u * base;
                for piece in &pieces {
                    let sold = if left < piece.dollars { left } else { piece.dollars };
                    tax += sold / base * piece.tax(net);
                    left -= sold;
                }
            } else {
                for (piece, amount) in sales(p, i, problem, solution) {
                    tax += amount * piece.tax(net);
                }
                pieces = in_order(p, i, problem, solution, base);
            }
        }
        let reason = Reason { tax, cost, risk: (factor_price + specific) * u, forced };
        wishes.push(Wish { cell, security: p.security, price, dollars: u * base, pieces, reason });
    }
    wishes
}

/// All pieces of a position in the order of the advisor's habit; `None` if they are sold as the optimizer
/// chooses.
fn by_habit(ctx: &DecisionContext<'_>, position: &Position) -> Option<Vec<Piece>> {
    let mut pieces = position.pieces.clone();
    let oldest =
        |a: &Piece, b: &Piece| a.acquired.cmp(&b.acquired).then(a.lot.cmp(&b.lot)).then(a.id.cmp(&b.id));
    match ctx.fund_lots(position.mandate) {
        FundLots::MinTax => return None,
        FundLots::Fifo => pieces.sort_by(oldest),
        // At one price the highest basis a share is the smallest gain.
        FundLots::Hifo => pieces.sort_by(|a, b| a.gain.total_cmp(&b.gain).then(oldest(a, b))),
    }
    Some(pieces)
}

/// All pieces of a position in the order in which they are sold: first those that the solution sells, each
/// with the shares that it sells of it, then the others. Rounding may need a part of the next one.
fn in_order(position: &Position, at: usize, problem: &Problem, solution: &Solution, base: f64) -> Vec<Piece> {
    let mut is_sold = vec![false; position.pieces.len()];
    let mut pieces = Vec::with_capacity(position.pieces.len());
    let Some(amounts) = solution.sold.get(at) else {
        pieces.extend(problem.curves[at].segments().map(|(_, i)| position.pieces[i]));
        return pieces;
    };
    for (i, amount) in amounts.iter().enumerate().filter(|(_, amount)| **amount > 0.0) {
        is_sold[i] = true;
        let piece = &position.pieces[i];
        let part = amount * base / piece.dollars;
        let quantity = Shares::from_f64(part * piece.quantity.to_f64()).unwrap_or(piece.quantity);
        pieces.push(Piece { quantity: quantity.min(piece.quantity), ..*piece });
    }
    pieces.extend(position.pieces.iter().zip(&is_sold).filter(|(_, sold)| !**sold).map(|(x, _)| *x));
    pieces
}
