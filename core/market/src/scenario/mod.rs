//! Simulated markets from a seed.
//!
//! - [`Generator`] simulates a [`Scenario`]: a model of stocks, asset classes and funds.
//! - [`Bootstrap`] resamples the sessions of a real market.
//! - [`PRESETS`] are named scenarios.
//!
//! All paths share one history, which the risk model and lots bought before the start need. The same scenario
//! gives the same bits natively and in WebAssembly, in any order and on any number of threads.
//! `docs/scenarios.md` has formulas and sources, and compares simulated with real markets.

mod bootstrap;
mod calendar;
mod config;
mod events;
mod factors;
mod faults;
mod funds;
mod generator;
mod names;
mod presets;
mod risk;
mod rng;
mod timetable;
mod walk;

pub use bootstrap::{Bootstrap, BootstrapSettings};
pub use config::{
    AssetClass, ClassReturn, DividendModel, Fund, Income, Period, RETURNS_SOURCE, Scenario, Step, StockModel,
    Turnover, VolatilityModel,
};
pub use faults::{MAX_SEED, ScenarioError, ScenarioFault};
pub use generator::Generator;
pub use presets::{AS_EARNED, PRESETS, Preset};
pub use walk::Weights;
