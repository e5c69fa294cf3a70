//! Bytes as a price file: long or wide, CSV, gzip or Parquet: read without a panic, whatever they are.
#![no_main]
#![allow(dead_code, reason = "each target uses its part of run.rs")]

#[path = "../run.rs"]
mod run;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    run::prices(bytes);
});
