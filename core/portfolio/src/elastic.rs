//! Feasibility of the constraints, by linear programs: the smallest relaxation of the rows, and the smallest
//! possible net gain.
//!
//! Where its side is open, a security may be bought and sold at once. This only enlarges the feasible set, so
//! a finding of infeasibility is valid. A required relaxation is reported only if the dual program confirms
//! it. Where a program buys and sells a security at once, both sides are tried in a tree, the lowest value
//! first.

use super::fault::{PortfolioError, Relaxation};
use super::model::{Band, Counts, Model};
use super::terms::Direction;
use unisleeve_solver::lp::{LinearProgram, LpSolver, Simplex};
use unisleeve_solver::small_lp::SmallSimplex;

/// A row relaxed by less than this weight counts as met.
const HOLDS: f64 = 1e-8;
/// Trades on both sides below this weight count as none.
const BOTH: f64 = 1e-9;
/// Reduced costs below this are rounding errors of a sum.
const ROUNDING: f64 = 1e-13;
/// Up to this many rows, the constraints in conflict with a row are searched for. Each takes a linear
/// program.
const MOST_ROWS: usize = 64;

/// Variables of one trade: the purchase, and the sale of each lot (one sale for all lots where gains do not
/// matter).
struct Trade {
    buy: usize,
    sell: Vec<usize>,
}

fn trades(
    model: &Model,
    program: &mut LinearProgram,
    gain_counts: bool,
    fixed: &[Option<Direction>],
) -> Vec<Trade> {
    let variables = model.variables.iter();
    variables
        .map(|v| {
            let side = fixed.get(v.security).copied().flatten();
            let buy = program.variable(0.0, if side == Some(Direction::Sell) { 0.0 } else { v.buy_limit });
            let open = |width: f64| if side == Some(Direction::Buy) { 0.0 } else { width };
            let sell = if gain_counts {
                v.stretches.iter().map(|s| program.variable(s.gain, open(s.width))).collect()
            } else {
                vec![program.variable(0.0, open(v.stretches.iter().fold(0.0, |sum, s| sum + s.width)))]
            };
            Trade { buy, sell }
        })
        .collect()
}

/// Adds the rows. An elastic row gets two slack variables: how far it is missed below and above.
fn rows(
    model: &Model,
    program: &mut LinearProgram,
    trades: &[Trade],
    left_out: Option<usize>,
    is_elastic: bool,
) -> Vec<Option<(usize, usize)>> {
    let mut slacks = Vec::new();
    for (r, band) in model.bands.iter().enumerate() {
        if left_out == Some(r) || (band.low == f64::NEG_INFINITY && band.high == f64::INFINITY) {
            slacks.push(None);
            continue;
        }
        let mut terms = Vec::new();
        for v in &band.members {
            let (net, gross) = band.counts.of(model.variables[*v].half);
            terms.push((trades[*v].buy, net + gross));
            terms.extend(trades[*v].sell.iter().map(|s| (*s, gross - net)));
        }
        // A slack variable covers the range between the bounds.
        let target = if band.low.is_finite() {
            terms.push((program.variable(0.0, band.high - band.low), -1.0));
            band.low
        } else {
            terms.push((program.variable(0.0, f64::INFINITY), 1.0));
            band.high
        };
        slacks.push(is_elastic.then(|| {
            let dear = weight(band);
            let (below, above) =
                (program.variable(dear, f64::INFINITY), program.variable(dear, f64::INFINITY));
            terms.extend([(below, 1.0), (above, -1.0)]);
            (below, above)
        }));
        program.equalities.push((terms, target));
    }
    slacks
}

/// The result of a program.
struct Answer {
    /// Relaxation of each row; negative below its lower bound.
    give: Vec<f64>,
    /// Value of the program's objective.
    value: f64,
    /// The security with the largest amount bought and sold at once.
    both: Option<usize>,
    /// Net trades.
    trades: Vec<f64>,
}

/// The security of which a minimizer buys and sells the largest amount at once.
fn both(model: &Model, trades: &[Trade], found: &[f64]) -> Option<usize> {
    let mut widest: Option<(f64, usize)> = None;
    for (s, members) in model.of_security.iter().enumerate() {
        let (mut bought, mut sold) = (0.0, 0.0);
        for v in members {
            bought += found[trades[*v].buy];
            for x in &trades[*v].sell {
                sold += found[*x];
            }
        }
        let by = if bought < sold { bought } else { sold };
        if by > BOTH && widest.is_none_or(|w| by > w.0) {
            widest = Some((by, s));
        }
    }
    widest.map(|w| w.1)
}

