//! The side of zero on which each name may trade, and whether the rows can be met there.

use super::curve::Direction;
use super::prepared::Prepared;
use super::{Problem, Row};
use unisleeve_numeric::sort_pairs;

/// The sides open to each trade before any choice, and the choices: the trades, one for each security, whose
/// side has to be chosen.
///
/// - A name that is alone in a row has its trade, and so its side, determined by the row.
/// - A security with several trades is a choice where some of them can be bought and some sold.
pub(super) fn free_sides(
    p: &Problem,
    prepared: &Prepared,
    sides: &mut Vec<Direction>,
    choices: &mut Vec<usize>,
) {
    sides.clear();
    sides.resize(p.len(), Direction::Either);
    for row in p.rows.iter().filter(|r| r.is_hard()) {
        let mut tradable = (0..p.len()).filter(|i| {
            row.of(*i) != (0.0, 0.0) && (p.curves[*i].buy_limit() > 0.0 || p.curves[*i].sell_limit() > 0.0)
        });
        if let (Some(i), None) = (tradable.next(), tradable.next())
            && !prepared.is_shared(i)
            && row.coefficients[i] != 0.0
        {
            // Toward a range without zero; a range that contains zero leaves the side open.
            let toward = row.coefficients[i] * -row.miss(0.0);
            if toward < 0.0 {
                sides[i] = Direction::Sell;
            } else if toward > 0.0 || row.low >= row.high {
                sides[i] = Direction::Buy;
            }
        }
    }
    choices.clear();
    let open =
        |i: &usize| sides[*i] == Direction::Either && !prepared.is_shared(*i) && !p.curves[*i].is_convex();
    choices.extend((0..p.len()).filter(open));
    let alone = choices.len();
    for security in prepared.securities() {
        let buys = security.iter().any(|i| p.curves[*i as usize].buy_limit() > 0.0);
        let sells = security.iter().any(|i| p.curves[*i as usize].sell_limit() > 0.0);
        let first = security[0] as usize;
        if buys && sells {
            choices.push(first);
        } else {
            prepared.turn(first, if buys { Direction::Buy } else { Direction::Sell }, sides);
        }
    }
    if choices.len() > alone {
        choices.sort_unstable();
    }
}

/// Fixes each choice to its chosen side. Then flips the least decided ones until each row can be met. `sells`
/// are the fractions that sell and `chosen` the same, rounded; `order` is a buffer for the choices, sorted by
/// distance from a tie.
pub(super) fn fix_sides(
    p: &Problem,
    prepared: &Prepared,
    free: &[Direction],
    choices: &[usize],
    (sells, chosen): (&[f64], &[f64]),
    order: &mut Vec<(f64, usize)>,
    sides: &mut Vec<Direction>,
) {
    sides.clear();
    sides.extend_from_slice(free);
    for i in choices.iter().copied() {
        prepared.turn(i, if chosen[i] > 0.5 { Direction::Sell } else { Direction::Buy }, sides);
    }
    order.clear();
    for row in p.rows.iter().filter(|r| r.is_hard()) {
        let (low, high) = range(p, row, sides);
        if possible((low, high), row) {
            continue;
        }
        if order.is_empty() {
            order.extend(choices.iter().map(|i| ((sells[*i] - 0.5).abs(), *i)));
            sort_pairs(order);
        }
        // Upward where the row's lower bound is above its reachable range, else downward.
        let up = row.low > high;
        for (_, i) in order.iter() {
            let c = row.coefficients[*i];
            if c != 0.0 {
                prepared.turn(*i, if (c > 0.0) == up { Direction::Buy } else { Direction::Sell }, sides);
                if possible(range(p, row, sides), row) {
                    break;
                }
            }
        }
    }
}

/// Whether a row's reachable range meets its bounds.
fn possible((low, high): (f64, f64), row: &Row) -> bool {
    low <= row.high && row.low <= high
}

/// Range of a row's values with each name on its side.
fn range(p: &Problem, row: &Row, sides: &[Direction]) -> (f64, f64) {
    p.reach_with(row, |i| sides[i])
}
