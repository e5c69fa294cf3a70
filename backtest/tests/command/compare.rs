//! `unisleeve compare` on the tasks of `docs/examples`: the switches' values add up to UMA minus SMA. Over
//! several start dates the distribution is paired and printed.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The tasks, each with dates that include its events.
const TASKS: [(&str, &str, &str); 5] = [
    ("cash_out", "2006-10-02", "2007-06-29"),
    ("new_cash", "2006-01-03", "2006-09-29"),
    ("lag_and_fees", "2004-01-02", "2004-09-30"),
    ("tax_year_end", "2004-01-02", "2004-12-31"),
    ("wash_sales", "2004-01-02", "2004-06-30"),
];

/// The summary of a comparison and its printed output.
fn compare(task: &str, start: &str, end: &str, options: &[&str]) -> (Value, String) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/examples/tasks/{task}.toml"));
    let config = fs::read_to_string(example).unwrap();
    let dated = |line: &str| -> String {
        let date = if line.starts_with("start = ") { start } else { end };
        let is_date = line.starts_with("start = ") || line.starts_with("end = ");
        if is_date { format!("{} = \"{date}\"", &line[..line.find(' ').unwrap()]) } else { line.to_owned() }
    };
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<String> = config.lines().map(dated).collect();
    fs::write(folder.path().join("run.toml"), lines.join("\n")).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_unisleeve"))
        .current_dir(folder.path())
        .args(["compare", "run.toml", "--quick", "--out", "result"])
        .args(options)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(0), "{task}: {}", String::from_utf8_lossy(&run.stderr));
    let summary = fs::read_to_string(folder.path().join("result/summary.json")).unwrap();
    (serde_json::from_str(&summary).unwrap(), String::from_utf8(run.stdout).unwrap())
}

/// Dollars as an integer in ten-thousandths.
fn exact(x: &Value) -> i64 {
    (x.as_f64().unwrap() * 10_000.0).round() as i64
}

fn list(x: &Value) -> &[Value] {
    x.as_array().unwrap()
}

/// UMA minus SMA in a figure, for each start date, computed from the runs.
fn differences(summary: &Value, figure: &str) -> Vec<f64> {
    let of = |name: &str| -> Vec<f64> {
        let runs = list(&summary["runs"]).iter().filter(|r| r["name"] == name);
        runs.map(|r| r[figure].as_f64().unwrap()).collect()
    };
    of("uma").iter().zip(of("sma")).map(|(uma, sma)| uma - sma).collect()
}

fn worth<'a>(summary: &'a Value, figure: &str) -> &'a Value {
    list(&summary["worth"]).iter().find(|w| w["figure"] == figure).unwrap_or_else(|| panic!("{figure}"))
}

/// Shapley values add up: dollars exactly to the ten-thousandth, rates to rounding error. So does the ladder.
/// A switch that can't act is worth zero.
fn adds_up(task: &str, summary: &Value) {
    for figure in ["kept", "liquidated", "tax_alpha_kept", "tax_alpha_liquidated"] {
        let worth = worth(summary, figure);
        for (at, difference) in differences(summary, figure).iter().enumerate() {
            let by_start = list(&worth["switches"]).iter().map(|s| &s["by_start"][at]);
            if figure.starts_with("tax_alpha") {
                let sum: f64 = by_start.map(|x| x.as_f64().unwrap()).sum();
                assert!((sum - difference).abs() < 1e-12, "{task} {figure}: {sum} for {difference}");
            } else {
                let sum: i64 = by_start.map(exact).sum();
                assert_eq!(sum, *difference as i64, "{task} {figure}, start date {at}");
            }
        }
        let ladder: f64 =
            list(&worth["switches"]).iter().map(|s| s["ladder"]["mean"].as_f64().unwrap()).sum();
        let total = worth["total"]["mean"].as_f64().unwrap();
        assert!((ladder - total).abs() < 1e-6, "{task} {figure}: ladder {ladder}, total {total}");
        for s in list(&worth["switches"]) {
            let acts = list(&summary["acting"]).contains(&s["switch"]);
            let is_nothing = s["shapley"]["low"] == 0.0 && s["shapley"]["high"] == 0.0;
            assert!(acts || is_nothing, "{task} {figure}: {s}");
        }
    }
}

#[test]
fn shapley_values_add_up_to_the_difference_in_every_task() {
    let mut acting = Vec::new();
    for (task, start, end) in TASKS {
        let (summary, _) = compare(task, start, end, &[]);
        assert_eq!(summary["start_dates"], 1, "{task}");
        assert_ne!(differences(&summary, "kept"), [0.0], "{task}: nothing to attribute");
        adds_up(task, &summary);
        acting.extend(list(&summary["acting"]).iter().map(|s| s.as_str().unwrap().to_owned()));
    }
    acting.sort();
    acting.dedup();
    // The best separate managers have no lag, so that switch has nothing to act on.
    assert_eq!(acting, ["fees", "gains", "joint", "pool", "risk", "wash"], "each acts somewhere");
}

/// Each start date is a pair of runs over the same prices. The distribution is that of the paired
/// differences.
#[test]
fn distributions_over_start_dates_are_paired_and_printed() {
    let (summary, printed) =
        compare("cash_out", "2004-01-02", "2006-07-31", &["--years", "1", "--step", "6"]);
    assert_eq!(summary["start_dates"], 4);
    adds_up("cash_out", &summary);
    for figure in ["kept", "liquidated"] {
        let mut paired: Vec<f64> = differences(&summary, figure).iter().map(|x| x / 10_000.0).collect();
        paired.sort_by(f64::total_cmp);
        assert_eq!(paired.len(), 4);
        let total = &worth(&summary, figure)["total"];
        let ahead = paired.iter().filter(|x| **x > 0.0).count() as f64 / 4.0;
        let expected = [
            ("low", paired[0]),
            ("high", paired[3]),
            ("median", f64::midpoint(paired[1], paired[2])),
            ("mean", paired.iter().sum::<f64>() / 4.0),
            ("ahead", ahead),
        ];
        for (name, x) in expected {
            assert!((total[name].as_f64().unwrap() - x).abs() < 1e-4, "{figure} {name}: {total}, not {x}");
        }
    }
    assert!(
        printed.contains("4 start dates: mean (lowest to highest), and how often above zero."),
        "{printed}"
    );
    for line in printed.lines().filter(|l| l.trim_start().starts_with("UMA less best SMA ")) {
        assert!(line.contains(" to ") && line.ends_with("%)"), "{line}");
    }
    assert_eq!(printed.matches("  UMA less best SMA ").count(), 6, "{printed}");
}
