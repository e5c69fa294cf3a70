//! Further output of `unisleeve backtest`: the ladder adds up to UMA minus SMA, a vintage equals a separate
//! study, and the report agrees with summary.json.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The summary and the report of a run of the sample over these dates.
fn backtest(at: &Path, dates: (&str, &str), out: &str, threads: &str) -> (Value, String) {
    fs::write(at.join("run.toml"), format!("start = \"{}\"\nend = \"{}\"\n", dates.0, dates.1)).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_unisleeve"))
        .current_dir(at)
        .env("RAYON_NUM_THREADS", threads)
        .args(["backtest", "run.toml", "--vintages", "1", "--out", out])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let read = |file: &str| fs::read_to_string(at.join(out).join(file)).unwrap();
    (serde_json::from_str(&read("summary.json")).unwrap(), read("report.html"))
}

fn list(x: &Value) -> &[Value] {
    x.as_array().unwrap()
}

/// Dollars as an integer in ten-thousandths.
fn exact(x: &Value) -> i64 {
    (x.as_f64().unwrap() * 10_000.0).round() as i64
}

/// Formats a difference as the report does: `+$1,234`.
fn dollars(x: f64) -> String {
    let digits = format!("{:.0}", x.abs());
    let mut text = String::new();
    for (i, c) in digits.chars().enumerate() {
        let comma = if i > 0 && (digits.len() - i).is_multiple_of(3) { "," } else { "" };
        text.push_str(comma);
        text.push(c);
    }
    let sign = match x {
        _ if digits == "0" => "",
        x if x < 0.0 => "\u{2212}",
        _ => "+",
    };
    format!("{sign}${text}")
}

/// Formats basis points as the report does: `+1.2 bp`.
fn basis_points(x: f64) -> String {
    let digits = format!("{:.1}", x.abs() * 1e4);
    let sign = match x {
        _ if digits == "0.0" => "",
        x if x < 0.0 => "\u{2212}",
        _ => "+",
    };
    format!("{sign}{digits} bp")
}

/// A row of one of the report's tables, as HTML.
fn row(name: &str, cells: &[String]) -> String {
    format!("<th scope=\"row\">{name}</th><td>{}</td>", cells.join("</td><td>"))
}

#[test]
fn the_report_shows_where_the_difference_comes_from_and_other_start_dates() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (summary, html) = backtest(at, ("2012-01-03", "2014-12-31"), "one", "1");
    ladder(&summary, &html);
    vintages(&summary, &html);

    let (again, same) = backtest(at, ("2012-01-03", "2014-12-31"), "three", "3");
    assert_eq!(summary, again, "the number of threads makes a difference");
    assert!(html == same, "the number of threads makes a difference to the report");

    // A vintage gives the same figures as a separate run over its dates.
    let second = &list(&summary["vintages"]["start_dates"])[1];
    let dates = (second["start"].as_str().unwrap(), second["end"].as_str().unwrap());
    let (alone, html) = backtest(at, dates, "alone", "2");
    for arm in ["uma", "sma"] {
        let (here, there) = (&second[arm], &alone["arms"][arm]);
        assert_eq!(here["kept"].as_i64().unwrap(), exact(&there["wealth_before_liquidation"]), "{arm}");
        for (figure, key) in
            [("tax_alpha_kept", "tax_alpha_before_liquidation"), ("tracking_error", "tracking_error_ex_post")]
        {
            assert_eq!(here[figure], there[key], "{arm} {figure}");
        }
    }
    assert!(alone["vintages"].is_null(), "one year holds one run of a year");
    assert!(html.contains("Other start dates: fewer than two runs") && !html.contains("id=\"vintages\""));
}

fn ladder(summary: &Value, html: &str) {
    let ladder = &summary["ladder"];
    let last = &ladder["equal_tracking_error"];
    for (figure, key) in [("kept", "wealth_before_liquidation"), ("liquidated", "wealth_after_liquidation")] {
        let steps: i64 = list(&ladder["steps"]).iter().map(|s| exact(&s[figure])).sum();
        let arm = |name: &str| exact(&summary["arms"][name][key]);
        assert_eq!(steps, arm("uma") - arm("sma_best"), "{figure}");
        assert_eq!(exact(&last[figure]), arm("uma_equal_te") - arm("uma"), "{figure}");
        assert_eq!(exact(&ladder["total"][figure]), steps, "{figure}");
    }
    // The setup effect of the steps is that against the best separate managers.
    for (figure, ending) in [("setup_liquidated", "liquidated"), ("setup_kept", "kept")] {
        let steps: i64 = list(&ladder["steps"]).iter().map(|s| exact(&s[figure])).sum();
        let found = list(&summary["difference"])
            .iter()
            .find(|d| d["against"] == "sma_best" && d["ending"] == ending)
            .unwrap();
        assert!((steps - exact(&found["setup"])).abs() <= 2, "{figure}: {steps} and {}", found["setup"]);
    }
    let names: Vec<&str> = list(&ladder["steps"]).iter().map(|s| s["switch"].as_str().unwrap()).collect();
    assert_eq!(names, ["wash", "gains", "pool", "joint", "risk", "lag", "fees"]);
    let cells = |d: &Value, keys: &[&str], write: fn(f64) -> String| -> Vec<String> {
        keys.iter().map(|k| write(d[*k].as_f64().unwrap())).collect()
    };
    let effects = ["setup_liquidated", "setup_kept"];
    let (money, rates) =
        (["kept", "liquidated"], ["tax_alpha_kept", "tax_alpha_liquidated", "pre_tax_return"]);
    let steps = list(&ladder["steps"]).iter().map(|s| (s["switch"].as_str().unwrap(), s["acts"] == true, s));
    for (name, acts, d) in
        steps.chain([("tracking error", true, last), ("UMA less SMA", true, &ladder["total"])])
    {
        let dash = |n| vec!["–".to_owned(); n];
        let wealth = if acts { cells(d, &money, dollars) } else { dash(2) };
        let alpha = if acts { cells(d, &rates, basis_points) } else { dash(3) };
        let setup = if acts { cells(d, &effects, dollars) } else { dash(2) };
        assert!(html.contains(&row(name, &setup)), "{name}: {setup:?}");
        assert!(html.contains(&row(name, &wealth)), "{name}: {wealth:?}");
        assert!(html.contains(&row(name, &alpha)), "{name}: {alpha:?}");
        assert!(acts || exact(&d["kept"]) == 0, "{name} can't act");
    }
}

fn vintages(summary: &Value, html: &str) {
    let starts = list(&summary["vintages"]["start_dates"]);
    assert_eq!(starts.len(), 2, "a run of a year from each of two starts");
    for (start, date) in starts.iter().zip(["3\u{a0}Jan\u{a0}2012", "3\u{a0}Jan\u{a0}2013"]) {
        let difference = &start["uma_less_sma"];
        let mark = if start["matched"] == true { "" } else { " *" };
        let keys = ["tax_alpha_kept", "tax_alpha_liquidated", "pre_tax_return"];
        let cells: Vec<String> = keys.iter().map(|k| basis_points(difference[k].as_f64().unwrap())).collect();
        assert!(html.contains(&row(&format!("{date}{mark}"), &cells)), "{date}: {cells:?}");
        let less = exact(&difference["kept"]);
        assert_eq!(less, start["uma"]["kept"].as_i64().unwrap() - start["sma"]["kept"].as_i64().unwrap());
    }
}
