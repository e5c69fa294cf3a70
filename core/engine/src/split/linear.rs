//! The advisor's split of cash over sleeves by a price of drift, as a linear program.
//!
//! ```text
//! min  Σ tax of sales + p Σ |drift of sleeves| + B Σ (drift of asset classes beyond the band)
//!      + G Σ (gains beyond the budget) - p_off Σ sales of sleeves outside the policy
//! s.t. value_s + buy_s - sell_s = policy_s × (V - off + sales of off) + over_s - under_s,
//!      and likewise for classes
//!      Σ buy - Σ sell = cash to invest, in each account
//!      Σ gain <= gains budget + beyond, for each manager, or for all together if they see
//!      the household's gains
//! ```
//!
//! Half the spread is part of the cost of each sale and purchase, and so is the cost of a dollar's place
//! (`location.rs`). `p` is `sma.drift_price`; `p_off` is
//! `TRANSITION` with a gains budget and `p` without. `B` and `G` are the penalties that every arm uses
//! ([`unisleeve_mandates::bands`]).
//!
//! The advisor knows what the custodian's feed shows: lots and prices, but not the other managers' plans.

use super::super::DecisionContext;
use super::task::Task;
use unisleeve_books::household::Ledger;
use unisleeve_mandates::bands::{BEYOND_BAND, BEYOND_BUDGET, Band};
use unisleeve_solver::lp::{LinearProgram, LpError, LpSolver};
use unisleeve_units::Money;

/// Value of a dollar sold outside the policy, if a gains budget limits the pace of a transition. It exceeds
/// any tax rate and is below the penalty of a band.
const TRANSITION: f64 = 0.75;

/// Dollars that each cell of the task should invest (negative: give up), indexed by cell of the setup. Zero for
/// other cells. In each account they add up to the account's entry of `invest` exactly.
pub(super) fn linear(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    solver: &dyn LpSolver,
    task: &Task<'_>,
) -> Result<Vec<Money>, LpError> {
    let (cells, values, sellable) = (task.cells, &task.values, &task.sellable);
    let account = |i: usize| task.account(ctx, i);
    let sleeve = |i: usize| task.sleeve(ctx, i);
    let is_off = |i: usize| task.is_off(ctx, i);
    let raised = task.raised(ctx);
    let (mut total, mut off) = (0.0, 0.0);
    for r in &raised {
        total += r;
    }
    for (i, v) in values.iter().enumerate() {
        total += v;
        off += if is_off(i) { *v } else { 0.0 };
    }
    let (sleeves, weights) = task.policy(ctx);
    let scale = if total > 1.0 { total } else { 1.0 };
    let habits = &ctx.setup.habits;
    let worth_off = if ctx.config.tax.gains_budget.is_some() { TRANSITION } else { habits.drift_price };
    let mut lp = LinearProgram::default();
    // Variables for the purchase and the sales of each cell.
    let mut buys = Vec::new();
    let mut sells: Vec<Vec<usize>> = Vec::new();
    for (i, sellable) in sellable.iter().enumerate() {
        buys.push((!is_off(i)).then(|| lp.variable(ctx.half() + task.location[i], 2.0)));
        let worth = if is_off(i) { worth_off } else { 0.0 };
        let worth = worth + task.location[i];
        sells.push(sellable.iter().map(|s| lp.variable(s.cost - worth, s.dollars / scale)).collect());
    }
    // (band, price of a dollar of drift within it, price beyond it)
    let mut drifts: Vec<(Band, f64, f64)> = Vec::new();
    for s in &sleeves {
        let spec = &ctx.sleeves[*s];
        let one =
            Band { name: String::new(), sleeves: vec![*s], weight: spec.weight, width: 0.0, is_class: false };
        drifts.push((one, habits.drift_price, 0.0));
    }
    for band in Band::of_policy(ctx.sleeves, ctx.config.band()) {
        // The advisor may run only some of the sleeves of a class.
        let sleeves: Vec<usize> = band.sleeves.iter().copied().filter(|s| sleeves.contains(s)).collect();
        let mut weight = 0.0;
        for s in &sleeves {
            weight += ctx.sleeves[*s].weight;
        }
        drifts.push((Band { sleeves, weight, ..band }, 0.0, BEYOND_BAND));
    }
    for (band, inside, beyond) in drifts {
        let weight = if weights > 0.0 { band.weight / weights } else { 0.0 };
        let mut row = Vec::new();
        // (price, most) of the drift within the band and beyond it. A sleeve's own drift has no limit.
        let slack = if beyond > 0.0 {
            [(inside, band.width), (beyond, f64::INFINITY)]
        } else {
            [(inside, f64::INFINITY), (0.0, 0.0)]
        };
        for (price, most) in slack.into_iter().filter(|(_, most)| *most > 0.0) {
            row.extend([(lp.variable(price, most), -1.0), (lp.variable(price, most), 1.0)]);
        }
        let mut value = 0.0;
        for i in 0..cells.len() {
            if band.sleeves.contains(&sleeve(i)) {
                value += values[i];
                row.extend(buys[i].map(|b| (b, 1.0)));
                row.extend(sells[i].iter().map(|v| (*v, -1.0)));
            } else if is_off(i) && weight > 0.0 {
                row.extend(sells[i].iter().map(|v| (*v, -weight)));
            }
        }
        lp.equalities.push((row, weight * (total - off) / scale - value / scale));
    }
    for (a, raised) in raised.iter().enumerate() {
        let mut flow = Vec::new();
        for i in (0..cells.len()).filter(|i| account(*i) == a) {
            flow.extend(buys[i].map(|b| (b, 1.0)));
            flow.extend(sells[i].iter().map(|v| (*v, -1.0)));
        }
        if !flow.is_empty() {
            lp.equalities.push((flow, raised / scale));
        }
    }
    for (theirs, left) in task.budgets(ctx, ledger) {
        let mut row =
            vec![(lp.variable(0.0, f64::INFINITY), 1.0), (lp.variable(BEYOND_BUDGET, f64::INFINITY), -1.0)];
        for i in theirs {
            row.extend(sells[i].iter().zip(&sellable[i]).map(|(v, s)| (*v, s.gain)));
        }
        lp.equalities.push((row, left / scale));
    }
    let x = solver.minimise(&lp)?;
    let dollars: Vec<f64> = (0..cells.len())
        .map(|i| {
            let mut dollars = buys[i].map_or(0.0, |b| x[b]);
            for v in &sells[i] {
                dollars -= x[*v];
            }
            dollars * scale
        })
        .collect();
    Ok(task.rounded(ctx, &dollars))
}
