//! The gains budget where closed forms divide the money: what cash needs is raised whatever it realizes, but
//! from what realizes least, and the rest goes only as far as the budget lasts.

use super::super::DecisionContext;
use super::stretches::{Stretch, gain_of};
use super::task::Task;
use unisleeve_books::household::Ledger;

/// Bisections of the way.
const HALVINGS: u32 = 40;

/// The moves that are wanted or, if their sales exceed a budget, as much of the way to them as keeps within it,
/// from the moves that realize least. Dollars by place in the task's list.
pub(super) fn within_budgets(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    task: &Task<'_>,
    wanted: Vec<f64>,
    placed: &[f64],
) -> Vec<f64> {
    let budgets = task.budgets(ctx, ledger);
    let keeps = |dollars: &[f64]| {
        budgets.iter().all(|(cells, left)| {
            let mut gain = 0.0;
            for i in cells {
                gain += gain_of(&task.sellable[*i], -dollars[*i]);
            }
            gain <= *left
        })
    };
    if keeps(&wanted) {
        return wanted;
    }
    let least = least_gain(ctx, task, placed);
    let at = |way: f64| -> Vec<f64> { least.iter().zip(&wanted).map(|(l, w)| l + way * (w - l)).collect() };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if keeps(&at(middle)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    at(low)
}

/// Raises each account's need from the parts that realize least. New cash goes where a rule has placed it.
fn least_gain(ctx: &DecisionContext<'_>, task: &Task<'_>, placed: &[f64]) -> Vec<f64> {
    let mut dollars = placed.to_vec();
    for (a, invest) in task.invest.iter().enumerate().filter(|(_, m)| m.is_negative()) {
        let mut parts: Vec<(usize, Stretch)> = Vec::new();
        for i in task.of_account(ctx, a) {
            dollars[i] = 0.0;
            parts.extend(task.sellable[i].iter().map(|s| (i, *s)));
        }
        parts.sort_by(|(i, x), (j, y)| x.gain.total_cmp(&y.gain).then(i.cmp(j)));
        let mut left = -invest.to_f64();
        for (i, part) in parts {
            let sold = if left < part.dollars { left } else { part.dollars };
            dollars[i] -= sold;
            left -= sold;
        }
    }
    dollars
}
