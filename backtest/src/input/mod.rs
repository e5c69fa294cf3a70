//! Reading what people give: a configuration and the files that it names. Every fault of a file is collected before the
//! answer; what is questionable but can be used becomes a finding.

mod allocation;
mod columns;
mod config;
mod date;
mod finding;
mod folder;
mod gzip;
mod indices;
mod listings;
mod market;
mod opened;
mod panel;
mod plausible;
mod prices;
mod risk;
mod securities;
mod table;
mod toml_dates;

pub(crate) use columns::{Column, column};
pub(crate) use config::load_futures;
pub use config::{load_config, parse_config};
pub(crate) use finding::by_kind;
pub use finding::{Finding, FindingKind, sentences};
pub use market::{Loaded, load_market};
pub(crate) use opened::{open, read, read_text, remember_reads, was_read};
pub(crate) use securities::{HistorySecurities, read_history_securities};
pub(crate) use table::{Faults, Rows, plain_bytes};
pub(crate) use toml_dates::quoted_dates;
