//! Turns panics of the Parquet library into messages: it asserts properties that damaged files lack.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::Path;
use std::sync::Once;

use crate::failure::Failure;

thread_local! {
    /// Whether this thread reads a file whose damage is told in words.
    static READS: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Reads a file; where the library gives up in a panic, the file is damaged.
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
