//! One decision: from what a mandate may see to the orders it wants.

mod decision;
mod orders;
mod policy;
mod position;
mod problem;
mod small_orders;

pub(super) use decision::{Decision, Wish};

use chrono::Datelike;

use super::DecisionContext;
use unisleeve_books::household::Ledger;
use unisleeve_mandates::Method;
use unisleeve_mandates::bands::{BEYOND_BUDGET, SHORT_OF_CASH};
use unisleeve_solver::{Problem, ProblemError, Solution, Solver};
use unisleeve_units::{MandateId, SecurityId, Term};

pub use position::lot_is_kept;
pub(super) use position::{Piece, Position, is_kept, position};
pub(super) use problem::{Brief, Demand};

use problem::{Prices, positions, problem};
use small_orders::without_small_orders;

/// The solver's buffers, and for each decision the multipliers of its last solve as a starting point.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    solver: Solver,
    last: Vec<Option<Vec<f64>>>,
}

impl Memory {
    /// Solves a problem, starting from the last solution of `slot`, and stores the new multipliers there.
    ///
    /// The first `demands` rows are hard. If they can't all be met exactly, or if the solver does not
    /// converge, they become soft with the penalty [`SHORT_OF_CASH`]. The orders then miss a row by as little
    /// as possible, and missing cash is raised after them.
    fn solve(&mut self, slot: usize, problem: &Problem, demands: usize) -> Result<Solution, ProblemError> {
        if self.last.len() <= slot {
            self.last.resize(slot + 1, None);
        }
        let solution = match self.solver.solve(problem, self.last[slot].as_deref()) {
            Err(ProblemError::Unsolved { .. } | ProblemError::Infeasible { .. }) => {
                let mut soft = problem.clone();
                for row in 0..demands {
                    soft.soften(row, SHORT_OF_CASH);
                }
                let mut solution = self.solver.solve(&soft, None)?;
                solution.trades.truncate(problem.len());
                solution
            }
            solved => solved?,
        };
        self.last[slot] = Some([solution.factor_prices.as_slice(), &solution.row_prices].concat());
        Ok(solution)
    }
}

/// Most passes over the tax function. A pass updates the tax rates to where the plan leaves the year.
const RATE_PASSES: usize = 3;
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
    let mut solve = Decide { ctx, brief, memory, slot, positions };
    let (mut prices, mut problem, mut solution) = solve.passes(ledger)?;
    if solve.forbid_rebuying(&prices, &solution) {
        (prices, problem, solution) = solve.passes(ledger)?;
    }
    if let Some(left) = ctx.budget_left(ledger, &brief.cells) {
        (problem, solution) = solve.within_budget(&mut prices, problem, solution, left)?;
    }
    let Decide { memory, positions, .. } = solve;
    let (problem, solution) =
        without_small_orders(ctx, &mut memory.solver, brief, problem, solution, positions.len());
    Ok(orders::decision(ctx, brief, &positions, &problem, solution, &prices))
}

struct Decide<'a> {
    ctx: &'a DecisionContext<'a>,
    brief: &'a Brief,
    memory: &'a mut Memory,
    slot: usize,
    positions: Vec<Position>,
}

