//! Loads the embedded sample: real prices from 2000 to 2016, plus two earlier years for the first risk
//! models.

use unisleeve_core::market::{Market, unpack};

use crate::failure::Failure;

const BYTES: &[u8] = include_bytes!("../../sample/sample.bin");

/// The sample's market.
///
/// # Errors
/// Only when the embedded file is damaged.
pub fn market() -> Result<Market, Failure> {
    let panel = unpack(BYTES).map_err(|e| Failure::Environment(format!("the embedded sample: {e}")))?;
    Market::new(panel).map_err(|e| Failure::Environment(format!("the embedded sample: {e}")))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use unisleeve_core::market::is_open;

    use super::*;

    /// The sample's sessions are real trading days, 1998 to 2016.
    #[test]
    fn the_sample_has_a_price_on_every_open_day_and_on_no_other() {
        let sessions = unpack(BYTES).unwrap().sessions;
        let (first, last) = (sessions[0], sessions[sessions.len() - 1]);
        let open: Vec<NaiveDate> =
            first.iter_days().take_while(|d| *d <= last).filter(|d| is_open(*d)).collect();
        let missing: Vec<&NaiveDate> = open.iter().filter(|d| !sessions.contains(d)).collect();
        let more: Vec<&NaiveDate> = sessions.iter().filter(|d| !open.contains(d)).collect();
        assert!(missing.is_empty() && more.is_empty(), "missing {missing:?}, more {more:?}");
    }
}
