//! Tests of the command as users run it, one file per command or theme. They form one binary, so that
//! everything is linked once.

mod audit;
mod backtest;
mod bad_files;
mod bad_input;
mod book;
mod compare;
mod comparison_cases;
mod defaults;
mod early_sale;
mod explain;
mod files_and_messages;
mod hostile;
mod import;
#[cfg(target_os = "linux")]
mod interrupted;
mod law_by_year;
mod ledger;
mod price_shapes;
mod ran_out;
mod rebalance;
mod risk_and_execution;
mod serve;
mod shared;
mod simulate;
mod spin_off;
mod sweep;
mod tax;
mod world;
