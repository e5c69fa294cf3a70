//! The solver's problem for one risk aversion and one price of gain, with the spreads in its cash rows.
//!
//! The cash that a trade uses, `u + |u| × half`, is linear on each side of zero. With fixed sides the rows
//! are exact. With open sides, the spreads in the cash rows are those of the last solve, and each dollar
//! traded is charged for them at the last price of cash. Once both agree with the solve that they came from,
//! its optimality conditions are those of the true problem.

use super::bound::{Prices, margins, sides_worth};
use super::interior::Convex;
use super::model::{Counts, Model};
use super::plan::{Plan, order};
use super::terms::{At, Direction, FEASIBLE, NOTHING, OWN, keeps_cap};
use super::trial::{Ends, LEAST_AVERSION, Trial, mixed};
use unisleeve_solver::{Curve, Problem, ProblemError, Row, Segment, Solver};

/// Largest number of passes over the spreads with open sides, and the change that ends them.
const PASSES: u32 = 6;
const AGREED: f64 = 1e-13;
/// Consecutive failures of the parent module's solver after which the interior-point method comes first, and
/// the number of its solves after which the search may stop.
const FAILURES: u32 = 3;
const INSIDE: u32 = 3_000;
/// Bisection of the aversion for a cap: steps, relative tolerance, and the highest aversion.
const BISECTIONS: u32 = 50;
const CLOSED: f64 = 1e-9;
const MOST_AVERSION: f64 = 1e8;

/// Solves one model repeatedly.
#[derive(Debug, Clone)]
pub(super) struct Program<'a> {
    pub model: &'a Model,
    solver: Solver,
    warm: Option<Vec<f64>>,
    /// Spread in each cash row and its price, from the last solve with open sides.
    spread: Vec<f64>,
    price: Vec<f64>,
    /// Aversion at which the last search for a cap ended.
    pub aversion: Option<f64>,
    /// Consecutive failures of the parent module's solver with fixed sides, and solves by the interior-point
    /// method.
    failures: u32,
    inside: u32,
    /// Multipliers at which a search ended without a plan. They still bound the plans with its sides.
    pub learnt: Vec<Prices>,
}

