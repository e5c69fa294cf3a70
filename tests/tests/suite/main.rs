//! Goldens, properties, agreement of two solvers and null tests, one topic per file. They form one binary, so
//! that everything is linked once. `cargo test -p unisleeve-tests --test suite -- literature` runs the tests
//! of one file.

mod agreement;
mod architecture;
mod buy_or_harvest;
mod calibrate;
mod cash_raise;
mod circles;
mod config_json;
mod degenerate;
mod determinism;
mod documents;
mod endings;
mod fuzz_corpus;
mod history_properties;
mod impact;
mod infeasible;
mod ledger_properties;
mod linear_drift;
mod linear_programs;
mod literature;
mod look_ahead;
mod market_faults;
mod measures;
mod next_close;
mod no_allocation;
mod no_trade_region;
mod null_tests;
mod precedence;
mod real_index;
mod rebalance_cases;
mod rebalance_robust;
mod risk_models;
mod ruin;
mod sample_golden;
mod sample_runs;
mod scenario;
mod scenario_realism;
mod simulate;
mod simulation_figures;
mod sma_wins;
mod switch_table;
mod switches;
mod tasks;
mod tax_rates;
