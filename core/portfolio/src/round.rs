//! Orders in whole shares that keep every constraint.
//!
//! Each order is rounded to the nearest share and then moved one share at a time. While a constraint is
//! missed, the move that reduces the violation most comes first. After that, the move that lowers the
//! objective most and keeps the constraints. A security stays on its side of zero. All orders are whole
//! numbers of shares, whatever fractions the lots hold; a fractional share at the end of a holding is kept.

use super::fault::PortfolioError;
use super::input::Portfolio;
use super::model::Model;
use super::optimum::Optimum;
use super::plan::Plan;
use super::terms::NOTHING;

/// Largest number of one-share moves for each order, plus as many once.
const MOVES: usize = 40;
/// A constraint missed by less than this weight counts as met.
const KEPT: f64 = 1e-12;
/// Smallest improvement of the objective that justifies a move.
const BETTER: f64 = 1e-12;

/// Up to this many orders, pairs of orders are moved together.
const PAIRED: usize = 40;

/// A move and its result.
struct Move {
    to: Vec<(usize, f64)>,
    missed: f64,
    objective: f64,
    plan: Plan,
}

/// An order in whole shares.
#[derive(Debug, Clone, Copy)]
struct Whole {
    variable: usize,
    sells: bool,
    shares: f64,
    /// Weight of one share, and the largest number of shares.
    unit: f64,
    most: f64,
}

/// The result of rounding.
pub(super) struct Rounded {
    pub plan: Plan,
    /// Whole shares of each variable.
    pub shares: Vec<f64>,
    /// Amount by which the plan misses a cash target without a range, as a fraction of the value. Whole
    /// shares seldom meet such a target exactly. Zero where every constraint is kept.
    pub missed: f64,
}

/// Relative rounding error of a number of shares: two lots of 10.5 must count as 21.
const DIGITS: f64 = 1e-12;

/// Rounds the orders of an optimum.
///
/// # Errors
/// When no whole shares nearby keep the constraints.
pub(super) fn round(p: &Portfolio, model: &Model, optimum: &Optimum) -> Result<Rounded, PortfolioError> {
    let trades = optimum.plan.trades();
    let mut wholes: Vec<Whole> = (0..model.len())
        .filter(|i| trades[*i].abs() > NOTHING)
        .map(|i| {
            let v = &model.variables[i];
            let unit = p.securities[v.security].price / model.value;
            let mut held = 0.0;
            for s in &v.stretches {
                held += s.shares;
            }
            let sells = trades[i] < 0.0;
            let most = (if sells { held } else { v.buy_limit / unit } * (1.0 + DIGITS)).floor();
            let shares = (trades[i].abs() / unit).round();
            Whole { variable: i, sells, shares: if shares < most { shares } else { most }, unit, most }
        })
        .collect();
    // Rounded sales may take lots in another order, which depends on the price of gain.
    let plan_of = |wholes: &[Whole]| {
        let mut trades = vec![0.0; model.len()];
        for w in wholes {
            trades[w.variable] = if w.sells { -w.shares * w.unit } else { w.shares * w.unit };
        }
        Plan::new(model, &trades, optimum.prices.gain)
    };
    let mut plan = plan_of(&wholes);
    let (mut missed, mut objective) = (missed(model, &plan), plan.objective(model));
    for _ in 0..MOVES + MOVES * wholes.len() {
        let single = best_move(model, &plan_of, &mut wholes, (missed, objective), false);
        // Moves two orders together where one move does not help: often one share less here allows one more
        // there.
        let next = match single {
            None if missed > KEPT && wholes.len() <= PAIRED => {
                best_move(model, &plan_of, &mut wholes, (missed, objective), true)
            }
            other => other,
        };
        let Some(next) = next else { break };
        for (at, shares) in next.to {
            wholes[at].shares = shares;
        }
        (missed, objective, plan) = (next.missed, next.objective, next.plan);
    }
    let rounded = |plan: Plan, wholes: &[Whole], missed: f64| {
        let mut shares = vec![0.0; model.len()];
        for w in wholes {
            shares[w.variable] = w.shares;
        }
        Rounded { plan, shares, missed }
    };
    if missed > KEPT {
        let (row, missed) = worst(model, &plan);
        // Accepts a plan that only misses a cash target without a range and does not overdraw cash.
        let total: f64 = misses(model, &plan).iter().map(|m| m.1).sum();
        let cash = model.bands.iter().find(|b| b.name == row).filter(|_| row == "cash_target");
        if let Some(band) = cash
            && p.cash_target.0 >= p.cash_target.1
            && total - missed <= KEPT
            && model.row(band, &plan.trades()) <= band.before
        {
            return Ok(rounded(plan, &wholes, missed));
        }
        return Err(PortfolioError::Rounding { row, missed: missed * model.value });
    }
    Ok(rounded(plan, &wholes, 0.0))
}

/// The best move of one order, or of two, by one share each.
fn best_move(
    model: &Model,
    plan_of: &dyn Fn(&[Whole]) -> Plan,
    wholes: &mut [Whole],
    from: (f64, f64),
    in_pairs: bool,
) -> Option<Move> {
    let mut best: Option<Move> = None;
    for first in 0..wholes.len() {
        let seconds = if in_pairs { first + 1..wholes.len() } else { first..first + 1 };
        for second in seconds {
            for (by, other) in [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)] {
                if !in_pairs && by * other < 0.0 {
                    continue;
                }
                let mut to = vec![(first, wholes[first].shares + by)];
                if in_pairs {
                    to.push((second, wholes[second].shares + other));
                }
                if to.iter().any(|(at, shares)| *shares < 0.0 || *shares > wholes[*at].most) {
                    continue;
                }
                let before = (wholes[first].shares, wholes[second].shares);
                for (at, shares) in &to {
                    wholes[*at].shares = *shares;
                }
                let plan = plan_of(wholes);
                (wholes[first].shares, wholes[second].shares) = before;
                let (m, o) = (missed(model, &plan), plan.objective(model));
                let than = best.as_ref().map_or((from.0, from.1 - BETTER), |b| (b.missed, b.objective));
                if m < than.0 - KEPT || m <= than.0 + KEPT && m <= KEPT && o < than.1 {
                    best = Some(Move { to, missed: m, objective: o, plan });
                }
            }
        }
    }
    best
}

/// Violation of each constraint: a weight, or an annual tracking error.
fn misses(model: &Model, plan: &Plan) -> Vec<(String, f64)> {
    let (trades, figures) = (plan.trades(), plan.figures(model));
    let mut list: Vec<(String, f64)> =
        model.bands.iter().map(|b| (b.name.clone(), b.miss(model.row(b, &trades)).abs())).collect();
    if let Some(cap) = model.cap {
        list.push(("max_tracking_error".to_owned(), (figures.variance.sqrt() - cap * (1.0 + 1e-9)).max(0.0)));
    }
    if let Some(budget) = model.budget {
        list.push(("gains_budget".to_owned(), (figures.gain - budget).max(0.0)));
    }
    list
}

fn missed(model: &Model, plan: &Plan) -> f64 {
    let mut sum = 0.0;
    for (_, miss) in misses(model, plan) {
        sum += miss;
    }
    sum
}

fn worst(model: &Model, plan: &Plan) -> (String, f64) {
    let mut worst = (String::new(), 0.0);
    for (row, miss) in misses(model, plan) {
        if miss > worst.1 {
            worst = (row, miss);
        }
    }
    worst
}
