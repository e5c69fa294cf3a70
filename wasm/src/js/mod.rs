//! The JavaScript interface. Every error is an `Error` whose message is a sentence.

mod answer;
mod columns;
mod config;
mod outcome;
mod sample;
mod simulator;

pub use columns::{Closes, Trades};
pub use outcome::Outcome;
pub use sample::{Sample, default_config, sample_notes};
pub use simulator::{Simulator, presets, what_if_config};
