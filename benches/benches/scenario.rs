//! Ten years of 500 names from the market model: the panel alone, and the market with total returns and
//! index. Also one future of the what-if household: all three arms with their figures.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use unisleeve_core::mandates::Config;
use unisleeve_core::market::scenario::{Generator, Scenario, Step};
use unisleeve_core::study::simulate::{Simulator, what_if};

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

/// Ten years in monthly steps: UMA, SMA and the shadow portfolio.
fn futures(c: &mut Criterion) {
    let mut group = c.benchmark_group("simulate/10 years, monthly, three arms");
    group.sample_size(20);
    for names in [100, 500] {
        let mut config: Config = what_if();
        if let Some(simulation) = &mut config.simulation {
            simulation.scenario.names = names;
        }
        let simulator = Simulator::new(&config, None).expect("the what-if household");
        let mut path = 0;
        group.bench_function(format!("{names} names: a future"), |b| {
            b.iter(|| {
                // Uses a new path each time, because paths differ in the work they take.
                path += 1;
                simulator.path(black_box(path)).expect("a path")
            });
        });
    }
    group.finish();
}

criterion_group!(all, benches, futures);
criterion_main!(all);
