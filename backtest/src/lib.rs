//! The command `unisleeve`. It reads files, runs the core on them, writes results and serves the page. It
//! makes no decision of its own; all of them are in the core.
//!
//! | folder | what it holds |
//! |---|---|
//! | `args` | flags that several commands share |
//! | `commands` | one file or folder per command, with the command's name |
//! | `readers` | read configurations, prices, indices, risk figures, and tables as CSV or Parquet |
//! | `studies` | studies beyond the core's: the ladder, and runs from other start dates |
//! | `render` | formats figures as text, SVG and HTML |
//! | `results` | writes files and folders; each appears complete or not at all |
//! | `failure` | errors and exit codes |
//! | `fuzz` | entry points for fuzz targets |
//!
//! The flow of `unisleeve backtest`: `commands` parses the flags and calls `commands::backtest`.
//! `readers::inputs` loads the configuration and its market. `core::study` runs the arms. `studies` adds the
//! ladder and the vintages. `results` builds the tables and `render` the report. `results::folder` moves the
//! finished folder into place. `commands` prints the table.
//!
//! Files do not depend on each other in circles; `tests/tests/circles` checks this.

mod args;
pub mod commands;
pub mod failure;
pub mod fuzz;
pub mod readers;
pub mod render;
pub mod results;
pub mod studies;
