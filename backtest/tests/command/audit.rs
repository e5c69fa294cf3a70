//! `unisleeve audit` on results of `unisleeve backtest`: an unchanged result passes, and every single
//! corruption is found and named.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::shared::{text, unisleeve};

/// Three years of the sample with many features of a household: other accounts, lots, gifts, fees, a
/// restriction, and an account that is closed.
const CONFIG: &str = include_str!("household.toml");

/// A result folder, created once.
struct Result {
    folder: tempfile::TempDir,
}

impl Result {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("run.toml"), CONFIG).unwrap();
        let run = unisleeve(folder.path(), &["backtest", "run.toml", "--out", "result"]);
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        Self { folder }
    }

    fn audit(&self) -> (Option<i32>, String, String) {
        let run = unisleeve(self.folder.path(), &["audit", "result"]);
        (run.status.code(), text(&run.stdout), text(&run.stderr))
    }

    /// Audits with one file changed, then restores the file.
    fn with(&self, file: &str, change: impl Fn(&str) -> String) -> (Option<i32>, String, String) {
        let path = self.folder.path().join("result").join(file);
        let good = fs::read_to_string(&path).unwrap();
        let bad = change(&good);
        assert_ne!(good, bad, "{file} is changed");
        fs::write(&path, bad).unwrap();
        let result = self.audit();
        fs::write(&path, good).unwrap();
        result
    }

    /// Audits with one cell changed: the cell in `column` of the first row that `wanted` accepts.
    fn cell(
        &self,
        file: &str,
        wanted: impl Fn(&dyn Fn(&str) -> String) -> bool,
        column: &str,
        change: impl Fn(&str) -> String,
    ) -> (Option<i32>, String, String, usize) {
        let mut line = 0;
        let good = fs::read_to_string(self.folder.path().join("result").join(file)).unwrap();
        let mut reader = csv::Reader::from_reader(good.as_bytes());
        let header = reader.headers().unwrap().clone();
        let place = |name: &str| header.iter().position(|h| h == name).unwrap();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&header).unwrap();
        for (at, record) in reader.records().enumerate() {
            let record = record.unwrap();
            let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if line == 0 && wanted(&|name| record.get(place(name)).unwrap().to_owned()) {
                line = at + 2;
                cells[place(column)] = change(&cells[place(column)]);
            }
            writer.write_record(&cells).unwrap();
        }
        assert!(line > 0, "{file} has such a row");
        let bad = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let (code, out, err) = self.with(file, |_| bad.clone());
        (code, out, err, line)
    }
}

fn more(cell: &str) -> String {
    format!("{:.4}", cell.parse::<f64>().unwrap() + 1.0)
}

/// Changes the number under a key of an arm in summary.json.
fn figure(json: &str, arm: &str, key: &str) -> String {
    let mut value: serde_json::Value = serde_json::from_str(json).unwrap();
    let figure = value.pointer_mut(&format!("/arms/{arm}/{}", key.replace('.', "/"))).unwrap();
    *figure = (figure.as_f64().unwrap() * 1.01 + 1.0).into();
    serde_json::to_string_pretty(&value).unwrap()
}

/// Reads a cell of a row by its column.
type Cells<'a> = &'a dyn Fn(&str) -> String;
/// File, choice of the row, column.
type Case<'a> = (&'a str, &'a dyn Fn(Cells<'_>) -> bool, &'a str);

