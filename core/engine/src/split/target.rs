//! Rebalancing to the policy weights without regard to tax, in closed form.
//!
//! Sleeves outside the policy are sold only for cash. If the household has a gains budget, the sleeves go only
//! as far as the sales keep within it.

use super::super::DecisionContext;
use super::super::allot::allot;
use super::budget::within_budgets;
use super::funding::funded;
use super::task::Task;
use unisleeve_books::household::Ledger;
use unisleeve_mandates::Funding;
use unisleeve_units::Money;

/// Dollars that each cell of the task should invest (negative: give up), indexed by cell of the setup. Zero for
/// other cells. In each account they add up to the account's entry of `invest`.
pub(super) fn to_target(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    task: &Task<'_>,
    rule: Funding,
) -> Vec<Money> {
    let rule = if rule == Funding::LeastCost { Funding::OverweightFirst } else { rule };
    let moves = within_budgets(ctx, ledger, task, moves(ctx, task), &funded(ctx, task, rule));
    task.rounded(ctx, &moves)
}

/// The moves that bring each sleeve to its target, in dollars by place in the task's list.
fn moves(ctx: &DecisionContext<'_>, task: &Task<'_>) -> Vec<f64> {
    let raised = task.raised(ctx);
    let mut dollars = vec![0.0; task.cells.len()];
    let mut free = raised.clone();
    for (a, free) in free.iter_mut().enumerate() {
        for i in task.of_account(ctx, a) {
            *free += if task.is_off(ctx, i) { 0.0 } else { task.values[i] };
        }
        // If the policy's sleeves can't cover the payments, sleeves outside the policy are sold for the rest.
        for i in task.of_account(ctx, a).into_iter().filter(|i| task.is_off(ctx, *i)) {
            if *free < 0.0 {
                let sold = if -*free < task.most(i) { -*free } else { task.most(i) };
                dollars[i] -= sold;
                *free += sold;
            }
        }
        *free = if *free > 0.0 { *free } else { 0.0 };
    }
    let located = allot(ctx, task.cells, &task.shares(ctx), &free);
    for i in (0..task.cells.len()).filter(|i| !task.is_off(ctx, *i)) {
        dollars[i] = located[task.account(ctx, i)][task.sleeve(ctx, i)] - task.values[i];
    }
    // Lots that can't be sold stay, and the sleeves that buy get less.
    for (a, raised) in raised.iter().enumerate() {
        let mine = task.of_account(ctx, a);
        let (mut sum, mut bought) = (0.0, 0.0);
        for i in &mine {
            let most = -task.most(*i);
            dollars[*i] = if dollars[*i] < most { most } else { dollars[*i] };
            sum += dollars[*i];
            bought += if dollars[*i] > 0.0 { dollars[*i] } else { 0.0 };
        }
        let excess = sum - raised;
        if excess > 0.0 && bought > 0.0 {
            let part = if excess < bought { 1.0 - excess / bought } else { 0.0 };
            for i in mine {
                dollars[i] *= if dollars[i] > 0.0 { part } else { 1.0 };
            }
        }
    }
    dollars
}
