//! The dual Newton method agrees with an interior-point method on convex problems.

use unisleeve_core::solver::{Curve, solve};
use unisleeve_tests::instance::{Shape, random};
use unisleeve_tests::oracle::{Open, TIGHT, optimum};
use unisleeve_tests::random::Random;

/// Objectives agree to this relative tolerance, or to [`ABSOLUTE`].
const RELATIVE: f64 = 1e-7;
/// Absolute tolerance: a millionth of a basis point of the portfolio.
const ABSOLUTE: f64 = 1e-10;
/// Tolerance for rows, as a fraction of the portfolio.
const ROWS: f64 = 1e-8;

#[test]
fn convex_problems_have_the_interior_point_optimum() {
    let mut worst = (0.0, 0);
    for seed in 0..240 {
        let mut rng = Random::new(seed);
        let names = [5, 10, 20, 50, 100, 200][seed as usize % 6];
        let names = if seed % 60 == 59 { 500 } else { names };
        let factors = rng.below(if seed % 4 == 0 { 61 } else { 21 }).min(names / 2);
        let rows = rng.below(5).min(names / 3);
        let bands = rng.below(8).min(names / 4);
        let shape = Shape {
            names,
            factors,
            lots: 1 + rng.below(if seed % 5 == 0 { 40 } else { 10 }),
            at_a_loss: 0.0,
            rows,
            bands,
        };
        let mut instance = random(&mut rng, shape);
        if seed % 7 == 0 {
            // Names with factor risk only, whose dual is piecewise linear in their prices.
            for d in instance.problem.specific.iter_mut().step_by(3) {
                *d = 0.0;
            }
        }
        let problem = &instance.problem;
        assert!(problem.curves.iter().all(Curve::is_convex));

        let ours = solve(problem, None).unwrap_or_else(|e| panic!("seed {seed} {shape:?}: {e}"));
        let theirs = optimum(&instance, &vec![Open::Both; names]).expect("feasible by construction");

        assert!(
            problem.residual(&ours.trades).0 <= ROWS,
            "seed {seed} {shape:?}: {:?}",
            problem.residual(&ours.trades)
        );
        for (i, u) in ours.trades.iter().enumerate() {
            let (low, high) = (-problem.curves[i].sell_limit(), problem.curves[i].buy_limit());
            assert!(
                (low - 1e-15..=high + 1e-15).contains(u),
                "seed {seed}, name {i}: {u} outside {low} to {high}"
            );
        }
        let difference = (ours.objective - theirs.objective).abs();
        assert!(
            difference <= ABSOLUTE.max(RELATIVE * theirs.objective.abs()),
            "seed {seed} {shape:?}: {} against {}, bound {}",
            ours.objective,
            theirs.objective,
            ours.lower_bound
        );
        // On a convex problem the certificate is tight, and its bound never exceeds the optimum.
        assert!(ours.lower_bound <= theirs.objective + ABSOLUTE, "seed {seed}: bound above the optimum");
        assert!(ours.objective - ours.lower_bound <= ABSOLUTE, "seed {seed}: the certificate does not close");
        if difference > worst.0 {
            worst = (difference, seed);
        }
    }
    println!(
        "worst difference {:e} of value, seed {}; tolerance of the other solver {TIGHT:e}",
        worst.0, worst.1
    );
}

/// A different starting point changes the iterations but not the solution.
#[test]
fn a_warm_start_ends_where_a_cold_one_does() {
    for seed in 0..30 {
        let mut rng = Random::new(1_000 + seed);
        let shape = Shape { names: 60, factors: 5, lots: 5, at_a_loss: 0.0, rows: 3, bands: 0 };
        let mut instance = random(&mut rng, shape);
        let before = solve(&instance.problem, None).expect("feasible");
        let warm = before.prices.clone();
        for a in &mut instance.problem.active {
            *a += 0.002 * rng.normal();
        }
        let cold = solve(&instance.problem, None).unwrap_or_else(|e| panic!("seed {seed}, cold: {e}"));
        let warmed =
            solve(&instance.problem, Some(&warm)).unwrap_or_else(|e| panic!("seed {seed}, warm: {e}"));
        assert!((cold.objective - warmed.objective).abs() <= ABSOLUTE, "seed {seed}");
    }
}
