//! The native side of Unisleeve: reads files, replays, reports, serves. All decisions are the core's.

mod audit;
mod backtest_command;
mod book;
pub mod calibrate;
mod check;
pub mod cli;
mod compare;
mod explain;
pub mod failure;
mod import_command;
pub mod init;
pub mod input;
mod inputs;
mod interrupt;
mod ledger_command;
pub mod output;
pub mod parquet;
pub mod readers;
mod rebalance_command;
pub mod report;
pub mod sample;
pub mod serve;
mod simulate;
mod spread;
mod sweep;
mod tax_command;
mod window;
