//! The command as users run it: files, exit codes, messages.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shared::{text, unisleeve};
use crate::world::CONFIG;

/// Runs a configuration that must be refused and returns the messages.
fn refused(files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    let run = unisleeve(folder.path(), &["backtest", "run.toml", "--out", "result"]);
    let messages = text(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{messages}");
    assert!(run.stdout.is_empty());
    assert!(!folder.path().join("result").exists(), "nothing is left behind");
    let left: Vec<PathBuf> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(left.len(), files.len(), "{left:?}");
    assert!(!messages.is_empty() && messages.lines().all(|l| l.starts_with("unisleeve: ")), "{messages}");
    messages
}

/// Prices of two stocks and two funds, 2019 to 2021.
fn prices() -> String {
    let mut text = String::from("date,AAA,BBB,IDX,BND\n");
    let mut date = chrono::NaiveDate::from_ymd_opt(2019, 1, 1).unwrap();
    let mut day = 0.0;
    while date.to_string().as_str() < "2021-12-31" {
        if !matches!(chrono::Datelike::weekday(&date), chrono::Weekday::Sat | chrono::Weekday::Sun) {
            let (a, b) = (100.0 + day % 37.0, 50.0 + (day * 7.0) % 11.0);
            let (index, bonds) = (a * 0.5 + b, 80.0 + day / 500.0);
            writeln!(text, "{date},{a:.2},{b:.2},{index:.4},{bonds:.4}").unwrap();
            day += 1.0;
        }
        date = date.succ_opt().unwrap();
    }
    text
}

#[test]
fn a_run_writes_every_file_and_prints_the_table() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("run.toml"), CONFIG).unwrap();
    fs::write(folder.path().join("prices.csv"), prices()).unwrap();
    let run = unisleeve(folder.path(), &["backtest", "run.toml", "--out", "a/result"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    assert!(run.stderr.is_empty(), "progress goes to a terminal only: {}", text(&run.stderr));
    assert!(text(&run.stdout).contains("After-tax wealth"));
    for file in [
        "summary.json",
        "report.html",
        "daily.csv",
        "trades.csv",
        "cash.csv",
        "lots.csv",
        "tax_years.csv",
        "prices.csv",
    ] {
        assert!(fs::metadata(folder.path().join("a/result").join(file)).unwrap().len() > 100, "{file}");
    }
    let json = unisleeve(folder.path(), &["backtest", "run.toml", "--out", "a/result", "--json"]);
    let printed: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let written: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("a/result/summary.json")).unwrap()).unwrap();
    assert_eq!(printed, written);
    assert!(printed["assumptions"].to_string().contains("Prices include reinvested dividends"));
    audit(&folder.path().join("a/result"));
}

/// An independent program, written from the formats and the law, recomputes every balance, lot, gain and tax.
fn audit(result: &Path) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/audit/audit.py");
    match Command::new("python3").arg(program).arg(result).output() {
        Ok(run) => assert!(run.status.success(), "{}", text(&run.stdout)),
        Err(e) => println!("SKIPPED: the audit of the result folder needs python3: {e}"),
    }
}

#[test]
fn the_sample_passes_the_audit() {
    let folder = tempfile::tempdir().unwrap();
    let run = unisleeve(folder.path(), &["backtest"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    audit(&folder.path().join("out"));
}

#[test]
fn faults_of_the_configuration_name_line_or_key() {
    let good = prices();
    let with = |config: &str| refused(&[("run.toml", config), ("prices.csv", &good)]);
    let messages = with(&CONFIG.replace("[household]", "[household]\ncahs = 3"));
    assert!(messages.contains("run.toml:6: unknown field `cahs`"), "{messages}");
    let messages = with(&CONFIG.replace("weight = 0.4", "weight = 0.5"));
    assert!(messages.contains("policy: the weights add up to 1.1"), "{messages}");
    let messages = with(&CONFIG.replace("\"BND\"", "\"BOND\""));
    assert!(messages.contains("policy[1].fund: BOND: expected a symbol that the prices have"), "{messages}");
    let messages = with(&CONFIG.replace("2020-01-02", "2031-01-02").replace("2021-12-30", "2031-12-30"));
    assert!(messages.contains("prices.csv: no price from 2028-"), "{messages}");
    let messages = with(&CONFIG.replace("2020-01-02", "2020-31-02"));
    assert!(messages.contains("run.toml:2:"), "{messages}");
}

#[test]
fn faults_of_the_prices_name_line_value_and_expectation() {
    let good = prices();
    let with = |prices: &str| refused(&[("run.toml", CONFIG), ("prices.csv", prices)]);
    let again = format!("{good}{}\n", good.lines().nth(3).unwrap());
    let line = good.lines().count() + 1;
    assert!(
        with(&again).contains(&format!("prices.csv:{line}: AAA on 2019-01-03 stands here a second time"))
    );
    let zero = good.replacen("100.00,", "0,", 1);
    assert!(with(&zero).contains("prices.csv:2: AAA 0: expected a price above zero"));
    let nan = good.replacen("100.00,", "NaN,", 1);
    assert!(with(&nan).contains("prices.csv:2: AAA NaN: expected a price above zero"));
    assert!(refused(&[("run.toml", CONFIG)]).contains("prices.csv"));
    assert!(with("").contains("prices.csv"));
    assert!(with("\u{1f}\u{8b}not gzip").contains("prices.csv"));
}

#[test]
fn a_missing_configuration_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let run = unisleeve(folder.path(), &["backtest", "nowhere.toml"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("nowhere.toml"));
}

#[test]
fn a_folder_that_is_no_result_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(folder.path().join("mine/diary.txt"), "dear diary").unwrap();
    let run = unisleeve(folder.path(), &["backtest", "--out", "mine"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("--out mine"));
    assert!(folder.path().join("mine/diary.txt").exists());
}
