//! The workload of a research team, from files to figures; `examples/research.rs` times the same. Parts that
//! need real prices are skipped, with a message, if the prices are missing.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use unisleeve_benches::research::{Book, four_arms, load, sp500, vintages};
use unisleeve_core::mandates::Cadence;

fn benches(c: &mut Criterion) {
    let mut group = c.benchmark_group("research");
    group.sample_size(10).measurement_time(Duration::from_mins(1));
    if let Some((config, folder)) = sp500(Cadence::Monthly) {
        group.bench_function("read the S&P 500: 1.2 million rows, csv.gz", |b| {
            b.iter(|| load(black_box(&config), &folder));
        });
        group.bench_function("S&P 500, 8 years monthly, four arms from the files", |b| {
            b.iter(|| four_arms(black_box(&config), &folder));
        });
    }
    if let Some((config, folder)) = sp500(Cadence::Daily) {
        group.bench_function("S&P 500, 8 years daily, four arms from the files", |b| {
            b.iter(|| four_arms(black_box(&config), &folder));
        });
    }
    group.bench_function("20 stocks, 200 vintages, three arms, all cores", |b| b.iter(vintages));
    let book = Book::new();
    group.bench_function("book: 1,000 accounts x 500 names x 10 lots, all cores", |b| {
        b.iter(|| book.rebalance(black_box(1_000)));
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
