//! Runs the futures of one configuration on all threads.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use indicatif::ProgressBar;
use rayon::ThreadPool;
use unisleeve_core::study::simulate::{PathResult, SimulateError, Simulator};

use crate::commands::interrupt;

/// What a run of futures needs.
pub(super) struct Futures<'a> {
    pub(super) pool: &'a ThreadPool,
    pub(super) bar: &'a ProgressBar,
    /// Number of futures requested.
    pub(super) asked: u64,
}

impl Futures<'_> {
    /// Runs the futures in the order of their numbers. After Ctrl-C it finishes those already started, so the
    /// result equals that of a simulation of fewer futures.
    ///
    /// # Errors
    /// The error of the first future (by number) that fails, whichever thread is first.
    pub(super) fn run(&self, simulator: &Simulator) -> Result<Vec<PathResult>, SimulateError> {
        let (next, done, has_failed) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
        let work = || {
            let mut mine = Vec::new();
            while !interrupt::is_asked() && !has_failed.load(Ordering::Relaxed) {
                let path = next.fetch_add(1, Ordering::Relaxed);
                if path >= self.asked {
                    break;
                }
                let result = simulator.path(path);
                has_failed.fetch_or(result.is_err(), Ordering::Relaxed);
                mine.push((path, result));
                let count = done.fetch_add(1, Ordering::Relaxed) + 1;
                self.bar.set_message(format!("{count} of {} futures", self.asked));
            }
            mine
        };
        let mut all: Vec<_> = self.pool.broadcast(|_| work()).into_iter().flatten().collect();
        all.sort_unstable_by_key(|(path, _)| *path);
        all.into_iter().map(|(_, result)| result).collect()
    }
}
