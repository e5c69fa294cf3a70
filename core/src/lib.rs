//! What a household with a direct index gains, after tax, when one manager runs all of it (a unified managed account, UMA)
//! instead of a specialist beside an advisor (a separately managed account, SMA).
//!
//! This crate is a facade: it re-exports the layers below. Each is a crate of its own, and its `Cargo.toml` names the layers that it
//! may use.
//!
//! # From inputs to a report
//!
//! 1. **Inputs.** A [configuration](mandates::Config) says what the household owns, what its policy is, and how it is taxed and
//!    traded. [`import`] turns brokers' files into rows; exact amounts are [`units`].
//! 2. **Market.** [`market::Market`] holds prices, indices and what companies did. At each close it hands out a
//!    [`market::View`], which ends there: a decision can't look ahead. [`market::scenario`] draws markets of the future, and
//!    [`market::risk`] estimates risk from a view.
//! 3. **Setup.** [`mandates::arm`] splits the policy into [mandates](mandates::Mandate). UMA and SMA are two ways to split it.
//! 4. **Engine.** [`engine::run`] walks a setup through the sessions. Each mandate decides by the same [`solver`] within what it
//!    may see; orders are booked in the [ledger](books::household::Ledger), lot by lot, under the rules of [`tax`].
//! 5. **Journal.** Everything that happened is in the [journal](books::journal::Journal). Nothing else is reported.
//! 6. **Measures and studies.** [`study::measure`] computes figures from journals. [`study::study`] sets the arms side by side, and
//!    [`study::simulate`] does so over many futures.
//!
//! ```
//! use unisleeve_core::mandates::{ArmKind, arm, sample_config};
//! use unisleeve_core::market::{Market, Panel, Security};
//!
//! // A configuration is checked before anything runs.
//! let config = sample_config();
//! assert!(config.faults().is_empty());
//! // Without prices there is no market to run it over.
//! assert!(Market::new(Panel::default()).is_err());
//! ```
//!
//! # What holds throughout
//!
//! - No input or output, clock, environment, threads, printing or randomness of the operating system. (The linear-programming
//!   library reads a clock while it simplifies a problem; its answers do not depend on it.)
//! - The same bits natively and in WebAssembly: sums have a fixed order ([`numeric`]), transcendental functions come from libm, and
//!   no hash map is iterated.
//! - Money, prices and shares are integers. Floating point is for risk, optimization and statistics.
//!
//! # Features
//!
//! `schema` derives the JSON schema of configurations; `typescript` declares the types that cross into JavaScript.

pub use unisleeve_books as books;
pub use unisleeve_engine as engine;
pub use unisleeve_import as import;
pub use unisleeve_mandates as mandates;
pub use unisleeve_market as market;
pub use unisleeve_numeric as numeric;
pub use unisleeve_portfolio as portfolio;
pub use unisleeve_solver as solver;
pub use unisleeve_study as study;
pub use unisleeve_tax as tax;
pub use unisleeve_units as units;
