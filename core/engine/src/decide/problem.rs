//! From positions to the optimiser's problem.

use super::super::DecisionContext;
use super::super::impact::MARGINAL;
use super::position::{Position, position};
use unisleeve_books::household::Ledger;
use unisleeve_mandates::Holding;
use unisleeve_mandates::bands::{BEYOND_BAND, class_bands, drift};
use unisleeve_solver::{Curve, Problem, Row, Segment};
use unisleeve_tax::PlanningRates;
use unisleeve_units::{MandateId, Money, SecurityId};

/// Dollars that a group of cells must put to work (negative: give up), trading costs included.
#[derive(Debug, Clone)]
pub(crate) struct Demand {
    /// Name, for messages.
    pub name: String,
    /// Cells that it is about.
    pub cells: Vec<usize>,
    /// Dollars.
    pub dollars: f64,
}

/// What one solve is about.
#[derive(Debug, Clone)]
pub(crate) struct Brief {
    /// Whose decision it is.
    pub mandate: MandateId,
    /// Cells whose securities may be traded.
    pub cells: Vec<usize>,
    /// Dollars that all weights are fractions of.
    pub base: Money,
    /// Weight of each sleeve's index in the benchmark.
    pub shares: Vec<f64>,
    /// Rows that must hold.
    pub demands: Vec<Demand>,
    /// Whether sleeves must stay within the policy's bands: where their dollars are not given.
    pub bands: bool,
    /// Dollars of what others hold, or will hold, by security: counted in the risk, not traded.
    pub others: Vec<(SecurityId, f64)>,
}

/// Part of a shared name's own variance that is counted position by position on top, so that the problem stays strictly
/// convex in each of them.
const APART: f64 = 0.02;

/// The securities that may be traded, are held by others or are measured against.
pub(super) fn positions(ctx: &DecisionContext<'_>, ledger: &Ledger, brief: &Brief) -> Vec<Position> {
    let mut positions: Vec<Position> = Vec::new();
    let mut measured = vec![false; ctx.sleeves.len()];
    for cell in &brief.cells {
        let sleeve = ctx.setup.cells[*cell].sleeve.index();
        let spec = &ctx.sleeves[sleeve];
        // A sleeve in several accounts has its benchmark in the first.
        let share = if measured[sleeve] { 0.0 } else { brief.shares[sleeve] };
        measured[sleeve] = true;
        let index = spec.index.map(|i| ctx.known.index_weights(i)).unwrap_or_default();
        let least = spec.most.map_or(0.0, |most| nth_largest(&index, most));
        let mut members = index.iter().peekable();
        for holding in &spec.holdings {
            while members.next_if(|(s, _)| *s < holding.security).is_some() {}
            let weight = members.next_if(|(s, _)| *s == holding.security).map_or(0.0, |(_, w)| *w);
            let Some(at) = ctx.place(holding.security) else { continue };
            let may_buy = !spec.members_only || (weight > 0.0 && weight >= least);
            let holding = Holding { can_buy: holding.can_buy && may_buy, ..*holding };
            // Of an index's former and future members most are neither held nor measured against.
            if spec.members_only && weight == 0.0 && !ledger.held(holding.security).is_positive() {
                continue;
            }
            positions.push(position(ctx, ledger, *cell, &holding, at, share * weight));
        }
    }
    // (security, dollars, benchmark) of what is not traded here.
    let mut rest: Vec<(SecurityId, f64, f64)> = brief.others.iter().map(|(s, d)| (*s, *d, 0.0)).collect();
    for (sleeve, spec) in ctx.sleeves.iter().enumerate() {
        let share = brief.shares[sleeve];
        if let Some(index) = spec.index.filter(|_| !measured[sleeve] && share > 0.0) {
            rest.extend(ctx.known.index_weights(index).into_iter().map(|(s, w)| (s, 0.0, share * w)));
        }
    }
    rest.sort_by_key(|(s, ..)| *s);
    rest.dedup_by(|b, a| {
        let same = a.0 == b.0;
        if same {
            a.1 += b.1;
            a.2 += b.2;
        }
        same
    });
    for (security, dollars, benchmark) in rest {
        let Some(at) = ctx.place(security) else { continue };
        positions.push(Position {
            cell: None,
            mandate: brief.mandate,
            security,
            at,
            price: None,
            buy_limit: None,
            dollars,
            benchmark,
            pieces: Vec::new(),
            disallows: 0.0,
            for_good: false,
            impact: 0.0,
        });
    }
    positions
}

/// Prices of one solve: planning rates of each mandate, and what a dollar of net gain costs on top because a budget is short.
#[derive(Debug, Clone)]
pub(super) struct Prices {
    pub rates: Vec<PlanningRates>,
    pub gain: f64,
}

impl Prices {
    pub(super) fn of(&self, mandate: MandateId) -> &PlanningRates {
        &self.rates[mandate.index()]
    }

