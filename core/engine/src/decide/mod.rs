//! One decision: from what a mandate may see to the orders it wants.

mod decision;
mod large_position;
mod orders;
mod policy;
mod position;
mod problem;
mod sales;

pub(super) use decision::{Decision, Wish};

use chrono::Datelike;

use super::DecisionContext;
use unisleeve_books::household::Ledger;
use unisleeve_mandates::Method;
use unisleeve_mandates::bands::{BEYOND_BUDGET, SHORT_OF_CASH};
use unisleeve_solver::{Prices, Problem, ProblemError, Solution, Solver};
use unisleeve_units::{MandateId, SecurityId, Term};

pub use position::lot_is_kept;
pub(super) use position::{Piece, Position, is_kept, position};
pub(super) use problem::{Brief, Demand};

use problem::{Rates, positions, problem, reprice};
use sales::sales;

/// The solver's buffers, and for each decision the multipliers of its last solve as a starting point.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    solver: Solver,
    last: Vec<Option<Prices>>,
}

impl Memory {
    /// Solves a problem, starting from the last solution of `slot`, and stores the new multipliers there.
    ///
    /// The first `demands` rows are hard. If they can't all be met exactly, or if the solver does not
    /// converge, they get slack at the price [`SHORT_OF_CASH`]. The orders then miss a row by as little as
    /// possible, and missing cash is raised after them.
    pub(super) fn solve(
        &mut self,
        slot: usize,
        problem: &mut Problem,
        demands: usize,
    ) -> Result<Solution, ProblemError> {
        if self.last.len() <= slot {
            self.last.resize(slot + 1, None);
        }
        let solution = match self.solver.solve(problem, self.last[slot].as_ref()) {
            Err(ProblemError::Unsolved { .. } | ProblemError::Infeasible { .. }) => {
                for row in &mut problem.rows[..demands] {
                    row.price = SHORT_OF_CASH;
                }
                let solution = self.solver.solve(problem, None);
                for row in &mut problem.rows[..demands] {
                    row.price = f64::INFINITY;
                }
                solution?
            }
            solved => solved?,
        };
        self.last[slot] = Some(solution.prices.clone());
        Ok(solution)
    }
}

/// Most passes over the tax function. A pass updates the tax rates to where the plan leaves the year.
const RATE_PASSES: usize = 3;
/// Rates that move by less than this agree with the plan.
const AGREED: f64 = 1e-3;

/// First price tried for a dollar of net gain if the plan exceeds the budget, factor to the next price, and
/// number of bisection steps between two prices. The highest price is [`BEYOND_BUDGET`].
const FIRST_PRICE: f64 = 0.05;
const DEARER: f64 = 4.0;
const HALVINGS: u32 = 14;

/// Decides what to trade so that each demand of the brief is met. `slot` is the index of the decision in
/// `memory`.
pub(super) fn decide(
    ctx: &DecisionContext<'_>,
    ledger: &Ledger,
    memory: &mut Memory,
    slot: usize,
    brief: &Brief,
) -> Result<Decision, ProblemError> {
    // Nothing remains to be decided if payments take the whole portfolio.
    if !brief.base.is_positive() || !ctx.wealth.is_positive() {
        return Ok(Decision { by_cell: vec![0.0; ctx.setup.cells.len()], ..Decision::default() });
    }
    if ctx.setup.method == Method::ToPolicy {
        return Ok(policy::to_policy(ctx, ledger, brief));
    }
    let positions = positions(ctx, ledger, brief);
    let problem = problem(ctx, brief, &positions);
    let mut solve = Decide { ctx, brief, memory, slot, positions, problem };
    let (mut rates, mut solution) = solve.passes(ledger)?;
    if solve.forbid_rebuying(&rates, &solution) {
        (rates, solution) = solve.passes(ledger)?;
    }
    if let Some(left) = ctx.budget_left(ledger, &brief.cells) {
        solution = solve.within_budget(&mut rates, solution, if left > 0.0 { left } else { 0.0 })?;
    }
    Ok(orders::decision(ctx, brief, &solve.positions, &solve.problem, solution, &rates))
}

struct Decide<'a> {
    ctx: &'a DecisionContext<'a>,
    brief: &'a Brief,
    memory: &'a mut Memory,
    slot: usize,
    positions: Vec<Position>,
    problem: Problem,
}

