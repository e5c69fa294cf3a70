//! Prints the shortest and the median time of many solves for each problem of the bench, and takes less time
//! than the bench. With `once` and the name of a problem, runs only two solves of it, for counting
//! instructions.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::hint::black_box;
use std::time::Instant;

use unisleeve_benches::{banded, drifted, huge, large};
use unisleeve_core::solver::Solver;
use unisleeve_tests::instance::Instance;

fn timed(name: &str, instance: &Instance, times: usize) {
    let mut solver = Solver::default();
    let cold = solver.solve(&instance.problem, None).expect("feasible");
    let prices = cold.prices.clone();
    let later = drifted(instance, 2);
    for (kind, problem, from) in [("cold", &instance.problem, None), ("warm", &later.problem, Some(&prices))]
    {
        let s = solver.solve(problem, from).expect("feasible");
        let mut all: Vec<f64> = (0..times)
            .map(|_| {
                let start = Instant::now();
                black_box(solver.solve(black_box(problem), from).expect("feasible"));
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        all.sort_by(f64::total_cmp);
        println!(
            "{name:13} {kind}: {:7.4} ms least, {:7.4} median; {} steps, gap {:.4} bp",
            all[0],
            all[all.len() / 2],
            s.steps,
            (s.objective - s.lower_bound) * 1e4
        );
    }
}

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
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    for (name, instance, times) in &cases {
        if arguments.first().is_none_or(|a| a != "once") {
            timed(name, instance, *times);
        } else if arguments.get(1).is_some_and(|a| a == name) {
            let mut solver = Solver::default();
            // Only the second solve is counted, because its buffers are already allocated.
            solver.solve(&instance.problem, None).expect("feasible");
            counted(&mut solver, instance);
        }
    }
}

/// Not inlined, so that a profiler can count this function separately.
#[inline(never)]
fn counted(solver: &mut Solver, instance: &Instance) {
    black_box(solver.solve(black_box(&instance.problem), None).expect("feasible"));
}