#[test]
fn a_result_is_clean_and_every_corruption_is_named() {
    let result = Result::new();
    let (code, out, err) = result.audit();
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.ends_with("All matches.\n"), "{out}");

    // One changed cell: exit code 1, and the message names the file, the line and the column.
    let uma = |c: Cells<'_>| c("arm") == "uma";
    let shadow = |c: Cells<'_>| c("arm") == "shadow";
    let cases: [Case<'_>; 16] = [
        ("trades.csv", &|c| uma(c) && c("side") == "buy" && c("date").as_str() > "2008", "price"),
        ("trades.csv", &|c| uma(c) && c("side") == "buy" && c("date").as_str() > "2008", "quantity"),
        ("trades.csv", &|c| uma(c) && c("side") == "sell", "amount"),
        ("trades.csv", &|c| uma(c) && c("side") == "sell", "basis"),
        ("trades.csv", &|c| uma(c) && c("side") == "sell", "gain"),
        ("trades.csv", &|c| shadow(c) && !c("replacement_lot").is_empty(), "disallowed"),
        ("trades.csv", &|c| uma(c) && c("side") == "sell" && c("replacement_lot").is_empty(), "disallowed"),
        ("trades.csv", &|c| uma(c) && c("side") == "transfer_in", "basis"),
        ("trades.csv", &|c| uma(c) && c("side") == "gift_out", "basis"),
        ("trades.csv", &|c| uma(c) && c("side") == "buy", "cost"),
        ("lots.csv", &uma, "basis"),
        ("lots.csv", &uma, "quantity"),
        ("daily.csv", &|c| uma(c) && c("date").as_str() > "2008", "value"),
        ("daily.csv", &|c| uma(c) && c("date").as_str() > "2008", "accrued_tax"),
        ("daily.csv", &|c| uma(c) && c("date").as_str() > "2008", "flow"),
        ("tax_years.csv", &|c| uma(c) && c("year") == "2008", "tax"),
    ];
    for (file, wanted, column) in cases {
        let (code, out, err, line) = result.cell(file, wanted, column, more);
        assert_eq!(code, Some(1), "{file} {column}: {out}{err}");
        // A wrong number of shares shows up as a wrong amount.
        let column = if (file, column) == ("trades.csv", "quantity") { "amount" } else { column };
        let named = |l: &str| l.contains(&format!("line {line}")) && l.contains(column);
        assert!(out.lines().any(|l| l.starts_with(file) && named(l)), "{file}:{line} {column}: {out}");
    }

    // A washed loss without its replacement lot.
    let (code, out, _, line) = result.cell(
        "trades.csv",
        |c| shadow(c) && !c("replacement_lot").is_empty(),
        "replacement_lot",
        |_| String::new(),
    );
    assert_eq!(code, Some(1));
    assert!(out.contains(&format!("shadow: line {line}: replacement_lot")), "{out}");

    // A wrong price without a trade shows up in the value of the day.
    let held = |c: Cells<'_>| c("symbol") == "AAPL" && c("date") == "2008-05-20";
    let (code, out, ..) = result.cell("prices.csv", held, "close", more);
    assert_eq!(code, Some(1));
    assert!(out.contains("(2008-05-20): value"), "{out}");
    let paid =
        |c: Cells<'_>| c("symbol") == "SPX" && c("date").as_str() > "2008" && !c("dividend").is_empty();
    let (code, out, ..) = result.cell("prices.csv", paid, "dividend", more);
    assert_eq!(code, Some(1));
    assert!(out.contains("amount of dividend"), "{out}");

    // Missing rows.
    let without = |kind: &'static str| {
        move |csv: &str| {
            let at = csv.lines().position(|l| l.starts_with("uma,") && l.contains(kind)).unwrap();
            csv.lines().enumerate().filter(|(i, _)| *i != at).flat_map(|(_, l)| [l, "\n"]).collect::<String>()
        }
    };
    for (kind, what) in [
        (",trade,", "amount of trade"),
        (",dividend,", "amount of dividend"),
        (",fee,", "fee"),
        (",withdrawal,", "withdrawals"),
        (",tax", "tax"),
    ] {
        let (code, out, _) = result.with("cash.csv", without(kind));
        assert_eq!(code, Some(1), "{kind}");
        assert!(out.lines().any(|l| l.starts_with("cash.csv: uma") && l.contains(what)), "{kind}: {out}");
    }
    let (code, out, _) = result.with("lots.csv", without(","));
    assert_eq!(code, Some(1));
    assert!(out.lines().any(|l| l.starts_with("lots.csv") && l.contains("found no row")), "{out}");

    // Wrong measures.
    for key in [
        "final_value",
        "wealth_after_liquidation",
        "losses_washed",
        "pre_tax_return",
        "tracking_error_ex_post",
        "turnover",
        "orders",
        "tax_alpha_before_liquidation",
        "taken_at_closing",
        "endings.charity.wealth",
        "endings.liquidate_bracketed.tax",
    ] {
        let (code, out, _) = result.with("summary.json", |json| figure(json, "sma", key));
        assert_eq!(code, Some(1), "{key}");
        assert!(
            out.lines().any(|l| l.starts_with("summary.json") && l.contains(&format!("arms.sma.{key}:"))),
            "{out}"
        );
    }

    // Unreadable content: exit code 2, and the message names file, line, column and value.
    let cut = |csv: &str| csv[..csv.len() / 2].to_owned();
    let (code, out, err) = result.with("trades.csv", |csv| {
        // Cuts off the last row before its last columns.
        let (rows, row) = csv.trim_end().rsplit_once('\n').unwrap();
        format!("{rows}\n{}", row.split(',').take(5).collect::<Vec<_>>().join(","))
    });
    assert_eq!(code, Some(2), "{err}");
    assert!(out.is_empty() && err.contains("trades.csv:"), "{err}");
    let (code, _, err, line) = result.cell("cash.csv", uma, "amount", |_| "12,5x".to_owned());
    assert_eq!(code, Some(2));
    assert!(err.contains(&format!("cash.csv:{line}: amount: 12,5x: expected dollars")), "{err}");
    let (code, _, err, line) = result.cell("trades.csv", uma, "side", |_| "sold".to_owned());
    assert_eq!(code, Some(2));
    assert!(err.contains(&format!("trades.csv:{line}: side: sold: expected buy")), "{err}");
    let (code, _, err) = result.with("summary.json", cut);
    assert_eq!(code, Some(2));
    assert!(err.contains("summary.json:"), "{err}");
    let (code, _, err) = result.with("daily.csv", |csv| csv.replacen("accrued_tax", "accrued", 1));
    assert_eq!(code, Some(2));
    assert!(err.contains("daily.csv:1: accrued_tax: nothing: expected a column"), "{err}");

    // The JSON output contains all mismatches.
    let path = result.folder.path().join("result/daily.csv");
    let bad = fs::read_to_string(&path).unwrap().replace(",0.0000,0.0000\n", ",0.0001,0.0000\n");
    fs::write(&path, bad).unwrap();
    let run = unisleeve(result.folder.path(), &["audit", "result", "--json"]);
    assert_eq!(run.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert!(report["mismatches"].as_array().unwrap().len() > 1_000, "{}", report["mismatches"]);
    let (_, out, _) = result.audit();
    assert_eq!(out.lines().filter(|l| l.starts_with("daily.csv")).count(), 50);

    fs::remove_file(result.folder.path().join("result/lots.csv")).unwrap();
    let (code, _, err) = result.audit();
    assert_eq!(code, Some(2));
    assert!(err.contains("lots.csv: missing: expected"), "{err}");
}

/// Changes 200 single figures of the result. The auditor in Python must notice each, or say that it does not
/// check that figure.
#[test]
fn the_auditor_in_python_notices_single_changes() {
    let result = Result::new();
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/audit/mutate.py");
    match Command::new("python3").arg(program).arg(result.folder.path().join("result")).arg("200").output() {
        Ok(run) => {
            println!("{}", text(&run.stdout));
            assert!(run.status.success(), "{}{}", text(&run.stdout), text(&run.stderr));
        }
        Err(e) => println!("SKIPPED: changing figures needs python3: {e}"),
    }
}
