//! The usual method: `joint` solves for all multipliers at once. `optimise` handles what it leaves open or
//! can't solve (names with hardly any specific variance).

use super::bound::Prices;
use super::joint::Joint;
use super::model::Model;
use super::plan::Plan;
use super::program::sides_of;
use super::search::{HIGHEST_PRICE, NARROW, NotFound, Range, find};
use super::terms::Direction;
use super::trial::Trial;
use super::trial::mixed;
use super::tried::Tried;

/// Largest number of proximal rounds.
const TIE_ROUNDS: u32 = 6;
/// Largest number of splits solved by `joint`.
const SPLITS: u32 = 12;
/// Prices of gain below [`NO_PRICE`] count as zero; [`FIRST_PRICE`] is the first one tried.
const NO_PRICE: f64 = 1e-4;
const FIRST_PRICE: f64 = 0.02;
/// Relative width of the price bracket in which sides are chosen; then the factors of the first step with
/// open and with fixed sides.
const NARROW_SIDES: f64 = 0.03;
const STEP: f64 = 1.5;
const SMALL_STEP: f64 = 1.02;

/// Adds the plans it finds to `tried`, until the gap is at most `enough` or nothing is left to do.
pub(super) fn quick(model: &Model, joint: &mut Joint, warm: Option<&Prices>, tried: &mut Tried, enough: f64) {
    let gain = warm.map_or(0.0, |p| p.gain);
    let begun = if model.budget.is_some() { gain } else { 0.0 };
    joint.begin(model, begun, warm);
    if model.budget.is_some() {
        // A failure here is not final: `optimise` has another method.
        let _ = under_budget(model, joint, begun, tried, enough);
        return;
    }
    rounds(model, joint, 0.0, tried, enough);
    for _ in 0..SPLITS {
        if tried.gap() <= enough {
            return;
        }
        let Some(sides) = tried.split() else { return };
        tried.add(&sides, |sides| joint.solve(model, 0.0, sides));
    }
}

/// Runs proximal rounds at one price of gain.
fn rounds(model: &Model, joint: &mut Joint, gain: f64, tried: &mut Tried, enough: f64) {
    for _ in 0..TIE_ROUNDS {
        let sides = joint.round();
        let top = joint.prices(gain);
        tried.learn(&top);
        tried.add(&sides, |sides| joint.solve(model, gain, sides));
        if tried.gap() <= enough {
            return;
        }
        joint.stand(&top);
    }
}

/// Finds the price of gain that meets the budget: first with the best sides at each price, then with the
/// sides of each end of the bracket fixed.
fn under_budget(
    model: &Model,
    joint: &mut Joint,
    begun: f64,
    tried: &mut Tried,
    enough: f64,
) -> Result<(), NotFound> {
    let budget = model.budget.unwrap_or(f64::INFINITY);
    let scale = budget.abs() + 1e-3;
    let mut prices = Vec::new();
    let mut at = |price: f64| -> Result<(Trial, f64), NotFound> {
        joint.reprice(model, price);
        let sides = joint.round();
        let top = joint.prices(price);
        let trial = joint.solve(model, price, &sides).ok_or(NotFound::Failed)?;
        joint.stand(&top);
        prices.push(top);
        let excess = trial.figures.gain - budget;
        Ok((trial, excess))
    };
    let (first, most) = (FIRST_PRICE, HIGHEST_PRICE);
    let range = Range { begin: begun, least: 0.0, lowest: NO_PRICE, first, factor: STEP, most };
    let Some(ends) = find(&mut at, range, scale, NARROW_SIDES)? else { return Ok(()) };
    for p in &prices[prices.len().saturating_sub(3)..] {
        tried.learn(p);
    }
    for end in [Some(&ends.kept), ends.broken.as_ref()].into_iter().flatten() {
        let mut sides = sides_of(model, end);
        for _ in 0..2 {
            let mut next = None;
            tried.add(&sides, |sides| {
                let trial = with_sides(model, joint, end, sides, scale)?;
                next = Some(sides_of(model, &trial));
                Some(trial)
            });
            match next {
                Some(other) if tried.gap() > enough => sides = other,
                _ => break,
            }
        }
        if tried.gap() <= enough {
            return Ok(());
        }
    }
    for _ in 0..SPLITS {
        if tried.gap() <= enough {
            break;
        }
        let Some(sides) = tried.split() else { break };
        tried.add(&sides, |sides| with_sides(model, joint, &ends.kept, sides, scale));
    }
    Ok(())
}

/// The best plan within the budget with fixed sides, starting from the multipliers of a similar solve.
fn with_sides(
    model: &Model,
    joint: &mut Joint,
    near: &Trial,
    sides: &[Direction],
    scale: f64,
) -> Option<Trial> {
    let budget = model.budget?;
    joint.stand(&near.prices);
    let mut at = |price: f64| -> Result<(Trial, f64), NotFound> {
        joint.reprice(model, price);
        let trial = joint.solve(model, price, sides).ok_or(NotFound::Failed)?;
        let excess = trial.figures.gain - budget;
        Ok((trial, excess))
    };
    let (begin, first, most) = (near.prices.gain, FIRST_PRICE, HIGHEST_PRICE);
    let range = Range { begin, least: 0.0, lowest: NO_PRICE, first, factor: SMALL_STEP, most };
    let ends = find(&mut at, range, scale, NARROW).ok()??;
    Some(mixed(ends, true, &|plan: &Plan| plan.figures(model).gain <= budget, model).kept)
}
