//! Searches for the risk aversion that meets a cap and for the price of gain that meets a budget.
//!
//! Both are monotone: a higher aversion gives less tracking error, and a higher price gives less gain. With
//! open sides the result jumps where a name changes sides. So the sides are taken from each end of the jump
//! and fixed, which makes the problem convex. Two solves on either side of the multiplier, both nearly
//! optimal there, are then mixed lot by lot until the cap or budget is met exactly.

use super::model::Model;
use super::plan::Plan;
use super::program::Program;
use super::terms::{At, Direction};
use super::trial::{Ends, LEAST_AVERSION, Trial, mixed};

/// The highest aversion. Beyond it the smallest possible risk decides.
const MOST_AVERSION: f64 = 1e7;
/// The first price of a dollar of gain that is tried, and the highest.
const FIRST_PRICE: f64 = 0.01;
pub(super) const HIGHEST_PRICE: f64 = 1e4;
/// Largest number of solves in one search.
const SOLVES: u32 = 48;
/// A search ends at this relative width of the multiplier's bracket.
pub(super) const NARROW: f64 = 1e-10;
/// The same with open sides, where only the sides are kept.
const NARROW_OPEN: f64 = 1e-3;
/// First step of a multiplier from the end of the last search; later steps grow.
const FIRST_FACTOR: f64 = 1.5;
const GROWTH: f64 = 2.25;
const MET: f64 = 1e-9;
/// Largest loss of objective that a search may leave, as a fraction of the value: a hundred-millionth of a
/// basis point.
const CLOSED: f64 = 1e-12;
/// Tolerance of a cap or budget, for rounding errors.
const SLACK: f64 = 1e-12;

/// Why a search ended without a solve that keeps the limit.
#[derive(Debug)]
pub(super) enum NotFound {
    /// The tracking error exceeds the cap at the highest aversion, or the net gain exceeds the budget at the
    /// highest price.
    OutOfReach,
    Failed,
}

impl From<unisleeve_solver::ProblemError> for NotFound {
    fn from(_: unisleeve_solver::ProblemError) -> Self {
        Self::Failed
    }
}

fn excess_of_variance(model: &Model, trial: &Trial) -> f64 {
    model.cap.map_or(-1.0, |cap| trial.figures.variance - cap * cap * (1.0 + SLACK))
}

fn excess_of_gain(model: &Model, trial: &Trial) -> f64 {
    model.budget.map_or(-1.0, |budget| trial.figures.gain - budget - SLACK)
}

/// The best solve under cap and budget.
pub(super) fn search(program: &mut Program, sides: Option<&[Direction]>) -> Result<Ends, NotFound> {
    let model = program.model;
    let first = under_cap(program, sides, 0.0)?;
    if excess_of_gain(model, &first.kept) <= 0.0 {
        return Ok(first);
    }
    let mut at = |price: f64| -> Result<(Trial, f64), NotFound> {
        let trial = under_cap(program, sides, price)?.kept;
        let excess = excess_of_gain(model, &trial);
        Ok((trial, excess))
    };
    let excess = excess_of_gain(model, &first.kept);
    let scale = model.budget.map_or(1.0, f64::abs) + 1e-3;
    let ends =
        bracket(&mut at, (0.0, first.kept, excess), FIRST_PRICE, GROWTH, HIGHEST_PRICE, scale, NARROW)?;
    let Some(ends) = ends else {
        let dearest = under_cap(program, sides, HIGHEST_PRICE)?.kept;
        program.learnt.push(dearest.prices);
        return Err(NotFound::OutOfReach);
    };
    let keeps = |plan: &Plan| {
        let gain = plan.figures(model).gain;
        model.budget.is_none_or(|b| gain <= b)
    };
    Ok(mixed(ends, sides.is_some(), &keeps, model))
}

/// The best solve under the cap, for a price of a dollar of gain.
fn under_cap(program: &mut Program, sides: Option<&[Direction]>, gain: f64) -> Result<Ends, NotFound> {
    let model = program.model;
    let least = model.risk_aversion.unwrap_or(LEAST_AVERSION);
    let Some(cap) = model.cap else {
        let kept = program.solve(At { gamma: least, gain, is_free: false }, sides)?;
        return Ok(Ends { kept, broken: None });
    };
    let most = if least * 1e3 > MOST_AVERSION { least * 1e3 } else { MOST_AVERSION };
    // Starts from the end of the last search, which is usually close.
    let usual = if model.risk_aversion.is_some() { least } else { 1.0 };
    let begin = program.aversion.filter(|g| *g > least && *g < most).unwrap_or(usual);
    let narrow = if sides.is_some() { NARROW } else { NARROW_OPEN };
    let mut at = |gamma: f64| -> Result<(Trial, f64), NotFound> {
        let trial = program.solve(At { gamma, gain, is_free: false }, sides)?;
        let excess = excess_of_variance(model, &trial);
        Ok((trial, excess))
    };
    let range = Range { begin, least, lowest: least, first: begin, factor: FIRST_FACTOR, most };
    let ends = if let Some(ends) = find(&mut at, range, cap * cap, narrow)? {
        if ends.broken.is_some() {
            program.aversion = Some(ends.kept.prices.gamma);
        }
        ends
    } else {
        // No aversion was enough. Tries the smallest possible risk, with the prices of the highest aversion.
        let near = program.solve(At { gamma: most, gain, is_free: false }, sides)?;
        let mut free = program.solve(At { gamma: 1.0, gain, is_free: true }, sides)?;
        if excess_of_variance(model, &free) > MET * cap * cap {
            // At such an aversion the dual shows that these sides can't be right.
            program.learnt.push(near.prices);
            return Err(NotFound::OutOfReach);
        }
        free.prices = near.prices.clone();
        Ends { kept: free, broken: Some(near) }
    };
    Ok(mixed(ends, sides.is_some(), &|plan: &Plan| plan.figures(model).variance <= cap * cap, model))
}

