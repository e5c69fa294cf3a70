//! Unisleeve's domain: what a portfolio with a direct index gains, after tax, when one manager runs all of it
//! instead of a specialist beside an advisor.
//!
//! Data flows one way: `market` (prices) → `engine` (a `setup` run over a household) → `journal` → `measure` → a report.
//! This crate has no I/O, clock, environment, threads, printing or operating-system randomness, and gives the same
//! bits natively and in WebAssembly. (One exception, stated where it is used: the linear-programming library reads a
//! clock while it simplifies a problem; its answers do not depend on it.)

pub mod engine;
pub mod history;
pub mod household;
pub mod import;
pub mod journal;
pub mod market;
pub mod measure;
pub mod rebalance;
pub mod risk;
pub mod scenario;
pub mod setup;
pub mod simulate;
pub mod study;
pub mod tax;
pub mod units;
