//! Inside the no-trade region, where a trade costs more than the risk it removes, nothing is traded. Outside,
//! trading stops at the region's edge.

use unisleeve_core::solver::{Curve, Problem, Row, Segment, solve};

const GAMMA: f64 = 25.0;
const VARIANCE: f64 = 0.04;
const HALF_SPREAD: f64 = 0.0002;

/// Names without common factors, over or under their benchmark weights by `drift`, at a gain taxed at `tax`
/// per dollar.
fn problem(drift: &[f64], tax: f64, rows: Vec<Row>) -> Problem {
    let sell = [Segment::new(0.2, HALF_SPREAD + tax)];
    Problem {
        risk_aversion: GAMMA,
        factors: 0,
        exposures: Vec::new(),
        specific: vec![VARIANCE; drift.len()],
        active: drift.to_vec(),
        curves: vec![Curve::new(&sell, HALF_SPREAD, 1.0); drift.len()],
        rows,
        ..Problem::default()
    }
}

/// The marginal risk of a drift `a` is `γ d a`. Selling pays only above `(half spread + tax) / (γ d)`, and
/// buying only below `-half spread / (γ d)`.
#[test]
fn trades_go_to_the_edge_of_the_region_and_no_further() {
    let tax = 0.005;
    let sell_edge = (HALF_SPREAD + tax) / (GAMMA * VARIANCE);
    let buy_edge = -HALF_SPREAD / (GAMMA * VARIANCE);
    for (drift, expected) in [
        (0.0, 0.0),
        (0.99 * sell_edge, 0.0),
        (1.5 * sell_edge, -0.5 * sell_edge),
        (0.99 * buy_edge, 0.0),
        (3.0 * buy_edge, -2.0 * buy_edge),
    ] {
        let s = solve(&problem(&[drift], tax, Vec::new()), None).expect("no rows to miss");
        assert!((s.trades[0] - expected).abs() < 1e-12, "drift {drift}: {} for {expected}", s.trades[0]);
    }
}

#[test]
fn a_small_drift_under_a_cash_row_is_left_alone() {
    let drift = [0.00015, -0.00015, 0.0001, -0.0001];
    let row = |target| vec![Row::equal("cash", vec![1.0; 4], target)];
    let s = solve(&problem(&drift, 0.005, row(0.0)), None).expect("feasible");
    assert!(s.trades.iter().all(|u| *u == 0.0), "{:?}", s.trades);
    // New money goes where it removes risk, and nothing is sold for it.
    let s = solve(&problem(&drift, 0.005, row(0.001)), None).expect("feasible");
    assert!(s.trades.iter().all(|u| *u >= 0.0), "{:?}", s.trades);
    assert!((s.trades.iter().sum::<f64>() - 0.001).abs() < 1e-9);
}

#[test]
fn without_cost_or_tax_the_drift_is_traded_away() {
    let drift = [0.03, -0.02, -0.01];
    let free = Curve::new(&[Segment::new(0.2, 0.0)], 0.0, 1.0);
    let mut p = problem(&drift, 0.0, Vec::new());
    p.curves = vec![free; 3];
    let s = solve(&p, None).expect("no rows to miss");
    for (u, a) in s.trades.iter().zip(&drift) {
        assert!((u + a).abs() < 1e-12);
    }
}
