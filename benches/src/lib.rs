//! Shared helpers of the benches: the problems that are timed.

pub mod household;
pub mod portfolio;
pub mod research;

use unisleeve_core::solver::{Curve, Row};
use unisleeve_tests::instance::{Instance, Shape, random};
use unisleeve_tests::random::Random;

/// An index of 500 names with 10 lots each under 20 factors and a cash row; `at_a_loss` is the part of lots at a loss.
pub fn large(seed: u64, at_a_loss: f64) -> Instance {
    let shape = Shape { names: 500, factors: 20, lots: 10, at_a_loss, rows: 1, bands: 0 };
    let mut rng = Random::new(seed);
    let mut instance = random(&mut rng, shape);
    // The generator draws it; a bench compares like with like.
    instance.problem.risk_aversion = 25.0;
    instance
}

/// The same with sector bands and asset-class bands on top: 11 and 3 groups of names, each within a point of what it holds.
pub fn banded(seed: u64, at_a_loss: f64) -> Instance {
    let mut instance = large(seed, at_a_loss);
    let n = instance.problem.len();
    for (kind, groups) in [("sector", 11), ("asset class", 3)] {
        for g in 0..groups {
            let coefficients = (0..n).map(|i| if i % groups == g { 1.0 } else { 0.0 }).collect();
            instance.problem.rows.push(Row::within(format!("{kind} {g}"), coefficients, -0.01, 0.01));
        }
    }
    instance
}

/// 3,000 names with 20 lots each under 60 factors.
pub fn huge(seed: u64, at_a_loss: f64) -> Instance {
    let shape = Shape { names: 3_000, factors: 60, lots: 20, at_a_loss, rows: 1, bands: 0 };
    let mut instance = random(&mut Random::new(seed), shape);
    instance.problem.risk_aversion = 25.0;
    instance
}

/// The same problem a month later: each name's price has moved by its factors and by itself as far as its risk lets it in a
/// month, and with it the value of its lots, what selling each costs in tax, and its weight in the index. Last month's orders
/// are taken as not sent: the problem keeps its size and its share of lots at a loss.
pub fn drifted(instance: &Instance, seed: u64) -> Instance {
    let mut rng = Random::new(seed);
    let mut later = instance.clone();
    let Instance { problem, sells, buy_costs, buy_limits } = &mut later;
    let (n, k) = (problem.len(), problem.factors);
    let month = (1.0_f64 / 12.0).sqrt();
    let factors: Vec<f64> = (0..k).map(|_| month * rng.normal()).collect();
    let growth: Vec<f64> = (0..n)
        .map(|i| {
            let common: f64 =
                problem.exposures[i * k..(i + 1) * k].iter().zip(&factors).map(|(g, f)| g * f).sum();
            // Half is lost at most: five times the usual move is no month.
            (1.0 + common + month * problem.specific[i].sqrt() * rng.normal()).max(0.5)
        })
        .collect();
    let held: Vec<f64> = sells.iter().map(|lots| lots.iter().map(|s| s.width).sum()).collect();
    let index: Vec<f64> = (0..n).map(|i| held[i] - problem.active[i]).collect();
    let grown = |weights: &[f64]| -> f64 { weights.iter().zip(&growth).map(|(w, g)| w * g).sum() };
    // Weights are fractions of the value at hand, and it has grown too.
    let ours = grown(&held) / held.iter().sum::<f64>();
    let theirs = grown(&index) / index.iter().sum::<f64>();
    for i in 0..n {
        for lot in &mut sells[i] {
            lot.width *= growth[i] / ours;
            // Tax of a dollar sold is the rate times the part of it that is gain; the basis stays as it was.
            let tax = lot.cost - buy_costs[i];
            lot.cost = buy_costs[i] + TAX_RATE - (TAX_RATE - tax) / growth[i];
        }
        problem.active[i] = held[i] * growth[i] / ours - index[i] * growth[i] / theirs;
        buy_limits[i] *= growth[i] / theirs;
        problem.curves[i] = Curve::new(&sells[i], buy_costs[i], buy_limits[i]);
    }
    later
}

/// Rate at which a month's gains and losses are taxed: long-term, federal, with the net investment income tax.
const TAX_RATE: f64 = 0.238;
