//! Runs two arms over the same market at equal risk aversion and computes the paired difference of their
//! results.

use std::ops::Range;
use std::thread;

use unisleeve_core::mandates::{ArmKind, Config, arm};
use unisleeve_core::market::Market;
use unisleeve_core::study::measure::tax_alpha;
use unisleeve_core::study::{Bench, StudyArm};
use unisleeve_core::units::Money;

/// Results of the first arm minus those of the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lead {
    /// After-tax wealth with nothing sold, dollars.
    pub kept: f64,
    /// After-tax wealth with everything sold on the last day, dollars.
    pub liquidated: f64,
    /// Tax alpha a year before liquidation, basis points.
    pub alpha_kept: f64,
    /// Tax alpha a year after liquidation, basis points.
    pub alpha_liquidated: f64,
}

/// Name of a figure, and the function that reads it.
pub type Figure = (&'static str, fn(&Lead) -> f64);

/// All figures of a comparison.
pub const FIGURES: [Figure; 4] = [
    ("kept", |l| l.kept),
    ("liquidated", |l| l.liquidated),
    ("tax alpha kept", |l| l.alpha_kept),
    ("tax alpha liquidated", |l| l.alpha_liquidated),
];

/// Returns the first arm's results minus the second's.
///
/// # Panics
/// When the run fails.
pub fn lead(first: ArmKind, second: ArmKind, config: &Config, market: &Market) -> Lead {
    assert_eq!(config.faults(), [], "the configuration has faults");
    let mut market = market.clone();
    let kinds = [first, second, ArmKind::Shadow];
    let setups = kinds.map(|kind| arm(kind, config, &mut market).expect("a setup"));
    let bench = Bench::new(config, market, setups.to_vec(), &mut |_| {}).expect("a bench");
    let run =
        |i: usize| bench.arm(&bench.setups[i], "", config, config.trading.risk_aversion).expect("a run");
    let (a, b, shadow) = (run(0), run(1), run(2));
    let alpha = |arm: &StudyArm| {
        tax_alpha(
            (&arm.result.journal.marks, &arm.measures.liquidation),
            (&shadow.result.journal.marks, &shadow.measures.liquidation),
        )
    };
    let (x, y) = (alpha(&a), alpha(&b));
    let dollars = |a: Money, b: Money| (a - b).to_f64();
    let points = |x: Option<f64>, y: Option<f64>| 1e4 * (x.expect("defined") - y.expect("defined"));
    Lead {
        kept: dollars(a.measures.wealth_before_liquidation, b.measures.wealth_before_liquidation),
        liquidated: dollars(a.measures.wealth_after_liquidation, b.measures.wealth_after_liquidation),
        alpha_kept: points(x.before_liquidation, y.before_liquidation),
        alpha_liquidated: points(x.after_liquidation, y.after_liquidation),
    }
}

/// Computes a value for each seed on two threads. Results are in ascending order of seed.
///
/// # Panics
/// When the function panics for a seed.
pub fn over_seeds<T: Send>(seeds: Range<u64>, of: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let middle = u64::midpoint(seeds.start, seeds.end);
    let of = &of;
    thread::scope(|scope| {
        let early = scope.spawn(move || (seeds.start..middle).map(of).collect::<Vec<T>>());
        let late: Vec<T> = (middle..seeds.end).map(of).collect();
        early.join().expect("the early seeds").into_iter().chain(late).collect()
    })
}

/// Summary of one figure over many seeds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Seeds.
    pub count: usize,
    /// Number of seeds in which the first arm is ahead.
    pub ahead: usize,
    /// Median.
    pub median: f64,
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean: standard deviation (divisor n - 1) over the square root of n.
    pub error: f64,
}

/// Summarizes values. There must be more than one.
pub fn spread(values: impl Iterator<Item = f64>) -> Spread {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let (count, half) = (sorted.len(), sorted.len() / 2);
    let n = count as f64;
    let mean = sorted.iter().sum::<f64>() / n;
    let variance = sorted.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    Spread {
        count,
        ahead: sorted.iter().filter(|x| **x > 0.0).count(),
        median: if count % 2 == 1 { sorted[half] } else { f64::midpoint(sorted[half - 1], sorted[half]) },
        mean,
        error: (variance / n).sqrt(),
    }
}
