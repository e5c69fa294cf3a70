//! Turns panics of the Parquet library into messages. The library asserts properties that damaged files lack.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::Path;
use std::sync::Once;

use crate::failure::Failure;

thread_local! {
    /// Whether this thread is reading a file. Its panics become messages and are not printed.
    static READS: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Runs a read. If the library panics, the file is reported as damaged.
pub(super) fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |info| {
            if !READS.get() {
                usual(info);
            }
        }));
    });
    READS.set(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    READS.set(false);
    read.unwrap_or_else(|_| {
        Err(Failure::input(format!("{}: damaged: expected a Parquet file", path.display())))
    })
}
