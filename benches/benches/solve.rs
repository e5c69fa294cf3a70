//! One rebalancing: 500 names, up to 10 lots each, 20 factors, a cash row; ours, and an interior-point method on the same
//! convex problem.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use unisleeve_benches::{drifted, large};
use unisleeve_core::rebalance::solve;
use unisleeve_tests::oracle::{Open, Program};

/// The interior-point method's own default.
const USUAL_TOLERANCE: f64 = 1e-8;

fn benches(c: &mut Criterion) {
    let convex = large(1, 0.0);
    let mut group = c.benchmark_group("solve/500x10x20");
    group.bench_function("convex, cold", |b| {
        b.iter(|| solve(black_box(&convex.problem), None).expect("feasible"));
    });

    let before = solve(&convex.problem, None).expect("feasible");
    let prices = [before.factor_prices.as_slice(), &before.row_prices].concat();
    let later = drifted(&convex, 2);
    group.bench_function("convex, warm", |b| {
        b.iter(|| solve(black_box(&later.problem), Some(&prices)).expect("feasible"));
    });

    let harvest = large(3, 1.0 / 3.0);
    let solution = solve(&harvest.problem, None).expect("feasible");
    println!(
        "a third of lots at a loss: certified gap {:e} of value",
        solution.objective - solution.lower_bound
    );
    group.bench_function("a third of lots at a loss, cold", |b| {
        b.iter(|| solve(black_box(&harvest.problem), None).expect("feasible"));
    });

    let open = vec![Open::Both; convex.problem.len()];
    let theirs = Program::new(&convex, &open, USUAL_TOLERANCE).solve().expect("feasible");
    println!("the two solvers differ by {:e} of value", before.objective - theirs.objective);
    group.sample_size(20);
    group.bench_function("convex, interior point", |b| {
        b.iter_batched(
            || Program::new(&convex, &open, USUAL_TOLERANCE),
            |program| program.solve().expect("feasible"),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("convex, interior point with set-up", |b| {
        b.iter(|| Program::new(&convex, &open, USUAL_TOLERANCE).solve().expect("feasible"));
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
