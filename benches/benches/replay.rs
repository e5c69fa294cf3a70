//! Seventeen years of the embedded sample: one arm, and the whole default study.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use unisleeve_core::mandates::{ArmKind, sample_config};
use unisleeve_core::study::{Scope, study};
use unisleeve_tests::markets::{Bench, sample};

fn benches(c: &mut Criterion) {
    let (config, market) = (sample_config(), sample());
    let mut group = c.benchmark_group("replay/sample");
    group.sample_size(10);
    let bench = Bench::new(&[ArmKind::Uma, ArmKind::Sma], &config, &market);
    group.bench_function("uma", |b| {
        b.iter(|| bench.run(ArmKind::Uma, black_box(&config)).expect("a run"));
    });
    group.bench_function("sma", |b| {
        b.iter(|| bench.run(ArmKind::Sma, black_box(&config)).expect("a run"));
    });
    group.bench_function("risk models", |b| {
        b.iter(|| Bench::new(&[ArmKind::Uma], black_box(&config), &market));
    });
    for (name, scope) in [("study, equal gamma", Scope::EqualGamma), ("study, full", Scope::Full)] {
        group.bench_function(name, |b| {
            b.iter(|| study(black_box(&config), &market, scope, &mut |_| {}).expect("a study"));
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
