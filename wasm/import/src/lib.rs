//! Brokers' files for the browser: bytes in, holdings out.
//!
//! A file of its own beside the core's, because most visitors never choose a broker's file, and the importers are not part
//! of what they wait for. [`convert`] says in plain Rust what [`js`] hands to JavaScript.

pub mod convert;
pub mod js;
