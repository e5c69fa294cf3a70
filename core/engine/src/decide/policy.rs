//! Rebalances to the policy weights without regard to tax. The shadow portfolio trades this way.
//!
//! Legacy lots outside the policy are sold only for cash. [`allot`] tells which account holds which sleeve.

use chrono::Datelike;

use super::super::DecisionContext;
use super::super::allot::allot;
use super::problem::positions;
use super::{Brief, Decision, Position, Wish};
use unisleeve_books::household::Ledger;
use unisleeve_books::journal::Reason;
use unisleeve_mandates::Setup;
use unisleeve_units::AccountId;

/// Orders that bring each sleeve to its policy weight. Of each security, lots with the least tax are sold
/// first.
pub(super) fn to_policy(ctx: &DecisionContext<'_>, ledger: &Ledger, brief: &Brief) -> Decision {
    let law = ctx.returns.law(ctx.view.date().year());
    let rates = ctx.tax_view(ledger, &law, brief.mandate).rates(0.0, 0.0);
    let mut positions = positions(ctx, ledger, brief);
    for p in &mut positions {
        p.pieces.sort_by(|a, b| a.tax(rates.now).total_cmp(&b.tax(rates.now)).then(a.id.cmp(&b.id)));
    }
    let half = ctx.half();
    let accounts = ctx.setup.accounts.len();
    let mut invested: Vec<f64> = (0..accounts).map(|a| invested(ctx.setup, brief, &positions, a)).collect();
    let mut targets = targets(ctx, brief, &positions, &invested);
    for (a, invested) in invested.iter_mut().enumerate() {
        let mut turnover = 0.0;
        for (p, target) in positions.iter().zip(&targets).filter(|(p, _)| account(ctx.setup, p) == Some(a)) {
            turnover += (target - p.dollars).abs();
        }
        *invested -= half * turnover;
    }
    targets = self::targets(ctx, brief, &positions, &invested);
    let mut by_cell = vec![0.0; ctx.setup.cells.len()];
    let mut wishes = Vec::new();
    for (p, target) in positions.into_iter().zip(targets) {
        let dollars = target - p.dollars;
        let (Some(cell), Some(price)) = (p.cell, p.price) else { continue };
        if dollars == 0.0 {
            continue;
        }
        by_cell[cell] += dollars + half * dollars.abs();
        let reason = Reason { cost: half * dollars.abs() / brief.base.to_f64(), ..Reason::default() };
        wishes.push(Wish { cell, security: p.security, price, dollars, pieces: p.pieces, reason });
    }
    Decision { wishes, by_cell, ..Decision::default() }
}

fn account(setup: &Setup, p: &Position) -> Option<usize> {
    p.cell.map(|c| setup.cells[c].account.index())
}

fn is_off(ctx: &DecisionContext<'_>, p: &Position) -> bool {
    p.cell.is_some_and(|c| ctx.sleeves[ctx.setup.cells[c].sleeve.index()].index.is_none())
}

/// Dollars that an account has for its holdings once its demands are met.
fn invested(setup: &Setup, brief: &Brief, positions: &[Position], a: usize) -> f64 {
    let mut sum = 0.0;
    for p in positions.iter().filter(|p| account(setup, p) == Some(a)) {
        sum += p.dollars;
    }
    for d in &brief.demands {
        let here = d.cells.first().is_some_and(|c| setup.cells[*c].account == AccountId(a as u16));
        sum += if here { d.dollars } else { 0.0 };
    }
    sum
}

/// Dollars that each position should reach.
fn targets(ctx: &DecisionContext<'_>, brief: &Brief, positions: &[Position], invested: &[f64]) -> Vec<f64> {
    let setup = ctx.setup;
    let mut targets: Vec<f64> =
        positions.iter().map(|p| if is_off(ctx, p) { p.dollars } else { 0.0 }).collect();
    let mut free = invested.to_vec();
    for (p, target) in positions.iter().zip(&mut targets).filter(|(p, _)| is_off(ctx, p)) {
        let Some(a) = account(setup, p) else { continue };
        // If the policy's sleeves can't cover the payments, legacy lots are sold for the rest.
        free[a] -= *target;
        if free[a] < 0.0 {
            let sold = if -free[a] < *target { -free[a] } else { *target };
            *target -= sold;
            free[a] += sold;
        }
    }
    let cells: Vec<usize> = (0..setup.cells.len()).collect();
    let located = allot(ctx, &cells, &brief.shares, &free);
    for (p, target) in positions.iter().zip(&mut targets).filter(|(p, _)| !is_off(ctx, p)) {
        let Some(cell) = p.cell.map(|c| setup.cells[c]) else { continue };
        let spec = &ctx.sleeves[cell.sleeve.index()];
        let index = spec.index.map(|i| ctx.known.index_weights(i)).unwrap_or_default();
        let weight = index.iter().find(|(s, _)| *s == p.security).map_or(0.0, |(_, w)| *w);
        *target = weight * located[cell.account.index()][cell.sleeve.index()];
    }
    targets
}
