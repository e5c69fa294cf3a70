//! The price of gain at which the plan keeps the limit on net gain.
//!
//! A higher price gives less gain. With open sides the gain jumps where a name changes sides, so the sides
//! are taken from each end of the jump and fixed, which makes the problem convex.

use super::Gains;
use super::found::Found;

/// First price of a dollar of gain that is tried, and the first factor to the next.
const FIRST: f64 = 0.02;
const FACTOR: f64 = 1.5;
/// Prices below this count as none.
const NONE: f64 = 1e-4;
/// Highest price of a limit that must be kept.
const HIGHEST: f64 = 1e4;
/// Relative width of the bracket at which a search ends: with fixed sides, and with open ones, where only the
/// sides are kept.
pub(super) const NARROW: f64 = 1e-10;
pub(super) const NARROW_OPEN: f64 = 0.03;
/// A gain this close to the limit is at it.
const MET: f64 = 1e-10;

/// The next price between one at which the gain exceeds the limit and one at which it does not, each with
/// its excess.
pub(super) fn between(low: Option<(f64, f64)>, high: Option<(f64, f64)>, gains: Gains) -> f64 {
    let most = if gains.price < HIGHEST { gains.price } else { HIGHEST };
    match (low, high) {
        (Some((lower, above)), Some((upper, below))) => {
            let secant = lower + (upper - lower) * above / (above - below);
            // Away from the ends, where false position creeps.
            let margin = 0.05 * (upper - lower);
            secant.clamp(lower + margin, upper - margin)
        }
        (Some((lower, _)), None) => {
            let next = if lower > 0.0 { lower * FACTOR } else { FIRST };
            if next < most { next } else { most }
        }
        (None, Some((upper, _))) => {
            if upper / FACTOR > NONE {
                upper / FACTOR
            } else {
                0.0
            }
        }
        (None, None) => 0.0,
    }
}

/// Searches from the price `begin`, until the bracket is narrow or the loss of objective that it leaves is at
/// most `closed`, or for so many solves between two prices. Returns the plan with the lowest price found that keeps the limit, and
/// the one with the highest price found that breaks it; the first is at the highest price where the limit
/// can't be kept for less. `None` where a solve fails or a limit without price can't be kept.
pub(super) fn search(
    at: &mut dyn FnMut(f64) -> Option<Found>,
    gains: Gains,
    begin: f64,
    (narrow, closed): (f64, f64),
    solves: u32,
) -> Option<(Option<Found>, Option<Found>)> {
    let most = if gains.price < HIGHEST { gains.price } else { HIGHEST };
    let keeps = |plan: &Found| plan.gain <= gains.most + 1e-15;
    let begin = if begin < most { begin } else { most };
    let (mut low, mut high): (Option<Found>, Option<Found>) = (None, None);
    let (mut now, mut factor) = (begin, FACTOR);
    // A bracket.
    loop {
        let plan = at(now)?;
        if keeps(&plan) {
            let is_least = now <= 0.0;
            high = Some(plan);
            if is_least || low.is_some() {
                break;
            }
            now = if now / factor > NONE { now / factor } else { 0.0 };
        } else {
            low = Some(plan);
            if now >= most {
                return (gains.price < f64::INFINITY).then_some((low, None));
            }
            if high.is_some() {
                break;
            }
            now = if now > 0.0 { now * factor } else { FIRST };
            now = if now < most { now } else { most };
        }
        factor = if factor < 8.0 { factor * factor } else { factor };
    }
    let (mut broken, mut kept) = match (low, high) {
        (Some(broken), Some(kept)) => (broken, kept),
        ends => return Some((ends.1, ends.0)),
    };
    // False position with the Illinois rule (the value of an end that stays is halved), and a bisection step
    // every third time.
    let (mut above, mut below) = (broken.gain - gains.most, kept.gain - gains.most);
    for step in 0..solves {
        let (lower, upper) = (broken.price, kept.price);
        // Between the ends, the limit's term of the dual changes by at most their distance times the
        // difference of their gains.
        let is_closed = (upper - lower) * (broken.gain - kept.gain) <= closed;
        if is_closed || upper - lower <= narrow * upper || gains.most - kept.gain <= MET {
            break;
        }
        let secant = lower + (upper - lower) * above / (above - below);
        let middle =
            if lower > 0.0 && upper > 2.0 * lower { (lower * upper).sqrt() } else { 0.5 * (lower + upper) };
        let next = if secant > lower && secant < upper && step % 3 != 2 { secant } else { middle };
        if !(next > lower && next < upper) {
            break;
        }
        let plan = at(next)?;
        if keeps(&plan) {
            below = plan.gain - gains.most;
            above *= 0.5;
            kept = plan;
        } else {
            above = plan.gain - gains.most;
            below *= 0.5;
            broken = plan;
        }
    }
    Some((Some(kept), Some(broken)))
}
