//! Whether all rows can be met together with each name on its side, and which names to flip where they can't.
//!
//! Rows that can each be met may still conflict. Example: an asset class must shrink, but the account's other
//! class can't grow because its only fund was fixed to the selling side. Names with the same coefficients in
//! every row are interchangeable here, so this is a linear program with few variables. It is solved only
//! where a row was missed.

use super::bound::{Allowed, BUY, SELL};
use super::curve::Direction;
use super::lp::{LinearProgram, LpSolver};
use super::prepared::Prepared;
use super::small_lp::SmallSimplex;
use super::{Problem, Row};
use unisleeve_numeric::sort_pairs;

/// Amounts below this fraction of the value are rounding errors.
const NOTHING: f64 = 1e-9;
/// Largest number of programs: flipping a name also removes what it could do on its old side.
const ROUNDS: usize = 4;

/// Names with the same coefficients, and how much they can trade on their sides and on the other side.
#[derive(Debug, Clone, Default)]
struct Group {
    members: Vec<usize>,
    buys: f64,
    sells: f64,
    more_buys: f64,
    more_sells: f64,
}

/// Flips choices, those closest to a tie first, until the rows can be met together. `undecided[j]` is the
/// distance of `choices[j]` from a tie. Returns false where no sides can meet the rows.
pub(super) fn settle(
    p: &Problem,
    prepared: &Prepared,
    choices: &[usize],
    undecided: &[f64],
    sides: &mut [Direction],
) -> bool {
    let mut groups = groups(p);
    for _ in 0..ROUNDS {
        for g in &mut groups {
            g.count(p, choices, sides);
        }
        let Some(wanted) = wanted(p, &groups) else { return false };
        let mut turned = false;
        for (g, (buys, sells)) in groups.iter().zip(wanted) {
            for (amount, side) in [(buys, Direction::Buy), (sells, Direction::Sell)] {
                let mut left = amount;
                let mut names: Vec<(f64, usize)> = choices
                    .iter()
                    .zip(undecided)
                    .filter(|(i, _)| g.members.binary_search(i).is_ok() && sides[**i] != side)
                    .map(|(i, far)| (*far, *i))
                    .collect();
                sort_pairs(&mut names);
                for (_, i) in names {
                    if left <= NOTHING {
                        break;
                    }
                    let limit = if side == Direction::Buy {
                        p.curves[i].buy_limit()
                    } else {
                        p.curves[i].sell_limit()
                    };
                    if limit > 0.0 {
                        prepared.turn(i, side, sides);
                        left -= limit;
                        turned = true;
                    }
                }
            }
        }
        if !turned {
            return true;
        }
    }
    true
}

/// Whether all rows that must be met can be met together by what each trade is allowed.
pub(super) fn is_possible(p: &Problem, allowed: &[Allowed]) -> bool {
    let mut groups = groups(p);
    for g in &mut groups {
        for i in &g.members {
            g.buys += if allowed[*i] & BUY != 0 { p.curves[*i].buy_limit() } else { 0.0 };
            g.sells += if allowed[*i] & SELL != 0 { p.curves[*i].sell_limit() } else { 0.0 };
        }
    }
    wanted(p, &groups).is_some()
}

/// Groups names by their coefficients; members ascend.
fn groups(p: &Problem) -> Vec<Group> {
    let bits = |x: f64| if x == 0.0 { 0 } else { x.to_bits() };
    let of = |r: &Row, i: usize| (bits(r.coefficients[i]), r.gross.get(i).map_or(0, |g| bits(*g)));
    let hard = || p.rows.iter().filter(|r| r.is_hard());
    let same = |i: usize, j: usize| hard().all(|r| of(r, i) == of(r, j));
    let mut groups: Vec<Group> = Vec::new();
    for i in (0..p.len()).filter(|i| hard().any(|r| r.of(*i) != (0.0, 0.0))) {
        match groups.iter_mut().find(|g| same(g.members[0], i)) {
            Some(g) => g.members.push(i),
            None => groups.push(Group { members: vec![i], ..Group::default() }),
        }
    }
    groups
}

