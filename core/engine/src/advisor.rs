//! The advisor's split of cash over sleeves, as a linear program. It serves setups whose mandates do not
//! share one optimization.
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
//! Half the spread is part of the cost of each sale and purchase. `p` is `sma.drift_price`; `p_off` is
//! `TRANSITION` with a gains budget and `p` without. `B` and `G` are the penalties that every arm uses
//! ([`unisleeve_mandates::bands`]).
//!
//! The advisor knows what the custodian's feed shows: lots and prices, but not the other managers' plans.

use super::DecisionContext;
use super::cells::cell_value;
use super::decide::is_kept;
use unisleeve_books::household::Ledger;
use unisleeve_mandates::bands::{BEYOND_BAND, BEYOND_BUDGET, Band};
use unisleeve_solver::lp::{LinearProgram, LpError, LpSolver};
use unisleeve_tax::TaxRates;
use unisleeve_units::{AccountKind, Money};

/// Value of a dollar sold outside the policy, if a gains budget limits the pace of a transition. It exceeds
/// any tax rate and is below the penalty of a band.
const TRANSITION: f64 = 0.75;

/// A part of what a cell can sell, at one cost per dollar.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    dollars: f64,
    /// Cost of a dollar sold, in dollars: tax and half the spread.
    cost: f64,
    /// Taxable gain of a dollar sold, in dollars; zero for a loss.
    gain: f64,
}

