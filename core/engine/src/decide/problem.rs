//! Builds the optimizer's problem from positions.

use super::super::DecisionContext;
use super::super::impact::MARGINAL;
use super::super::location::location;
use super::large_position::shrunk;
use super::position::{Piece, Position, position};
use unisleeve_books::household::Ledger;
use unisleeve_mandates::Holding;
use unisleeve_mandates::bands::{BEYOND_BAND, Band};
use unisleeve_solver::{Curve, Problem, Row, Segment};
use unisleeve_tax::PlanningRates;
use unisleeve_units::{MandateId, Money, SecurityId};

/// Dollars that a group of cells must invest (negative: give up), trading costs included.
#[derive(Debug, Clone)]
pub(crate) struct Demand {
    /// Name, for messages.
    pub name: String,
    /// Indices of the cells.
    pub cells: Vec<usize>,
    /// Dollars.
    pub dollars: f64,
}

/// What one solve is about.
#[derive(Debug, Clone)]
pub(crate) struct Brief {
    /// Mandate that decides.
    pub mandate: MandateId,
    /// Cells whose securities may be traded.
    pub cells: Vec<usize>,
    /// Portfolio value in dollars; weights are relative to it.
    pub base: Money,
    /// For each sleeve, the weight of its index in the benchmark.
    pub shares: Vec<f64>,
    /// Demands that must be met.
    pub demands: Vec<Demand>,
    /// Whether the problem includes the policy's bands. False if the dollars of each sleeve are given.
    pub bands: bool,
    /// Dollars by security that other mandates hold or will hold. They count in the risk and are not traded.
    pub others: Vec<(SecurityId, f64)>,
}

/// Positions of the problem: first the securities that may be traded, then those that only others hold or
/// that are only in the benchmark.
pub(super) fn positions(ctx: &DecisionContext<'_>, ledger: &Ledger, brief: &Brief) -> Vec<Position> {
    let mut positions: Vec<Position> = Vec::new();
    let mut measured = vec![false; ctx.sleeves.len()];
    let located = location(ctx, ledger, brief.mandate, &brief.cells);
    for (cell, located) in brief.cells.iter().zip(located) {
        let sleeve = ctx.setup.cells[*cell].sleeve.index();
        let spec = &ctx.sleeves[sleeve];
        // The benchmark of a sleeve in several accounts counts once, in its first cell.
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
            // Skips former and future members of an index that are not held.
            if spec.members_only && weight == 0.0 && !ledger.held(holding.security).is_positive() {
                continue;
            }
            let position = position(ctx, ledger, *cell, &holding, at, share * weight);
            positions.push(Position { location: located, ..position });
        }
    }
    // (security, dollars, benchmark) of securities that are not traded here.
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
            location: 0.0,
        });
    }
    positions
}

/// Prices of one solve: each mandate's planning tax rates, and the extra cost of a dollar of net gain if the
/// budget is exceeded.
#[derive(Debug, Clone)]
pub(super) struct Rates {
    pub of_mandate: Vec<PlanningRates>,
    pub gain: f64,
}

impl Rates {
    pub(super) fn of(&self, mandate: MandateId) -> &PlanningRates {
        &self.of_mandate[mandate.index()]
    }

    /// Cost of a dollar bought for the loss that it disallows.
    pub(super) fn disallowed(&self, p: &Position) -> f64 {
        self.of(p.mandate).disallowed(p.for_good) * p.disallows
    }
}

/// The `n`-th largest weight of an index; zero if it has fewer members.
fn nth_largest(index: &[(SecurityId, f64)], n: usize) -> f64 {
    let mut weights: Vec<f64> = index.iter().map(|(_, w)| *w).collect();
    weights.sort_by(|a, b| b.total_cmp(a));
    n.checked_sub(1).and_then(|at| weights.get(at)).copied().unwrap_or(0.0)
}

/// If a security stands in several positions, its specific variance becomes an extra factor. This part of it
/// is also counted on each position, to keep the problem strictly convex. The solver can do without, by
/// proximal steps, at up to twice the work.
const APART: f64 = 0.02;

