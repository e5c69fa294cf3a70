//! Problems in which names may be bought or harvested but not both. An interior-point method solves every
//! combination of sides, so the true optimum is known and the certificate can be checked against it.

use unisleeve_core::solver::solve;
use unisleeve_tests::instance::{Shape, random};
use unisleeve_tests::oracle::by_enumeration;
use unisleeve_tests::random::Random;

/// Tolerance between two solvers, as a fraction of the value, for the bound and the objective against the
/// true optimum.
const SLACK: f64 = 1e-9;
/// Distance to the true optimum as a fraction of the value: at most 0.1 basis points at the median and 1
/// basis point at worst.
const MEDIAN: f64 = 1e-5;
/// See [`MEDIAN`].
const WORST: f64 = 1e-4;

#[test]
fn the_certificate_brackets_the_true_optimum() {
    let (mut distances, mut gaps) = (Vec::new(), Vec::new());
    for seed in 0..150 {
        let mut rng = Random::new(seed);
        let rows = 1 + 2 * usize::from(seed % 4 == 3);
        let bands = if seed % 3 == 2 { 2 } else { 0 };
        let shape = Shape { names: 8, factors: 1 + rng.below(3), lots: 3, at_a_loss: 0.5, rows, bands };
        let instance = random(&mut rng, shape);
        let truth = by_enumeration(&instance).expect("feasible by construction");
        let ours = match solve(&instance.problem, None) {
            Ok(s) => s,
            Err(e) => panic!("seed {seed}: {e}, though {} is possible", truth.objective),
        };
        let residual = instance.problem.residual(&ours.trades).0;
        assert!(residual <= 1e-8, "seed {seed}: a row is missed by {residual:e}");
        assert!(
            ours.lower_bound <= truth.objective + SLACK,
            "seed {seed}: bound {} above the true optimum {}",
            ours.lower_bound,
            truth.objective
        );
        assert!(
            ours.objective >= truth.objective - SLACK,
            "seed {seed}: {} below the true optimum {}",
            ours.objective,
            truth.objective
        );
        distances.push((ours.objective - truth.objective, seed));
        gaps.push(ours.objective - ours.lower_bound);
    }
    distances.sort_by(|a, b| a.0.total_cmp(&b.0));
    gaps.sort_by(f64::total_cmp);
    let (median, (worst, seed)) = (distances[distances.len() / 2].0, distances[distances.len() - 1]);
    println!("above the true optimum: median {median:e}, worst {worst:e} (seed {seed})");
    println!("certified gap: median {:e}, worst {:e}", gaps[gaps.len() / 2], gaps[gaps.len() - 1]);
    let far: Vec<_> = distances.iter().filter(|d| d.0 > WORST).collect();
    assert!(median <= MEDIAN, "median {median:e}");
    assert!(far.is_empty(), "more than {WORST:e} above the true optimum (distance, seed): {far:?}");
}
