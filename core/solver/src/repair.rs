//! Repairs small violations of rows in the trades themselves.

use super::curve::Direction;
use super::{Curve, Problem, Row};

/// Violations below this fraction count as none: a thousandth of a cent on a million dollars.
pub(super) const NOTHING: f64 = 1e-11;
/// Violations up to this fraction are rounding errors of the multipliers: a trade is a price over `γ d`, and
/// a price near 0.1 has no digits below 1e-17. They are repaired in the trades.
const REPAIRABLE: f64 = 1e-6;

/// Meets the rows to `nothing`. A row's violation, up to [`REPAIRABLE`], is moved to the names in it at the lowest
/// cost, one after the other, within their bounds and the other rows. The objective is that of the final
/// trades, so the certificate includes the cost.
pub(super) fn repair(p: &Problem, curves: &[Curve], sides: &[Direction], nothing: f64, trades: &mut [f64]) {
    let k = p.factors;
    // The direction in which a trade lowers the violation, with the row's coefficient in it.
    let toward = |row: &Row, i: usize, u: f64, missed: f64| {
        let (bought, sold) = row.of(i);
        if u > 0.0 {
            (-missed / bought, bought)
        } else if u < 0.0 || missed * sold > 0.0 {
            (-missed / sold, sold)
        } else {
            (-missed / bought, bought)
        }
    };
    for (r, row) in p.rows.iter().enumerate().filter(|(_, row)| row.is_hard()) {
        if row.miss(row.value(trades)).abs() <= nothing {
            continue;
        }
        let mut open: Vec<usize> = (0..p.len()).filter(|i| row.of(*i) != (0.0, 0.0)).collect();
        loop {
            let missed = row.miss(row.value(trades));
            if missed.abs() <= nothing || missed.abs() > REPAIRABLE {
                break;
            }
            let mut exposure = vec![0.0; k];
            for i in 0..p.len() {
                for (y, g) in exposure.iter_mut().zip(&p.exposures[i * k..(i + 1) * k]) {
                    *y += g * (p.active[i] + trades[i]);
                }
            }
            let others: Vec<(&Row, f64)> = p
                .rows
                .iter()
                .enumerate()
                .filter(|(o, row)| *o != r && row.is_hard())
                .map(|(_, o)| (o, o.value(trades)))
                .collect();
            // The step that each name can make: within its bounds, on its side of zero, and within the other
            // rows.
            let step = |i: usize| {
                let u = trades[i];
                let (wanted, coefficient) = toward(row, i, u, missed);
                let is_sale = u < 0.0 || u == 0.0 && wanted < 0.0;
                if sides[i] == Direction::Still
                    || u == 0.0
                        && (p.least > 0.0
                            || sides[i] == if is_sale { Direction::Buy } else { Direction::Sell })
                    || coefficient == 0.0
                {
                    return 0.0;
                }
                let low = if u > 0.0 { p.least } else { -p.curves[i].sell_limit() };
                let high = if u < 0.0 { -p.least } else { p.curves[i].buy_limit() };
                let mut to = if u + wanted < low {
                    low - u
                } else if u + wanted > high {
                    high - u
                } else {
                    wanted
                };
                if to * wanted < 0.0 {
                    return 0.0;
                }
                for (other, value) in &others {
                    let (bought, sold) = other.of(i);
                    let c = if is_sale { sold } else { bought };
                    // A move that brings another row closer to its bounds is allowed. One that takes it out
                    // of its bounds stops at the bound.
                    if c != 0.0 && other.miss(value + c * to).abs() > other.miss(*value).abs() {
                        let room = if c * to > 0.0 { other.high - value } else { other.low - value };
                        to = if room * c * to > 0.0 { room / c } else { 0.0 };
                    }
                }
                to
            };
            let price = |i: usize| {
                let (u, m) = (trades[i], step(i));
                let (mut slope, mut bend) = (p.specific[i] * (p.active[i] + u), p.specific[i]);
                for (y, g) in exposure.iter().zip(&p.exposures[i * k..(i + 1) * k]) {
                    slope += g * y;
                    bend += g * g;
                }
                let cost = curves[i].cost(u + m) - curves[i].cost(u);
                (p.risk_aversion * (slope * m + 0.5 * bend * m * m) + cost) / m.abs()
            };
            let able = open.iter().copied().filter(|i| step(*i) != 0.0);
            let Some(i) = able.min_by(|a, b| price(*a).total_cmp(&price(*b))) else { break };
            trades[i] += step(i);
            open.retain(|j| *j != i);
        }
    }
}
