//! Shared helpers of the benches: the problems that are timed.

use unisleeve_core::rebalance::Row;
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

/// The same problem a month later: weights have drifted a little.
pub fn drifted(instance: &Instance, seed: u64) -> Instance {
    let mut rng = Random::new(seed);
    let mut later = instance.clone();
    for a in &mut later.problem.active {
        *a += 0.0003 * rng.normal();
    }
    later
}
