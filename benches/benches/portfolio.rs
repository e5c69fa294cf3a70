//! Rebalances a portfolio through the library: 500 names with 10 lots each, a third of the lots at a loss, 20
//! factors, a cash row, 11 sector bands, 3 asset-class bands, and a binding cap on tracking error or a
//! binding gains budget. Times a cold start and a start from last month's solution. Also prints certified
//! gaps over many portfolios.

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use unisleeve_benches::portfolio::{later, portfolio};
use unisleeve_core::portfolio::{Answer, Portfolio, Rebalancer, Rounding};

/// Number of portfolios for gaps and times.
const SEEDS: u64 = 24;

/// A name, a function from a seed to a portfolio, and the constraint that must bind.
type Case<'a> = (&'a str, &'a dyn Fn(u64) -> Portfolio, &'a str);

fn solved(rebalancer: &mut Rebalancer, p: &Portfolio) -> Answer {
    rebalancer.rebalance(p, Rounding::None).expect("feasible")
}

/// Median and largest value.
fn spread(mut figures: Vec<f64>) -> (f64, f64) {
    figures.sort_by(f64::total_cmp);
    (figures[figures.len() / 2], figures[figures.len() - 1])
}

/// Prints certified gaps, in basis points of portfolio value, and solve times over all seeds.
#[expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
fn gaps(name: &str, make: impl Fn(u64) -> Portfolio, row: &str) {
    let (mut cold, mut warm, mut times, mut warm_times) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for seed in 0..SEEDS {
        let (now, next) = (make(seed), later(&make(seed), seed));
        let mut rebalancer = Rebalancer::default();
        for (p, gaps, times) in [(&now, &mut cold, &mut times), (&next, &mut warm, &mut warm_times)] {
            let begun = Instant::now();
            let answer = solved(&mut rebalancer, p);
            times.push(begun.elapsed().as_secs_f64() * 1e3);

            gaps.push((answer.objective - answer.lower_bound) * 1e4);

            assert!(answer.binding.iter().any(|b| b.row == row), "{row} does not bind");
        }
    }
    for (when, gaps, times) in [("cold", cold, times), ("warm", warm, warm_times)] {
        let ((gap, widest), (time, longest)) = (spread(gaps), spread(times));
        println!(
            "{name}, {when}: certified gap {gap:.4} bp of value in the median, {widest:.4} at worst; {time:.2} ms in the median, {longest:.2} at worst, over {SEEDS} seeds"
        );
    }
}

fn benches(c: &mut Criterion) {
    let capped = |seed| Portfolio { max_tracking_error: Some(0.01), risk_aversion: None, ..portfolio(seed) };
    // 10% below the gain realized without a budget.
    let budgeted = |seed| {
        let free = Portfolio { risk_aversion: Some(400.0), ..portfolio(seed) };
        let lots = solved(&mut Rebalancer::default(), &free).orders.into_iter().flat_map(|o| o.lots);
        let gain: f64 = lots.filter(|l| l.tax != 0.0).map(|l| l.gain).sum();
        Portfolio { gains_budget: Some(gain - 0.1 * gain.abs()), ..free }
    };
    let cases: [Case; 2] =
        [("tracking-error cap", &capped, "max_tracking_error"), ("gains budget", &budgeted, "gains_budget")];
    for (name, make, row) in cases {
        gaps(name, make, row);
    }
    let mut group = c.benchmark_group("portfolio");
    group.sample_size(20);
    for (name, make, _) in cases {
        let (now, next) = (make(3), later(&make(3), 3));
        group.bench_function(format!("500x10x20/{name}, cold"), |b| {
            b.iter(|| solved(&mut Rebalancer::default(), black_box(&now)));
        });
        let mut last = Rebalancer::default();
        solved(&mut last, &now);
        group.bench_function(format!("500x10x20/{name}, warm"), |b| {
            b.iter_batched_ref(
                || last.clone(),
                |last| solved(last, black_box(&next)),
                criterion::BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
