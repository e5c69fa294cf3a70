//! Portfolios that run out of money. The arms pay out different amounts, and the ranking includes what was
//! paid.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A copy of the case's files. If they are missing, prints a notice and returns `None`.
fn case() -> Option<tempfile::TempDir> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cases/public/ran_out");
    let case =
        std::env::var_os("UNISLEEVE_CASES").map_or(beside, |c| PathBuf::from(c).join("public/ran_out"));
    if !case.is_dir() {
        let notice = format!("SKIPPED: {} is not there (UNISLEEVE_CASES says where)\n", case.display());
        let _ = std::io::stderr().write_all(notice.as_bytes());
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    for name in ["config.toml", "simulate.toml", "wide.csv"] {
        fs::write(folder.path().join(name), fs::read(case.join(name)).unwrap()).unwrap();
    }
    Some(folder)
}

fn run(folder: &Path, args: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_unisleeve")).current_dir(folder).args(args).output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

fn summary(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("out/summary.json")).unwrap()).unwrap()
}

/// One million dollars with withdrawals of 100,000 a month. All arms end with nothing but a tax bill. UMA
/// paid out more: what SMA's specialist raises comes days later and earns nothing on its way.
#[test]
fn who_paid_more_is_ahead() {
    let Some(folder) = case() else { return };
    let folder = folder.path();
    let text = run(folder, &["backtest", "config.toml", "--vintages", "0"]);
    let (summary, cash) = (summary(folder), fs::read_to_string(folder.join("out/cash.csv")).unwrap());
    let header: Vec<&str> = cash.lines().next().unwrap().split(',').collect();
    let column = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let (arms, kinds, amounts) = (column("arm"), column("kind"), column("amount"));
    let withdrawn = |arm: &str| -> f64 {
        let rows = cash.lines().skip(1).map(|l| l.split(',').collect::<Vec<_>>());
        let mine = rows.filter(|r| r[arms] == arm && r[kinds] == "withdrawal");
        mine.map(|r| -r[amounts].parse::<f64>().unwrap()).sum()
    };
    let figure = |arm: &str, name: &str| summary["arms"][arm][name].as_f64().unwrap();
    for arm in ["uma", "sma", "funds", "shadow"] {
        assert!(!summary["arms"][arm]["ruin"].is_null(), "{arm} has money left");
        assert!((figure(arm, "paid_out") - withdrawn(arm)).abs() < 1e-3, "{arm}");
    }
    assert!(
        (figure("uma", "paid_out") - figure("sma", "paid_out")).abs() > 1.0,
        "the case is about unequal payments"
    );
    let together = |arm: &str, wealth: &str| figure(arm, wealth) + figure(arm, "paid_out");
    for wealth in ["wealth_before_liquidation", "wealth_after_liquidation"] {
        let lead = together("uma", wealth) - together("sma", wealth);
        let found = summary["headline"][wealth]["middle_run"].as_f64().unwrap();
        assert!((found - lead).abs() < 1e-3, "{wealth}: {found} for {lead}");
        assert!((lead - 1977.0).abs() < 0.5, "UMA is ahead by {lead} and not by 1,977");
    }
    let whole = |arm: &str| together(arm, "wealth_before_liquidation").round() as i64;
    assert_eq!([whole("uma"), whole("sma")], [1_042_375, 1_040_398]);
    assert_eq!(summary["headline"]["paid_out"][0], summary["arms"]["uma"]["paid_out"]);
    let ladder = &summary["ladder"]["total"];
    let from_best =
        together("uma", "wealth_before_liquidation") - together("sma_best", "wealth_before_liquidation");
    assert!(
        (ladder["kept"].as_f64().unwrap() - from_best).abs() < 1e-3,
        "{ladder}: the ladder starts at the best"
    );
    assert!(text.contains("The arms paid out different amounts: UMA 1,071,580, SMA 1,068,240"), "{text}");
    assert!(text.contains("Paid out before the end"), "{text}");
    let report = fs::read_to_string(folder.join("out/report.html")).unwrap();
    for said in [
        "The two paid out different amounts: UMA $1,071,580, SMA $1,068,240",
        "Paid out before, not in the rows above",
        "what was paid out included",
    ] {
        assert!(report.contains(said), "{said}");
    }
    run(folder, &["audit", "out"]);
}

/// UMA ran out of money in 30 of 40 futures, and SMA in 29. The table states both.
#[test]
fn the_table_of_futures_says_how_many_ran_out() {
    let Some(folder) = case() else { return };
    let folder = folder.path();
    let text = run(folder, &["simulate", "simulate.toml", "--out", "futures"]);
    let summary: Value =
        serde_json::from_slice(&fs::read(folder.join("futures/summary.json")).unwrap()).unwrap();
    let ruined = |arm: usize| summary["ruined"][arm].as_u64().unwrap();
    assert_eq!([ruined(0), ruined(1)], [30, 29]);
    let said = "Money ran out in 30 of 40 futures with UMA and in 29 with SMA";
    assert!(text.contains(said) && text.contains("30 of 40\n") && text.contains("29 of 40\n"), "{text}");
    // The gain of each future includes final wealth and what was paid out.
    let csv = fs::read_to_string(folder.join("futures/paths.csv")).unwrap();
    let rows: Vec<Vec<&str>> = csv.lines().map(|l| l.split(',').collect()).collect();
    let column = |name: &str| rows[0].iter().position(|h| *h == name).unwrap();
    let (arm, wealth, paid) = (column("arm"), column("wealth"), column("paid_out"));
    let of = |name: &str| -> Vec<f64> {
        let mine = rows.iter().filter(|r| r[arm] == name);
        mine.map(|r| r[wealth].parse::<f64>().unwrap() + r[paid].parse::<f64>().unwrap()).collect()
    };
    let gains = summary["gains"].as_array().unwrap();
    assert_eq!(gains.len(), 40);
    for ((uma, sma), gain) in of("uma").iter().zip(of("sma")).zip(gains) {
        assert!((uma - sma - gain.as_f64().unwrap()).abs() < 1e-3, "{uma} less {sma} is not {gain}");
    }
}