/// Builds the problem without costs, which [`reprice`] fills in.
pub(super) fn problem(ctx: &DecisionContext<'_>, brief: &Brief, positions: &[Position]) -> Problem {
    let base = brief.base.to_f64();
    let mut problem = Problem {
        risk_aversion: ctx.config.trading.risk_aversion * (base / ctx.wealth.to_f64()),
        active: positions.iter().map(|p| p.dollars / base - p.benchmark).collect(),
        curves: vec![Curve::default(); positions.len()],
        least: least(ctx) / base,
        ..Problem::default()
    };
    risk(ctx, positions, base, &mut problem);
    for demand in &brief.demands {
        let member = |p: &Position| p.cell.is_some_and(|c| demand.cells.contains(&c));
        let coefficients: Vec<f64> = positions.iter().map(|p| if member(p) { 1.0 } else { 0.0 }).collect();
        let gross = vec![0.0; coefficients.len()];
        problem.rows.push(Row::equal(demand.name.clone(), coefficients, 0.0).with_gross(gross));
    }
    if brief.bands {
        bands(ctx, positions, base, &mut problem);
    }
    problem
}

/// The smallest order in dollars, with a cent for the rounding of its shares; zero where there is none.
fn least(ctx: &DecisionContext<'_>) -> f64 {
    let least = ctx.config.trading.min_trade.to_f64();
    if least > 0.0 { least + 0.01 } else { 0.0 }
}

/// Fills in the costs of trading at the mandates' tax rates, and what each demand pays for them.
pub(super) fn reprice(
    ctx: &DecisionContext<'_>,
    brief: &Brief,
    positions: &[Position],
    rates: &Rates,
    problem: &mut Problem,
) {
    let base = brief.base.to_f64();
    for (curve, p) in problem.curves.iter_mut().zip(positions) {
        let (half, net) = (ctx.half() + MARGINAL * p.impact, rates.of(p.mandate).net());
        let segment = |x: &Piece| Segment {
            width: x.dollars / base,
            cost: x.tax(net) + rates.gain * x.counted() + half - p.location,
            gain: x.counted(),
        };
        let limit = p.buy_limit.map_or(0.0, |dollars| if dollars < base { dollars / base } else { 1.0 });
        curve.fill(p.pieces.iter().map(segment), half + rates.disallowed(p) + p.location, limit);
    }
    for (r, demand) in brief.demands.iter().enumerate() {
        let mut row = core::mem::replace(&mut problem.rows[r], Row::equal("", Vec::new(), 0.0));
        for ((gross, c), p) in row.gross.iter_mut().zip(&row.coefficients).zip(positions) {
            *gross = c * (ctx.half() + p.impact);
        }
        let (low, high) = problem.reach(&row);
        row.low = within(demand.dollars / base, low, high);
        row.high = row.low;
        problem.rows[r] = row;
    }
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

/// Fills in exposures and specific variances; those of large positions are shrunk. The specific variance of a
/// security in several positions becomes an extra factor, because it is one risk.
fn risk(ctx: &DecisionContext<'_>, positions: &[Position], base: f64, problem: &mut Problem) {
    let k = ctx.risk.factors;
    let large = shrunk(ctx, positions, base);
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
        let (exposures, own) = match large.iter().find(|s| s.at == p.at) {
            Some(s) => (s.exposures.as_slice(), s.specific),
            None => (&ctx.risk.exposures[p.at * k..(p.at + 1) * k], ctx.risk.specific[p.at]),
        };
        row[..k].copy_from_slice(exposures);
        if let Some(x) = row.get_mut(column[p.at]) {
            *x = own.sqrt();
        }
        problem.specific.push(if count[p.at] > 1 { APART * own } else { own });
    }
}

/// Adds a soft row for each band of an asset class and of a sleeve.
fn bands(ctx: &DecisionContext<'_>, positions: &[Position], base: f64, problem: &mut Problem) {
    for band in Band::of_policy(ctx.sleeves, ctx.config.band()) {
        let (mut held, mut off) = (0.0, 0.0);
        let coefficients: Vec<f64> = positions
            .iter()
            .map(|p| match p.cell.map(|c| ctx.setup.cells[c].sleeve.index()) {
                Some(s) if band.sleeves.contains(&s) => {
                    held += p.dollars;
                    1.0
                }
                // Policy weights apply to the portfolio without sleeves outside the policy.
                Some(s) if ctx.sleeves[s].index.is_none() => {
                    off += p.dollars;
                    band.weight
                }
                _ => 0.0,
            })
            .collect();
        let centre = -Band::drift(held, band.weight, off, base);
        let row = Row::within(band.name, coefficients, centre - band.width, centre + band.width);
        problem.rows.push(row.at_price(BEYOND_BAND));
    }
}
