//! The native side of Unisleeve: reads files, replays, reports, serves. All decisions are the core's.

mod audit;
mod check;
pub mod cli;
mod compare;
mod explain;
pub mod failure;
mod import_command;
pub mod input;
mod inputs;
mod ledger_command;
pub mod output;
mod rebalance_command;
pub mod report;
pub mod sample;
mod serve;
mod tax_command;
