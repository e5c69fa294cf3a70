//! Shared helpers of the benches: the problems that are timed.

use unisleeve_tests::instance::{Instance, Shape, random};
use unisleeve_tests::random::Random;

/// An index of 500 names with 10 lots each under 20 factors and a cash row; `at_a_loss` is the part of lots at a loss.
pub fn large(seed: u64, at_a_loss: f64) -> Instance {
    let shape = Shape { names: 500, factors: 20, lots: 10, at_a_loss, rows: 1 };
    let mut rng = Random::new(seed);
    let mut instance = random(&mut rng, shape);
    // The generator draws it; a bench compares like with like.
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
