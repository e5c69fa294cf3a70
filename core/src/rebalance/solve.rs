//! The method: climb the true dual, fix each name to its side, solve the convex rest, flip the least decided names where
//! the gap is wide, certify.

use super::curve::Side;
use super::newton::{Point, climb, evaluate};
use super::{Problem, ProblemError, Row};

/// A trade with its certificate: `lower_bound <= true optimum <= objective`.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Trades, fractions of the value at hand.
    pub trades: Vec<f64>,
    /// Objective at the trades.
    pub objective: f64,
    /// Certified lower bound of the true (not convex) problem.
    pub lower_bound: f64,
    /// `ν`: marginal price of each factor's exposure.
    pub factor_prices: Vec<f64>,
    /// `μ`: marginal price of each row.
    pub row_prices: Vec<f64>,
    /// Newton steps, all phases together.
    pub steps: u32,
}

/// Steps on the true dual before the sides are fixed.
const TRUE_STEPS: u32 = 15;
/// Steps on the convex problem at most; 5 to 10 are usual.
const CONVEX_STEPS: u32 = 200;
/// Rounds of fixing sides anew at the convex problem's multipliers.
const ROUNDS: u32 = 4;
/// A certified gap (a fraction of the value) below which no more is tried: a fifth of a basis point.
const CLOSE: f64 = 2e-5;
/// Passes over the undecided names at most.
const PASSES: u32 = 3;
/// Names tried beyond the number that ties can leave undecided.
const SPARE: usize = 8;
/// Least decided names that are also flipped two at a time.
const PAIRED: usize = 8;
/// Factors on the specific variances of a problem that would not converge.
const SMOOTHING: [f64; 5] = [1e4, 1e3, 1e2, 10.0, 1.0];
/// Least `γ d` of the retries when a problem did not converge: next to no variance makes it nearly a linear program, whose
/// prices jump.
const RETRIES: [f64; 4] = [1e-9, 1e-7, 1e-6, 1e-5];
/// A row may be missed by this fraction of the value.
const FEASIBLE: f64 = 1e-9;
/// A miss up to this fraction is the multipliers' last digits: `u` is a price over `γ d`, and a price near 0.1 has no
/// digits below 1e-17. It is put right in the trades themselves.
const REPAIRABLE: f64 = 1e-6;

/// Solves a problem, from the multipliers of an earlier solve where there are some.
///
/// # Errors
/// When the data are malformed or the rows can't be met.
pub fn solve(p: &Problem, warm: Option<&[f64]>) -> Result<Solution, ProblemError> {
    p.check()?;
    let mut result = solve_as_given(p, warm, REPAIRABLE);
    for least in RETRIES {
        if !matches!(result, Err(ProblemError::Unsolved { .. })) {
            break;
        }
        let floor = least / p.risk_aversion;
        let specific = p.specific.iter().map(|d| if *d > floor { *d } else { floor }).collect();
        // A little more variance changes the trades by less than it changes the objective; the certificate stays that of
        // the problem as given.
        result = solve_as_given(&Problem { specific, ..p.clone() }, warm, REPAIRABLE).map(|s| {
            let multipliers = [s.factor_prices.as_slice(), &s.row_prices].concat();
            let lower_bound = evaluate(p, &free_sides(p), multipliers).value;
            Solution { objective: p.objective(&s.trades), lower_bound, ..s }
        });
    }
    if let Err(ProblemError::Unsolved { .. }) = result {
        // A trade that meets the rows and says by its certificate how good it is beats none.
        result = solve_as_given(p, warm, f64::INFINITY);
    }
    result
}

