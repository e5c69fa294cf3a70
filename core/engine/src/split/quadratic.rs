//! The advisor's split of cash over sleeves by the household's own risk aversion, as a quadratic program.
//!
//! ```text
//! min  1/2 γ x' S x + Σ tax and spreads of sales and purchases + B Σ (drift beyond the bands)
//! s.t. Σ u = cash to invest, in each account
//!      Σ gain <= gains budget, at a price of a dollar beyond it
//! with x_c = value_c + u_c - policy weight, as fractions of the value
//! ```
//!
//! A sleeve moves along its index: `S` is the covariance of the indices by the household's risk model. A sleeve
//! without an index moves along its holdings. Every other part is the same as in the household's joint problem
//! and in the linear program: costs, penalties and the order in which demands give way.

use super::super::DecisionContext;
use super::super::cells::held;
use super::super::decide::Memory;
use super::task::Task;
use unisleeve_books::household::Ledger;
use unisleeve_mandates::bands::{BEYOND_BAND, BEYOND_BUDGET, Band};
use unisleeve_solver::{Curve, Problem, ProblemError, Row, Segment};
use unisleeve_units::{Money, SecurityId};

/// A sleeve in several accounts is one risk. Its specific variance is an extra factor then, and this part of it
/// is also counted on each cell, to keep the problem strictly convex.
const APART: f64 = 0.02;

/// Prices tried for a dollar of gain beyond a budget: the first, the factor to the next, and the bisections
/// between two.
const FIRST_PRICE: f64 = 0.05;
const DEARER: f64 = 4.0;
const HALVINGS: u32 = 20;
/// Rounds over the managers' budgets, because money that one may not give is asked of another. After them a
/// budget that is still exceeded gets the highest price.
const ROUNDS: u32 = 16;

/// Dollars that each cell of the task should invest (negative: give up), indexed by cell of the setup. Zero for
/// other cells. In each account they add up to the account's entry of `invest` exactly.
///
/// # Errors
/// If the problem can't be solved.
pub(super) fn quadratic(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    memory: &mut Memory,
    slot: usize,
    task: &Task<'_>,
) -> Result<Vec<Money>, ProblemError> {
    let (mut problem, total) = problem(ctx, ledger, task);
    let hard = problem.rows.iter().filter(|r| r.is_hard()).count();
    let mut prices = vec![0.0; task.cells.len()];
    let mut solve = |prices: &[f64]| {
        reprice(ctx, task, total, prices, &mut problem);
        let solution = memory.solve(slot, &mut problem, hard)?;
        let gains = problem.curves.iter().zip(&solution.trades).map(|(c, u)| c.gain(*u) * total).collect();
        Ok(Plan { trades: solution.trades, gains })
    };
    let mut plan = solve(&prices)?;
    let budgets = task.budgets(ctx, ledger);
    for round in 0..=ROUNDS {
        let mut keeps_all = true;
        for (theirs, left) in &budgets {
            if plan.keeps(theirs, *left) {
                continue;
            }
            keeps_all = false;
            let mut low = theirs.first().map_or(0.0, |i| prices[*i]);
            let mut at = |price: f64| {
                for i in theirs {
                    prices[*i] = price;
                }
                solve(&prices)
            };
            let next = |low: f64| {
                let high = if low > 0.0 { DEARER * low } else { FIRST_PRICE };
                // Prices only rise, so that the rounds end.
                if round < ROUNDS && high < BEYOND_BUDGET { high } else { BEYOND_BUDGET }
            };
            let mut high = next(low);
            plan = at(high)?;
            while !plan.keeps(theirs, *left) && high < BEYOND_BUDGET {
                low = high;
                high = next(low);
                plan = at(high)?;
            }
            let halvings = if round < ROUNDS && plan.keeps(theirs, *left) { HALVINGS } else { 0 };
            for _ in 0..halvings {
                if high - low < 1e-3 * high {
                    break;
                }
                let middle = 0.5 * (low + high);
                let trial = at(middle)?;
                if trial.keeps(theirs, *left) {
                    (high, plan) = (middle, trial);
                } else {
                    low = middle;
                }
            }
            for i in theirs {
                prices[*i] = high;
            }
        }
        if keeps_all {
            break;
        }
    }
    let dollars: Vec<f64> = plan.trades.iter().map(|u| u * total).collect();
    Ok(task.rounded(ctx, &dollars))
}

/// A solution with what it realizes.
struct Plan {
    /// Net purchase of each cell, a fraction of the value.
    trades: Vec<f64>,
    /// Gain that each cell realizes, in dollars.
    gains: Vec<f64>,
}

impl Plan {
    /// Whether these cells keep within what is left of their budget, to the dollar.
    fn keeps(&self, cells: &[usize], left: f64) -> bool {
        let mut gain = 0.0;
        for i in cells {
            gain += self.gains[*i];
        }
        gain <= left + 1.0
    }
}

