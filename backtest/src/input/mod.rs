//! Reading what people give: a configuration and price files. Every fault of a file is collected before the answer.

mod allocation;
mod config;
mod prices;
mod securities;
mod table;

pub use config::{load_config, parse_config};
pub use prices::load_market;
pub(crate) use securities::read_identical_groups;
pub(crate) use table::plain_bytes;
