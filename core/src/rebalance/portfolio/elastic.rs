//! Whether the constraints can hold together, by linear programs: the least weight by which rows would have to give, and the
//! least net gain there is.
//!
//! A name may be bought and sold at once here, which only makes more possible: what is found impossible is so.

use super::super::lp::{LinearProgram, LpSolver, Simplex};
use super::fault::{PortfolioError, Relaxation};
use super::model::{Band, Counts, Model};
use super::program::Side;

/// A row that must give by less than this weight holds.
const HOLDS: f64 = 1e-8;
/// Rows up to which the constraints that stand against a row are looked for: each takes a program of its own.
const MOST_ROWS: usize = 64;

/// Variables of each trade: what is bought, then what is sold of each lot.
fn trades(
    model: &Model,
    program: &mut LinearProgram,
    gain_counts: bool,
    fixed: &[Option<Side>],
) -> Vec<(usize, Vec<usize>)> {
    let variables = model.variables.iter();
    variables
        .map(|v| {
            let side = fixed.get(v.security).copied().flatten();
            let buy = program.variable(0.0, if side == Some(Side::Sell) { 0.0 } else { v.buy_limit });
            let sell = v
                .stretches
                .iter()
                .map(|s| {
                    let width = if side == Some(Side::Buy) { 0.0 } else { s.width };
                    program.variable(if gain_counts { s.gain } else { 0.0 }, width)
                })
                .collect();
            (buy, sell)
        })
        .collect()
}

/// Adds the rows; elastic ones get two variables, by how much they give below and above.
fn rows(
    model: &Model,
    program: &mut LinearProgram,
    trades: &[(usize, Vec<usize>)],
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
            let (buy, sell) = &trades[*v];
            terms.push((*buy, net + gross));
            terms.extend(sell.iter().map(|s| (*s, gross - net)));
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

/// By how much each row must give: negative below its lower bound. None where the program can't be solved.
fn give(model: &Model, left_out: Option<usize>, fixed: &[Option<Side>]) -> Option<Vec<f64>> {
    let mut program = LinearProgram::default();
    let variables = trades(model, &mut program, false, fixed);
    let slacks = rows(model, &mut program, &variables, left_out, true);
    let found = Simplex.minimise(&program).ok()?;
    Some(slacks.iter().map(|s| s.map_or(0.0, |(below, above)| found[above] - found[below])).collect())
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
pub(super) fn check_rows(model: &Model) -> Result<(), PortfolioError> {
    let Some(needed) = give(model, None, &[]) else { return Ok(()) };
    if needed.iter().all(|x| x.abs() <= HOLDS) {
        return Ok(());
    }
    // A row stands in the conflict when without it less has to give.
    let conflicting: Vec<usize> = if model.bands.len() <= MOST_ROWS {
        (0..model.bands.len())
            .filter(|r| {
                needed[*r].abs() > HOLDS
                    || give(model, Some(*r), &[])
                        .is_some_and(|g| total(model, &g) + HOLDS < total(model, &needed))
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
    Err(PortfolioError::Infeasible(relaxations.collect()))
}

/// Least net gain that the rows allow, a fraction of the value. None where the program can't be solved.
pub(super) fn least_gain(model: &Model, fixed: &[Option<Side>]) -> Option<f64> {
    let mut program = LinearProgram::default();
    let variables = trades(model, &mut program, true, fixed);
    rows(model, &mut program, &variables, None, false);
    let found = Simplex.minimise(&program).ok()?;
    let mut sum = 0.0;
    for (x, (cost, _)) in found.iter().zip(&program.variables) {
        sum += x * cost;
    }
    Some(sum)
}

/// Whether rows and budget can hold with the side of some securities given. True where the programs can't tell.
pub(super) fn is_possible(model: &Model, fixed: &[Option<Side>]) -> bool {
    let rows_hold = give(model, None, fixed).is_none_or(|needed| needed.iter().all(|x| x.abs() <= HOLDS));
    let within = |budget: f64| least_gain(model, fixed).is_none_or(|least| least <= budget + HOLDS);
    rows_hold && model.budget.is_none_or(within)
}

/// The sides of trades that meet the rows. None where the program can't be solved.
pub(super) fn possible_sides(model: &Model) -> Option<Vec<Side>> {
    let mut program = LinearProgram::default();
    let variables = trades(model, &mut program, false, &[]);
    rows(model, &mut program, &variables, None, true);
    let found = Simplex.minimise(&program).ok()?;
    let side = |members: &Vec<usize>| {
        let mut net = 0.0;
        for v in members {
            net += found[variables[*v].0];
            for s in &variables[*v].1 {
                net -= found[*s];
            }
        }
        if net < 0.0 { Side::Sell } else { Side::Buy }
    };
    Some(model.of_security.iter().map(side).collect())
}