/// Net trade of each variable.
fn net(trades: &[Trade], found: &[f64]) -> Vec<f64> {
    let of = |t: &Trade| t.sell.iter().fold(found[t.buy], |sum, s| sum - found[*s]);
    trades.iter().map(of).collect()
}

/// Net trades at a vertex of the feasible set: the smallest net gain where there is a budget. `None` where
/// the programs fail.
pub(super) fn corner(model: &Model, fixed: &[Option<Direction>]) -> Option<Vec<f64>> {
    let answer = if model.budget.is_some() { gain_with(model, fixed) } else { give(model, None, fixed) };
    answer.map(|a| a.trades)
}

/// The smallest relaxation of the rows. `None` where the program can't be solved, or where its dual does not
/// prove that a relaxation is needed.
fn give(model: &Model, left_out: Option<usize>, fixed: &[Option<Direction>]) -> Option<Answer> {
    let mut program = LinearProgram::default();
    let variables = trades(model, &mut program, false, fixed);
    let slacks = rows(model, &mut program, &variables, left_out, true);
    let found = Simplex.minimise(&program).ok()?;
    let give: Vec<f64> =
        slacks.iter().map(|s| s.map_or(0.0, |(below, above)| found[above] - found[below])).collect();
    if give.iter().any(|x| x.abs() > HOLDS) && least_proved(&program)? <= HOLDS {
        return None;
    }
    Some(Answer {
        value: total(model, &give),
        give,
        both: both(model, &variables, &found),
        trades: net(&variables, &found),
    })
}

/// The lower bound of a program's value that the prices of its rows prove. Valid for any prices.
fn least_proved(program: &LinearProgram) -> Option<f64> {
    let prices = Simplex.prices(program).or_else(|_| SmallSimplex.prices(program)).ok()?;
    let rows = program.equalities.len();
    // A variable without a limit that appears in one row bounds that row's price. Prices are clipped to these
    // bounds, so that rounding errors do not matter.
    let mut places: Vec<Vec<(usize, f64)>> = vec![Vec::new(); program.variables.len()];
    for (r, (terms, _)) in program.equalities.iter().enumerate() {
        for (v, c) in terms.iter().filter(|t| program.variables[t.0].1 == f64::INFINITY) {
            places[*v].push((r, *c));
        }
    }
    let (mut least, mut most) = (vec![f64::NEG_INFINITY; rows], vec![f64::INFINITY; rows]);
    for (place, (cost, _)) in places.iter().zip(&program.variables) {
        let [(r, c)] = place[..] else { continue };
        let bound = cost / c;
        if c > 0.0 && bound < most[r] {
            most[r] = bound;
        } else if c < 0.0 && bound > least[r] {
            least[r] = bound;
        }
    }
    let mut reduced: Vec<f64> = program.variables.iter().map(|(cost, _)| *cost).collect();
    let mut sum = 0.0;
    for (r, (terms, target)) in program.equalities.iter().enumerate() {
        let price = if prices[r] > most[r] {
            most[r]
        } else if prices[r] < least[r] {
            least[r]
        } else {
            prices[r]
        };
        sum += target * price;
        for (v, c) in terms {
            reduced[*v] -= c * price;
        }
    }
    for (r, (_, limit)) in reduced.iter().zip(&program.variables).filter(|(r, _)| **r < 0.0) {
        if limit.is_finite() {
            sum += r * limit;
        } else if *r < -ROUNDING {
            return None;
        }
    }
    Some(sum)
}

/// Weight of a row's relaxation. An overdraft is not a solution, so every other row is relaxed before cash.
fn weight(band: &Band) -> f64 {
    if band.counts == Counts::Cash { 100.0 } else { 1.0 }
}

fn total(model: &Model, give: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (band, x) in model.bands.iter().zip(give) {
        sum += weight(band) * x.abs();
    }
    sum
}

/// Checks whether the rows can hold together.
///
/// # Errors
/// The smallest relaxation, with the constraints in conflict with each row.
pub(super) fn check_rows(model: &Model, most: usize) -> Result<(), PortfolioError> {
    let Some(needed) = give(model, None, &[]) else { return Ok(()) };
    if needed.give.iter().all(|x| x.abs() <= HOLDS) {
        return Ok(());
    }
    // It is certain that rows must be relaxed. With each security on one side, the amount is more accurate.
    let needed = least(model, most, give_with).unwrap_or(needed);
    Err(relaxations(model, &needed.give))
}

