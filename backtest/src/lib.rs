//! The command `unisleeve`: reads files, runs the core on them, writes results and serves the page. All decisions are the core's.
//!
//! | folder | what it holds |
//! |---|---|
//! | `args` | flags that several commands share |
//! | `commands` | one file or folder for each command, named after it |
//! | `readers` | files in: configurations, prices, indices, risk figures, tables as CSV or Parquet |
//! | `studies` | what commands run beside the core's study: the ladder, runs from other start dates |
//! | `render` | figures as text, SVG and HTML |
//! | `results` | files and folders out, each of which appears whole or not at all |
//! | `failure` | errors and exit codes |
//! | `fuzz` | entry points for fuzz targets |
//!
//! The flow of `unisleeve backtest`: `commands` parses the flags and calls `commands::backtest`; `readers::inputs` reads the
//! configuration and its market; `core::study` runs the arms; `studies` adds the ladder and the vintages; `results` makes the
//! tables, `render` the report; `results::folder` puts the folder in its place; `commands` prints the table.
//!
//! Files use each other without circles; `tests/tests/circles` checks it.

mod args;
pub mod commands;
pub mod failure;
pub mod fuzz;
pub mod readers;
pub mod render;
pub mod results;
pub mod studies;
