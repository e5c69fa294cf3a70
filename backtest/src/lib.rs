//! The native side of Unisleeve: reads files, replays, reports, serves. All decisions are the core's.

pub mod cli;
pub mod failure;
pub mod input;
mod ledger_command;
pub mod output;
pub mod report;
pub mod sample;
mod serve;
mod tax_command;
