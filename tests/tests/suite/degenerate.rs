//! Problems at the limits of the method.

use unisleeve_core::solver::{Curve, Problem, Row, Segment, solve};
use unisleeve_tests::instance::{Instance, Shape, random};
use unisleeve_tests::oracle::{Open, by_enumeration, optimum};
use unisleeve_tests::random::Random;

fn convex(seed: u64, names: usize) -> Instance {
    random(&mut Random::new(seed), Shape { names, factors: 3, lots: 4, at_a_loss: 0.0, rows: 1, bands: 0 })
}

/// Compares with the interior-point method, at the accuracy that it reaches on badly scaled data.
fn agrees(what: &str, instance: &Instance, tolerance: f64) {
    let p = &instance.problem;
    let ours = solve(p, None).unwrap_or_else(|e| panic!("{what}: {e}"));
    let theirs = optimum(instance, &vec![Open::Both; p.len()]).expect("feasible");
    let allowed = tolerance * (1.0 + theirs.objective.abs());
    assert!(p.residual(&ours.trades).0 <= 1e-8, "{what}: rows missed by {:?}", p.residual(&ours.trades));
    assert!(
        (ours.objective - theirs.objective).abs() <= allowed,
        "{what}: {} against {}, bound {}",
        ours.objective,
        theirs.objective,
        ours.lower_bound
    );
    assert!(ours.lower_bound <= ours.objective + allowed, "{what}");
}

#[test]
fn tiny_and_huge_risk_aversion() {
    for seed in 0..6 {
        for gamma in [1e-6, 1e-3, 1e3, 1e6] {
            let mut instance = convex(seed, 30);
            instance.problem.risk_aversion = gamma;
            agrees(&format!("seed {seed}, risk aversion {gamma}"), &instance, 1e-7);
        }
    }
}

/// Specific variances down to the risk model's floor, at the default risk aversion.
#[test]
fn tiny_specific_variance() {
    for seed in 0..20 {
        for variance in [1e-4, 1e-5, 1e-6, 1e-7, 1e-8] {
            let mut instance = convex(seed, 20);
            instance.problem.risk_aversion = 25.0;
            instance.problem.specific.fill(variance);
            agrees(&format!("seed {seed}, specific variance {variance}"), &instance, 1e-7);
        }
    }
}

/// A trade is a price divided by `γ d`. With `γ d` at 1e-8, the last digit of a price moves a row by more
/// than its tolerance.
#[test]
fn tiny_specific_variance_and_little_risk_aversion() {
    for seed in 0..20 {
        let mut instance = convex(seed, 20);
        instance.problem.risk_aversion = 1.0;
        instance.problem.specific.fill(1e-8);
        agrees(&format!("seed {seed}"), &instance, 1e-7);
    }
}

/// A fund beside its members: variances differ by seven orders of magnitude.
#[test]
fn variances_of_different_size() {
    for seed in 0..6 {
        let mut instance = convex(seed, 20);
        for d in instance.problem.specific.iter_mut().step_by(3) {
            *d = 1e-8;
        }
        agrees(&format!("seed {seed}"), &instance, 1e-7);
    }
}

#[test]
fn equal_lots_and_equal_names() {
    let n = 12;
    let lots = vec![Segment::new(0.01, 0.01); 8];
    let instance = Instance {
        problem: Problem {
            risk_aversion: 25.0,
            factors: 1,
            exposures: vec![0.15; n],
            specific: vec![0.04; n],
            active: vec![0.0; n],
            curves: vec![Curve::new(&lots, 0.001, 0.1); n],
            rows: vec![Row::equal("cash", vec![1.0; n], -0.3)],
            ..Problem::default()
        },
        sells: vec![lots; n],
        buy_costs: vec![0.001; n],
        buy_limits: vec![0.1; n],
    };
    agrees("equal names", &instance, 1e-9);
    let s = solve(&instance.problem, None).expect("feasible");
    assert!(
        s.trades.iter().all(|u| (u + 0.3 / n as f64).abs() < 1e-9),
        "equal names trade alike: {:?}",
        s.trades
    );
}

