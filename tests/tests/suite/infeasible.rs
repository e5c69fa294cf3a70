//! Problems without a solution return a typed error that carries the numbers.

use unisleeve_core::solver::{Curve, Problem, ProblemError, Row, Segment, solve};

fn problem(rows: Vec<Row>) -> Problem {
    Problem {
        risk_aversion: 25.0,
        factors: 0,
        exposures: Vec::new(),
        specific: vec![0.04; 3],
        active: vec![0.0; 3],
        curves: vec![Curve::new(&[Segment::new(0.1, 0.01)], 0.001, 0.2); 3],
        rows,
        ..Problem::default()
    }
}

fn row(name: &str, coefficients: [f64; 3], target: f64) -> Row {
    Row::equal(name, coefficients.to_vec(), target)
}

#[test]
fn more_cash_than_there_is_to_sell() {
    let e = solve(&problem(vec![row("cash", [1.0; 3], -0.4)]), None).expect_err("only 0.3 can be sold");
    let ProblemError::Infeasible { row, asked, low, high } = &e else { panic!("{e:?}") };
    assert_eq!((row.as_str(), *asked), ("cash", -0.4));
    assert!((low + 0.3).abs() < 1e-12 && (high - 0.6).abs() < 1e-12);
    let text = e.to_string();
    assert!(text.contains("cash") && text.contains("-0.400000") && text.contains("-0.300000"), "{text}");
}

/// Each row is feasible alone: the first two names give at most 0.2.
#[test]
fn rows_that_conflict() {
    let rows = vec![
        row("cash", [1.0; 3], 0.0),
        row("first two", [1.0, 1.0, 0.0], 0.3),
        row("third", [0.0, 0.0, 1.0], 0.1),
    ];
    let e = solve(&problem(rows), None).expect_err("0.3 + 0.1 is not 0");
    let ProblemError::Unsolved { row, residual, steps } = &e else { panic!("{e:?}") };
    assert!(!row.is_empty() && *residual > 0.01 && *steps > 0, "{e:?}");
}

#[test]
fn exactly_everything_can_be_sold_or_bought() {
    for (target, each) in [(-0.3, -0.1), (0.6, 0.2)] {
        let s =
            solve(&problem(vec![row("cash", [1.0; 3], target)]), None).expect("the bound itself is possible");
        assert!(s.trades.iter().all(|u| (u - each).abs() < 1e-9), "{:?}", s.trades);
    }
}

/// Makes a problem invalid.
type Change = fn(&mut Problem);

#[test]
fn malformed_data_are_named() {
    let good = problem(vec![row("cash", [1.0; 3], 0.0)]);
    let spoil: [(&str, Change); 8] = [
        ("risk aversion", |p| p.risk_aversion = 0.0),
        ("risk aversion", |p| p.risk_aversion = f64::NAN),
        ("specific variances", |p| p.specific[1] = -1e-9),
        ("specific variances", |p| p.specific[1] = f64::INFINITY),
        ("exposures", |p| p.factors = 2),
        ("positions", |p| p.active[0] = f64::NAN),
        ("rows", |p| p.rows[0].low = f64::NAN),
        ("rows", |p| p.rows[0].coefficients.truncate(2)),
    ];
    for (expected, change) in spoil {
        let mut p = good.clone();
        change(&mut p);
        match solve(&p, None) {
            Err(ProblemError::Malformed { what, .. }) => assert_eq!(what, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}
