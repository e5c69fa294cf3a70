//! Where real prices are, for tests that need more than the sample.

use std::io::Write as _;
use std::path::PathBuf;

/// The folder of real data: `UNISLEEVE_DATA`, or `shared/data` beside the checkout. None, said loudly, where it is absent: `test`
/// is skipped then, and the notice is seen whether or not the test runner shows what tests print.
///
/// # Panics
/// When `UNISLEEVE_NEEDS_DATA` is set: whoever sets it wants no test skipped.
pub fn folder(test: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("UNISLEEVE_DATA").map_or(beside, PathBuf::from);
    if folder.join("sp500_membership.csv").exists() {
        return Some(folder);
    }
    let notice = format!("SKIPPED: {test}: no data in {} (UNISLEEVE_DATA says where)\n", folder.display());
    assert!(std::env::var_os("UNISLEEVE_NEEDS_DATA").is_none(), "{notice}");
    // Not `eprintln`: what passes is captured.
    let _ = std::io::stderr().write_all(notice.as_bytes());
    None
}
