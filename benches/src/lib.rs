//! Shared code of the benches: the problems to time.

pub mod household;
pub mod portfolio;
pub mod research;

use unisleeve_core::solver::{Curve, Row};
use unisleeve_tests::instance::{Instance, Shape, random};
use unisleeve_tests::random::Random;

/// An index of 500 names with 10 lots each, 20 factors and a cash row. `at_a_loss` is the fraction of lots at
/// a loss.
pub fn large(seed: u64, at_a_loss: f64) -> Instance {
    let shape = Shape { names: 500, factors: 20, lots: 10, at_a_loss, rows: 1, bands: 0 };
    let mut rng = Random::new(seed);
    let mut instance = random(&mut rng, shape);
    // The generator draws a random value. A bench needs the same value for all problems.
    instance.problem.risk_aversion = 25.0;
    instance
}

/// The same problem with 11 sector bands and 3 asset-class bands. Each group may move one percentage point
/// from its current weight.
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

/// 3,000 names with 20 lots each and 60 factors.
pub fn huge(seed: u64, at_a_loss: f64) -> Instance {
    let shape = Shape { names: 3_000, factors: 60, lots: 20, at_a_loss, rows: 1, bands: 0 };
    let mut instance = random(&mut Random::new(seed), shape);
    instance.problem.risk_aversion = 25.0;
    instance
}

/// The same problem a month later. Each price moves with its factors and its specific risk, by an amount
/// typical for a month. The value of its lots, the tax of selling them and the index weight change with it.
/// Last month's orders are assumed not to have been sent, so the problem keeps its size and about the same
/// share of lots at a loss.
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
            // A price loses at most half, because larger moves are not realistic in a month.
            (1.0 + common + month * problem.specific[i].sqrt() * rng.normal()).max(0.5)
        })
        .collect();
    let held: Vec<f64> = sells.iter().map(|lots| lots.iter().map(|s| s.width).sum()).collect();
    let index: Vec<f64> = (0..n).map(|i| held[i] - problem.active[i]).collect();
    let grown = |weights: &[f64]| -> f64 { weights.iter().zip(&growth).map(|(w, g)| w * g).sum() };
    // Weights are relative to current portfolio value, which has also grown.
    let ours = grown(&held) / held.iter().sum::<f64>();
    let theirs = grown(&index) / index.iter().sum::<f64>();
    for i in 0..n {
        for lot in &mut sells[i] {
            lot.width *= growth[i] / ours;
            // The tax of a dollar sold is the rate times the gain in that dollar. The basis does not change.
            let tax = lot.cost - buy_costs[i];
            lot.cost = buy_costs[i] + TAX_RATE - (TAX_RATE - tax) / growth[i];
        }
        problem.active[i] = held[i] * growth[i] / ours - index[i] * growth[i] / theirs;
        buy_limits[i] *= growth[i] / theirs;
        problem.curves[i] = Curve::new(&sells[i], buy_costs[i], buy_limits[i]);
    }
    later
}

/// Tax rate of a month's gains and losses: federal long-term rate plus net investment income tax.
const TAX_RATE: f64 = 0.238;