/// One attempt; a row missed by up to `most` is put right in the trades.
fn solve_as_given(p: &Problem, warm: Option<&[f64]>, most: f64) -> Result<Solution, ProblemError> {
    let size = p.factors + p.rows.len();
    let free = free_sides(p);
    // A price that no security moves with may be left far out by the last problem; zero is never far off.
    let cold = vec![0.0; size];
    let start = match warm.filter(|w| w.len() == size) {
        Some(w) if evaluate(p, &free, w.to_vec()).value > evaluate(p, &free, cold.clone()).value => {
            w.to_vec()
        }
        _ => cold,
    };
    let choices: Vec<usize> =
        (0..p.len()).filter(|i| free[*i] == Side::Either && !p.curves[*i].is_convex()).collect();
    if choices.is_empty() {
        let (point, steps) = climb_convex(p, &free, start);
        return finish(p, &point, point.value, steps, most);
    }
    let (top, mut steps) = climb(p, &free, start, TRUE_STEPS, true);
    let mut bound = top.value;
    let mut best: Option<(Solution, Vec<Side>)> = None;
    let mut missed = None;
    let mut multipliers = top.multipliers;
    let mut tried: Vec<Vec<Side>> = Vec::new();
    for _ in 0..ROUNDS {
        let sides = fix_sides(p, &free, &choices, &multipliers);
        if tried.contains(&sides) {
            break;
        }
        let (point, more) = climb_convex(p, &sides, multipliers);
        steps += more;
        let truth = evaluate(p, &free, point.multipliers.clone());
        if truth.value > bound {
            bound = truth.value;
        }
        match finish(p, &point, bound, steps, most) {
            Ok(s) if best.as_ref().is_none_or(|b| s.objective < b.0.objective) => {
                best = Some((s, sides.clone()));
            }
            Ok(_) => {}
            Err(e) => missed = Some(e),
        }
        multipliers = point.multipliers;
        tried.push(sides);
    }
    match (best, missed) {
        (Some((s, sides)), _) => {
            let s = Solution { lower_bound: bound, steps, ..s };
            if s.objective - bound > CLOSE { Ok(flip(p, &free, &choices, s, sides)) } else { Ok(s) }
        }
        (None, Some(e)) => Err(e),
        (None, None) => Err(ProblemError::Malformed { what: "rounds", expected: "at least one" }),
    }
}

/// Solves a convex problem. Where the method stops with a row missed, it starts again with larger specific variances,
/// whose dual is smoother, and brings them down.
fn climb_convex(p: &Problem, sides: &[Side], start: Vec<f64>) -> (Point, u32) {
    let (mut point, mut steps) = climb(p, sides, start, CONVEX_STEPS, false);
    if p.residual(&point.u).0 <= FEASIBLE {
        return (point, steps);
    }
    let mut smooth = p.clone();
    let mut multipliers = vec![0.0; p.factors + p.rows.len()];
    for factor in SMOOTHING {
        for (to, d) in smooth.specific.iter_mut().zip(&p.specific) {
            *to = d * factor;
        }
        let (next, more) = climb(&smooth, sides, multipliers, CONVEX_STEPS, false);
        steps += more;
        point = next;
        multipliers = core::mem::take(&mut point.multipliers);
    }
    point.multipliers = multipliers;
    (point, steps)
}

