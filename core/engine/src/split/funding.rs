//! Who pays a need for cash, and who takes new cash, by a rule in closed form.
//!
//! | rule | raises from | invests in |
//! |---|---|---|
//! | `overweight_first` | sleeves over their target, in proportion to what they are over; then all by value | sleeves under their target likewise; then all by value |
//! | `pro_rata` | all sleeves by value | all sleeves by value |
//! | `funds_first` | the advisor's sleeves by value, then the specialists' | likewise |
//!
//! Targets are policy weights of what the cells hold today. Sleeves outside the policy have a target of zero
//! and take no money. If an account holds nothing yet, its money goes to the policy weights.

use super::super::DecisionContext;
use super::super::allot::allot;
use super::budget::within_budgets;
use super::task::Task;
use unisleeve_books::household::Ledger;
use unisleeve_mandates::Funding;
use unisleeve_units::Money;

/// Dollars that each cell of the task takes (negative: gives), indexed by cell of the setup. Zero for other
/// cells. In each account they add up to the account's entry of `invest`, as far as its lots go. A gains budget
/// comes before the rule.
pub(super) fn fund(ctx: &DecisionContext<'_>, ledger: &Ledger, task: &Task<'_>, rule: Funding) -> Vec<Money> {
    let placed = funded(ctx, task, rule);
    task.rounded(ctx, &within_budgets(ctx, ledger, task, placed.clone(), &placed))
}

/// The same in dollars by place in the task's list.
pub(super) fn funded(ctx: &DecisionContext<'_>, task: &Task<'_>, rule: Funding) -> Vec<f64> {
    let mut dollars = vec![0.0; task.cells.len()];
    let targets = targets(ctx, task);
    for (a, invest) in task.invest.iter().map(|m| m.to_f64()).enumerate() {
        if invest == 0.0 {
            continue;
        }
        let mine = task.of_account(ctx, a);
        let takes = |i: usize| invest < 0.0 || !task.is_off(ctx, i);
        let mine: Vec<usize> = mine.into_iter().filter(|i| takes(*i)).collect();
        // What each cell can give or take in all, and what it gives or takes first.
        let room = |i: usize| if invest < 0.0 { task.most(i) } else { f64::INFINITY };
        let by_value = |chosen: &dyn Fn(usize) -> bool| -> Vec<(usize, f64, f64)> {
            mine.iter().filter(|i| chosen(**i)).map(|i| (*i, task.values[*i], room(*i))).collect()
        };
        let of_specialist = |i: usize| {
            let sleeve = ctx.setup.cells[task.cells[i]].sleeve;
            ctx.setup.is_specialist(ctx.setup.mandate_of(sleeve))
        };
        let mut stages = Vec::new();
        match rule {
            Funding::OverweightFirst => {
                let off = |i: &usize| {
                    let off = task.values[*i] - targets[*i];
                    let off = if invest < 0.0 { off } else { -off };
                    let most = if off < room(*i) { off } else { room(*i) };
                    (*i, off, most)
                };
                stages.push(mine.iter().map(off).filter(|(_, off, _)| *off > 0.0).collect());
            }
            Funding::FundsFirst => stages.push(by_value(&|i| !of_specialist(i))),
            Funding::ProRata | Funding::LeastCost => {}
        }
        stages.push(by_value(&|_| true));
        stages.push(mine.iter().map(|i| (*i, ctx.sleeves[task.sleeve(ctx, *i)].weight, room(*i))).collect());
        let mut left = invest.abs();
        let sign = if invest < 0.0 { -1.0 } else { 1.0 };
        for stage in stages {
            share(&mut left, &stage, sign, &mut dollars);
        }
    }
    dollars
}

/// Policy weights of what the cells hold, in dollars by place in the list.
fn targets(ctx: &DecisionContext<'_>, task: &Task<'_>) -> Vec<f64> {
    let held: Vec<f64> = (0..task.invest.len())
        .map(|a| {
            let mut sum = 0.0;
            for i in task.of_account(ctx, a).into_iter().filter(|i| !task.is_off(ctx, *i)) {
                sum += task.values[i];
            }
            sum
        })
        .collect();
    let located = allot(ctx, task.cells, &task.shares(ctx), &held);
    (0..task.cells.len()).map(|i| located[task.account(ctx, i)][task.sleeve(ctx, i)]).collect()
}

/// Divides `left` in proportion to weights, up to the most of each place. `stage` lists (place, weight, most);
/// the most counts what the place has got in an earlier stage. Reduces `left` by what is placed and adds it,
/// with a sign, to `dollars`.
fn share(left: &mut f64, stage: &[(usize, f64, f64)], sign: f64, dollars: &mut [f64]) {
    let mut open: Vec<(usize, f64, f64)> =
        stage.iter().map(|(i, w, most)| (*i, *w, most - dollars[*i].abs())).collect();
    // Each round fills at least one place or ends.
    for _ in 0..=stage.len() {
        open.retain(|(_, w, room)| *w > 0.0 && *room > 0.0);
        let mut weight = 0.0;
        for (_, w, _) in &open {
            weight += w;
        }
        if weight <= 0.0 || *left <= 0.0 {
            return;
        }
        let all = *left;
        for (i, w, room) in &mut open {
            let part = all * *w / weight;
            let part = if part < *room { part } else { *room };
            dollars[*i] += sign * part;
            *room -= part;
            *left -= part;
        }
        if open.iter().all(|(_, _, room)| *room > 0.0) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_fill_up_and_pass_on() {
        let mut dollars = vec![0.0; 3];
        let mut left = 100.0;
        share(&mut left, &[(0, 1.0, 20.0), (1, 1.0, 1_000.0), (2, 2.0, 1_000.0)], -1.0, &mut dollars);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(dollars[0], -20.0), "{dollars:?}");
        assert!(near(dollars[1], -25.0 - 5.0 / 3.0), "{dollars:?}");
        assert!(near(dollars[2], -50.0 - 10.0 / 3.0), "{dollars:?}");
        assert!(left.abs() < 1e-9, "{left}");
        // The place that is full gives no more.
        let mut more = 10.0;
        share(&mut more, &[(0, 1.0, 20.0)], -1.0, &mut dollars);
        assert!(near(more, 10.0) && near(dollars[0], -20.0));
    }
}
