//! Least time of many solves, for each problem of the bench: quicker than the bench, and steadier on a busy machine. Given the
//! name of a problem, solves that one alone, once: for counting instructions.

use std::hint::black_box;
use std::time::Instant;

use unisleeve_benches::{banded, drifted, huge, large};
use unisleeve_core::rebalance::Solver;

fn main() {
    let third = 1.0 / 3.0;
    let cases = [
        ("convex", large(1, 0.0), 2000),
        ("third", large(3, third), 600),
        ("convex-bands", banded(1, 0.0), 600),
        ("third-bands", banded(3, third), 400),
        ("huge-convex", huge(1, 0.0), 40),
        ("huge-third", huge(3, third), 20),
    ];
    let mut solver = Solver::default();
    for (name, instance, times) in &cases {
        let cold = solver.solve(&instance.problem, None).expect("feasible");
        let prices = [cold.factor_prices.as_slice(), &cold.row_prices].concat();
        let later = drifted(instance, 2);
        let warm = solver.solve(&later.problem, Some(&prices)).expect("feasible");
        for (kind, problem, from, s) in [
            ("cold", &instance.problem, None, &cold),
            ("warm", &later.problem, Some(prices.as_slice()), &warm),
        ] {
            let mut all: Vec<f64> = (0..*times)
                .map(|_| {
                    let start = Instant::now();
                    black_box(solver.solve(black_box(problem), from).expect("feasible"));
                    start.elapsed().as_secs_f64() * 1e3
                })
                .collect();
            all.sort_by(f64::total_cmp);
            println!(
                "{name:14} {kind}: {:8.4} ms least, {:8.4} median; {} steps, gap {:.4} bp, objective {:.17e}",
                all[0],
                all[all.len() / 2],
                s.steps,
                (s.objective - s.lower_bound) * 1e4,
                s.objective
            );
        }
    }
}
