//! Published configurations that once exposed faults of the comparison, run as users run them. They are read
//! from `shared/cases` beside the checkout. If that folder is missing, each test says so and is skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::shared::unisleeve;

fn case(path: &str) -> Option<PathBuf> {
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cases").join(path);
    if !at.exists() {
        eprintln!("SKIPPED: no case {}", at.display());
        return None;
    }
    Some(at)
}

/// Runs a backtest in a folder and writes the result to `out`.
fn backtest(folder: &Path, config: &str) -> PathBuf {
    let run = unisleeve(folder, &["backtest", config, "--vintages", "0", "--out", "out"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    folder.join("out")
}

/// The named columns of every row.
fn rows<const N: usize>(file: &Path, columns: [&str; N]) -> Vec<[String; N]> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let headers = reader.headers().unwrap().clone();
    let at = columns.map(|c| headers.iter().position(|h| h == c).unwrap_or_else(|| panic!("no {c}")));
    reader.records().map(|r| r.unwrap()).map(|r| at.map(|i| r[i].to_owned())).collect()
}

fn number(text: &str) -> f64 {
    if text.is_empty() { 0.0 } else { text.parse().unwrap() }
}

/// A solve that violates a row by 2e-9 of portfolio value does not stop the run.
#[test]
fn a_small_residual_does_not_end_the_run() {
    let (Some(config), Some(script)) =
        (case("comparison/small_residual.toml"), case("comparison/synthetic_market.py"))
    else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let make = format!(
        "import sys; sys.dont_write_bytecode = True; sys.path.insert(0, {:?}); import synthetic_market as m; \
         m.market('synthetic/4', 4)",
        script.parent().unwrap().display().to_string()
    );
    let made = Command::new("python3").current_dir(folder.path()).args(["-c", &make]).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    std::fs::copy(config, folder.path().join("config.toml")).unwrap();
    backtest(folder.path(), "config.toml");
}

/// Every arm that optimizes keeps each year's net gain within the budget of 20,000, apart from washed losses
/// and sales forced by withdrawals. With the fault, SMA realized 79,532 and UMA 25,113 in 2014.
#[test]
fn the_gains_budget_binds_every_arm() {
    let Some(config) = case("comparison/gains_budget.toml") else { return };
    let folder = TempDir::new().unwrap();
    let out = backtest(folder.path(), config.to_str().unwrap());
    let mut washed: BTreeMap<(String, String), f64> = BTreeMap::new();
    for [arm, date, disallowed] in rows(&out.join("trades.csv"), ["arm", "date", "disallowed"]) {
        *washed.entry((arm, date[..4].to_owned())).or_default() += number(&disallowed);
    }
    // A typical advisor pays withdrawals and tax bills by rule, and the specialist, who has its own part of the
    // budget, does not learn of the gains.
    let mut paying: BTreeSet<[String; 2]> = BTreeSet::new();
    for [arm, date, kind] in rows(&out.join("cash.csv"), ["arm", "date", "kind"]) {
        if arm == "sma_typical" && (kind == "withdrawal" || kind == "tax") {
            paying.insert([arm, date]);
        }
    }
    let mut forced: BTreeMap<(String, String), f64> = BTreeMap::new();
    for [arm, date, recognized] in rows(&out.join("trades.csv"), ["arm", "date", "recognized"]) {
        let year = date[..4].to_owned();
        if paying.contains(&[arm.clone(), date]) {
            *forced.entry((arm, year)).or_default() += number(&recognized);
        }
    }
    for [arm, year, short, long] in rows(&out.join("tax_years.csv"), ["arm", "year", "net_short", "net_long"])
    {
        let key = (arm.clone(), year.clone());
        let of = |sums: &BTreeMap<_, f64>| sums.get(&key).copied().unwrap_or_default();
        let least = of(&washed) + of(&forced).max(0.0);
        let net = number(&short) + number(&long) - least;
        assert!(arm == "shadow" || net < 20_800.0, "{arm} {year}: {net}");
    }
}

/// A band of zero width is missed only slightly in both setups, and no future fails.
#[test]
fn a_band_without_width() {
    let Some(config) = case("comparison/opening_band_0.json") else { return };
    let folder = TempDir::new().unwrap();
    let run = unisleeve(folder.path(), &["simulate", config.to_str().unwrap(), "--paths", "2", "--json"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
}

/// A taxable account that runs out of cash, an IRA that pays from then on, a Roth, fees of each account and a
/// cash buffer: both auditors confirm the result to the cent.
#[test]
fn accounts_that_pay_in_turn_pass_both_auditors() {
    let folder = TempDir::new().unwrap();
    let config = "[household]\ncash = 60000\nflows = [{ amount = -3000, every = \"month\", from = \"2001-03-01\" }]\n\
        accounts = [{ name = \"ira\", kind = \"ira\", cash = 900000 }, { name = \"roth\", kind = \"roth\", cash = 200000 }]\n\
        [fees]\numa = 0.01\nadvisor = 0.008\ndirect_index = 0.004\n[trading]\ncash_buffer = 0.01\n";
    std::fs::write(folder.path().join("config.toml"), format!("end = \"2005-12-30\"\n{config}")).unwrap();
    let out = backtest(folder.path(), "config.toml");
    let audited = unisleeve(folder.path(), &["audit", "out"]);
    assert_eq!(audited.status.code(), Some(0), "{}", String::from_utf8_lossy(&audited.stdout));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/audit/audit.py");
    let audited = Command::new("python3").arg(script).arg(&out).output().unwrap();
    assert!(audited.status.success(), "{}", String::from_utf8_lossy(&audited.stdout));
    let distributed: f64 =
        rows(&out.join("tax_years.csv"), ["distributions"]).iter().map(|[d]| number(d)).sum();
    assert!(distributed > 100_000.0, "{distributed}");
}

/// No arm sends orders below `min_trade`, except sales on the day of a tax bill.
#[test]
fn min_trade_is_kept() {
    let Some(config) = case("public/min_trade/config.toml") else { return };
    let folder = TempDir::new().unwrap();
    let out = backtest(folder.path(), config.to_str().unwrap());
    let mut orders: BTreeMap<[String; 4], f64> = BTreeMap::new();
    for [arm, date, symbol, side, amount] in
        rows(&out.join("trades.csv"), ["arm", "date", "symbol", "side", "amount"])
    {
        if side == "buy" || side == "sell" {
            *orders.entry([arm, date, symbol, side]).or_default() += number(&amount);
        }
    }
    let bills: Vec<(String, String)> = rows(&out.join("cash.csv"), ["arm", "date", "kind"])
        .into_iter()
        .filter(|[_, _, kind]| kind == "tax")
        .map(|[arm, date, _]| (arm, date))
        .collect();
    for ([arm, date, symbol, side], amount) in orders {
        let forced = side == "sell" && bills.contains(&(arm.clone(), date.clone()));
        assert!(forced || amount >= 20_000.0, "{arm} {date} {symbol} {side}: {amount}");
    }
}
