//! Raising cash with almost no risk aversion sells what is cheapest to sell.

use unisleeve_core::solver::{Curve, Problem, Row, Segment, solve};
use unisleeve_tests::random::Random;

#[test]
fn the_cheapest_lots_are_sold_first() {
    for seed in 0..40 {
        let mut rng = Random::new(seed);
        let n = 3 + rng.below(20);
        // Every lot costs something to sell, so the problem is convex and nothing is sold without need.
        let lots: Vec<Vec<Segment>> = (0..n)
            .map(|_| {
                let lot = |r: &mut Random| Segment::new(r.between(0.001, 0.02), r.between(0.001, 0.2));
                (0..=rng.below(5)).map(|_| lot(&mut rng)).collect()
            })
            .collect();
        let total: f64 = lots.iter().flatten().map(|s| s.width).sum();
        let need = total * rng.between(0.05, 0.9);
        let problem = Problem {
            // The smallest value that a configuration may set.
            risk_aversion: 1e-6,
            factors: 1,
            exposures: (0..n).map(|_| rng.between(0.1, 0.3)).collect(),
            specific: vec![0.04; n],
            active: vec![0.0; n],
            curves: lots.iter().map(|l| Curve::new(l, 0.001, 1.0)).collect(),
            rows: vec![Row::equal("cash", vec![1.0; n], -need)],
            ..Problem::default()
        };
        let s = solve(&problem, None).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        let cost: f64 = s.trades.iter().zip(&problem.curves).map(|(u, c)| c.cost(*u)).sum();

        let mut by_cost: Vec<Segment> = lots.iter().flatten().copied().collect();
        by_cost.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        let (mut left, mut least) = (need, 0.0);
        for lot in by_cost {
            let take = lot.width.min(left);
            least += take * lot.cost;
            left -= take;
        }
        assert!((s.trades.iter().sum::<f64>() + need).abs() < 1e-9, "seed {seed}: {need} asked");
        assert!(s.trades.iter().all(|u| *u <= 1e-12), "seed {seed}: something is bought");
        assert!((cost - least).abs() < 1e-6, "seed {seed}: costs {cost}, {least} is possible");
    }
}

/// With risk aversion, raising cash from a portfolio at its benchmark sells all names, not only the cheapest.
#[test]
fn risk_aversion_spreads_the_sales() {
    let n = 10;
    let curve = |i: usize| Curve::new(&[Segment::new(0.1, 0.001 + 0.001 * i as f64)], 0.001, 1.0);
    let problem = Problem {
        risk_aversion: 1e4,
        factors: 0,
        exposures: Vec::new(),
        specific: vec![0.04; n],
        active: vec![0.0; n],
        curves: (0..n).map(curve).collect(),
        rows: vec![Row::equal("cash", vec![1.0; n], -0.1)],
        ..Problem::default()
    };
    let s = solve(&problem, None).expect("feasible");
    assert!(s.trades.iter().all(|u| *u < -0.005), "{:?}", s.trades);
    assert!(s.trades[0] < s.trades[n - 1], "the cheaper name gives more");
}