impl<'a> Program<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let none = vec![0.0; model.bands.len()];
        Self {
            model,
            solver: Solver::default(),
            warm: None,
            spread: none.clone(),
            price: none,
            aversion: None,
            failures: 0,
            inside: 0,
            learnt: Vec::new(),
        }
    }

    /// Builds the problem at multipliers.
    pub(super) fn problem(&self, at: At, sides: Option<&[Direction]>) -> Problem {
        let model = self.model;
        let costs = self.costs(at, sides);
        let curves = model.variables.iter().enumerate().map(|(i, v)| {
            let side = sides.map(|s| s[v.security]);
            let limit = if side == Some(Direction::Sell) { 0.0 } else { v.buy_limit };
            Curve::new(&self.stretches(i, at, sides, costs[i]), costs[i], limit)
        });
        let rows = model.bands.iter().zip(&self.spread).map(|(band, spread)| {
            let mut coefficients = vec![0.0; model.len()];
            for i in &band.members {
                let v = &model.variables[*i];
                let (net, gross) = band.counts.of(v.half);
                coefficients[*i] = match sides.map(|s| s[v.security]) {
                    None => net,
                    Some(Direction::Buy) => net + gross,
                    Some(Direction::Sell) => net - gross,
                };
            }
            let spread = if sides.is_none() { *spread } else { 0.0 };
            Row::within(band.name.clone(), coefficients, band.low - spread, band.high - spread)
        });
        let k = model.factors;
        let own = |i: usize| {
            let Some(column) = self.shared_column(i) else { return model.specific[i] };
            let shared = model.exposures[i * k + column];
            OWN * shared * shared
        };
        Problem {
            risk_aversion: at.gamma,
            factors: k,
            exposures: model.exposures.clone(),
            specific: (0..model.len()).map(own).collect(),
            active: model.active.clone(),
            curves: curves.collect(),
            rows: rows.collect(),
        }
    }

    /// Cost of a dollar traded in each variable, without tax: half the spread and, with open sides, the
    /// charge of the rows that measure `|u|`.
    fn costs(&self, at: At, sides: Option<&[Direction]>) -> Vec<f64> {
        let model = self.model;
        if at.is_free {
            return vec![0.0; model.len()];
        }
        let mut costs: Vec<f64> = model.variables.iter().map(|v| v.half).collect();
        if sides.is_none() {
            for (band, price) in model.bands.iter().zip(&self.price) {
                for v in &band.members {
                    costs[*v] += price * band.counts.of(model.variables[*v].half).1;
                }
            }
        }
        costs
    }

    /// The segments in which a variable is sold.
    fn stretches(&self, i: usize, at: At, sides: Option<&[Direction]>, cost: f64) -> Vec<Segment> {
        let v = &self.model.variables[i];
        if sides.map(|s| s[v.security]) == Some(Direction::Buy) {
            return Vec::new();
        }
        let stretch = |j: usize| {
            let s = &v.stretches[j];
            let tax = if at.is_free { 0.0 } else { s.tax + at.gain * s.gain };
            Segment { width: s.width, cost: tax + cost }
        };
        order(self.model, i, at.gain).into_iter().map(stretch).collect()
    }

    /// The problem with open sides whose optimum is the plan, and the segments of its curves.
    pub(super) fn at_optimum(&mut self, plan: &Plan, prices: &Prices) -> (Problem, Vec<Vec<Segment>>) {
        let trades = plan.trades();
        for (r, band) in self.model.bands.iter().enumerate().filter(|(_, b)| b.counts.is_absolute()) {
            let mut gross = 0.0;
            for v in &band.members {
                gross += band.counts.of(self.model.variables[*v].half).1 * trades[*v].abs();
            }
            (self.spread[r], self.price[r]) = (gross, prices.rows[r]);
        }
        let at = At { gamma: prices.gamma, gain: prices.gain, is_free: false };
        let costs = self.costs(at, None);
        let sells = (0..self.model.len()).map(|i| self.stretches(i, at, None, costs[i])).collect();
        (self.problem(at, None), sells)
    }

    /// The column for a variable's specific variance, where accounts share the security.
    fn shared_column(&self, i: usize) -> Option<usize> {
        self.model.column[self.model.variables[i].security]
    }

    /// Solves by the interior-point method with fixed sides. `None` where a row is missed.
    fn inside(&mut self, at: At, sides: &[Direction]) -> Option<Trial> {
        self.inside += 1;
        let fixed: Vec<Option<Direction>> = sides.iter().copied().map(Some).collect();
        let found = Convex::new(self.model, at, &fixed, false).solve();
        if found.missed > FEASIBLE {
            return None;
        }
        let plan = Plan::new(self.model, &found.plan.trades(), at.gain);
        let prices = Prices { gain: at.gain, ..found.prices };
        Some(Trial { figures: plan.figures(self.model), plan, prices })
    }

    /// Whether enough work was done to accept the remaining gap.
    pub(super) fn is_tired(&self) -> bool {
        self.inside > INSIDE
    }

    /// The smallest objective with fixed sides, with the budget as a row and the cap met by bisection over
    /// aversions. Finds plans that the searches over both prices miss. `None` where a row is missed or the
    /// cap is out of reach.
    pub(super) fn direct(&mut self, sides: &[Direction]) -> Option<Trial> {
        let model = self.model;
        self.inside += BISECTIONS;
        let fixed: Vec<Option<Direction>> = sides.iter().copied().map(Some).collect();
        let at = |gamma: f64, is_free: bool| -> Option<Trial> {
            let found = Convex::new(model, At { gamma, gain: 0.0, is_free }, &fixed, true).solve();
            let figures = found.plan.figures(model);
            let within = model.budget.is_none_or(|b| figures.gain <= b + FEASIBLE);
            (found.missed <= FEASIBLE && within).then_some(Trial {
                plan: found.plan,
                figures,
                prices: found.prices,
            })
        };
        let first = at(model.risk_aversion.unwrap_or(LEAST_AVERSION), false)?;
        let strictly = |variance: f64| model.cap.is_none_or(|cap| variance <= cap * cap);
        if strictly(first.figures.variance) {
            return Some(first);
        }
        let (mut broken, mut kept) = (first, at(1.0, true)?);
        if !keeps_cap(model, kept.figures.variance) {
            return None;
        }
        // The cap's tolerance is used only where the smallest variance needs it.
        let is_strict = strictly(kept.figures.variance);
        let keeps = |variance: f64| if is_strict { strictly(variance) } else { keeps_cap(model, variance) };
        let (mut low, mut high) = (broken.prices.gamma, MOST_AVERSION);
        for _ in 0..BISECTIONS {
            let gamma = (low * high).sqrt();
            match at(gamma, false) {
                Some(trial) if keeps(trial.figures.variance) => (high, kept) = (gamma, trial),
                Some(trial) => (low, broken) = (gamma, trial),
                // No answer at this aversion: continue closer to the one that breaks the cap.
                None => high = gamma,
            }
            if high < low * (1.0 + CLOSED) {
                break;
            }
        }
        let keeps = |plan: &Plan| keeps(plan.figures(model).variance);
        // The plan that slightly breaks the cap has the problem's multipliers. Those of the smallest variance
        // differ.
        let prices = broken.prices.clone();
        let trial = mixed(Ends { kept, broken: Some(broken) }, true, &keeps, model).kept;
        Some(Trial { prices, ..trial })
    }

    /// Solves at multipliers, with fixed sides where given.
    pub(super) fn solve(&mut self, at: At, sides: Option<&[Direction]>) -> Result<Trial, ProblemError> {
        // After several failures in a row more are likely, so the solver is skipped.
        if let (Some(sides), true) = (sides, self.failures >= FAILURES)
            && let Some(trial) = self.inside(at, sides)
        {
            return Ok(trial);
        }
        let mut passes = 0;
        loop {
            passes += 1;
            let problem = self.problem(at, sides);
            let solved = match self.solver.solve(&problem, self.warm.as_deref()) {
                // Multipliers of a very different problem can be worse than none.
                Err(ProblemError::Unsolved { .. }) if self.warm.is_some() => {
                    self.solver.solve(&problem, None)
                }
                other => other,
            };
            let solution = match (solved, sides) {
                (Ok(solution), _) => {
                    self.failures = 0;
                    solution
                }
                (Err(error), Some(sides)) => {
                    self.failures += 1;
                    return self.inside(at, sides).ok_or(error);
                }
                (Err(error), None) => return Err(error),
            };
            self.warm = Some([solution.factor_prices.as_slice(), &solution.row_prices].concat());
            if sides.is_none() {
                let mut change = 0.0;
                for (r, band) in self.model.bands.iter().enumerate() {
                    if band.counts != Counts::Cash {
                        continue;
                    }
                    let mut spread = 0.0;
                    for v in &band.members {
                        spread += solution.trades[*v].abs() * self.model.variables[*v].half;
                    }
                    let moved = (spread - self.spread[r]).abs()
                        + (solution.row_prices[r] - self.price[r]).abs() * 1e-3;
                    change = if moved > change { moved } else { change };
                    self.spread[r] = spread;
                    // A cash price near a dollar or more means that the row can hardly be met. It says
                    // nothing about spreads.
                    self.price[r] =
                        if solution.row_prices[r].abs() < 0.5 { solution.row_prices[r] } else { 0.0 };
                }
                if change > AGREED && passes < PASSES {
                    continue;
                }
            }
            let trades: Vec<f64> =
                solution.trades.iter().map(|u| if u.abs() > NOTHING { *u } else { 0.0 }).collect();
            let plan = Plan::new(self.model, &trades, at.gain);
            let prices = Prices {
                gamma: at.gamma,
                gain: at.gain,
                factors: solution.factor_prices,
                rows: solution.row_prices,
            };
            return Ok(Trial { figures: plan.figures(self.model), plan, prices });
        }
    }
}

/// The side of each security in a solve: the side of its trade, or the better side at the prices where it has
/// none.
pub(super) fn sides_of(model: &Model, trial: &Trial) -> Vec<Direction> {
    let (trades, all) = (trial.plan.trades(), margins(model, &trial.prices));
    let side = |(i, members): (usize, &Vec<usize>)| {
        let mut net = 0.0;
        for v in members {
            net += trades[*v];
        }
        let (buy, sale) = sides_worth(model, &trial.prices, i, &all);
        let sells = if net.abs() > NOTHING { net < 0.0 } else { sale < buy };
        if sells { Direction::Sell } else { Direction::Buy }
    };
    model.of_security.iter().enumerate().map(side).collect()
}
