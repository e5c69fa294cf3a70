//! Converts between the core and the browser. It contains no logic of its own.
//!
//! [`config`] reads configurations, [`convert`] runs the embedded history, [`futures`] runs simulated
//! futures, and [`trades`] lists a run's trades. These modules are plain Rust, so a native program
//! (`examples/native.rs`) can make the same calls and must get the same bits. [`js`] exposes them to
//! JavaScript. Nothing here panics on any input: errors are sentences that say what could not be read or run.

mod bounded;
pub mod config;
pub mod convert;
pub mod futures;
pub mod js;
pub mod trades;
