//! The solver's problem of a portfolio, and its optimum in the portfolio's terms.

use super::elastic::check_rows;
use super::fault::PortfolioError;
use super::model::Model;
use super::plan::Plan;
use super::reach::{Reach, Reached, nodes_at_most, reach};
use super::terms::{NOTHING, least_of};
use unisleeve_solver::{Curve, Effort, Gains, Prices, Problem, Row, Segment, Solution, Solver};

/// Up to this many variables the gap is closed to full precision. Beyond it a tenth of a basis point is
/// enough, and fewer nodes are split, since each takes longer.
const SMALL: usize = 60;
const EXACT: Effort = Effort { close: 1e-9, wide: 1e-9, splits: 400, prices: 48, raises: true };
const QUICK: Effort = Effort { close: 1e-5, wide: 1e-5, splits: 40, prices: 48, raises: true };

/// A plan with its multipliers and bound.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Optimum {
    pub plan: Plan,
    pub prices: Prices,
    pub objective: f64,
    pub bound: f64,
    /// Trades that are too small to be given: the variable, and the weight it would trade.
    pub dropped: Vec<(usize, f64)>,
}

impl Optimum {
    /// The certified bound to show.
    pub(super) fn lower_bound(&self) -> f64 {
        least_of(self.bound, self.objective)
    }
}

/// The problem of a model, with the smallest trade as a weight.
pub(super) fn problem(model: &Model, least: f64) -> Problem {
    let curve = |v: &super::model::Variable| {
        let segment =
            |s: &super::model::Stretch| Segment { width: s.width, cost: s.tax + v.half, gain: s.gain };
        Curve::new(&v.stretches.iter().map(segment).collect::<Vec<_>>(), v.half, v.buy_limit)
    };
    let row = |band: &super::model::Band| {
        let (mut net, mut gross) = (vec![0.0; model.len()], Vec::new());
        if band.counts.is_absolute() {
            gross.resize(model.len(), 0.0);
        }
        for i in &band.members {
            let of = band.counts.of(model.variables[*i].half);
            net[*i] = of.0;
            if let Some(to) = gross.get_mut(*i) {
                *to = of.1;
            }
        }
        Row::within(band.name.clone(), net, band.low, band.high).with_gross(gross)
    };
    let has_many = model.of_security.iter().any(|members| members.len() > 1);
    Problem {
        risk_aversion: model.risk_aversion.unwrap_or(0.0),
        factors: model.factors,
        exposures: model.exposures.clone(),
        specific: model.specific.clone(),
        active: model.active.clone(),
        curves: model.variables.iter().map(curve).collect(),
        rows: model.bands.iter().map(row).collect(),
        securities: if has_many {
            model.variables.iter().map(|v| v.security as u32).collect()
        } else {
            Vec::new()
        },
        cap: model.cap,
        gains: model.budget.map(|most| Gains { most, price: f64::INFINITY }),
        least,
    }
}

/// Optimizes a model, starting from the multipliers of a similar model where given.
///
/// # Errors
/// When the constraints can't be met.
pub(super) fn optimise(
    model: &Model,
    least: f64,
    solver: &mut Solver,
    warm: Option<&Prices>,
) -> Result<Optimum, PortfolioError> {
    let problem = problem(model, least);
    solver.set_effort(if model.len() <= SMALL { EXACT } else { QUICK });
    let solution = if let Ok(solution) = solver.solve(&problem, warm) {
        solution
    } else {
        // Whether a plan exists has to be decided by other means.
        check_rows(model, nodes_at_most(model))?;
        match reach(model) {
            Reach::Met(reached) => {
                let Reached { plan, prices, .. } = *reached;
                solver.improve(&problem, &plan.trades(), &plan.sold, &prices)?
            }
            Reach::Never(error) | Reach::Open(error) => return Err(error),
        }
    };
    if solution.below > 0 {
        return Err(PortfolioError::LeastTrade {
            least: least * model.value,
            dropped: solution.below,
            because: "the other constraints need trades below it".to_owned(),
        });
    }
    Ok(optimum(model, solution))
}

fn optimum(model: &Model, s: Solution) -> Optimum {
    let none = |u: &f64| if u.abs() > NOTHING { *u } else { 0.0 };
    let trades: Vec<f64> = s.trades.iter().map(none).collect();
    let mut plan = Plan::new(model, &trades, 0.0);
    for (i, sold) in s.sold.iter().enumerate().filter(|(i, _)| trades[*i] < 0.0) {
        for (to, amount) in plan.sold[i].iter_mut().zip(sold.iter().chain(core::iter::repeat(&0.0))) {
            *to = *amount;
        }
    }
    Optimum { plan, prices: s.prices, objective: s.objective, bound: s.lower_bound, dropped: s.dropped }
}
