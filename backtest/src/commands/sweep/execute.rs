//! Executes runs on all cores. Results do not depend on the number of threads or their order.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use unisleeve_core::mandates::Config;

use super::journal::Done;
use super::one_run;
use super::one_run::Row;
use super::plan::Plan;
use super::prices::{AllPrices, Prices};
use super::risk::SharedRisk;
use crate::failure::Failure;

/// Executes the runs in `todo` and passes on each result at once. `before` is the number of runs done
/// earlier, for the progress bar.
pub(super) fn execute(
    plan: &Plan,
    prices: &AllPrices,
    todo: &[usize],
    before: usize,
    threads: Option<usize>,
    done: &mut (dyn FnMut(Done) -> Result<(), Failure> + Send),
) -> Result<(), Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build();
    let pool = pool.map_err(|e| Failure::Environment(format!("can't start threads: {e}")))?;
    let risk = SharedRisk::new(pool.current_num_threads());
    // Sort by start date, so that runs can share risk models.
    let mut todo = todo.to_vec();
    todo.sort_by_key(|run| (run % plan.windows(), *run));
    let bar = bar(before, todo.len());
    let done = Mutex::new(done);
    let one = |run: &usize| {
        let config = plan.run(*run).map_err(Failure::input)?;
        let prices = prices.of(plan.combination(*run));
        let prices =
            prices.ok_or_else(|| Failure::input(format!("run {run}: there are no prices for it")))?;
        let finished =
            Done { run: *run, key: plan.key(*run), rows: one_run(plan, *run, config, prices, &risk) };
        bar.inc(1);
        // If another thread panicked while it held the lock, the data is still consistent.
        let mut done = done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        (*done)(finished)
    };
    let result = pool.install(|| todo.par_iter().with_max_len(1).try_for_each(one));
    bar.finish_and_clear();
    result
}

fn one_run(plan: &Plan, run: usize, config: Config, prices: &Prices, risk: &SharedRisk) -> Vec<Row> {
    match plan.path(run) {
        Some(path) => one_run::future(&plan.grid, &config, path),
        None => one_run::run(&plan.grid, config, prices, risk),
    }
}

/// A progress bar with the time left, shown only on a terminal.
fn bar(before: usize, todo: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some((before + todo) as u64), ProgressDrawTarget::stderr());
    if let Ok(style) =
        ProgressStyle::with_template("{wide_bar} {pos} of {len} runs, {elapsed} gone, {eta} left")
    {
        bar.set_style(style);
    }
    bar.set_position(before as u64);
    // Runs done earlier must not count in the estimate of the time left.
    bar.reset_eta();
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
