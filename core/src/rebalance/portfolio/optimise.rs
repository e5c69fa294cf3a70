//! The best plan found for a model, with its bound.

use super::answer::Optimum;
use super::elastic::{check_rows, least_gain, possible_sides};
use super::fault::PortfolioError;
use super::model::Model;
use super::program::{NOTHING, Program, Side, Trial};
use super::search::{NotFound, search};

/// Rounds of solving with sides given and taking the better sides at its prices.
const ROUNDS: u32 = 4;
/// Securities that accounts disagree about, whose sides are tried both ways.
const DISAGREEMENTS: usize = 8;
/// Nodes split to close the gap; fewer where each solve is long.
const SPLITS_SMALL: u32 = 400;
const SPLITS: u32 = 6;
const SMALL: usize = 60;
/// A row may be missed by this weight.
const FEASIBLE: f64 = 1e-9;

/// Optimises.
///
/// # Errors
/// When the constraints can't be met.
pub(super) fn optimise(model: &Model) -> Result<Optimum, PortfolioError> {
    check_rows(model)?;
    if let (Some(budget), Some(least)) =
        (model.budget, least_gain(model, &[]).filter(|_| model.budget.is_some()))
        && least > budget + FEASIBLE
    {
        return Err(PortfolioError::Gains { budget: budget * model.value, least: least * model.value });
    }
    let mut program = Program::new(model);
    let open = match search(&mut program, None) {
        // At the edge of what is possible open sides leave no room for the spreads to settle: there a linear program's do.
        Err(NotFound::Failed(_)) => None,
        other => Some(other.map_err(|e| error(model, e))?),
    };
    let trials = open.iter().flat_map(|o| [Some(&o.kept), o.broken.as_ref()]).flatten();
    let mut candidates: Vec<Vec<Side>> = Vec::new();
    if open.is_none() {
        candidates.extend(possible_sides(model));
    }
    for trial in trials.clone() {
        let sides = program.sides(trial);
        candidates.extend(both_ways(model, trial, &sides));
        candidates.push(sides);
    }
    let mut tried = Tried::default();
    for trial in trials {
        program.tree.learn(&trial.prices);
    }
    for candidate in candidates {
        let mut sides = candidate;
        for _ in 0..ROUNDS {
            match tried.solve(&mut program, &sides) {
                Some(next) => sides = next,
                None => break,
            }
        }
    }
    let splits = if model.len() <= SMALL { SPLITS_SMALL } else { SPLITS };
    for _ in 0..splits {
        let Some((objective, _, now)) = &tried.best else { break };
        let Some(sides) = program.tree.split(*objective, now) else { break };
        tried.solve(&mut program, &sides);
    }
    match (tried.best, tried.failed) {
        (Some((objective, trial, _)), _) => {
            Ok(Optimum { objective, bound: program.tree.bound(), plan: trial.plan, prices: trial.prices })
        }
        (None, Some(e)) => Err(error(model, e)),
        (None, None) => Err(worst_row(model, open.as_ref().map(|o| &o.kept))),
    }
}

/// Combinations of sides solved, and the best of them.
#[derive(Debug, Default)]
struct Tried {
    sides: Vec<Vec<Side>>,
    best: Option<(f64, Trial, Vec<Side>)>,
    failed: Option<NotFound>,
}

impl Tried {
    /// Solves with sides given; returns the sides that are better at its prices. None when that was done, or can't be.
    fn solve(&mut self, program: &mut Program, sides: &[Side]) -> Option<Vec<Side>> {
        if self.sides.iter().any(|s| s == sides) {
            return None;
        }
        self.sides.push(sides.to_vec());
        let model = program.model;
        match search(program, Some(sides)) {
            Ok(ends) if is_feasible(model, &ends.kept) => {
                program.tree.learn(&ends.kept.prices);
                let next = program.sides(&ends.kept);
                let objective = ends.kept.plan.objective(model);
                if self.best.as_ref().is_none_or(|b| objective < b.0) {
                    self.best = Some((objective, ends.kept, sides.to_vec()));
                }
                Some(next)
            }
            Ok(_) => None,
            Err(e) => {
                self.failed = Some(e);
                None
            }
        }
    }
}

/// The sides with each security turned that one account buys and another sells.
fn both_ways(model: &Model, trial: &Trial, sides: &[Side]) -> Vec<Vec<Side>> {
    let trades = trial.plan.trades();
    let disagrees = |members: &Vec<usize>| {
        members.iter().any(|v| trades[*v] > NOTHING) && members.iter().any(|v| trades[*v] < -NOTHING)
    };
    let turned = (0..sides.len()).filter(|i| disagrees(&model.of_security[*i])).take(DISAGREEMENTS);
    turned
        .map(|i| {
            let mut other = sides.to_vec();
            other[i] = if other[i] == Side::Buy { Side::Sell } else { Side::Buy };
            other
        })
        .collect()
}

fn is_feasible(model: &Model, trial: &Trial) -> bool {
    let trades = trial.plan.trades();
    model.bands.iter().all(|band| band.miss(model.row(band, &trades)).abs() <= FEASIBLE)
}

fn worst_row(model: &Model, trial: Option<&Trial>) -> PortfolioError {
    let trades = trial.map_or_else(|| vec![0.0; model.len()], |t| t.plan.trades());
    let (mut row, mut residual) = (String::new(), 0.0);
    for band in &model.bands {
        let miss = band.miss(model.row(band, &trades)).abs();
        if miss > residual {
            (row, residual) = (band.name.clone(), miss);
        }
    }
    PortfolioError::Unsolved(super::super::ProblemError::Unsolved { row, residual, steps: 0 })
}

fn error(model: &Model, error: NotFound) -> PortfolioError {
    let (cap, budget) = (model.cap.unwrap_or(0.0), model.budget.unwrap_or(0.0) * model.value);
    match error {
        NotFound::Risk(least) => PortfolioError::TrackingError { cap, least },
        NotFound::Gain if model.cap.is_some() => PortfolioError::CapAndBudget { cap, budget },
        NotFound::Gain => {
            PortfolioError::Gains { budget, least: least_gain(model, &[]).unwrap_or(0.0) * model.value }
        }
        NotFound::Failed(e) => e,
    }
}
