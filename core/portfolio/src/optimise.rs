//! The best plan for a model, with its bound.

use super::answer::Optimum;
use super::bound::{Prices, bound};
use super::elastic::{check_rows, possible_sides};
use super::fault::PortfolioError;
use super::joint::Joint;
use super::model::{Counts, Model};
use super::program::{Program, sides_of};
use super::quick::quick;
use super::reach::{Reach, nodes_at_most, reach};
use super::search::search;
use super::terms::{Direction, NOTHING};
use super::trial::Trial;
use super::tried::Tried;

/// A gap above this, as a fraction of the value, calls for another method: a hundredth of a basis point.
const POOR: f64 = 1e-6;
/// Rounds of solving with fixed sides and then switching to the better sides at its prices.
const ROUNDS: u32 = 4;
/// Largest number of securities, bought in one account and sold in another, whose sides are tried both ways.
const DISAGREEMENTS: usize = 8;
/// Largest number of nodes split to close the gap. Large models get fewer, since each solve takes longer.
const SPLITS_SMALL: u32 = 400;
const SPLITS: u32 = 6;
/// Up to this many variables the gap is closed to full precision. Beyond it a tenth of a basis point is
/// enough.
const SMALL: usize = 60;
const CLOSED: f64 = 1e-9;
const ENOUGH: f64 = 1e-5;

/// Optimizes a model, starting from the multipliers of a similar model where given.
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
        None => Err(PortfolioError::Undecided { cap: None }),
    }
}

/// Solves for one set of multipliers after the other, for models that the dual in all multipliers leaves
/// open. Where no plan was found so far, it first decides whether one exists.
fn thorough(model: &Model, tried: &mut Tried) -> Result<(), PortfolioError> {
    tried.try_again();
    let mut reached = None;
    let mut undecided = None;
    if tried.best.is_none() {
        check_rows(model, nodes_at_most(model))?;
        match reach(model) {
            Reach::Met(trial, sides) => reached = Some((*trial, sides)),
            Reach::Never(error) => return Err(error),
            Reach::Open(error) => undecided = Some(error),
        }
    }
    let mut program = Program::new(model);
    // With open sides the turnover row can't be expressed. The other searches cover what this one misses.
    let has_turnover = model.bands.iter().any(|b| b.counts == Counts::Turnover);
    let open = if has_turnover { None } else { search(&mut program, None).ok() };
    let trials = open.iter().flat_map(|o| [Some(&o.kept), o.broken.as_ref()]).flatten();
    let mut candidates: Vec<Vec<Direction>> = reached.iter().map(|(_, sides)| sides.clone()).collect();
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
    for candidate in candidates {
        let mut sides = candidate;
        for _ in 0..ROUNDS {
            match solve(tried, &mut program, &sides) {
                Some(next) => sides = next,
                None => break,
            }
        }
    }
    if tried.best.is_none()
        && let Some((trial, sides)) = reached
    {
        // Its sides could not be solved at less cost. The plan meets every constraint, and the bound tells
        // how good it is.
        tried.try_again();
        tried.add(&sides, |_| Some(trial));
    }
    // The same for plans that were solved before these searches.
    if tried.gap() > POOR
        && let Some((_, _, sides)) = tried.best.clone()
        && let Some(trial) = program.direct(&sides)
    {
        let next = sides_of(model, &trial);
        tried.again(&sides, trial);
        solve(tried, &mut program, &next);
    }
    let splits = if model.len() <= SMALL { SPLITS_SMALL } else { SPLITS };
    for _ in 0..splits {
        if program.is_tired() {
            break;
        }
        let Some(sides) = tried.split() else { break };
        solve(tried, &mut program, &sides);
    }
    match (&tried.best, undecided) {
        (None, Some(error)) => Err(error),
        _ => Ok(()),
    }
}

/// Whether a solve is far from the bound that its own multipliers prove for its sides.
fn is_poor(model: &Model, trial: &Trial, sides: &[Direction]) -> bool {
    let fixed: Vec<Option<Direction>> = sides.iter().copied().map(Some).collect();
    trial.plan.objective(model) - bound(model, &trial.prices, &fixed) > POOR
}

/// Solves with fixed sides and returns the sides that are better at its prices. `None` where that was done
/// before or fails.
fn solve(tried: &mut Tried, program: &mut Program, sides: &[Direction]) -> Option<Vec<Direction>> {
    let mut next = None;
    let is_kept = tried.add(sides, |sides| {
        let kept = match search(program, Some(sides)) {
            Ok(ends) if !is_poor(program.model, &ends.kept, sides) => ends.kept,
            // The search over prices stopped short, so the interior-point method is tried too.
            Ok(ends) => {
                let model = program.model;
                let objective = |trial: &Trial| trial.plan.objective(model);
                let worse = objective(&ends.kept);
                program.direct(sides).filter(|t| objective(t) < worse).unwrap_or(ends.kept)
            }
            Err(_) => program.direct(sides)?,
        };
        next = Some(sides_of(program.model, &kept));
        Some(kept)
    });
    for prices in program.learnt.drain(..) {
        tried.learn(&prices);
    }
    next.filter(|_| is_kept)
}

/// Variants of the sides, each with one security switched that is bought in one account and sold in another.
fn both_ways(model: &Model, trial: &Trial, sides: &[Direction]) -> Vec<Vec<Direction>> {
    let trades = trial.plan.trades();
    let disagrees = |members: &Vec<usize>| {
        members.iter().any(|v| trades[*v] > NOTHING) && members.iter().any(|v| trades[*v] < -NOTHING)
    };
    let turned = (0..sides.len()).filter(|i| disagrees(&model.of_security[*i])).take(DISAGREEMENTS);
    turned
        .map(|i| {
            let mut other = sides.to_vec();
            other[i] = if other[i] == Direction::Buy { Direction::Sell } else { Direction::Buy };
            other
        })
        .collect()
}
