//! What one manager is worth: UMA minus SMA, split into the effect of the setup and what the two held.
//!
//! - [`split()`] is the formula, on plain numbers: two [`Series`] give [`Parts`].
//! - [`series()`] reads a [`Series`] from an arm that ran.
//! - [`PathDifference`] is the split on one path. Its parts add up to the total exactly. [`differences`] splits
//!   UMA against each setup with separate managers.
//! - [`DifferenceRow`] is an entry of `difference` in result files, for one run or for many paths, with a verdict
//!   ([`verdict()`]) and, for one history, the interval over start dates ([`bootstrap`]).

pub mod bootstrap;
mod marginal;
mod of_arm;
mod pairs;
mod positions;
mod prices;
mod rates;
mod row;
mod rows;
mod series;
mod split;
#[cfg(test)]
mod tests;
mod verdict;

pub use of_arm::{classes, series};
pub use pairs::differences;
pub use row::{DifferenceRow, Ending, PathDifference, Verdict};
pub use rows::{one_run, over_paths};
pub use series::{ByKind, ByTerm, ClassSession, Sale, Series, Session, Year};
pub use split::{Parts, split};
pub use verdict::{Judged, verdict};
