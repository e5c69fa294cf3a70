//! The core for the browser: types in, types out, no logic.
//!
//! [`convert`] holds what is said in plain Rust, so that a native program can make the same calls and must get the same
//! bits (`examples/native.rs`); [`futures`] is the same for many futures; [`trades`] tells a run day by day; [`js`] hands
//! it to JavaScript. Nothing here panics on what it is given: whatever cannot
//! be read or run is answered with a sentence.

pub mod convert;
pub mod futures;
pub mod js;
pub mod trades;
