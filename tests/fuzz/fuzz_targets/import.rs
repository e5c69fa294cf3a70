//! Bytes as a broker's file: read, and written as our own formats where they are one, without a panic.
#![no_main]
#![allow(dead_code, reason = "each target uses its part of run.rs")]

#[path = "../run.rs"]
mod run;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    run::import(bytes);
});
