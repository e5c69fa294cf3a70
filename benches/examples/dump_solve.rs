//! Prints a problem of the bench as JSON, with its solution and the times of 30 solves, so that other solvers can
//! be given the same numbers (`benches/peers.py`).
//!
//! The problem is convex, so it is a quadratic program with one variable for the purchase of a name, one for the
//! sale of each lot (`parts`: name, sign, largest amount, cost) and one for each factor:
//!
//! ```text
//! u_i = Σ sign x over the parts of name i      y = G'(a + u)      low <= C u <= high      0 <= x <= width
//! minimize 1/2 γ (y'y + Σ d_i (a_i + u_i)²) + cost'x
//! ```
//!
//! `serde_json` prints the shortest digits that read back as the same number. Infinite bounds become null.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::hint::black_box;
use std::time::Instant;

use serde_json::{Value, json};
use unisleeve_benches::large;
use unisleeve_core::solver::{Curve, Problem, Solution, Solver};
use unisleeve_tests::instance::Instance;

const SOLVES: usize = 30;

fn main() {
    let instance = large(1, 0.0);
    let problem = &instance.problem;
    assert!(problem.curves.iter().all(Curve::is_convex), "the quadratic program needs convex curves");
    let (solution, milliseconds) = timed(problem);
    let rows: Vec<Value> = problem
        .rows
        .iter()
        .map(|r| json!({ "coefficients": r.coefficients, "low": r.low, "high": r.high }))
        .collect();
    let dump = json!({
        "problem": {
            "risk_aversion": problem.risk_aversion,
            "factors": problem.factors,
            "exposures": problem.exposures,
            "specific": problem.specific,
            "active": problem.active,
            "parts": parts(&instance),
            "rows": rows,
        },
        "objective": solution.objective,
        "lower_bound": solution.lower_bound,
        "trades": solution.trades,
        "milliseconds": milliseconds,
    });
    println!("{dump}");
}

/// The variables that trade: name, sign, largest amount and cost per dollar of each.
fn parts(instance: &Instance) -> Vec<(usize, f64, f64, f64)> {
    let mut parts = Vec::new();
    for (i, lots) in instance.sells.iter().enumerate() {
        parts.extend(lots.iter().filter(|s| s.width > 0.0).map(|s| (i, -1.0, s.width, s.cost)));
        if instance.buy_limits[i] > 0.0 {
            parts.push((i, 1.0, instance.buy_limits[i], instance.buy_costs[i]));
        }
    }
    parts
}

/// Solves the problem from nothing by a solver that already has its buffers, as a replay does from day to day.
fn timed(problem: &Problem) -> (Solution, Vec<f64>) {
    let mut solver = Solver::default();
    let solution = solver.solve(problem, None).expect("feasible");
    let milliseconds = (0..SOLVES)
        .map(|_| {
            let start = Instant::now();
            black_box(solver.solve(black_box(problem), None).expect("feasible"));
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    (solution, milliseconds)
}
