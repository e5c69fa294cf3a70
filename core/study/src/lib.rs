//! Studies: several arms run over one market, are measured, and are compared at equal realized tracking
//! error.
//!
//! - [`study`] runs the arms of a configuration ([`Study`], [`StudyArm`]). [`Bench`] holds what the arms
//!   share.
//! - [`measure`] computes the figures of an arm from its journal, one measure per file.
//! - [`Headline`] compares UMA with SMA, and [`summary()`] collects everything for `summary.json`.
//! - [`compare`] splits the difference between SMA and UMA by mechanism.
//! - [`simulate`] runs the arms over many simulated futures.
//!
//! This crate reads results and starts runs. It makes no trading decisions, and it does not read or write
//! files.
//!
//! # Example
//! The default household of the simulator, on one future of one year:
//!
//! ```
//! use unisleeve_study::simulate::{Simulator, what_if};
//!
//! let mut config = what_if();
//! if let Some(simulation) = &mut config.simulation {
//!     simulation.scenario.names = 20;
//!     simulation.scenario.years = 1.0;
//! }
//! let path = Simulator::new(&config, None)?.path(0)?;
//! assert_eq!(path.arms.len(), 5);
//! assert!(path.gain().is_some());
//! # Ok::<(), unisleeve_study::simulate::SimulateError>(())
//! ```

mod arm;
pub mod compare;
pub mod difference;
mod error;
mod headline;
mod law_words;
pub mod measure;
pub mod practice;
mod reference;
mod run;
mod runner;
pub mod shapley;
pub mod simulate;
mod span;
mod summary;

pub use error::{MATCH, StudyError};

pub use arm::StudyArm;

pub use headline::{Difference, Headline};
pub use run::{Scope, Study, prepare, study};
pub use runner::{Bench, at_tracking_error};
pub use span::{Missing, missing_sessions};
pub use summary::{ArmSummary, Summary, TaxInputs, config_hash, summary};
