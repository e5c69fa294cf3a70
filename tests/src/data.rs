//! Location of real prices, for tests that need more than the sample.

use std::io::Write as _;
use std::path::PathBuf;

/// The folder of real data: `UNISLEEVE_DATA`, or `shared/data` beside the checkout. If it is absent, returns
/// `None` and prints a notice that `test` is skipped. The notice shows even if the test runner captures
/// output.
///
/// # Panics
/// When the data are absent and `UNISLEEVE_NEEDS_DATA` is set, which forbids skipping tests.
pub fn folder(test: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("UNISLEEVE_DATA").map_or(beside, PathBuf::from);
    if folder.join("sp500_membership.csv").exists() {
        return Some(folder);
    }
    let notice = format!("SKIPPED: {test}: no data in {} (UNISLEEVE_DATA says where)\n", folder.display());
    assert!(std::env::var_os("UNISLEEVE_NEEDS_DATA").is_none(), "{notice}");
    // `eprintln` would be captured in tests that pass.
    let _ = std::io::stderr().write_all(notice.as_bytes());
    None
}
