//! Whole replays over a synthetic market: UMA, SMA and shadow over ten years monthly and five years daily,
//! their shared risk models timed separately, and all 128 sets of switches.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rayon::prelude::*;
use unisleeve_benches::household::{Replay, all_arms};
use unisleeve_core::mandates::Cadence;
use unisleeve_core::study::compare::Comparison;

fn benches(c: &mut Criterion) {
    let mut group = c.benchmark_group("study");
    group.sample_size(10);
    for (name, names, years, cadence) in [
        ("ten years monthly, 100 names", 100, 10, Cadence::Monthly),
        ("ten years monthly, 500 names", 500, 10, Cadence::Monthly),
        ("five years daily, 500 names", 500, 5, Cadence::Daily),
    ] {
        let replay = Replay { names, years, cadence };
        let (config, market) = (replay.config(), replay.market());
        let bench = replay.bench(&config, &market);
        group.bench_function(name, |b| b.iter(|| all_arms(&bench, black_box(&config))));
        group.bench_function(format!("{name}: risk models"), |b| {
            b.iter(|| replay.bench(black_box(&config), &market));
        });
    }
    let replay = Replay { names: 500, years: 10, cadence: Cadence::Monthly };
    let (config, market) = (replay.config_with_all_switches(), replay.market());
    let comparison = Comparison::new(&config, &market, &mut |_| {}).expect("a comparison");
    assert_eq!(comparison.distinct().len(), 128, "a switch has nothing to act on");
    group.bench_function("128 sets of switches, ten years monthly, 500 names, all cores", |b| {
        b.iter(|| {
            let run = |at| comparison.run(at, None).expect("a run").0.kept;
            (0..128).into_par_iter().map(run).collect::<Vec<i64>>()
        });
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