/// Flips the sides of the least decided names, one or two at a time, and keeps what improves. Ties leave at most about K + m names
/// undecided (Shapley and Folkman), so no more are tried in a pass.
fn flip(p: &Problem, free: &[Side], choices: &[usize], best: Solution, sides: Vec<Side>) -> Solution {
    let (mut best, mut sides) = (best, sides);
    let most = p.factors + p.rows.len() + SPARE;
    for _ in 0..PASSES {
        let before = best.objective;
        let multipliers = [best.factor_prices.as_slice(), &best.row_prices].concat();
        let mut by_loss: Vec<(f64, usize)> =
            choices.iter().map(|i| (loss_of_worse_side(p, *i, &multipliers).0, *i)).collect();
        by_loss.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        by_loss.truncate(most);
        let names: Vec<usize> = by_loss.into_iter().map(|(_, i)| i).collect();
        // One name at a time, then two: under a cash row a name sold is often another one bought.
        let pairs = names.iter().take(PAIRED).enumerate();
        let pairs = pairs.flat_map(|(at, i)| names[..at].iter().map(move |j| vec![*j, *i]));
        let moves: Vec<Vec<usize>> = names.iter().map(|i| vec![*i]).chain(pairs).collect();
        for flipped in moves {
            if best.objective - best.lower_bound <= CLOSE {
                return best;
            }
            let mut other = sides.clone();
            for i in flipped {
                other[i] = if other[i] == Side::Sell { Side::Buy } else { Side::Sell };
            }
            let possible = p.rows.iter().all(|row| {
                let (low, high) = range(p, row, &other);
                low <= row.target && row.target <= high
            });
            if !possible {
                continue;
            }
            let start = [best.factor_prices.as_slice(), &best.row_prices].concat();
            let (point, more) = climb(p, &other, start, CONVEX_STEPS, false);
            best.steps += more;
            let truth = evaluate(p, free, point.multipliers.clone());
            let bound = if truth.value > best.lower_bound { truth.value } else { best.lower_bound };
            best.lower_bound = bound;
            if let Ok(s) = finish(p, &point, bound, best.steps, REPAIRABLE)
                && s.objective < best.objective
            {
                (best, sides) = (s, other);
            }
        }
        if best.objective >= before - CLOSE {
            break;
        }
    }
    best
}

/// What a name's worse side loses at the multipliers, and its better side.
fn loss_of_worse_side(p: &Problem, i: usize, multipliers: &[f64]) -> (f64, Side) {
    let k = p.factors;
    let mut price = 0.0;
    for (g, nu) in p.exposures[i * k..(i + 1) * k].iter().zip(multipliers) {
        price += g * nu;
    }
    for (row, mu) in p.rows.iter().zip(&multipliers[k..]) {
        price += row.coefficients[i] * mu;
    }
    let t = p.risk_aversion * p.specific[i];
    let value = |side| p.curves[i].minimise(t, p.active[i], price, side).value;
    let (buy, sell) = (value(Side::Buy), value(Side::Sell));
    ((buy - sell).abs(), if sell < buy { Side::Sell } else { Side::Buy })
}

/// The sides open to each name before any choice: a name that is alone in a row has its trade, and so its side, given.
fn free_sides(p: &Problem) -> Vec<Side> {
    let mut sides = vec![Side::Either; p.len()];
    for row in &p.rows {
        let mut tradable = (0..p.len()).filter(|i| {
            row.coefficients[*i] != 0.0 && (p.curves[*i].buy_limit() > 0.0 || p.curves[*i].sell_limit() > 0.0)
        });
        if let (Some(i), None) = (tradable.next(), tradable.next()) {
            sides[i] = if row.target * row.coefficients[i] < 0.0 { Side::Sell } else { Side::Buy };
        }
    }
    sides
}

/// Fixes each buy-or-harvest choice to the side that is better at the multipliers, then flips those that lose least by it
/// until each row can be met.
fn fix_sides(p: &Problem, free: &[Side], choices: &[usize], multipliers: &[f64]) -> Vec<Side> {
    let mut sides = free.to_vec();
    // (what the worse side loses, the name)
    let mut by_loss: Vec<(f64, usize)> = Vec::with_capacity(choices.len());
    for i in choices.iter().copied() {
        let (loss, side) = loss_of_worse_side(p, i, multipliers);
        sides[i] = side;
        by_loss.push((loss, i));
    }
    by_loss.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    for row in &p.rows {
        for (_, i) in &by_loss {
            let (low, high) = range(p, row, &sides);
            let c = row.coefficients[*i];
            if row.target > high {
                sides[*i] = if c > 0.0 {
                    Side::Buy
                } else if c < 0.0 {
                    Side::Sell
                } else {
                    sides[*i]
                };
            } else if row.target < low {
                sides[*i] = if c > 0.0 {
                    Side::Sell
                } else if c < 0.0 {
                    Side::Buy
                } else {
                    sides[*i]
                };
            } else {
                break;
            }
        }
    }
    sides
}

