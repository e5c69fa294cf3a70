//! Reads brokers' files in the browser and returns holdings.
//!
//! This is a WebAssembly file of its own because most visitors never choose a broker's file and should not
//! wait for the importers. [`convert`] does the work in plain Rust; [`js`] exposes it to JavaScript.

pub mod convert;
pub mod js;
