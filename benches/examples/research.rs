//! Times each part of a research team's workload once, without criterion.
//!
//! `research [sp500 | daily | vintages | book | read | parquet]...`
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::time::Instant;

use unisleeve_benches::research::{Book, four_arms, load, parquet, sp500, vintages};
use unisleeve_core::mandates::Cadence;

fn main() {
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    if names.is_empty() {
        names = ["read", "parquet", "sp500", "daily", "vintages", "book"].map(str::to_owned).to_vec();
    }
    for name in &names {
        let start = Instant::now();
        let what = match name.as_str() {
            "sp500" | "daily" => {
                let cadence = if name == "daily" { Cadence::Daily } else { Cadence::Monthly };
                sp500(cadence).map(|(config, folder)| format!("{:+.0} dollars", four_arms(&config, &folder)))
            }
            "read" => sp500(Cadence::Monthly)
                .map(|(config, folder)| format!("{} findings", load(&config, &folder).findings.len())),
            "parquet" => {
                let folder = std::env::temp_dir().join(format!("unisleeve-bench-{}", std::process::id()));
                std::fs::create_dir_all(&folder).expect("a folder");
                let config = parquet(&folder);
                let start = Instant::now();
                let loaded = load(&config, &folder);
                let seconds = start.elapsed().as_secs_f64();
                std::fs::remove_dir_all(&folder).expect("the folder");
                Some(format!("of these {seconds:.2} s to read {} sessions", loaded.market.dates().len()))
            }
            "vintages" => {
                let gains = vintages();
                Some(format!("{} runs, {} ahead", gains.len(), gains.iter().filter(|g| **g > 0.0).count()))
            }
            "book" => Some(format!("{} trades of 1,000 accounts", Book::new().rebalance(1_000))),
            _ => panic!("{name}: expected sp500, daily, vintages, book, read or parquet"),
        };
        println!("{name}: {:.2} s, {}", start.elapsed().as_secs_f64(), what.unwrap_or_default());
    }
}
