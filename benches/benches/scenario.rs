//! Ten years of 500 names from the model: the panel alone, and the market with its total returns and its index.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use unisleeve_core::scenario::{Generator, Scenario, Step};

fn benches(c: &mut Criterion) {
    let mut group = c.benchmark_group("scenario/500 names, 10 years");
    group.sample_size(20);
    for (name, step) in [("monthly", Step::Monthly), ("weekly", Step::Weekly), ("daily", Step::Daily)] {
        let scenario = Scenario { step, ..Scenario::default() };
        let generator = Generator::new(scenario.clone()).expect("the default scenario");
        group.bench_function(format!("{name}: panel"), |b| b.iter(|| generator.panel(black_box(1))));
        group.bench_function(format!("{name}: market"), |b| {
            b.iter(|| generator.path(black_box(1)).expect("a market"));
        });
        group.bench_function(format!("{name}: stocks and history, once"), |b| {
            b.iter(|| Generator::new(black_box(scenario.clone())).expect("the default scenario"));
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