impl Decide<'_> {
    /// Solves until the tax rates agree with the gains that the plan realizes, and market impact with its
    /// orders.
    fn passes(&mut self, ledger: &Ledger) -> Result<(Rates, Solution), ProblemError> {
        let ctx = self.ctx;
        let law = ctx.returns.law(ctx.view.date().year());
        let count = ctx.setup.mandates.len();
        let views: Vec<_> = (0..count).map(|m| ctx.tax_view(ledger, &law, MandateId(m as u16))).collect();
        let assumed: Vec<_> = (0..count).map(|m| ctx.assumed_rates(&law, MandateId(m as u16))).collect();
        let rates_at = |m: usize, p: (f64, f64)| assumed[m].unwrap_or_else(|| views[m].rates(p.0, p.1));
        let at_once = (0..count).map(|m| rates_at(m, (0.0, 0.0))).collect();
        let mut rates = Rates { of_mandate: at_once, gain: 0.0 };
        let mut planned = vec![(0.0, 0.0); count];
        let mut pass = 0;
        loop {
            let solution = self.solve(&rates)?;
            pass += 1;
            let has_impact = self.update_impact(&solution);
            let gains = self.realised(&solution);
            // Half a step from the last plan, because full steps can jump back and forth across the edge of a
            // bracket.
            let weight = if pass == 1 { 1.0 } else { 0.5 };
            for (p, g) in planned.iter_mut().zip(&gains) {
                *p = (p.0 + weight * (g.0 - p.0), p.1 + weight * (g.1 - p.1));
            }
            let mut moved = 0.0;
            let next: Vec<_> = planned.iter().enumerate().map(|(m, p)| rates_at(m, *p)).collect();
            for (a, b) in next.iter().zip(&rates.of_mandate) {
                let by = (a.now.short - b.now.short).abs() + (a.now.long - b.now.long).abs();
                moved = if by > moved { by } else { moved };
            }
            let is_first = pass == 1 && has_impact;
            if (moved < AGREED && !is_first) || pass == RATE_PASSES {
                return Ok((rates, solution));
            }
            rates.of_mandate = next;
        }
    }

    /// Solves once at given prices.
    fn solve(&mut self, rates: &Rates) -> Result<Solution, ProblemError> {
        reprice(self.ctx, self.brief, &self.positions, rates, &mut self.problem);
        self.memory.solve(self.slot, &mut self.problem, self.brief.demands.len())
    }

    fn net_gain(&self, solution: &Solution) -> f64 {
        let mut sum = 0.0;
        for (short, long) in self.realised(solution) {
            sum += short + long;
        }
        sum
    }

    /// Raises the price of net gain until the plan keeps within `left`, the rest of the budget in dollars. If
    /// cash needs force more gain than that, the plan realizes as little gain as possible.
    fn within_budget(
        &mut self,
        rates: &mut Rates,
        solution: Solution,
        left: f64,
    ) -> Result<Solution, ProblemError> {
        if self.net_gain(&solution) <= left {
            return Ok(solution);
        }
        let (mut low, mut high) = (0.0, FIRST_PRICE);
        let (mut best, mut keeps);
        loop {
            rates.gain = high;
            best = self.solve(rates)?;
            keeps = self.net_gain(&best) <= left;
            if keeps || high >= BEYOND_BUDGET {
                break;
            }
            low = high;
            high = if DEARER * high < BEYOND_BUDGET { DEARER * high } else { BEYOND_BUDGET };
        }
        let mut found = rates.gain;
        for _ in 0..HALVINGS {
            if !keeps || high - low < 1e-3 * high {
                break;
            }
            rates.gain = 0.5 * (low + high);
            let trial = self.solve(rates)?;
            if self.net_gain(&trial) <= left {
                (high, found, best) = (rates.gain, rates.gain, trial);
            } else {
                low = rates.gain;
            }
        }
        rates.gain = found;
        // The segments are in the order of the plan that is kept.
        reprice(self.ctx, self.brief, &self.positions, rates, &mut self.problem);
        Ok(best)
    }

    /// Takes market impact from the solution's orders. Returns whether there is any.
    fn update_impact(&mut self, solution: &Solution) -> bool {
        if self.ctx.config.trading.impact <= 0.0 {
            return false;
        }
        let base = self.brief.base.to_f64();
        for (p, u) in self.positions.iter_mut().zip(&solution.trades) {
            // Half a step from the last impact, because an order that its own impact has made small would
            // look cheap again.
            let now = self.ctx.impact(p.security, u.abs() * base);
            p.impact = if p.impact > 0.0 { 0.5 * (p.impact + now) } else { now };
        }
        true
    }

    /// Short-term and long-term gain that the solution would realize, in dollars, for each mandate.
    fn realised(&self, solution: &Solution) -> Vec<(f64, f64)> {
        let mut gains = vec![(0.0, 0.0); self.ctx.setup.mandates.len()];
        let base = self.brief.base.to_f64();
        for (i, p) in self.positions.iter().enumerate().filter(|(i, _)| solution.trades[*i] < 0.0) {
            let sum = &mut gains[p.mandate.index()];
            for (piece, amount) in sales(p, i, &self.problem, solution) {
                let gain = amount * base * piece.counted();
                match piece.term {
                    Term::Short => sum.0 += gain,
                    Term::Long => sum.1 += gain,
                }
            }
        }
        gains
    }

    /// Forbids purchases that would disallow a loss which the plan harvests in another position on the same
    /// day, as far as the mandates see each other. Returns whether any purchase was forbidden.
    fn forbid_rebuying(&mut self, rates: &Rates, solution: &Solution) -> bool {
        let group = |s: SecurityId| self.ctx.setup.identical.get(s.index()).copied().unwrap_or(s.0);
        let mut harvested: Vec<(u32, usize)> = Vec::new();
        for (i, (p, u)) in self.positions.iter().zip(&solution.trades).enumerate() {
            let saves = |x: &Piece| x.counted() < 0.0 && x.tax(rates.of(p.mandate).net()) < 0.0;
            if *u < 0.0 && sales(p, i, &self.problem, solution).next().is_some_and(|(x, _)| saves(x)) {
                harvested.push((group(p.security), i));
            }
        }
        harvested.sort_unstable();
        let mut barred = Vec::new();
        for (i, (p, u)) in self.positions.iter().zip(&solution.trades).enumerate() {
            if *u <= 0.0 || p.cell.is_none() {
                continue;
            }
            let g = group(p.security);
            let from = harvested.partition_point(|(h, _)| *h < g);
            let seller = harvested[from..].iter().take_while(|(h, _)| *h == g).map(|(_, j)| *j);
            let seen = |j: usize| {
                let seller = &self.positions[j];
                let sleeve = seller.cell.map(|c| self.ctx.setup.cells[c].sleeve);
                sleeve.is_some_and(|s| self.ctx.sees(p.mandate, s))
            };
            if seller.into_iter().any(seen) {
                barred.push(i);
            }
        }
        for i in &barred {
            self.positions[*i].buy_limit = None;
        }
        !barred.is_empty()
    }
}
