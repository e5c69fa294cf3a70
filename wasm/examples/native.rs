//! The other half of the test that the browser's bits are the native ones: runs configurations over the embedded sample
//! and prints their summaries, one line of JSON each; for one that can't be run `{"failure": sentence}`.
//!
//! `native [--quick] CONFIG.json...`; `--quick` runs the arms at equal risk aversion only.

use std::process::ExitCode;

use unisleeve_core::study::Scope;
use unisleeve_wasm::config::parse;
use unisleeve_wasm::convert::{open, run};

fn main() -> ExitCode {
    match print() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn print() -> Result<(), String> {
    let (flags, files): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let scope = match flags.as_slice() {
        [] => Scope::Full,
        [flag] if flag == "--quick" => Scope::EqualGamma,
        _ => return Err(format!("{}: expected --quick or nothing.", flags.join(" "))),
    };
    let market = open(include_bytes!("../../backtest/sample/sample.bin"))?;
    for file in files {
        let config = std::fs::read_to_string(&file).map_err(|e| format!("{file}: {e}."))?;
        let outcome = parse(&config).and_then(|config| run(&market, config, scope, &mut |_| ()));
        let line = outcome.and_then(|outcome| outcome.summary_json());
        println!("{}", line.unwrap_or_else(|failure| serde_json::json!({ "failure": failure }).to_string()));
    }
    Ok(())
}
