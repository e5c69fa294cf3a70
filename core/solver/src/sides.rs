//! The side of zero on which each name may trade, and whether the rows can be met there.

use super::curve::Direction;
use super::{Problem, Row};
use unisleeve_numeric::sort_pairs;

/// The sides open to each name before any choice. A name that is alone in a row has its trade, and so its
/// side, determined by the row.
pub(super) fn free_sides(p: &Problem, sides: &mut Vec<Direction>) {
    sides.clear();
    sides.resize(p.len(), Direction::Either);
    for row in &p.rows {
        let mut tradable = (0..p.len()).filter(|i| {
            row.coefficients[*i] != 0.0 && (p.curves[*i].buy_limit() > 0.0 || p.curves[*i].sell_limit() > 0.0)
        });
        if let (Some(i), None) = (tradable.next(), tradable.next()) {
            // Toward a range without zero; a range that contains zero leaves the side open.
            let toward = row.coefficients[i] * -row.miss(0.0);
            if toward < 0.0 {
                sides[i] = Direction::Sell;
            } else if toward > 0.0 || row.low >= row.high {
                sides[i] = Direction::Buy;
            }
        }
    }
}

/// Fixes each buy-or-harvest choice to the side with the greater fraction. Then flips the least decided ones
/// until each row can be met. `order` is a buffer for the choices, sorted by distance from a tie.
pub(super) fn fix_sides(
    p: &Problem,
    free: &[Direction],
    choices: &[usize],
    sells: &[f64],
    order: &mut Vec<(f64, usize)>,
    sides: &mut Vec<Direction>,
) {
    sides.clear();
    sides.extend_from_slice(free);
    for i in choices.iter().copied() {
        sides[i] = if sells[i] > 0.5 { Direction::Sell } else { Direction::Buy };
    }
    order.clear();
    for row in &p.rows {
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
                sides[*i] = if (c > 0.0) == up { Direction::Buy } else { Direction::Sell };
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
