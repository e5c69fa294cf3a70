//! Trades that were found, with what they cost and where.

use super::curve::Direction;
use super::{Curve, Gains, Problem};

/// Tolerance of the limit on gains.
const KEPT: f64 = 1e-9;
/// Tolerance of the tracking error, annual.
pub(super) const CAPPED: f64 = 1e-9;

/// Trades that meet the rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub trades: Vec<f64>,
    /// Amount sold of each segment; empty where each sale takes the cheapest first.
    pub sold: Vec<Vec<f64>>,
    /// The objective without what gains cost, and with their price at which it was found.
    pub cost: f64,
    pub priced: f64,
    /// Net gain.
    pub gain: f64,
    /// `(ν, μ)`, rows by position; `γ` and `λ`; and the sides on which they were found.
    pub multipliers: Vec<f64>,
    pub gamma: f64,
    pub price: f64,
    pub sides: Vec<Direction>,
}

/// The objective of a plan; infinite where it breaks the limit on gains.
pub(super) fn value(p: &Problem, plan: &Found) -> f64 {
    match p.gains {
        Some(g) if plan.gain > g.most + KEPT => plan.cost + g.price * (plan.gain - g.most),
        _ => plan.cost,
    }
}

/// Amount sold of each segment, in the order in which the curve was given them.
pub(super) fn sold(curve: &Curve, u: f64) -> Vec<f64> {
    let count = curve.segments().map(|(_, at)| at + 1).max().unwrap_or(0);
    let mut sold = vec![0.0; count];
    for part in curve.parts(-u) {
        sold[part.segment] = part.amount;
    }
    sold
}

/// The mix of two plans with the same sides that uses up the limit on gains. `None` where it breaks the cap.
pub(super) fn mixed(p: &Problem, gains: Gains, kept: &Found, broken: &Found) -> Option<Found> {
    let apart = broken.gain - kept.gain;
    let part = if apart > 0.0 { ((gains.most - kept.gain) / apart).clamp(0.0, 1.0) } else { 0.0 };
    let blend = |a: &[f64], b: &[f64]| -> Vec<f64> {
        let at = |x: &[f64], i: usize| x.get(i).copied().unwrap_or(0.0);
        (0..a.len().max(b.len())).map(|i| at(a, i) + part * (at(b, i) - at(a, i))).collect()
    };
    let lots = |plan: &Found| -> Vec<Vec<f64>> {
        if plan.sold.is_empty() {
            p.curves.iter().zip(&plan.trades).map(|(curve, u)| sold(curve, *u)).collect()
        } else {
            plan.sold.clone()
        }
    };
    let trades = blend(&kept.trades, &broken.trades);
    let sold: Vec<Vec<f64>> = lots(kept).iter().zip(&lots(broken)).map(|(a, b)| blend(a, b)).collect();
    if p.cap.is_some_and(|cap| p.variance(&trades).sqrt() > cap + CAPPED) {
        return None;
    }
    let plan = with_sales(p, trades, sold);
    Some(Found {
        multipliers: kept.multipliers.clone(),
        gamma: kept.gamma,
        price: kept.price,
        sides: kept.sides.clone(),
        ..plan
    })
}

/// A plan with what it sells of each segment; its multipliers are still missing.
pub(super) fn with_sales(p: &Problem, trades: Vec<f64>, sold: Vec<Vec<f64>>) -> Found {
    let risk = 0.5 * p.risk_aversion * p.variance(&trades);
    let (mut cost, mut gain) = (risk + p.penalty(&trades, f64::NEG_INFINITY), 0.0);
    for ((curve, u), sold) in p.curves.iter().zip(&trades).zip(&sold) {
        cost += if *u > 0.0 { curve.buy_cost() * u } else { 0.0 };
        for (segment, at) in curve.segments() {
            let amount = sold.get(at).copied().unwrap_or(0.0);
            cost += amount * segment.cost;
            gain += amount * segment.gain;
        }
    }
    Found { trades, sold, cost, priced: cost, gain, ..Found::default() }
}
