//! Ctrl-C: the first one ends the run with the results so far, the second one ends it at once.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;

/// Exit code that shells expect of a process ended by Ctrl-C.
const INTERRUPTED: i32 = 130;
static ASKED: AtomicBool = AtomicBool::new(false);

/// From here on, the first Ctrl-C only requests the end.
///
/// # Errors
/// When the system does not let the process listen.
pub(crate) fn listen() -> Result<(), Failure> {
    let hear = || {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
    };
    ctrlc::set_handler(hear).map_err(|e| Failure::Environment(format!("can't listen for Ctrl-C: {e}")))
}

/// Whether Ctrl-C was pressed.
pub(crate) fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
