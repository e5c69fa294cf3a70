//! The embedded sample: real history, 2000 to 2016, with two years before it for the first risk models.

use unisleeve_core::market::{Market, unpack};

use crate::failure::Failure;

const BYTES: &[u8] = include_bytes!("../sample/sample.bin");

/// The sample's market.
///
/// # Errors
/// Only when the file that the command was built with was damaged.
pub fn market() -> Result<Market, Failure> {
    let panel = unpack(BYTES).map_err(|e| Failure::Environment(format!("the embedded sample: {e}")))?;
    Market::new(panel).map_err(|e| Failure::Environment(format!("the embedded sample: {e}")))
}