fn give_with(model: &Model, fixed: &[Option<Direction>]) -> Option<Answer> {
    give(model, None, fixed)
}

fn relaxations(model: &Model, needed: &[f64]) -> PortfolioError {
    // A row is part of the conflict if leaving it out reduces the relaxation.
    let conflicting: Vec<usize> = if model.bands.len() <= MOST_ROWS {
        (0..model.bands.len())
            .filter(|r| {
                needed[*r].abs() > HOLDS
                    || give(model, Some(*r), &[]).is_some_and(|g| g.value + HOLDS < total(model, needed))
            })
            .collect()
    } else {
        (0..model.bands.len()).filter(|r| needed[*r].abs() > HOLDS).collect()
    };
    let relaxations =
        model.bands.iter().enumerate().filter(|(r, _)| needed[*r].abs() > HOLDS).map(|(r, band)| {
            let bound = if needed[r] > 0.0 { band.high } else { band.low };
            Relaxation {
                row: band.name.clone(),
                asked: band.before + band.sign * bound,
                possible: band.before + band.sign * (bound + needed[r]),
                against: conflicting
                    .iter()
                    .filter(|o| **o != r)
                    .map(|o| model.bands[*o].name.clone())
                    .collect(),
            }
        });
    PortfolioError::Infeasible(relaxations.collect())
}

/// The program of the smallest net gain that the rows allow, as a fraction of the portfolio value. `None`
/// where it can't be solved.
fn gain_with(model: &Model, fixed: &[Option<Direction>]) -> Option<Answer> {
    let mut program = LinearProgram::default();
    let variables = trades(model, &mut program, true, fixed);
    rows(model, &mut program, &variables, None, false);
    let found = Simplex.minimise(&program).ok()?;
    let mut value = 0.0;
    for (x, (cost, _)) in found.iter().zip(&program.variables) {
        value += x * cost;
    }
    let (both, trades) = (both(model, &variables, &found), net(&variables, &found));
    Some(Answer { give: Vec::new(), value, both, trades })
}

/// The smallest net gain that the rows allow if a security may be bought and sold at once, as a fraction of
/// the portfolio value. `None` where the program can't be solved.
pub(super) fn least_gain(model: &Model, fixed: &[Option<Direction>]) -> Option<f64> {
    gain_with(model, fixed).map(|a| a.value)
}

/// Whether rows and budget can hold with the side of some securities fixed. True where the programs fail.
pub(super) fn is_possible(model: &Model, fixed: &[Option<Direction>]) -> bool {
    let rows_hold =
        give(model, None, fixed).is_none_or(|needed| needed.give.iter().all(|x| x.abs() <= HOLDS));
    let within = |budget: f64| least_gain(model, fixed).is_none_or(|least| least <= budget + HOLDS);
    rows_hold && model.budget.is_none_or(within)
}

/// The smallest value of a program in which no security is bought and sold at once. Best-first search. `None`
/// where `most` nodes were not enough, or a program at the root could not be solved.
fn least(
    model: &Model,
    most: usize,
    solve: fn(&Model, &[Option<Direction>]) -> Option<Answer>,
) -> Option<Answer> {
    let open = vec![None; model.of_security.len()];
    let mut nodes: Vec<(Answer, Vec<Option<Direction>>)> = vec![(solve(model, &open)?, open)];
    for _ in 0..most {
        let lowest = (0..nodes.len()).min_by(|a, b| nodes[*a].0.value.total_cmp(&nodes[*b].0.value))?;
        let (answer, fixed) = nodes.swap_remove(lowest);
        let Some(split) = answer.both.filter(|s| fixed[*s].is_none()) else { return Some(answer) };
        for side in [Direction::Buy, Direction::Sell] {
            let mut fixed = fixed.clone();
            fixed[split] = Some(side);
            if let Some(answer) = solve(model, &fixed) {
                nodes.push((answer, fixed));
            }
        }
    }
    None
}

/// Why rows and budget can't be met with any sides, from trees of at most `most` nodes. `None` where this is
/// not proved.
pub(super) fn why_impossible(model: &Model, most: usize) -> Option<PortfolioError> {
    let needed = least(model, most, give_with)?;
    if needed.give.iter().any(|x| x.abs() > HOLDS) {
        return Some(relaxations(model, &needed.give));
    }
    let (budget, least) = (model.budget?, least(model, most, gain_with)?.value);
    let error = PortfolioError::Gains { budget: budget * model.value, least: least * model.value };
    (least > budget).then_some(error)
}
