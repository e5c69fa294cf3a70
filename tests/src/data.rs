//! Where real prices are, for tests that need more than the sample.

use std::path::PathBuf;

/// The folder of real data: `UNISLEEVE_DATA`, or `shared/data` beside the checkout. None, said loudly, where it is absent: `test`
/// is skipped then.
pub fn folder(test: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("UNISLEEVE_DATA").map_or(beside, PathBuf::from);
    if folder.join("sp500_membership.csv").exists() {
        return Some(folder);
    }
    eprintln!("SKIPPED: {test}: no data in {} (UNISLEEVE_DATA says where)", folder.display());
    None
}