impl Decide<'_> {
    /// Solves until the tax rates agree with the gains that the plan realizes.
    fn passes(&mut self, ledger: &Ledger) -> Result<(Prices, Problem, Solution), ProblemError> {
        let ctx = self.ctx;
        let law = ctx.returns.law(ctx.view.date().year());
        let count = ctx.setup.mandates.len();
        let views: Vec<_> = (0..count).map(|m| ctx.tax_view(ledger, &law, MandateId(m as u16))).collect();
        let mut prices = Prices { rates: views.iter().map(|v| v.rates(0.0, 0.0)).collect(), gain: 0.0 };
        let mut planned = vec![(0.0, 0.0); count];
        let mut costs = vec![0.0; self.brief.demands.len()];
        let mut pass = 0;
        loop {
            let (problem, solution) = self.solve(&prices, &mut costs)?;
            pass += 1;
            let gains = realised(&self.positions, &solution.trades, self.brief.base.to_f64(), count);
            // Half a step from the last plan, because full steps can jump back and forth across the edge of a
            // bracket.
            let weight = if pass == 1 { 1.0 } else { 0.5 };
            for (p, g) in planned.iter_mut().zip(&gains) {
                *p = (p.0 + weight * (g.0 - p.0), p.1 + weight * (g.1 - p.1));
            }
            let mut moved = 0.0;
            let next: Vec<_> = views.iter().zip(&planned).map(|(v, p)| v.rates(p.0, p.1)).collect();
            for (a, b) in next.iter().zip(&prices.rates) {
                let by = (a.now.short - b.now.short).abs() + (a.now.long - b.now.long).abs();
                moved = if by > moved { by } else { moved };
            }
            if (moved < 1e-3 && pass > 1) || pass == RATE_PASSES {
                return Ok((prices, problem, solution));
            }
            prices.rates = next;
        }
    }

    /// Solves once at given prices. On entry `costs` holds the trading costs in dollars that each demand paid
    /// in the last solve; on return, those of this solve.
    fn solve(&mut self, prices: &Prices, costs: &mut [f64]) -> Result<(Problem, Solution), ProblemError> {
        for p in &mut self.positions {
            let net = prices.of(p.mandate).net();
            for x in &mut p.pieces {
                x.price = x.tax(net) + prices.gain * x.counted();
            }
            p.pieces.sort_by(|a, b| a.price.total_cmp(&b.price).then(a.id.cmp(&b.id)));
        }
        let problem = problem(self.ctx, self.brief, &self.positions, prices, costs);
        let solution = self.memory.solve(self.slot, &problem, self.brief.demands.len())?;
        let (half, base) = (self.ctx.half(), self.brief.base.to_f64());
        for (p, u) in self.positions.iter_mut().zip(&solution.trades) {
            // Half a step from the last impact, because an order that its own impact has made small would
            // look cheap again.
            let now = self.ctx.impact(p.security, u.abs() * base);
            p.impact = if p.impact > 0.0 { 0.5 * (p.impact + now) } else { now };
        }
        for (cost, row) in costs.iter_mut().zip(&problem.rows) {
            *cost = 0.0;
            for ((c, u), p) in row.coefficients.iter().zip(&solution.trades).zip(&self.positions) {
                *cost += c * u.abs() * ((half + p.impact) * base);
            }
        }
        Ok((problem, solution))
    }

    fn net_gain(&self, solution: &Solution) -> f64 {
        let count = self.ctx.setup.mandates.len();
        let mut sum = 0.0;
        for (short, long) in realised(&self.positions, &solution.trades, self.brief.base.to_f64(), count) {
            sum += short + long;
        }
        sum
    }

    /// Raises the price of net gain until the plan keeps within `left`, the rest of the budget in dollars. If
    /// cash needs force more gain than that, the plan realizes as little gain as possible.
    fn within_budget(
        &mut self,
        prices: &mut Prices,
        problem: Problem,
        solution: Solution,
        left: f64,
    ) -> Result<(Problem, Solution), ProblemError> {
        let left = if left > 0.0 { left } else { 0.0 };
        if self.net_gain(&solution) <= left {
            return Ok((problem, solution));
        }
        let mut costs = vec![0.0; self.brief.demands.len()];
        let (mut low, mut high) = (0.0, FIRST_PRICE);
        let (mut best, mut keeps);
        loop {
            prices.gain = high;
            best = self.solve(prices, &mut costs)?;
            keeps = self.net_gain(&best.1) <= left;
            if keeps || high >= BEYOND_BUDGET {
                break;
            }
            low = high;
            high = if DEARER * high < BEYOND_BUDGET { DEARER * high } else { BEYOND_BUDGET };
        }
        let mut found = prices.gain;
        for _ in 0..HALVINGS {
            if !keeps || high - low < 1e-3 * high {
                break;
            }
            prices.gain = 0.5 * (low + high);
            let trial = self.solve(prices, &mut costs)?;
            if self.net_gain(&trial.1) <= left {
                (high, found, best) = (prices.gain, prices.gain, trial);
            } else {
                low = prices.gain;
            }
        }
        prices.gain = found;
        // Solves again so that the pieces are sorted as in the plan that is kept.
        self.solve(prices, &mut costs).or(Ok(best))
    }

    /// Forbids purchases that would disallow a loss which the plan harvests in another position on the same
    /// day, as far as the mandates see each other. Returns whether any purchase was forbidden.
    fn forbid_rebuying(&mut self, prices: &Prices, solution: &Solution) -> bool {
        let group = |s: SecurityId| self.ctx.setup.identical.get(s.index()).copied().unwrap_or(s.0);
        let mut harvested: Vec<(u32, usize)> = Vec::new();
        for (i, (p, u)) in self.positions.iter().zip(&solution.trades).enumerate() {
            let saves = |x: &Piece| x.counted() < 0.0 && x.tax(prices.of(p.mandate).net()) < 0.0;
            if *u < 0.0 && p.pieces.first().is_some_and(saves) {
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

/// Short-term and long-term gain that the trades would realize, in dollars, for each mandate.
fn realised(positions: &[Position], trades: &[f64], base: f64, mandates: usize) -> Vec<(f64, f64)> {
    let mut gains = vec![(0.0, 0.0); mandates];
    for (p, u) in positions.iter().zip(trades) {
        let mut left = -u * base;
        let sum = &mut gains[p.mandate.index()];
        for piece in &p.pieces {
            if left <= 0.0 {
                break;
            }
            let take = if left < piece.dollars { left } else { piece.dollars };
            left -= take;
            match piece.term {
                Term::Short => sum.0 += take * piece.counted(),
                Term::Long => sum.1 += take * piece.counted(),
            }
        }
    }
    gains
}