impl Group {
    fn count(&mut self, p: &Problem, choices: &[usize], sides: &[Direction]) {
        (self.buys, self.sells, self.more_buys, self.more_sells) = (0.0, 0.0, 0.0, 0.0);
        for i in &self.members {
            let (buy, sell) = (p.curves[*i].buy_limit(), p.curves[*i].sell_limit());
            let is_choice = choices.binary_search(i).is_ok();
            match sides[*i] {
                Direction::Either => {
                    self.buys += buy;
                    self.sells += sell;
                }
                Direction::Buy => {
                    self.buys += buy;
                    self.more_sells += if is_choice { sell } else { 0.0 };
                }
                Direction::Sell => {
                    self.sells += sell;
                    self.more_buys += if is_choice { buy } else { 0.0 };
                }
                Direction::Still => {}
            }
        }
    }
}

/// The smallest amounts that each group must buy and sell beyond its sides. `None` where the rows can't be
/// met at all.
fn wanted(p: &Problem, groups: &[Group]) -> Option<Vec<(f64, f64)>> {
    let mut lp = LinearProgram::default();
    let variables: Vec<[usize; 4]> = groups
        .iter()
        .map(|g| {
            let limits = [(0.0, g.buys), (0.0, g.sells), (1.0, g.more_buys), (1.0, g.more_sells)];
            limits.map(|(cost, limit)| lp.variable(cost, limit))
        })
        .collect();
    for row in p.rows.iter().filter(|r| r.is_hard()) {
        let mut terms = Vec::new();
        for (g, [buy, sell, more_buy, more_sell]) in groups.iter().zip(&variables) {
            let (bought, sold) = row.of(g.members[0]);
            if (bought, sold) != (0.0, 0.0) {
                terms.extend([(*buy, bought), (*sell, -sold), (*more_buy, bought), (*more_sell, -sold)]);
            }
        }
        let (slack, sign, bound) = if row.low.is_finite() {
            (row.high - row.low, -1.0, row.low)
        } else {
            (f64::INFINITY, 1.0, row.high)
        };
        terms.push((lp.variable(0.0, slack), sign));
        lp.equalities.push((terms, bound));
    }
    let x = SmallSimplex.minimise(&lp).ok()?;
    Some(variables.iter().map(|[_, _, buy, sell]| (x[*buy], x[*sell])).collect())
}

#[cfg(test)]
mod tests {
    use super::super::{Curve, Segment};
    use super::*;

    /// Two accounts' cash rows and a band. A class that can't shrink in one account has to grow in the other.
    #[test]
    fn a_name_is_turned_around_where_rows_conflict() {
        let curve = |held: f64, cost: f64| Curve::new(&[Segment::new(held, cost)], 0.001, 1.0);
        let p = Problem {
            curves: vec![curve(0.5, 0.01), curve(0.4, -0.02)],
            active: vec![0.0; 2],
            specific: vec![0.04; 2],
            risk_aversion: 1.0,
            rows: vec![
                Row::equal("cash", vec![1.0, 1.0], 0.005),
                Row::within("stocks", vec![1.0, 0.0], -0.05, -0.01),
            ],
            ..Problem::default()
        };
        let mut prepared = Prepared::default();
        prepared.fill(&p, &p.curves);
        let mut sides = vec![Direction::Either, Direction::Sell];
        assert!(settle(&p, &prepared, &[1], &[0.5], &mut sides));
        assert_eq!(sides, [Direction::Either, Direction::Buy]);
        let fine = sides.clone();
        assert!(settle(&p, &prepared, &[1], &[0.5], &mut sides) && sides == fine);
        let mut stuck = p.clone();
        stuck.rows[1] = Row::within("stocks", vec![1.0, 0.0], -3.0, -2.0);
        assert!(!settle(&stuck, &prepared, &[1], &[0.5], &mut sides));
    }
}
