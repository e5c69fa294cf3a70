//! Reads a configuration and the files that it names. Each reader collects all faults of a file before it
//! refuses the file. Data that are questionable but usable become findings.

mod config;
mod date;
pub(crate) mod inputs;
pub(crate) mod json;
mod market;
mod opened;
pub mod parquet;
pub(crate) mod result_table;
pub mod sample;
pub(crate) mod table;

pub(crate) use config::load_futures;
pub(crate) use config::toml_dates::quoted_dates;
pub use config::{load_config, parse_config};
pub(crate) use market::finding::by_kind;
pub use market::finding::{Finding, FindingKind, sentences};
pub(crate) use market::securities::{HistorySecurities, read_history_securities};
pub use market::{Loaded, load_market};
pub(crate) use opened::{open, read, read_text, remember_reads, was_read};
