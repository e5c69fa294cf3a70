//! Whether the constraints can hold together, by linear programs: the least weight by which rows would have to give, and the
//! least net gain there is.
//!
//! With its side open a name may be bought and sold at once, which only makes more possible: what is found impossible is so. That
//! rows must give is believed once the dual program says so too. Where a program buys and sells at once, both sides are
//! tried: a tree, the lowest value first.

use super::super::lp::{LinearProgram, LpSolver, Simplex};
use super::super::small_lp::SmallSimplex;
use super::fault::{PortfolioError, Relaxation};
use super::model::{Band, Counts, Model};
use super::program::Direction;

/// A row that must give by less than this weight holds.
const HOLDS: f64 = 1e-8;
/// A trade on both sides below this weight is none.
const BOTH: f64 = 1e-9;
/// A slope that is the last digits of a sum of prices.
const ROUNDING: f64 = 1e-13;
/// Rows up to which the constraints that stand against a row are looked for: each takes a program of its own.
const MOST_ROWS: usize = 64;

/// Variables of one trade: what is bought, and what is sold of each lot, or of all where they need not be told apart.
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

/// Adds the rows; elastic ones get two variables, by how much they give below and above.
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
        // Within the range: a variable takes up what is above the lower bound, or below the upper one.
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

/// What a program came to.
struct Answer {
    /// By how much each row must give: negative below its lower bound.
    give: Vec<f64>,
    /// What the program minimises.
    value: f64,
    /// The security that is bought and sold at once, most of all.
    both: Option<usize>,
    /// Net trades.
    trades: Vec<f64>,
}

/// The security that a program's minimiser buys and sells at once, most of all.
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

/// Net trades at a corner of what is possible: those of the least net gain, where there is a budget. None where the programs
/// can't tell.
pub(super) fn corner(model: &Model, fixed: &[Option<Direction>]) -> Option<Vec<f64>> {
    let answer = if model.budget.is_some() { gain_with(model, fixed) } else { give(model, None, fixed) };
    answer.map(|a| a.trades)
}

/// By how much rows must give in all. None where the program can't be solved, or its dual does not prove that they must.
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

/// What the prices of a program's rows prove its least value to be: right for any prices.
fn least_proved(program: &LinearProgram) -> Option<f64> {
    let prices = Simplex.prices(program).or_else(|_| SmallSimplex.prices(program)).ok()?;
    let rows = program.equalities.len();
    // A variable without a limit that stands in one row alone bounds that row's price: there the last digits would count.
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

/// What a row's giving counts: an overdraft is no way out, so all else gives before cash does.
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

/// Checks that the rows can hold together.
///
/// # Errors
/// The least relaxation, with the constraints that stand against each row.
pub(super) fn check_rows(model: &Model, most: usize) -> Result<(), PortfolioError> {
    let Some(needed) = give(model, None, &[]) else { return Ok(()) };
    if needed.give.iter().all(|x| x.abs() <= HOLDS) {
        return Ok(());
    }
    // That rows must give is certain; by how much, a name on one side only tells better.
    let needed = least(model, most, give_with).unwrap_or(needed);
    Err(relaxations(model, &needed.give))
}

fn give_with(model: &Model, fixed: &[Option<Direction>]) -> Option<Answer> {
    give(model, None, fixed)
}

fn relaxations(model: &Model, needed: &[f64]) -> PortfolioError {
    // A row stands in the conflict when without it less has to give.
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

/// The program of the least net gain that the rows allow, a fraction of the value. None where it can't be solved.
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

/// Least net gain that the rows allow, a fraction of the value, where a name may be bought and sold at once. None where the
/// program can't be solved.
pub(super) fn least_gain(model: &Model, fixed: &[Option<Direction>]) -> Option<f64> {
    gain_with(model, fixed).map(|a| a.value)
}

/// Whether rows and budget can hold with the side of some securities given. True where the programs can't tell.
pub(super) fn is_possible(model: &Model, fixed: &[Option<Direction>]) -> bool {
    let rows_hold =
        give(model, None, fixed).is_none_or(|needed| needed.give.iter().all(|x| x.abs() <= HOLDS));
    let within = |budget: f64| least_gain(model, fixed).is_none_or(|least| least <= budget + HOLDS);
    rows_hold && model.budget.is_none_or(within)
}

/// The least value of a program in which no security is bought and sold at once: the lowest node first. None where `most`
/// nodes were not enough, or no program could be solved.
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

/// Why rows and budget can't be met with any sides, from trees of at most so many nodes; None where that is not shown.
pub(super) fn why_impossible(model: &Model, most: usize) -> Option<PortfolioError> {
    let needed = least(model, most, give_with)?;
    if needed.give.iter().any(|x| x.abs() > HOLDS) {
        return Some(relaxations(model, &needed.give));
    }
    let (budget, least) = (model.budget?, least(model, most, gain_with)?.value);
    let error = PortfolioError::Gains { budget: budget * model.value, least: least * model.value };
    (least > budget).then_some(error)
}

/// The sides of trades that meet the rows. None where the program can't be solved.
pub(super) fn possible_sides(model: &Model) -> Option<Vec<Direction>> {
    let trades = give(model, None, &[])?.trades;
    let side = |members: &Vec<usize>| {
        let mut net = 0.0;
        for v in members {
            net += trades[*v];
        }
        if net < 0.0 { Direction::Sell } else { Direction::Buy }
    };
    Some(model.of_security.iter().map(side).collect())
}
