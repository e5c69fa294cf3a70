//! The advisor's split of a cash need or an asset-class shift over sleeves, in setups whose mandates do not share one
//! optimisation: a linear program.
//!
//! ```text
//! min  Σ tax of sales + p Σ |drift of sleeves| + B Σ (drift of asset classes beyond the band)
//!      + G Σ (gains beyond the budget) - p_off Σ sales of what no policy asks for
//! s.t. value_s + buy_s - sell_s = policy_s × (V - off + sales of off) + over_s - under_s, and likewise for classes
//!      Σ buy - Σ sell = cash to invest, in each account
//!      Σ gain <= gains budget + beyond, of each manager, or of all where each sees the household's gains
//! ```
//!
//! `B` and `G` are the prices that every arm has ([`super::bands`]).
//!
//! It works from what a custodian's feed shows the advisor: lots and prices, no intentions.

use super::DecisionContext;
use super::cells::cell_value;
use super::decide::is_kept;
use unisleeve_books::household::Ledger;
use unisleeve_mandates::bands::{BEYOND_BAND, BEYOND_BUDGET, Band, class_bands};
use unisleeve_solver::lp::{LinearProgram, LpError, LpSolver};
use unisleeve_tax::TaxRates;
use unisleeve_units::{AccountKind, Money};

/// What selling a dollar of what no policy asks for is worth where a gains budget paces it: above any tax rate, below the
/// price of a band.
const TRANSITION: f64 = 0.75;

/// A stretch of what a cell can give up.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    dollars: f64,
    /// Cost of each dollar.
    cost: f64,
    /// Gain of each dollar, zero for a loss.
    gain: f64,
}

/// Dollars to put to work in each of `cells` (negative: to give up), by cell of the setup. In each account they add up to its
/// part of `invest` to the last decimal.
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
    // No more than what has a price today can be raised; whoever needs more will find it missing.
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
    // The purchase and the sales of each cell.
    let mut buys = Vec::new();
    let mut sells: Vec<Vec<usize>> = Vec::new();
    for (i, sellable) in sellable.iter().enumerate() {
        buys.push((!is_off(i)).then(|| lp.variable(ctx.half(), 2.0)));
        let worth = if is_off(i) { worth_off } else { 0.0 };
        sells.push(sellable.iter().map(|s| lp.variable(s.cost - worth, s.dollars / scale)).collect());
    }
    // (band, cost of a dollar of drift within it, and beyond it)
    let mut drifts: Vec<(Band, f64, f64)> = Vec::new();
    for s in &sleeves {
        let spec = &ctx.sleeves[*s];
        let one =
            Band { name: String::new(), sleeves: vec![*s], weight: spec.weight, width: 0.0, is_class: false };
        drifts.push((one, sma.drift_price, 0.0));
    }
    for band in class_bands(ctx.sleeves, sma.band) {
        // The advisor's own sleeves may be only a part of a class.
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
        // (price, most) of the drift within the band and beyond it; a sleeve's own drift has no bound.
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

/// To the cent: a manager is asked for cents, not for a solver's last digits.
pub(super) fn to_cents(dollars: f64) -> Money {
    Money::from_f64(libm::rint(dollars * 100.0) / 100.0).unwrap_or(Money::ZERO)
}

/// Gives what rounding left over in each account to its largest cell.
pub(super) fn settle(ctx: &DecisionContext<'_>, cells: &[usize], invest: &[Money], split: &mut [Money]) {
    for (a, invest) in invest.iter().enumerate() {
        let mine = || cells.iter().copied().filter(|c| ctx.setup.cells[*c].account.index() == a);
        let rest = *invest - mine().map(|c| split[c]).sum();
        if let Some(largest) = mine().max_by_key(|c| (split[*c].abs(), ctx.setup.cells.len() - c)) {
            split[largest] += rest;
        }
    }
}

/// What a cell can give up, cheapest first. Lots are merged into a few stretches; the advisor's estimate need not be finer.
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
                // A sale at a loss is the manager's to choose; the advisor does not count on it.
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