/// Equal names at the same loss tie exactly, and the dual is not smooth there.
#[test]
fn equal_names_at_a_loss() {
    let n = 8;
    for target in [-0.1, 0.0, 0.05] {
        let lots = vec![Segment::new(0.06, -0.02), Segment::new(0.06, 0.01)];
        let instance = Instance {
            problem: Problem {
                risk_aversion: 10.0,
                factors: 1,
                exposures: vec![0.15; n],
                specific: vec![0.04; n],
                active: vec![0.0; n],
                curves: vec![Curve::new(&lots, 0.001, 0.1); n],
                rows: vec![Row::equal("cash", vec![1.0; n], target)],
                ..Problem::default()
            },
            sells: vec![lots; n],
            buy_costs: vec![0.001; n],
            buy_limits: vec![0.1; n],
        };
        let truth = by_enumeration(&instance).expect("feasible");
        let ours = solve(&instance.problem, None).unwrap_or_else(|e| panic!("target {target}: {e}"));
        println!(
            "target {target}: {} for {} possible, bound {}",
            ours.objective, truth.objective, ours.lower_bound
        );
        assert!(ours.lower_bound <= truth.objective + 1e-9 && truth.objective <= ours.objective + 1e-9);
        assert!(
            ours.objective - truth.objective <= 1e-4,
            "target {target}: {} for {}",
            ours.objective,
            truth.objective
        );
    }
}

#[test]
fn one_name() {
    let p = |rows| Problem {
        risk_aversion: 25.0,
        factors: 1,
        exposures: vec![0.2],
        specific: vec![0.04],
        active: vec![0.1],
        curves: vec![Curve::new(&[Segment::new(0.5, 0.01)], 0.001, 0.5)],
        rows,
        ..Problem::default()
    };
    // By hand: γ (g² + d) (a + u) = cost of selling one dollar.
    let s = solve(&p(Vec::new()), None).expect("no rows");
    assert!((s.trades[0] - (0.01 / (25.0 * 0.08) - 0.1)).abs() < 1e-10, "{:?}", s.trades);
    for target in [-0.5, -0.2, 0.0, 0.3, 0.5] {
        let row = Row::equal("cash", vec![1.0], target);
        let s = solve(&p(vec![row]), None).unwrap_or_else(|e| panic!("target {target}: {e}"));
        assert!((s.trades[0] - target).abs() < 1e-9, "target {target}: {:?}", s.trades);
    }
}

#[test]
fn nothing_to_trade() {
    let s = solve(&Problem { risk_aversion: 1.0, ..Problem::default() }, None).expect("an empty problem");
    assert!(s.trades.is_empty() && s.objective == 0.0 && s.lower_bound <= 0.0);
    // Names that may be neither sold nor bought keep their risk.
    let p = Problem {
        risk_aversion: 2.0,
        factors: 1,
        exposures: vec![0.2, 0.1],
        specific: vec![0.04, 0.09],
        active: vec![0.1, -0.1],
        curves: vec![Curve::default(); 2],
        rows: Vec::new(),
        ..Problem::default()
    };
    let s = solve(&p, None).expect("no rows");
    assert_eq!(s.trades, [0.0, 0.0]);
    let risk = 0.01 * 0.01 + 0.04 * 0.01 + 0.09 * 0.01;
    assert!((s.objective - risk).abs() < 1e-15 && (s.lower_bound - risk).abs() < 1e-12);
}

/// Without lots only purchases are possible, from nothing to the benchmark.
#[test]
fn the_first_investment() {
    let n = 25;
    let weight = 1.0 / n as f64;
    let p = Problem {
        risk_aversion: 25.0,
        factors: 1,
        exposures: vec![0.15; n],
        specific: vec![0.04; n],
        active: vec![-weight; n],
        curves: vec![Curve::new(&[], 0.0005, 1.0); n],
        rows: vec![Row::equal("cash", vec![1.0; n], 1.0)],
        ..Problem::default()
    };
    let s = solve(&p, None).expect("feasible");
    assert!(s.trades.iter().all(|u| (u - weight).abs() < 1e-10), "{:?}", s.trades);
}
