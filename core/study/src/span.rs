//! Sessions within the configured dates that the prices do not cover.

use core::fmt;

use chrono::NaiveDate;

use unisleeve_mandates::Config;
use unisleeve_market::{Market, is_open};

/// An end of the configured dates that the prices do not reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// True for the end of the run, false for its start.
    pub at_the_end: bool,
    /// First or last session of the prices within the configured dates.
    pub session: NaiveDate,
    /// The configured date.
    pub asked: NaiveDate,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { session, asked, .. } = self;
        if self.at_the_end {
            write!(
                f,
                "The prices end on {session}, before the configured end, {asked}: the run ends with them."
            )
        } else {
            write!(
                f,
                "The prices begin on {session}, after the configured start, {asked}: the run begins with them."
            )
        }
    }
}

/// The ends of the configured dates that the prices miss by at least one exchange day. Empty where they reach
/// both ends.
pub fn missing_sessions(config: &Config, market: &Market) -> Vec<Missing> {
    let within = |d: &&NaiveDate| (config.start..=config.end).contains(*d);
    let dates = market.dates();
    let (first, last) = (dates.iter().find(within), dates.iter().rev().find(within));
    // A range of centuries is only searched up to the first exchange day.
    let has_open = |from: NaiveDate, to: NaiveDate| from.iter_days().take_while(|d| *d <= to).any(is_open);
    let mut missing = Vec::new();
    if let Some(session) = first.copied().filter(|s| s.pred_opt().is_some_and(|d| has_open(config.start, d)))
    {
        missing.push(Missing { at_the_end: false, session, asked: config.start });
    }
    if let Some(session) = last.copied().filter(|s| s.succ_opt().is_some_and(|d| has_open(d, config.end))) {
        missing.push(Missing { at_the_end: true, session, asked: config.end });
    }
    missing
}