/// The problem without costs, which [`reprice`] fills in, and the dollars that its weights are fractions of.
fn problem(ctx: &DecisionContext<'_>, ledger: &Ledger, task: &Task<'_>) -> (Problem, f64) {
    let count = task.cells.len();
    let raised = task.raised(ctx);
    let mut total = 0.0;
    for x in raised.iter().chain(&task.values) {
        total += x;
    }
    let total = if total > 1.0 { total } else { 1.0 };
    let shares = task.shares(ctx);
    let part = if ctx.wealth.is_positive() { total / ctx.wealth.to_f64() } else { 1.0 };
    let mut problem = Problem {
        risk_aversion: ctx.config.trading.risk_aversion * part,
        active: vec![0.0; count],
        specific: vec![0.0; count],
        curves: vec![Curve::default(); count],
        ..Problem::default()
    };
    risk(ctx, ledger, task, &shares, total, &mut problem);
    for (a, raised) in raised.iter().enumerate() {
        let mine = task.of_account(ctx, a);
        if !mine.is_empty() {
            let mut row = vec![0.0; count];
            for i in mine {
                row[i] = 1.0;
            }
            let name = format!("cash of {}", ctx.setup.accounts[a].name);
            problem.rows.push(Row::equal(name, row, raised / total));
        }
    }
    bands(ctx, task, &shares, total, &mut problem);
    (problem, total)
}

/// Exposures, specific variances and active weights of the cells.
fn risk(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    task: &Task<'_>,
    shares: &[f64],
    total: f64,
    problem: &mut Problem,
) {
    let (k, count) = (ctx.risk.factors, task.cells.len());
    let sleeve = |i: usize| task.sleeve(ctx, i);
    let cells_of = |s: usize| (0..count).filter(move |i| sleeve(*i) == s);
    // Each sleeve in several accounts has a factor of its own.
    let shared: Vec<usize> = (0..ctx.sleeves.len()).filter(|s| cells_of(*s).count() > 1).collect();
    let all = k + shared.len();
    problem.factors = all;
    problem.exposures = vec![0.0; count * all];
    for s in 0..ctx.sleeves.len() {
        let cells: Vec<usize> = cells_of(s).collect();
        let mut value = 0.0;
        for i in &cells {
            value += task.values[*i];
        }
        let (mut specific, mut exposures) = (0.0, vec![0.0; k]);
        for (security, weight) in moves_along(ctx, ledger, task, s) {
            let Some(at) = ctx.place(security) else { continue };
            specific += weight * weight * ctx.risk.specific[at];
            for (sum, x) in exposures.iter_mut().zip(&ctx.risk.exposures[at * k..(at + 1) * k]) {
                *sum += weight * x;
            }
        }
        for (place, i) in cells.iter().enumerate() {
            // What the policy asks of the sleeve, by the value of its cells, so that each starts near it.
            let part = if value > 0.0 {
                task.values[*i] / value
            } else if place == 0 {
                1.0
            } else {
                0.0
            };
            problem.active[*i] = task.values[*i] / total - shares[s] * part;
            let row = &mut problem.exposures[i * all..(i + 1) * all];
            row[..k].copy_from_slice(&exposures);
            problem.specific[*i] = specific;
            if let Some(own) = shared.iter().position(|x| *x == s) {
                row[k + own] = specific.sqrt();
                problem.specific[*i] = APART * specific;
            }
        }
    }
}

/// Weights of the securities that a sleeve moves along: its index, or its holdings in these cells.
fn moves_along(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    task: &Task<'_>,
    sleeve: usize,
) -> Vec<(SecurityId, f64)> {
    if let Some(index) = ctx.sleeves[sleeve].index {
        return ctx.known.index_weights(index);
    }
    let mut weights: Vec<(SecurityId, f64)> = Vec::new();
    let mut sum = 0.0;
    for holding in &ctx.sleeves[sleeve].holdings {
        let mut dollars = 0.0;
        for c in task.cells.iter().filter(|c| ctx.setup.cells[**c].sleeve.index() == sleeve) {
            dollars += held(ctx, ledger, *c, holding.security).to_f64();
        }
        sum += dollars;
        weights.push((holding.security, dollars));
    }
    for (_, w) in &mut weights {
        *w = if sum > 0.0 { *w / sum } else { 0.0 };
    }
    weights
}

/// A soft row for each band. Policy weights apply to the portfolio without sleeves outside the policy.
fn bands(ctx: &DecisionContext<'_>, task: &Task<'_>, shares: &[f64], total: f64, problem: &mut Problem) {
    for band in Band::of_policy(ctx.sleeves, ctx.config.band()) {
        let (mut held, mut off, mut weight) = (0.0, 0.0, 0.0);
        for s in &band.sleeves {
            weight += shares[*s];
        }
        let coefficients: Vec<f64> = (0..task.cells.len())
            .map(|i| {
                if band.sleeves.contains(&task.sleeve(ctx, i)) {
                    held += task.values[i];
                    1.0
                } else if task.is_off(ctx, i) {
                    off += task.values[i];
                    weight
                } else {
                    0.0
                }
            })
            .collect();
        let centre = -Band::drift(held, weight, off, total);
        let row = Row::within(band.name, coefficients, centre - band.width, centre + band.width);
        problem.rows.push(row.at_price(BEYOND_BAND));
    }
}

/// Fills in the costs, with the extra cost of a dollar of gain in each cell.
fn reprice(ctx: &DecisionContext<'_>, task: &Task<'_>, total: f64, prices: &[f64], problem: &mut Problem) {
    for (i, curve) in problem.curves.iter_mut().enumerate() {
        let sell = task.sellable[i].iter().map(|s| Segment {
            width: s.dollars / total,
            cost: s.cost + prices[i] * s.gain - task.location[i],
            gain: s.gain,
        });
        let limit = if task.is_off(ctx, i) { 0.0 } else { 2.0 };
        curve.fill(sell, ctx.half() + task.location[i], limit);
    }
}
