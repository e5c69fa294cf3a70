//! The advisor's split of a cash need or an asset-class shift over sleeves, in setups whose mandates do not share one
//! optimisation: a linear program.
//!
//! ```text
//! min  Σ tax of sales + p Σ |drift| + M Σ (drift beyond the band)
//! s.t. value_s + buy_s - sell_s = policy_s × V + over_s - under_s,   Σ buy - Σ sell = cash to invest
//! ```
//!
//! It works from what a custodian's feed shows the advisor: lots and prices, no intentions.

use super::DecisionContext;
use crate::household::Ledger;
use crate::rebalance::lp::{LinearProgram, LpError, LpSolver};
use crate::tax::{TaxRates, term};
use crate::units::{Money, SleeveId};

/// Cost of a dollar of drift beyond the band: far above any tax rate, so that the band holds where it can.
const BEYOND_BAND: f64 = 10.0;

/// Dollars to put to work in each sleeve (negative: to give up), in the order of the setup's sleeves. They add up to
/// `invest` to the last decimal.
pub(super) fn split(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    solver: &dyn LpSolver,
    values: &[Money],
    invest: Money,
    rates: TaxRates,
) -> Result<Vec<Money>, LpError> {
    let count = ctx.setup.sleeves.len();
    if count == 1 {
        return Ok(vec![invest]);
    }
    let sellable: Vec<Vec<(f64, f64)>> =
        (0..count).map(|s| stretches(ctx, ledger, SleeveId(s as u16), rates)).collect();
    // No more than what has a price today can be raised; whoever needs more will find it missing.
    let most: f64 = sellable.iter().flatten().map(|(dollars, _)| dollars).sum();
    let raised = if invest.to_f64() < -most { -most } else { invest.to_f64() };
    let total = values.iter().copied().sum::<Money>().to_f64() + raised;
    let scale = if total > 1.0 { total } else { 1.0 };
    let sma = ctx.config.sma;
    let mut lp = LinearProgram::default();
    let mut flow = Vec::new();
    let mut parts: Vec<(usize, Vec<usize>)> = Vec::new();
    for (s, spec) in ctx.setup.sleeves.iter().enumerate() {
        let buy = lp.variable(ctx.half_spread().to_f64(), 2.0);
        let sells: Vec<usize> =
            sellable[s].iter().map(|(dollars, cost)| lp.variable(*cost, dollars / scale)).collect();
        let inside = [lp.variable(sma.drift_price, sma.band), lp.variable(sma.drift_price, sma.band)];
        let beyond = [lp.variable(BEYOND_BAND, f64::INFINITY), lp.variable(BEYOND_BAND, f64::INFINITY)];
        let mut row =
            vec![(buy, 1.0), (inside[0], -1.0), (inside[1], 1.0), (beyond[0], -1.0), (beyond[1], 1.0)];
        row.extend(sells.iter().map(|v| (*v, -1.0)));
        lp.equalities.push((row, spec.weight - values[s].to_f64() / scale));
        flow.push((buy, 1.0));
        flow.extend(sells.iter().map(|v| (*v, -1.0)));
        parts.push((buy, sells));
    }
    lp.equalities.push((flow, raised / scale));
    let x = solver.minimise(&lp)?;
    let mut split: Vec<Money> = parts
        .iter()
        .map(|(buy, sells)| {
            let dollars = (x[*buy] - sells.iter().map(|v| x[*v]).sum::<f64>()) * scale;
            // To the cent: a manager is asked for cents, not for a solver's last digits.
            Money::from_f64(libm::rint(dollars * 100.0) / 100.0).unwrap_or(Money::ZERO)
        })
        .collect();
    let rest = invest - split.iter().copied().sum();
    let largest = (0..count).max_by_key(|s| (split[*s].abs(), count - s)).unwrap_or(0);
    split[largest] += rest;
    Ok(split)
}

/// What a sleeve can give up, cheapest first: `(dollars, cost of each dollar)`. Lots are merged into a few stretches; the
/// advisor's estimate need not be finer.
fn stretches(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    sleeve: SleeveId,
    rates: TaxRates,
) -> Vec<(f64, f64)> {
    const MOST: usize = 8;
    let (date, half) = (ctx.view.date(), ctx.half_spread().to_f64());
    let mut lots: Vec<(f64, f64)> = Vec::new();
    for security in &ctx.setup.sleeves[sleeve.index()].holdings {
        let Some(price) = ctx.view.close(*security) else { continue };
        for lot in ledger.lots(*security).iter().filter(|l| l.sleeve == sleeve) {
            let dollars = Money::of(lot.quantity, price).to_f64();
            if dollars > 0.0 {
                let gain = (dollars - lot.basis.to_f64()) / dollars;
                // A sale at a loss is the manager's to choose; the advisor does not count on it.
                let tax = rates.of(term(lot.holding_start, date)) * gain;
                lots.push((dollars, (if tax > 0.0 { tax } else { 0.0 }) + half));
            }
        }
    }
    lots.sort_by(|a, b| a.1.total_cmp(&b.1));
    let each = lots.iter().map(|l| l.0).sum::<f64>() / MOST as f64;
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for (dollars, cost) in lots {
        match merged.last_mut() {
            Some(last) if last.0 + dollars <= each => {
                last.1 = (last.1 * last.0 + cost * dollars) / (last.0 + dollars);
                last.0 += dollars;
            }
            _ => merged.push((dollars, cost)),
        }
    }
    merged
}