/// Dollars that each of `cells` should invest (negative: give up), indexed by cell of the setup. Zero for
/// other cells.
///
/// In each account they add up to the account's entry of `invest` exactly. `rates` are the tax rates on
/// sales.
pub(super) fn split(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    solver: &dyn LpSolver,
    cells: &[usize],
    invest: &[Money],
    rates: TaxRates,
) -> Result<Vec<Money>, LpError> {
    let setup = ctx.setup;
    let mut split = vec![Money::ZERO; setup.cells.len()];
    if let [only] = cells {
        split[*only] = invest[setup.cells[*only].account.index()];
        return Ok(split);
    }
    let sellable: Vec<Vec<Stretch>> = cells.iter().map(|c| stretches(ctx, ledger, *c, rates)).collect();
    let account = |i: usize| setup.cells[cells[i]].account.index();
    let sleeve = |i: usize| setup.cells[cells[i]].sleeve.index();
    // An account can't raise more than its lots with a price today. The missing rest shows when the orders
    // are executed.
    let raised: Vec<f64> = invest
        .iter()
        .enumerate()
        .map(|(a, invest)| {
            let mut most = 0.0;
            for s in (0..cells.len()).filter(|i| account(*i) == a).flat_map(|i| &sellable[i]) {
                most += s.dollars;
            }
            if invest.to_f64() < -most { -most } else { invest.to_f64() }
        })
        .collect();
    let values: Vec<f64> = cells.iter().map(|c| cell_value(ctx, ledger, *c).to_f64()).collect();
    let is_off = |i: usize| ctx.sleeves[sleeve(i)].index.is_none();
    let (mut total, mut off, mut weights) = (0.0, 0.0, 0.0);
    for r in &raised {
        total += r;
    }
    for (i, v) in values.iter().enumerate() {
        total += v;
        off += if is_off(i) { *v } else { 0.0 };
    }
    let mut sleeves: Vec<usize> =
        (0..cells.len()).map(sleeve).filter(|s| ctx.sleeves[*s].index.is_some()).collect();
    sleeves.sort_unstable();
    sleeves.dedup();
    for s in &sleeves {
        weights += ctx.sleeves[*s].weight;
    }
    let scale = if total > 1.0 { total } else { 1.0 };
    let sma = ctx.config.sma;
    let worth_off = if ctx.config.tax.gains_budget.is_some() { TRANSITION } else { sma.drift_price };
    let mut lp = LinearProgram::default();
    // Variables for the purchase and the sales of each cell.
    let mut buys = Vec::new();
    let mut sells: Vec<Vec<usize>> = Vec::new();
    for (i, sellable) in sellable.iter().enumerate() {
        buys.push((!is_off(i)).then(|| lp.variable(ctx.half(), 2.0)));
        let worth = if is_off(i) { worth_off } else { 0.0 };
        sells.push(sellable.iter().map(|s| lp.variable(s.cost - worth, s.dollars / scale)).collect());
    }
    // (band, price of a dollar of drift within it, price beyond it)
    let mut drifts: Vec<(Band, f64, f64)> = Vec::new();
    for s in &sleeves {
        let spec = &ctx.sleeves[*s];
        let one =
            Band { name: String::new(), sleeves: vec![*s], weight: spec.weight, width: 0.0, is_class: false };
        drifts.push((one, sma.drift_price, 0.0));
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
    for (mandates, left) in ctx.budgets_left(ledger) {
        let mut row =
            vec![(lp.variable(0.0, f64::INFINITY), 1.0), (lp.variable(BEYOND_BUDGET, f64::INFINITY), -1.0)];
        for (i, (variables, stretches)) in sells.iter().zip(&sellable).enumerate() {
            if mandates.contains(&setup.mandate_of(setup.cells[cells[i]].sleeve)) {
                row.extend(variables.iter().zip(stretches).map(|(v, s)| (*v, s.gain)));
            }
        }
        lp.equalities.push((row, if left > 0.0 { left / scale } else { 0.0 }));
    }
    let x = solver.minimise(&lp)?;
    for (i, cell) in cells.iter().enumerate() {
        let mut dollars = buys[i].map_or(0.0, |b| x[b]);
        for v in &sells[i] {
            dollars -= x[*v];
        }
        split[*cell] = to_cents(dollars * scale);
    }
    settle(ctx, cells, invest, &mut split);
    Ok(split)
}

/// Rounds to cents, because instructions to managers are in cents.
pub(super) fn to_cents(dollars: f64) -> Money {
    Money::from_f64(libm::rint(dollars * 100.0) / 100.0).unwrap_or(Money::ZERO)
}

/// Adds the rounding difference of each account to its largest cell, so that the split adds up to `invest`.
pub(super) fn settle(ctx: &DecisionContext<'_>, cells: &[usize], invest: &[Money], split: &mut [Money]) {
    for (a, invest) in invest.iter().enumerate() {
        let mine = || cells.iter().copied().filter(|c| ctx.setup.cells[*c].account.index() == a);
        let rest = *invest - mine().map(|c| split[c]).sum();
        if let Some(largest) = mine().max_by_key(|c| (split[*c].abs(), ctx.setup.cells.len() - c)) {
            split[largest] += rest;
        }
    }
}

/// What a cell can sell, cheapest first. Lots are merged into a few parts, which is precise enough for the
/// advisor's estimate.
fn stretches(ctx: &DecisionContext<'_>, ledger: &Ledger, cell: usize, rates: TaxRates) -> Vec<Stretch> {
    const MOST: usize = 8;
    let half = ctx.half();
    let cell = ctx.setup.cells[cell];
    let kind = ctx.setup.accounts.get(cell.account.index()).map_or(AccountKind::Taxable, |a| a.kind);
    let mut lots: Vec<Stretch> = Vec::new();
    for holding in ctx.sleeves[cell.sleeve.index()].holdings.iter().filter(|h| h.can_sell) {
        let Some(price) = ctx.quote(holding.security) else { continue };
        let here = ledger.lots(holding.security).iter();
        for lot in
            here.filter(|l| l.sleeve == cell.sleeve && l.account == cell.account && !is_kept(ctx, l.id))
        {
            let dollars = Money::of(lot.quantity, price).to_f64();
            if dollars > 0.0 {
                let gain = (dollars - lot.basis.to_f64()) / dollars;
                // The manager decides on sales at a loss; the advisor does not count on their savings.
                let gain = if gain > 0.0 && kind.is_taxable() { gain } else { 0.0 };
                let tax = rates.of(ctx.term(lot.holding_start)) * gain;
                lots.push(Stretch { dollars, cost: (if tax > 0.0 { tax } else { 0.0 }) + half, gain });
            }
        }
    }
    lots.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    let mut sum = 0.0;
    for lot in &lots {
        sum += lot.dollars;
    }
    let each = sum / MOST as f64;
    let mut merged: Vec<Stretch> = Vec::new();
    for lot in lots {
        match merged.last_mut() {
            Some(last) if last.dollars + lot.dollars <= each => {
                let both = last.dollars + lot.dollars;
                let mean = |a: f64, b: f64| (a * last.dollars + b * lot.dollars) / both;
                *last = Stretch {
                    dollars: both,
                    cost: mean(last.cost, lot.cost),
                    gain: mean(last.gain, lot.gain),
                };
            }
            _ => merged.push(lot),
        }
    }
    merged
}
