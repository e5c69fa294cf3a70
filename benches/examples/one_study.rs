//! Times whole replays over a synthetic market, without criterion or for counting instructions.
//!
//! `one_study [monthly100 | monthly500 | daily500 | switches]...` prints the shortest of a few runs of each.
//! With `once` before a name, runs it once, in a function `counted` that a profiler can count separately.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::hint::black_box;
use std::time::Instant;

use rayon::prelude::*;
use unisleeve_benches::household::{Replay, all_arms};
use unisleeve_core::mandates::{Cadence, Config};
use unisleeve_core::study::compare::Comparison;
use unisleeve_core::study::{Bench, StudyArm};

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let once = arguments.first().is_some_and(|a| a == "once");
    if once {
        arguments.remove(0);
    }
    if arguments.is_empty() {
        arguments = ["monthly100", "monthly500", "daily500", "switches"].map(str::to_owned).to_vec();
    }
    for name in &arguments {
        let (names, years, cadence) = match name.as_str() {
            "monthly100" => (100, 10, Cadence::Monthly),
            "monthly500" | "switches" => (500, 10, Cadence::Monthly),
            "daily500" => (500, 5, Cadence::Daily),
            _ => panic!("{name}: expected monthly100, monthly500, daily500 or switches"),
        };
        let replay = Replay { names, years, cadence };
        if name == "switches" {
            switches(replay);
        } else {
            arms(name, replay, once);
        }
    }
}

fn arms(name: &str, replay: Replay, once: bool) {
    let (config, market) = (replay.config(), replay.market());
    let start = Instant::now();
    let bench = replay.bench(&config, &market);
    let risk = start.elapsed();
    let mut least = f64::INFINITY;
    let mut arms = Vec::new();
    for _ in 0..if once { 1 } else { 5 } {
        let start = Instant::now();
        arms = counted(&bench, &config);
        least = least.min(start.elapsed().as_secs_f64());
    }
    println!("{name:12} {:8.1} ms, risk models {:8.1} ms", 1e3 * least, 1e3 * risk.as_secs_f64());
    for arm in arms {
        let journal = &arm.result.journal;
        let steps: u32 = journal.solves.iter().map(|s| s.steps).sum();
        println!(
            "  {:6} {} trades, {} lots at the end, {} solves journalled with {steps} steps, kept {}, tracking error {:.4}",
            arm.name,
            journal.trades.len(),
            arm.result.lots.len(),
            journal.solves.len(),
            arm.measures.wealth_before_liquidation,
            arm.measures.tracking_error_ex_post.unwrap_or(0.0),
        );
    }
}

#[inline(never)]
fn counted(bench: &Bench, config: &Config) -> Vec<StudyArm> {
    all_arms(black_box(bench), black_box(config))
}

fn switches(replay: Replay) {
    let (config, market) = (replay.config_with_all_switches(), replay.market());
    let start = Instant::now();
    let comparison = Comparison::new(&config, &market, &mut |_| {}).expect("a comparison");
    let prepared = start.elapsed();
    let start = Instant::now();
    let count = comparison.distinct().len();
    let figures: Vec<i64> =
        (0..count).into_par_iter().map(|at| comparison.run(at, None).expect("a run").0.kept).collect();
    println!(
        "switches     {:8.1} ms for {count} sets on all cores, prepared in {:.1} ms; SMA {} UMA {}",
        1e3 * start.elapsed().as_secs_f64(),
        1e3 * prepared.as_secs_f64(),
        figures[0],
        figures[count - 1]
    );
}
