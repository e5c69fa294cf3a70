//! Many futures from one seed: markets made by a model of stocks, asset classes and funds, or by a bootstrap of real ones.
//!
//! A scenario has one history, for the risk model and for lots bought before the start, and any number of futures. The same
//! scenario gives the same bits natively and in WebAssembly, whatever threads make its paths and in whatever order. Formulas,
//! sources, and how far simulated markets resemble real ones: `docs/scenarios.md`.

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
mod rng;
mod timetable;
mod walk;

pub use bootstrap::{Bootstrap, BootstrapSettings};
pub use config::{
    AssetClass, ClassReturn, DividendModel, Fund, Income, Period, Scenario, Step, StockModel, Turnover,
    VolatilityModel,
};
pub use faults::{MAX_SEED, ScenarioError, ScenarioFault};
pub use generator::Generator;
pub use presets::{PRESETS, Preset};
pub use walk::Weights;
