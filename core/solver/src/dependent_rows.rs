//! Rows that depend on each other: the cash row is the sum of two bands.

use crate::{Curve, Problem, Row, Segment, Solver};

/// Stocks and bonds in one account: what is bought of one is sold of the other, and the bands of both say the
/// same. The hard row holds, and a band that can be met is met.
#[test]
fn a_hard_row_that_is_the_sum_of_two_bands_is_met() {
    let exposures = [
        [-0.119_505, 0.048_994, 0.061_378, -0.024_985, 0.022_816, -0.014_196],
        [-0.118_724, 0.030_640, -0.014_624, -0.004_606, 0.018_052, -0.018_951],
        [0.014_075, 0.002_129, 0.003_283, -0.002_404, -0.000_197, -0.003_765],
    ];
    let sells: [&[(f64, f64)]; 3] = [
        &[(0.060_966, 0.006_14), (0.059_336, 0.013_792), (0.379_715, 0.03)],
        &[(0.051_352, 0.000_2), (0.016_896, 0.000_392), (0.110_032, 0.006)],
        &[(0.032_811, 0.000_2), (0.033_364, 0.000_244), (0.254_485, 0.005_285)],
    ];
    let cases = [(0.001_042, 0.079_340), (0.014_458, 0.061_569), (0.0, 0.084), (-0.03, 0.07), (0.02, 0.0)];
    let mut solver = Solver::default();
    // An earlier problem whose cash row counts spreads leaves nothing behind in the solver.
    let mut spreads = Problem {
        risk_aversion: 25.0,
        specific: vec![0.04; 3],
        active: vec![0.1, -0.05, -0.05],
        curves: vec![Curve::default(); 3],
        rows: vec![Row::equal("cash", vec![1.0; 3], 0.3).with_gross(vec![0.1; 3])],
        ..Problem::default()
    };
    for curve in &mut spreads.curves {
        curve.fill(core::iter::empty(), 0.01, 2.0);
    }
    solver.solve(&spreads, None).unwrap();
    let mut last = None;
    for (cash, centre) in cases.into_iter().chain(cases) {
        let mut problem = Problem {
            risk_aversion: 25.0,
            factors: 6,
            exposures: exposures.concat(),
            specific: vec![0.001_581, 0.001_612, 0.005_9],
            active: vec![0.6 * centre, 0.4 * centre, -centre],
            curves: vec![Curve::default(); 3],
            ..Problem::default()
        };
        for (curve, sells) in problem.curves.iter_mut().zip(sells) {
            let segment = |(width, cost): &(f64, f64)| Segment { width: *width, cost: *cost, gain: 0.0 };
            curve.fill(sells.iter().map(segment), 0.000_2, 2.0);
        }
        let (low, high) = (centre - 0.02, centre + 0.02);
        problem.rows.push(Row::equal("cash", vec![1.0; 3], cash));
        problem.rows.push(Row::within("stocks", vec![1.0, 1.0, 0.0], cash - high, cash - low).at_price(1.0));
        problem.rows.push(Row::within("bonds", vec![0.0, 0.0, 1.0], low, high).at_price(1.0));
        let solution = solver.solve(&problem, last.as_ref()).unwrap();
        last = Some(solution.prices.clone());
        for row in &problem.rows {
            let value = row.value(&solution.trades);
            let off = if value < row.low { row.low - value } else { value - row.high };
            assert!(off < 1e-6, "{} off by {off:e} at {cash}, {centre}: {:?}", row.name, solution.trades);
        }
        let gap = solution.objective - solution.lower_bound;
        assert!(gap < 1e-6, "gap {gap:e} at {cash}, {centre}");
    }
}
