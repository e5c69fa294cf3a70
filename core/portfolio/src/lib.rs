//! Rebalancing of a portfolio: typed input, orders by lot with reasons, and a certificate.
//!
//! [`read()`] checks a JSON file, [`rebalance`] solves it with a risk model and [`rebalance_drift`] without
//! one. [`dump()`] writes the optimization problem.
//!
//! `V` is the value before trading. For each account and security, `b` is bought and `z` sold of each lot, as
//! fractions of `V`, and `u = b - Σ z`. `h` are half spreads, `w` benchmark weights:
//!
//! ```text
//! min   1/2 γ x' Σ x + Σ h (b + Σ z) + Σ tax z
//! s.t.  cash - Σ (1 + h) b + Σ (1 - h) z in [lo, hi]    and >= 0 in each account
//!       Σ over a group (held + u) in [min, max],  held + u <= max_weight
//!       sqrt(x' Σ x) <= max_tracking_error,  Σ gain z <= gains_budget / V
//!       Σ (b + Σ z) / 2 <= turnover_cap
//!       0 <= z <= the lot,  b >= 0,  a security is bought or sold, in all accounts alike
//! with  x = Σ over accounts (held + u) - w,  Σ = E F E' + diag d
//! ```
//!
//! For each dollar of a lot, `gain = 1 - h - basis / value` and
//! `tax = (rate - discount × deferral rate) × gain`, with the rate of its term on the trade date. Both are
//! zero for a disallowed loss and in an IRA or Roth account. Where no `γ` is given, the objective has no risk
//! term and only the cap limits risk.
//!
//! A lot whose loss is disallowed in part is split in two. A lot whose loss is below `harvest_threshold`
//! can't be sold.
//!
//! Without a risk model, `drift_price` replaces the risk term; `linear_drift` solves that problem.
//!
//! How it is solved: `model` is the portfolio as fractions of its value, `optimum` hands it to the solver.
//! Where that finds no plan, `elastic` (linear programs over the rows), `interior` (an interior-point method)
//! and `reach` decide whether one exists, and name the least relaxation. `round` rounds to whole shares,
//! `answer` explains.

mod answer;
mod dump;
mod elastic;
mod fault;
mod input;
mod interior;
mod keys;
mod linear_drift;
mod model;
mod optimum;
mod plan;
mod reach;
mod read;
mod round;
mod terms;
mod validate;

pub use answer::{Answer, Binding, DriftAnswer, Dropped, LotSold, Order, OrderSide, Reasons};
pub use dump::{CurveFile, ProblemFile, RowFile};
pub use fault::{PortfolioError, PortfolioFault, Relaxation};
pub use input::{
    AccountIn, Deferral, DriftPortfolio, GroupIn, LotIn, ONLY_ACCOUNT, Portfolio, Request, SecurityIn,
};
pub use read::read;

use self::linear_drift::{Bounds, DriftProblem, DriftSolution, Lot, NoPlan, Trade};
use self::model::Model;
use self::optimum::Optimum;
use self::plan::Plan;
use self::terms::least_of;
use unisleeve_solver::{Prices, ProblemError, Solver};

/// Whether orders are in whole shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rounding {
    /// Any fraction of a share.
    #[default]
    None,
    /// Whole shares that keep every constraint.
    Shares,
}

/// Rebalances portfolios one after the other. It reuses its buffers, and starts from the last portfolio's
/// multipliers where the next one has the same numbers of securities, accounts, factors and constraints. This
/// saves time; it does not change the quality of the answer.
#[derive(Debug, Clone, Default)]
pub struct Rebalancer {
    solver: Solver,
    last: Option<Prices>,
}

impl Rebalancer {
    /// Rebalances a portfolio.
    ///
    /// # Errors
    /// When the portfolio has faults, or its constraints can't be met.
    pub fn rebalance(&mut self, p: &Portfolio, rounding: Rounding) -> Result<Answer, PortfolioError> {
        p.validate().map_err(PortfolioError::Faults)?;
        let model = Model::new(p);
        let least = least_weight(p, &model);
        let optimum = optimum::optimise(&model, least, &mut self.solver, self.last.as_ref())?;
        self.last = Some(optimum.prices.clone());
        Ok(match rounding {
            Rounding::None => answer::answer(p, &model, &optimum, &optimum.plan, None),
            Rounding::Shares => {
                let round::Rounded { plan, shares, missed } = round::round(p, &model, &optimum)?;
                let answer = answer::answer(p, &model, &optimum, &plan, Some(&shares));
                let cash_missed = (missed > 0.0).then_some(missed * model.value);
                Answer { objective_rounded: Some(plan.objective(&model)), cash_missed, ..answer }
            }
        })
    }
}

/// The optimization problem of a portfolio, for a bug report.
///
/// # Errors
/// When the portfolio has faults.
pub fn dump(p: &Portfolio) -> Result<ProblemFile, PortfolioError> {
    p.validate().map_err(PortfolioError::Faults)?;
    let model = Model::new(p);
    let problem = optimum::problem(&model, least_weight(p, &model));
    let name =
        |v: &model::Variable| format!("{} {}", p.securities[v.security].symbol, p.accounts[v.account].id);
    Ok(ProblemFile::new(model.variables.iter().map(name).collect(), &problem))
}

