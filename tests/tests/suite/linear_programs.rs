//! The small simplex method agrees with the linear-programming library on random programs, including
//! degenerate ones.

use unisleeve_core::solver::lp::{LinearProgram, LpSolver, Simplex};
use unisleeve_core::solver::small_lp::SmallSimplex;
use unisleeve_tests::random::Random;

fn program(rng: &mut Random) -> LinearProgram {
    let (n, m) = (2 + rng.below(30), 1 + rng.below(8));
    let mut lp = LinearProgram::default();
    let mut x = Vec::new();
    for _ in 0..n {
        let limit = if rng.chance(0.2) { f64::INFINITY } else { rng.between(0.0, 1.0) };
        // Costs have both signs only where the variable is bounded, so that a minimum exists.
        let cost = if limit.is_finite() { rng.between(-1.0, 1.0) } else { rng.between(0.0, 1.0) };
        lp.variable(if rng.chance(0.2) { 0.0 } else { cost }, limit);
        let most = if limit.is_finite() { limit } else { 1.0 };
        x.push(if rng.chance(0.4) { 0.0 } else { most * rng.unit() });
    }
    for _ in 0..m {
        let coefficient = |rng: &mut Random| if rng.chance(0.5) { 1.0 } else { rng.between(-1.0, 1.0) };
        let row: Vec<(usize, f64)> = (0..n)
            .filter(|_| rng.chance(0.5))
            .collect::<Vec<_>>()
            .into_iter()
            .map(|j| (j, coefficient(rng)))
            .collect();
        let target = row.iter().map(|(j, c)| c * x[*j]).sum();
        if !row.is_empty() {
            lp.equalities.push((row.clone(), target));
            // Sometimes repeats a row, so that rows are linearly dependent.
            if rng.chance(0.2) {
                lp.equalities.push((row, target));
            }
        }
    }
    lp
}

fn cost(lp: &LinearProgram, x: &[f64]) -> f64 {
    lp.variables.iter().zip(x).map(|((c, _), x)| c * x).sum()
}

#[test]
fn both_methods_find_the_same_least_cost() {
    for seed in 0..600 {
        let lp = program(&mut Random::new(seed));
        let theirs = Simplex.minimise(&lp).unwrap_or_else(|e| panic!("seed {seed}: library: {e}"));
        let ours = SmallSimplex.minimise(&lp).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        for ((row, target), _) in lp.equalities.iter().zip(0..) {
            let value: f64 = row.iter().map(|(j, c)| c * ours[*j]).sum();
            assert!((value - target).abs() < 1e-9, "seed {seed}: {value} for {target}");
        }
        for ((_, limit), x) in lp.variables.iter().zip(&ours) {
            assert!((0.0..=limit + 1e-12).contains(x), "seed {seed}: {x} of {limit}");
        }
        let (a, b) = (cost(&lp, &ours), cost(&lp, &theirs));
        assert!((a - b).abs() < 1e-8, "seed {seed}: {a} against {b}");
    }
}

#[test]
fn what_cannot_be_met_is_told() {
    let mut lp = LinearProgram::default();
    let x = lp.variable(1.0, 1.0);
    lp.equalities.push((vec![(x, 1.0)], 2.0));
    assert!(SmallSimplex.minimise(&lp).unwrap_err().to_string().contains("can't be met"));
    let mut endless = LinearProgram::default();
    let (x, y) = (endless.variable(-1.0, f64::INFINITY), endless.variable(0.0, f64::INFINITY));
    endless.equalities.push((vec![(x, 1.0), (y, -1.0)], 0.0));
    assert!(SmallSimplex.minimise(&endless).unwrap_err().to_string().contains("no least value"));
}