    /// What a dollar that disallows a dollar of loss costs: it defers the saving, at worst at the higher rate; a retirement
    /// account's takes it for good.
    pub(super) fn disallowed(&self, p: &Position) -> f64 {
        let rates = self.of(p.mandate);
        let rates = if p.for_good { rates.now } else { rates.net() };
        let worst = if rates.short > rates.long { rates.short } else { rates.long };
        if worst > 0.0 { worst * p.disallows } else { 0.0 }
    }
}

/// The `n`-th largest weight of an index; zero where it has fewer members.
fn nth_largest(index: &[(SecurityId, f64)], n: usize) -> f64 {
    let mut weights: Vec<f64> = index.iter().map(|(_, w)| *w).collect();
    weights.sort_by(|a, b| b.total_cmp(a));
    n.checked_sub(1).and_then(|at| weights.get(at)).copied().unwrap_or(0.0)
}

fn curve(ctx: &DecisionContext<'_>, p: &Position, base: f64, prices: &Prices) -> Curve {
    let half = ctx.half() + MARGINAL * p.impact;
    let sell: Vec<Segment> =
        p.pieces.iter().map(|x| Segment { width: x.dollars / base, cost: x.price + half }).collect();
    let limit = p.buy_limit.map_or(0.0, |dollars| if dollars < base { dollars / base } else { 1.0 });
    Curve::new(&sell, half + prices.disallowed(p), limit)
}

/// The problem, with `costs[j]` dollars of spread to be paid out of demand `j`.
pub(super) fn problem(
    ctx: &DecisionContext<'_>,
    brief: &Brief,
    positions: &[Position],
    prices: &Prices,
    costs: &[f64],
) -> Problem {
    let base = brief.base.to_f64();
    let curves: Vec<Curve> = positions.iter().map(|p| curve(ctx, p, base, prices)).collect();
    let mut problem = Problem {
        risk_aversion: ctx.config.trading.risk_aversion * (base / ctx.wealth.to_f64()),
        active: positions.iter().map(|p| p.dollars / base - p.benchmark).collect(),
        curves,
        ..Problem::default()
    };
    risk(ctx, positions, &mut problem);
    for (demand, cost) in brief.demands.iter().zip(costs) {
        let member = |p: &Position| p.cell.is_some_and(|c| demand.cells.contains(&c));
        let coefficients: Vec<f64> = positions.iter().map(|p| if member(p) { 1.0 } else { 0.0 }).collect();
        let mut row = Row::equal(demand.name.clone(), coefficients, (demand.dollars - cost) / base);
        let (low, high) = problem.reach(&row);
        row.low = within(row.low, low, high);
        row.high = row.low;
        problem.rows.push(row);
    }
    if brief.bands {
        bands(ctx, positions, base, &mut problem);
    }
    problem
}

fn within(x: f64, low: f64, high: f64) -> f64 {
    if x < low {
        low
    } else if x > high {
        high
    } else {
        x
    }
}

/// Exposures and specific variances. A name held in several places has its own variance as a column: it is one risk.
fn risk(ctx: &DecisionContext<'_>, positions: &[Position], problem: &mut Problem) {
    let k = ctx.risk.factors;
    let mut count = vec![0u32; ctx.risk.specific.len()];
    for p in positions {
        count[p.at] += 1;
    }
    let mut column = vec![usize::MAX; count.len()];
    problem.factors = k;
    for p in positions {
        if count[p.at] > 1 && column[p.at] == usize::MAX {
            column[p.at] = problem.factors;
            problem.factors += 1;
        }
    }
    let all = problem.factors;
    problem.exposures = vec![0.0; positions.len() * all];
    for (i, p) in positions.iter().enumerate() {
        let row = &mut problem.exposures[i * all..(i + 1) * all];
        row[..k].copy_from_slice(&ctx.risk.exposures[p.at * k..(p.at + 1) * k]);
        let own = ctx.risk.specific[p.at];
        if let Some(x) = row.get_mut(column[p.at]) {
            *x = own.sqrt();
        }
        problem.specific.push(if count[p.at] > 1 { APART * own } else { own });
    }
}

/// Rows that keep asset classes within the policy's band, and sleeves with a band of their own within that, each with slack.
fn bands(ctx: &DecisionContext<'_>, positions: &[Position], base: f64, problem: &mut Problem) {
    let first = problem.rows.len();
    for band in class_bands(ctx.sleeves, ctx.config.sma.band) {
        let (mut held, mut off) = (0.0, 0.0);
        let coefficients: Vec<f64> = positions
            .iter()
            .map(|p| match p.cell.map(|c| ctx.setup.cells[c].sleeve.index()) {
                Some(s) if band.sleeves.contains(&s) => {
                    held += p.dollars;
                    1.0
                }
                // What no policy asks for lowers what the weights are measured on.
                Some(s) if ctx.sleeves[s].index.is_none() => {
                    off += p.dollars;
                    band.weight
                }
                _ => 0.0,
            })
            .collect();
        let centre = -drift(held, band.weight, off, base);
        problem.rows.push(Row::within(band.name, coefficients, centre - band.width, centre + band.width));
    }
    for row in first..problem.rows.len() {
        problem.soften(row, BEYOND_BAND);
    }
}