/// Rebalances a portfolio.
///
/// # Errors
/// When the portfolio has faults, or its constraints can't be met.
pub fn rebalance(p: &Portfolio, rounding: Rounding) -> Result<Answer, PortfolioError> {
    Rebalancer::default().rebalance(p, rounding)
}

/// Rebalances a portfolio in which drift has a price.
///
/// # Errors
/// When the portfolio has faults, or its constraints can't be met.
pub fn rebalance_drift(p: &DriftPortfolio) -> Result<DriftAnswer, PortfolioError> {
    p.validate().map_err(PortfolioError::Faults)?;
    let mut model = Model::new(&p.portfolio);
    let (mut problem, mut solution) = least_drift(&model, p.drift_price)?;
    // Small orders are dropped and the rest is solved again, until none is left. The bound remains that of
    // the problem in which they are allowed.
    let (bound, mut dropped) = (solution.lower_bound, Vec::new());
    if let Some(least) = p.portfolio.min_trade {
        loop {
            let small = drop_small(&p.portfolio, &mut model, &plan_of(&solution), least);
            if small.is_empty() {
                break;
            }
            dropped.extend(small);
            (problem, solution) = least_drift(&model, p.drift_price).map_err(|e| {
                PortfolioError::LeastTrade { least, dropped: dropped.len(), because: e.messages().join("; ") }
            })?;
        }
    }
    let optimum = Optimum {
        plan: plan_of(&solution),
        prices: Prices {
            aversion: 0.0,
            gain: solution.gain_price,
            factors: Vec::new(),
            rows: solution.row_prices.clone(),
        },
        objective: solution.objective,
        bound,
        dropped: Vec::new(),
    };
    let drifts = (problem.active.clone(), problem.drifts(&solution.traded));
    let lower_bound_without_dropped =
        (!dropped.is_empty()).then_some(least_of(solution.lower_bound, solution.objective));
    let answer = answer::drift_answer(p, &model, &optimum, &drifts);
    Ok(DriftAnswer { lower_bound_without_dropped, dropped, ..answer })
}

fn plan_of(solution: &DriftSolution) -> Plan {
    Plan { bought: solution.traded.bought.clone(), sold: solution.traded.sold.clone() }
}

/// Solves a model with a price of drift.
fn least_drift(model: &Model, price: f64) -> Result<(DriftProblem, DriftSolution), PortfolioError> {
    let lot = |s: &model::Stretch| Lot { width: s.width, tax: s.tax, gain: s.gain };
    let trade = |v: &model::Variable| Trade {
        security: v.security,
        half: v.half,
        buy_limit: v.buy_limit,
        lots: v.stretches.iter().map(lot).collect(),
    };
    let row = |band: &model::Band| {
        let of = |v: &usize| {
            let (net, gross) = band.counts.of(model.variables[*v].half);
            (*v, net, gross)
        };
        Bounds { members: band.members.iter().map(of).collect(), low: band.low, high: band.high }
    };
    let active = |members: &Vec<usize>| members.iter().fold(0.0, |sum, v| sum + model.active[*v]);
    let problem = DriftProblem {
        price,
        active: model.of_security.iter().map(active).collect(),
        trades: model.variables.iter().map(trade).collect(),
        rows: model.bands.iter().map(row).collect(),
        budget: model.budget,
    };
    match linear_drift::solve(&problem) {
        Ok(solution) => Ok((problem, solution)),
        Err(why) => Err(cannot(model, &why)),
    }
}

/// Explains why there is no plan, by naming constraints.
fn cannot(model: &Model, why: &NoPlan) -> PortfolioError {
    if *why == NoPlan::Infeasible {
        if let Err(conflict) = elastic::check_rows(model, reach::nodes_at_most(model)) {
            return conflict;
        }
        if let (Some(budget), Some(least)) = (model.budget, elastic::least_gain(model, &[])) {
            return PortfolioError::Gains { budget: budget * model.value, least: least * model.value };
        }
    }
    // Names the row that is furthest from being met before trading.
    let (mut row, mut residual) = ("the linear program".to_owned(), 0.0);
    for band in &model.bands {
        let miss = band.miss(0.0).abs();
        if miss > residual {
            (row, residual) = (band.name.clone(), miss);
        }
    }
    let steps = if let NoPlan::NoSides { nodes } = why { *nodes } else { 0 };
    PortfolioError::Unsolved(ProblemError::Unsolved { row, residual, steps })
}

/// Drops orders below `least` dollars and removes their trades from the model.
fn drop_small(p: &Portfolio, model: &mut Model, plan: &Plan, least: f64) -> Vec<Dropped> {
    let mut dropped = Vec::new();
    for (i, u) in plan.trades().iter().enumerate() {
        let amount = u.abs() * model.value;
        if *u == 0.0 || amount >= least {
            continue;
        }
        let v = &mut model.variables[i];
        dropped.push(Dropped {
            symbol: p.securities[v.security].symbol.clone(),
            account: p.accounts[v.account].id.clone(),
            side: if *u > 0.0 { OrderSide::Buy } else { OrderSide::Sell },
            amount,
        });
        v.stretches.clear();
        (v.buy_limit, model.capped[i]) = (0.0, false);
    }
    dropped
}

/// The smallest trade as a weight, raised by the rounding errors of an order's amount.
fn least_weight(p: &Portfolio, model: &Model) -> f64 {
    p.min_trade.unwrap_or(0.0) / model.value * (1.0 + 1e-12)
}
