//! Risk figures from files, execution at the next close, and market impact: the auditor accepts the result.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::world::{CONFIG, World};

const SYMBOLS: [&str; 5] = ["AAA", "BBB", "CCC", "IDX", "BND"];

/// Rewrites the world's prices as a long file with volumes.
fn with_volumes(world: &World) {
    let wide = fs::read_to_string(world.path("prices.csv")).unwrap();
    let mut long = String::from("date,symbol,close,volume\n");
    for line in wide.lines().skip(1) {
        let mut fields = line.split(',');
        let date = fields.next().unwrap();
        for (symbol, close) in SYMBOLS.iter().zip(fields) {
            writeln!(long, "{date},{symbol},{close},40000").unwrap();
        }
    }
    fs::write(world.path("prices.csv"), long).unwrap();
}

fn risk_files(world: &World, from: &str) {
    let mut exposures = String::from("date,symbol,market,rates\n");
    let mut specific = String::from("symbol,variance\n");
    for (i, symbol) in SYMBOLS.iter().enumerate().filter(|(_, s)| **s != "CCC") {
        writeln!(exposures, "{from},{symbol},{},{}", 1.0 - 0.2 * i as f64, 0.1 * i as f64).unwrap();
        writeln!(specific, "{symbol},{}", 0.01 + 0.01 * i as f64).unwrap();
    }
    fs::write(world.path("exposures.csv"), exposures).unwrap();
    fs::write(world.path("specific.csv"), specific).unwrap();
    fs::write(world.path("covariance.csv"), "factor,market,rates\nmarket,0.03,0\nrates,0,0.01\n").unwrap();
}

fn config(more: &str) -> String {
    format!(
        "{CONFIG}\n[trading]\nexecution = \"next_close\"\nimpact = 1.0\n{more}\n[data.risk]\nexposures = \"exposures.csv\"\n\
         covariance = \"covariance.csv\"\nspecific = \"specific.csv\"\n"
    )
}

#[test]
fn a_result_with_all_three_passes_the_audit() {
    let world = World::new(&config(""));
    with_volumes(&world);
    risk_files(&world, "2019-06-03");
    let run = world.run("backtest", &["--vintages", "0"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stdout.contains("CCC")
            || fs::read_to_string(world.path("result/data_faults.csv")).unwrap().contains("CCC")
    );
    let summary = fs::read_to_string(world.path("result/summary.json")).unwrap();
    for said in ["close after the one on which they are decided", "for its size 1 times daily volatility"] {
        assert!(summary.contains(said), "{said}");
    }
    let audit = Command::new(env!("CARGO_BIN_EXE_unisleeve"))
        .arg("audit")
        .arg(world.path("result"))
        .output()
        .unwrap();
    assert_eq!(audit.status.code(), Some(0), "{}", String::from_utf8_lossy(&audit.stdout));
}

#[test]
fn what_does_not_fit_is_said_in_one_sentence() {
    let world = World::new(&config(""));
    with_volumes(&world);
    risk_files(&world, "2020-06-01");
    let run = world.run("backtest", &[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("data.risk: the figures begin on 2020-06-01"), "{}", run.stderr);

    let world = World::new(&config(""));
    risk_files(&world, "2019-06-03");
    let run = world.run("backtest", &[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("trading.impact: no volumes to measure it by"), "{}", run.stderr);

    let world = World::new(&config(""));
    with_volumes(&world);
    let run = world.run("backtest", &[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("covariance.csv"), "{}", run.stderr);

    let world = World::new(&config("").replace("next_close", "tomorrow"));
    with_volumes(&world);
    let run = world.run("backtest", &[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("tomorrow") && run.stderr.contains("next_close"), "{}", run.stderr);

    let prices = |world: &World| {
        let text = fs::read_to_string(world.path("prices.csv")).unwrap();
        fs::write(world.path("prices.csv"), text.replacen(",40000", ",-5", 1)).unwrap();
    };
    let world = World::new(&config(""));
    with_volumes(&world);
    prices(&world);
    risk_files(&world, "2019-06-03");
    let run = world.run("backtest", &[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("prices.csv:2: volume -5: expected shares traded"), "{}", run.stderr);
}
