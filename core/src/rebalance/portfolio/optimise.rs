//! The best plan found for a model, with its bound.

use super::answer::Optimum;
use super::bound::Prices;
use super::elastic::{check_rows, least_gain, possible_sides};
use super::fault::PortfolioError;
use super::joint::Joint;
use super::model::{Counts, Model};
use super::program::{NOTHING, Program, Side, Trial, sides_of};
use super::quick::quick;
use super::search::{NotFound, search};
use super::tried::Tried;

/// Rounds of solving with sides given and taking the better sides at its prices.
const ROUNDS: u32 = 4;
/// Securities that accounts disagree about, whose sides are tried both ways.
const DISAGREEMENTS: usize = 8;
/// Nodes split to close the gap; fewer where each solve is long.
const SPLITS_SMALL: u32 = 400;
const SPLITS: u32 = 6;
/// Variables up to which a gap is closed to the last digits; a gap beyond them of a tenth of a basis point is enough.
const SMALL: usize = 60;
const CLOSED: f64 = 1e-9;
const ENOUGH: f64 = 1e-5;
/// A budget may be missed by this weight.
const FEASIBLE: f64 = 1e-9;

/// Optimises, from the multipliers of a model like it where there are some.
///
/// # Errors
/// When the constraints can't be met.
pub(super) fn optimise(
    model: &Model,
    joint: &mut Joint,
    warm: Option<&Prices>,
) -> Result<Optimum, PortfolioError> {
    let mut tried = Tried::new(model);
    let enough = if model.len() <= SMALL { CLOSED } else { ENOUGH };
    quick(model, joint, warm, &mut tried, enough);
    if tried.best.is_none() || model.len() <= SMALL && tried.gap() > enough {
        thorough(model, &mut tried)?;
    }
    let bound = tried.tree.bound();
    match tried.best {
        Some((objective, trial, _)) => {
            Ok(Optimum { objective, bound, plan: trial.plan, prices: trial.prices })
        }
        None => Err(worst_row(model)),
    }
}

/// One solve after the other, each at given multipliers: for what the dual in all multipliers at once leaves open, and to tell
/// what can't be met.
fn thorough(model: &Model, tried: &mut Tried) -> Result<(), PortfolioError> {
    tried.try_again();
    check_rows(model)?;
    if let (Some(budget), Some(least)) =
        (model.budget, least_gain(model, &[]).filter(|_| model.budget.is_some()))
        && least > budget + FEASIBLE
    {
        return Err(PortfolioError::Gains { budget: budget * model.value, least: least * model.value });
    }
    let mut program = Program::new(model);
    // With open sides turnover has no row of its own there.
    let has_turnover = model.bands.iter().any(|b| b.counts == Counts::Turnover);
    let open = if has_turnover {
        None
    } else {
        match search(&mut program, None) {
            // At the edge of what is possible open sides leave no room for the spreads to settle: there a linear program's do.
            Err(NotFound::Failed(_)) => None,
            Err(_) if tried.best.is_some() => None,
            other => Some(other.map_err(|e| error(model, e))?),
        }
    };
    let trials = open.iter().flat_map(|o| [Some(&o.kept), o.broken.as_ref()]).flatten();
    let mut candidates: Vec<Vec<Side>> = Vec::new();
    if open.is_none() {
        candidates.extend(possible_sides(model));
    }
    for trial in trials.clone() {
        let sides = sides_of(model, trial);
        candidates.extend(both_ways(model, trial, &sides));
        candidates.push(sides);
    }
    for trial in trials {
        tried.learn(&trial.prices);
    }
    let mut failed = None;
    for candidate in candidates {
        let mut sides = candidate;
        for _ in 0..ROUNDS {
            match solve(tried, &mut program, &sides, &mut failed) {
                Some(next) => sides = next,
                None => break,
            }
        }
    }
    let splits = if model.len() <= SMALL { SPLITS_SMALL } else { SPLITS };
    for _ in 0..splits {
        let Some(sides) = tried.split() else { break };
        solve(tried, &mut program, &sides, &mut failed);
    }
    match (&tried.best, failed) {
        (None, Some(e)) => Err(error(model, e)),
        _ => Ok(()),
    }
}

/// Solves with sides given; returns the sides that are better at its prices. None when that was done, or can't be.
fn solve(
    tried: &mut Tried,
    program: &mut Program,
    sides: &[Side],
    failed: &mut Option<NotFound>,
) -> Option<Vec<Side>> {
    let mut next = None;
    let is_kept = tried.add(sides, |sides| match search(program, Some(sides)) {
        Ok(ends) => {
            next = Some(sides_of(program.model, &ends.kept));
            Some(ends.kept)
        }
        Err(e) => {
            *failed = Some(e);
            None
        }
    });
    for prices in program.learnt.drain(..) {
        tried.learn(&prices);
    }
    next.filter(|_| is_kept)
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

fn worst_row(model: &Model) -> PortfolioError {
    let trades = vec![0.0; model.len()];
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
