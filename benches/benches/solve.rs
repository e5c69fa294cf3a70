//! One rebalancing with 500 names, up to 10 lots each, 20 factors and a cash row. Compares our solver with an
//! interior-point method on the same convex problem. Also prints certified gaps.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use unisleeve_benches::{banded, drifted, huge, large};
use unisleeve_core::solver::{Solution, Solver};
use unisleeve_tests::instance::Instance;
use unisleeve_tests::oracle::{Open, Program};

/// Default tolerance of the interior-point method.
const USUAL_TOLERANCE: f64 = 1e-8;
/// Number of problems for certified gaps.
const SEEDS: u64 = 100;

fn solved(instance: &Instance) -> Solution {
    Solver::default().solve(&instance.problem, None).expect("feasible")
}

/// Prints the median and the largest certified gap, in basis points of portfolio value.
fn gaps(name: &str, make: impl Fn(u64) -> Instance) {
    let mut gaps: Vec<f64> =
        (0..SEEDS).map(|seed| solved(&make(seed))).map(|s| (s.objective - s.lower_bound) * 1e4).collect();
    gaps.sort_by(f64::total_cmp);
    println!(
        "{name}: certified gap {:.4} bp of value in the median, {:.4} at worst, over {SEEDS} seeds",
        gaps[gaps.len() / 2],
        gaps[gaps.len() - 1]
    );
}

fn benches(c: &mut Criterion) {
    // One solver for all cases. After the first solve it reuses its buffers, as the engine does from day to
    // day.
    let mut solver = Solver::default();
    let third = 1.0 / 3.0;
    let cases = [
        ("500x10x20/convex", large(1, 0.0)),
        ("500x10x20/a third of lots at a loss", large(3, third)),
        ("500x10x20/convex, 14 bands", banded(1, 0.0)),
        ("500x10x20/a third of lots at a loss, 14 bands", banded(3, third)),
        ("3000x20x60/convex", huge(1, 0.0)),
        ("3000x20x60/a third of lots at a loss", huge(3, third)),
    ];
    let mut group = c.benchmark_group("solve");
    for (name, instance) in &cases {
        group.bench_function(format!("{name}, cold"), |b| {
            b.iter(|| solver.solve(black_box(&instance.problem), None).expect("feasible"));
        });
        let before = solved(instance);
        let prices = before.prices.clone();
        let later = drifted(instance, 2);
        group.bench_function(format!("{name}, warm"), |b| {
            b.iter(|| solver.solve(black_box(&later.problem), Some(&prices)).expect("feasible"));
        });
    }
    gaps("a third of lots at a loss", |seed| large(seed, third));
    gaps("a third of lots at a loss, 14 bands", |seed| banded(seed, third));

    let convex = &cases[0].1;
    let open = vec![Open::Both; convex.problem.len()];
    let theirs = Program::new(convex, &open, USUAL_TOLERANCE).solve().expect("feasible");
    println!("the two solvers differ by {:e} of value", solved(convex).objective - theirs.objective);
    group.sample_size(20);
    group.bench_function("500x10x20/convex, interior point", |b| {
        b.iter_batched(
            || Program::new(convex, &open, USUAL_TOLERANCE),
            |program| program.solve().expect("feasible"),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("500x10x20/convex, interior point with set-up", |b| {
        b.iter(|| Program::new(convex, &open, USUAL_TOLERANCE).solve().expect("feasible"));
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
