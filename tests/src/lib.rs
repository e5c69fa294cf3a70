//! Shared helpers of the tests: histories, markets, random problems, and a second solver for comparison.

pub mod data;
pub mod duel;
pub mod history;
pub mod instance;
pub mod made_up;
pub mod markets;
pub mod oracle;
pub mod panel_statistics;
pub mod portfolio_oracle;
pub mod random;
pub mod random_history;
pub mod switching;
pub mod ten_years;

use chrono::NaiveDate;

/// A date from its ISO form.
///
/// # Panics
/// When the text is not a date.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("an ISO date")
}