/// What a row can come to with each name on its side.
fn range(p: &Problem, row: &Row, sides: &[Side]) -> (f64, f64) {
    let (mut low, mut high) = (0.0, 0.0);
    for ((c, curve), side) in row.coefficients.iter().zip(&p.curves).zip(sides) {
        let buy = if *side == Side::Sell { 0.0 } else { c * curve.buy_limit() };
        let sell = if *side == Side::Buy { 0.0 } else { -c * curve.sell_limit() };
        low += if buy < sell { buy } else { sell };
        high += if buy > sell { buy } else { sell };
    }
    (low, high)
}

/// Makes the rows hold to the last digit: what a row is missed by, up to `most`, goes to the names in it that mind least,
/// one after the other. The objective is that of the trades as they end up, so the certificate shows what it costs.
fn repair(p: &Problem, point: &Point, most: f64) -> Vec<f64> {
    let k = p.factors;
    let mut trades = point.u.clone();
    for row in &p.rows {
        let alone = |i: usize| p.rows.iter().filter(|r| r.coefficients[i] != 0.0).count() == 1;
        let mut open: Vec<usize> =
            (0..p.len()).filter(|i| row.coefficients[*i] != 0.0 && alone(*i)).collect();
        loop {
            let mut missed = -row.target;
            for (c, u) in row.coefficients.iter().zip(&trades) {
                missed += c * u;
            }
            if missed == 0.0 || missed.abs() > most {
                break;
            }
            let mut exposure = vec![0.0; k];
            for i in 0..p.len() {
                for (y, g) in exposure.iter_mut().zip(&p.exposures[i * k..(i + 1) * k]) {
                    *y += g * (p.active[i] + trades[i]);
                }
            }
            // The step open to each name, within its bounds and on its side of zero, and its price for each dollar.
            let step = |i: usize| {
                let (u, wanted) = (trades[i], -missed / row.coefficients[i]);
                let low = if u > 0.0 { 0.0 } else { -p.curves[i].sell_limit() };
                let high = if u < 0.0 { 0.0 } else { p.curves[i].buy_limit() };
                let to = if u + wanted < low {
                    low
                } else if u + wanted > high {
                    high
                } else {
                    u + wanted
                };
                to - u
            };
            let price = |i: usize| {
                let (u, m) = (trades[i], step(i));
                let (mut slope, mut bend) = (p.specific[i] * (p.active[i] + u), p.specific[i]);
                for (y, g) in exposure.iter().zip(&p.exposures[i * k..(i + 1) * k]) {
                    slope += g * y;
                    bend += g * g;
                }
                let cost = p.curves[i].cost(u + m) - p.curves[i].cost(u);
                (p.risk_aversion * (slope * m + 0.5 * bend * m * m) + cost) / m.abs()
            };
            let able = open.iter().copied().filter(|i| step(*i) != 0.0);
            let Some(i) = able.min_by(|a, b| price(*a).total_cmp(&price(*b))) else { break };
            trades[i] += step(i);
            open.retain(|j| *j != i);
        }
    }
    trades
}

fn finish(
    p: &Problem,
    point: &Point,
    lower_bound: f64,
    steps: u32,
    most: f64,
) -> Result<Solution, ProblemError> {
    let trades = repair(p, point, most);
    let (residual, row) = p.residual(&trades);
    if residual > FEASIBLE {
        let row = row.map_or_else(String::new, |r| r.name.clone());
        return Err(ProblemError::Unsolved { row, residual, steps });
    }
    let (nu, mu) = point.multipliers.split_at(p.factors);
    Ok(Solution {
        objective: p.objective(&trades),
        lower_bound,
        factor_prices: nu.to_vec(),
        row_prices: mu.to_vec(),
        steps,
        trades,
    })
}
