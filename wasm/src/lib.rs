//! The core for the browser: types in, types out, no logic.
//!
//! [`config`] reads configurations, [`convert`] runs the embedded history, [`futures`] simulated ones, and [`trades`] lists what a
//! run traded: in plain Rust, so that a native program can make the same calls and must get the same bits (`examples/native.rs`).
//! [`js`] hands them to JavaScript. Nothing here panics, whatever it is given: a sentence says what can't be read or run.

mod bounded;
pub mod config;
pub mod convert;
pub mod futures;
pub mod js;
pub mod trades;