/// The range in which a multiplier is searched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    /// The first value tried.
    pub begin: f64,
    /// The lower end. Values below `lowest` are skipped: the next one tried is `least`.
    pub least: f64,
    pub lowest: f64,
    /// The value tried after a first value of zero that breaks the limit.
    pub first: f64,
    /// Factor of the first step; later steps grow.
    pub factor: f64,
    /// The upper end.
    pub most: f64,
}

/// Finds the multiplier that meets a limit. `None` where the limit is broken up to `range.most`.
pub(super) fn find(
    at: &mut dyn FnMut(f64) -> Result<(Trial, f64), NotFound>,
    range: Range,
    scale: f64,
    narrow: f64,
) -> Result<Option<Ends>, NotFound> {
    let (mut now, mut factor) = (range.begin, range.factor);
    let (mut trial, mut excess) = at(now)?;
    if excess > 0.0 {
        let first = if now > 0.0 { now * factor } else { range.first };
        return bracket(at, (now, trial, excess), first, factor * factor, range.most, scale, narrow);
    }
    // Lowers the multiplier while the limit is kept.
    loop {
        if now <= range.least {
            return Ok(Some(Ends { kept: trial, broken: None }));
        }
        let next = if now / factor > range.lowest { now / factor } else { range.least };
        let (other, e) = at(next)?;
        if e > 0.0 {
            return refine(at, (next, other, e), (now, trial, excess), scale, narrow).map(Some);
        }
        (now, trial, excess) = (next, other, e);
        factor *= factor;
    }
}

/// Brackets a multiplier from below. `from` is a multiplier that breaks the limit, with its solve and excess.
/// `None` where the limit is broken up to `most`.
fn bracket(
    at: &mut dyn FnMut(f64) -> Result<(Trial, f64), NotFound>,
    from: (f64, Trial, f64),
    start: f64,
    growth: f64,
    most: f64,
    scale: f64,
    narrow: f64,
) -> Result<Option<Ends>, NotFound> {
    let (mut low, mut broken, mut above) = from;
    let (mut next, mut factor) = (start, growth);
    loop {
        let (trial, excess) = at(next)?;
        if excess <= 0.0 {
            return refine(at, (low, broken, above), (next, trial, excess), scale, narrow).map(Some);
        }
        (low, broken, above) = (next, trial, excess);
        if next >= most {
            return Ok(None);
        }
        next = if next * factor < most { next * factor } else { most };
        factor = if factor < 8.0 { factor * factor } else { factor };
    }
}

/// Narrows the bracket between a multiplier that breaks the limit and one that keeps it, each with its solve
/// and excess.
fn refine(
    at: &mut dyn FnMut(f64) -> Result<(Trial, f64), NotFound>,
    from: (f64, Trial, f64),
    to: (f64, Trial, f64),
    scale: f64,
    narrow: f64,
) -> Result<Ends, NotFound> {
    let (mut low, mut broken, mut above) = from;
    let (mut high, mut kept, mut below) = to;
    // False position with the Illinois rule (the value of an end that stays is halved), and a bisection step
    // every third time.
    let (mut broken_excess, mut kept_excess) = (above, below);
    for step in 0..SOLVES {
        // Between the ends, the limit's term of the dual changes by at most their distance times the
        // difference of their excesses.
        let is_closed = (high - low) * (broken_excess - kept_excess) <= CLOSED;
        if is_closed || high - low <= narrow * high || -below <= MET * scale && above <= MET * scale {
            break;
        }
        let secant = low + (high - low) * above / (above - below);
        let is_inside = secant > low && secant < high;
        let middle = if low > 0.0 && high > 2.0 * low { (low * high).sqrt() } else { 0.5 * (low + high) };
        let next = if is_inside && step % 3 != 2 { secant } else { middle };
        if !(next > low && next < high) {
            break;
        }
        let (trial, excess) = at(next)?;
        if excess <= 0.0 {
            (high, kept, below) = (next, trial, excess);
            above *= 0.5;
            kept_excess = excess;
        } else {
            (low, broken, above) = (next, trial, excess);
            below *= 0.5;
            broken_excess = excess;
        }
        if excess <= 0.0 && -excess <= MET * 1e-3 * scale {
            break;
        }
    }
    Ok(Ends { kept, broken: Some(broken) })
}
