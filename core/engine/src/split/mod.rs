//! How the advisor divides money over sleeves when the mandates do not share one optimization.
//!
//! | file | way |
//! |---|---|
//! | `linear` | least tax at a price of drift (`sma.drift_by = "price"`) |
//! | `quadratic` | least tax at the household's risk aversion (`sma.drift_by = "risk"`) |
//! | `target` | to the policy weights, without regard to tax (`sma.tax_aware = false`) |
//! | `funding` | by a rule for needs and new cash (`sma.funding`) |
//!
//! `budget` keeps the closed forms within the gains budget. All take the same [`Task`]: values, and what each cell can sell at which cost (`stretches`).

mod budget;
mod funding;
mod linear;
mod quadratic;
mod stretches;
mod target;
mod task;
#[cfg(test)]
mod tests;

use super::DecisionContext;
use super::decide::Memory;
use unisleeve_books::household::Ledger;
use unisleeve_mandates::{DriftBy, Funding};
use unisleeve_solver::ProblemError;
use unisleeve_solver::lp::{LpError, LpSolver};
use unisleeve_tax::TaxRates;
use unisleeve_units::Money;

pub(super) use task::{settle, to_cents};

use task::Task;

/// What is divided over which cells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Division<'a> {
    /// Cells of the setup.
    pub cells: &'a [usize],
    /// Dollars to invest in each account (negative: to raise).
    pub invest: &'a [Money],
    /// Moves under way, in dollars by cell of the setup; empty for none.
    pub before: &'a [Money],
    /// Tax rates on sales.
    pub rates: TaxRates,
    /// Whether the advisor rebalances between sleeves. Otherwise `invest` is all that moves.
    pub rebalances: bool,
}

/// Why money could not be divided.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SplitError {
    /// The linear program.
    Linear(LpError),
    /// The quadratic one.
    Quadratic(ProblemError),
}

/// Dollars that cells can raise with no more gain than `left`, in dollars.
pub(super) fn raisable(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    cells: &[usize],
    rates: TaxRates,
    left: f64,
) -> f64 {
    let mut parts: Vec<_> = cells.iter().flat_map(|c| stretches::stretches(ctx, ledger, *c, rates)).collect();
    parts.sort_by(|a, b| a.gain.total_cmp(&b.gain));
    let (mut left, mut raised) = (left, 0.0);
    for part in parts {
        let gain = part.gain * part.dollars;
        if gain > left {
            let dollars = left / part.gain;
            return raised + if dollars > 0.0 { dollars } else { 0.0 };
        }
        left -= gain;
        raised += part.dollars;
    }
    raised
}

/// Dollars that each cell should invest (negative: give up), indexed by cell of the setup. Zero for other cells.
/// In each account they add up to the account's entry of `invest` exactly.
///
/// `slot` is the index of the problem in `memory`.
pub(super) fn split(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    memory: &mut Memory,
    slot: usize,
    solver: &dyn LpSolver,
    division: Division<'_>,
) -> Result<Vec<Money>, SplitError> {
    let Division { cells, invest, before, rates, rebalances } = division;
    if let [only] = cells {
        let mut split = vec![Money::ZERO; ctx.setup.cells.len()];
        split[*only] = invest[ctx.setup.cells[*only].account.index()];
        return Ok(split);
    }
    let habits = &ctx.setup.habits;
    let task = Task::new(ctx, ledger, cells, invest, before, rates);
    let mut optimal = |task: &Task<'_>| match habits.drift_by {
        DriftBy::Price => linear::linear(ctx, ledger, solver, task).map_err(SplitError::Linear),
        DriftBy::Risk => quadratic::quadratic(ctx, ledger, memory, slot, task).map_err(SplitError::Quadratic),
    };
    match (rebalances, habits.tax_aware, habits.funding) {
        (true, false, rule) => Ok(target::to_target(ctx, ledger, &task, rule)),
        (_, _, Funding::LeastCost) => optimal(&task),
        (false, _, rule) => Ok(funding::fund(ctx, ledger, &task, rule)),
        (true, true, rule) => {
            // First the rule places the cash, then the rest is rebalanced on top.
            let first = funding::fund(ctx, ledger, &task, rule);
            let none = vec![Money::ZERO; invest.len()];
            let mut both = optimal(&task.then(&first, &none))?;
            for (sum, first) in both.iter_mut().zip(&first) {
                *sum += *first;
            }
            Ok(both)
        }
    }
}
