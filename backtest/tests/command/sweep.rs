//! `unisleeve sweep` as users run it: threads, shards and interruptions do not change the rows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use unisleeve::readers::parquet::{Values, read_columns};

const GRID: &str = r#"
arms = ["uma", "sma", "funds", "shadow"]

[vintages]
years = 2
every_months = 36

[grid]
"trading.risk_aversion" = [20, 80]
"tax.status" = ["single", "joint"]
"#;

/// Runs of [`GRID`]: five start dates in the sample's 17 years, times four settings.
const RUNS: usize = 20;

fn unisleeve(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unisleeve"));
    command.current_dir(folder).args(arguments.split_whitespace()).output().unwrap()
}

fn done(folder: &Path, arguments: &str) -> String {
    let run = unisleeve(folder, arguments);
    assert_eq!(run.status.code(), Some(0), "{arguments}: {}", String::from_utf8_lossy(&run.stderr));
    assert!(run.stderr.is_empty(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

fn refused(folder: &Path, arguments: &str) -> String {
    let run = unisleeve(folder, arguments);
    let messages = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(2), "{arguments}: {messages}");
    assert!(run.stdout.is_empty());
    assert!(messages.lines().all(|l| l.starts_with("unisleeve: ")), "{messages}");
    messages
}

fn folder_with(grid: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("grid.toml"), grid).unwrap();
    folder
}

/// Two results have identical files, byte for byte.
fn assert_same(folder: &Path, one: &str, other: &str) {
    for file in ["summary.json", "report.html", "results.csv", "results.parquet"] {
        let read = |place: &str| fs::read(folder.join(place).join(file)).unwrap();
        assert!(read(one) == read(other), "{one}/{file} and {other}/{file} differ");
    }
}

fn csv(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|l| l.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn neither_threads_nor_kills_nor_shards_change_a_bit() {
    let folder = folder_with(GRID);
    let at = folder.path();
    let json = done(at, "sweep grid.toml --out whole --threads 1 --json");
    assert_eq!(json, fs::read_to_string(at.join("whole/summary.json")).unwrap() + "\n");
    let summary: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((summary["runs"].as_u64(), summary["failed"].as_u64()), (Some(RUNS as u64), Some(0)));
    done(at, "sweep grid.toml --out threads --threads 4");
    assert_same(at, "whole", "threads");
    interrupted(at);
    sharded(at);
    rows(at);
    report(at, &summary);
}

/// The report agrees with summary.json: each histogram counts every run once, and every start and setting
/// appears.
fn report(at: &Path, summary: &serde_json::Value) {
    let html = fs::read_to_string(at.join("whole/report.html")).unwrap();
    for reference in ["http:", "https:", "src=", "url(", "@import", "<script"] {
        assert!(!html.contains(reference), "{reference} in the report");
    }
    assert_eq!(html.matches("<figure").count(), 4 + 1 + 2, "four figures, the starts, two axes");
    assert_eq!(html.matches("role=\"img\"").count(), 14, "each chart is drawn wide and narrow");
    let all = &summary["all"]["setup_over_sma"];
    let counts: u64 = all["bins"].as_array().unwrap().iter().map(|b| b["runs"].as_u64().unwrap()).sum();
    assert_eq!(counts, RUNS as u64);
    assert!(html.contains(&format!("above zero in {} of {RUNS} runs", all["uma_higher"])), "{all}");
    for axis in summary["axes"].as_array().unwrap() {
        for setting in axis["settings"].as_array().unwrap() {
            let name = setting["of"].as_str().map_or_else(|| setting["of"].to_string(), str::to_owned);
            let s = &setting["uma_minus_sma"]["setup_over_sma"];
            let cells = format!("<td>{} of {}</td>", s["uma_higher"], s["runs"]);
            let row = html.split(&format!("<th scope=\"row\">{name}</th>")).nth(1).unwrap();
            assert!(row.split("</tr>").next().unwrap().contains(&cells), "{name}: {cells}");
        }
    }
    for hash in ["config_hash", "data_hash", "plan_hash"] {
        assert!(html.contains(summary[hash].as_str().unwrap()), "{hash}");
    }
}

/// A sweep that was killed continues where it stopped and repeats no run.
fn interrupted(at: &Path) {
    let journal = at.join("resumed.partial/journal.jsonl");
    let mut sweep = Command::new(env!("CARGO_BIN_EXE_unisleeve"))
        .current_dir(at)
        .args(["sweep", "grid.toml", "--out", "resumed", "--threads", "1"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = || fs::read_to_string(&journal).map_or(0, |t| t.matches('\n').count());
    while lines() < 4 {
        assert!(sweep.try_wait().unwrap().is_none(), "it ended before it could be killed");
        std::thread::sleep(Duration::from_millis(1));
    }
    sweep.kill().unwrap();
    sweep.wait().unwrap();
    assert!(!at.join("resumed").exists(), "nothing half-written");
    // Simulates a kill in the middle of a line, too.
    let mut before = fs::read(&journal).unwrap();
    before.extend_from_slice(b"{\"run\":3,\"ke");
    fs::write(&journal, &before).unwrap();
    let whole = before.iter().rposition(|b| *b == b'\n').unwrap() + 1;
    // A hard link keeps the journal readable after the sweep removes it.
    fs::hard_link(&journal, at.join("journal")).unwrap();
    done(at, "sweep grid.toml --out resumed --threads 3");
    assert!(!at.join("resumed.partial").exists());
    assert_same(at, "whole", "resumed");
    let after = fs::read_to_string(at.join("journal")).unwrap();
    assert!(after.as_bytes().starts_with(&before[..whole]), "what was done stays as it was");
    let of = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["run"].as_u64().unwrap();
    let runs: Vec<u64> = after.lines().skip(1).map(of).collect();
    assert_eq!(runs.len(), RUNS, "no run was done twice");
    assert_eq!(runs.iter().collect::<BTreeSet<_>>().len(), RUNS);
}

/// Shards merge to the same result in any order. Missing, duplicate and foreign shards are refused.
fn sharded(at: &Path) {
    done(at, "sweep grid.toml --plan plan.json");
    for k in [3, 1, 2] {
        let text = done(at, &format!("sweep --plan plan.json --shard {k}/3 --out part-{k}.parquet --json"));
        assert!(text.contains(&format!("\"shard\": \"{k}/3\"")), "{text}");
    }
    let first = fs::read(at.join("part-2.parquet")).unwrap();
    done(at, "sweep --plan plan.json --shard 2/3 --out part-2.parquet --threads 1");
    assert!(first == fs::read(at.join("part-2.parquet")).unwrap(), "the same shard, the same bytes");
    done(at, "sweep --merge part-2.parquet part-3.parquet part-1.parquet --out merged");
    assert_same(at, "whole", "merged");
    let missing = refused(at, "sweep --merge part-2.parquet part-3.parquet --out no");
    assert!(missing.contains("7 of 20 runs are missing, the first is run 0 (tax.status="), "{missing}");
    let double =
        refused(at, "sweep --merge part-1.parquet part-2.parquet part-3.parquet part-2.parquet --out no");
    assert!(double.contains("part-2.parquet: 7 of its runs are in part-2.parquet already"), "{double}");
    fs::write(at.join("other.toml"), GRID.replace("80", "81")).unwrap();
    done(at, "sweep other.toml --plan other.json");
    done(at, "sweep --plan other.json --shard 3/3 --out foreign.parquet");
    let foreign = refused(at, "sweep --merge part-1.parquet part-2.parquet foreign.parquet --out no");
    assert!(foreign.contains("foreign.parquet: belongs to another plan"), "{foreign}");
    let result = refused(at, "sweep --merge whole/results.parquet --out no");
    assert!(result.contains("expected a part"), "{result}");
    let plan = fs::read_to_string(at.join("plan.json")).unwrap();
    fs::write(at.join("changed.json"), plan.replace("2000-01-03", "2000-01-04")).unwrap();
    let changed = refused(at, "sweep --plan changed.json --shard 1/3 --out no");
    assert!(changed.contains("plan anew"), "{changed}");
    assert!(!at.join("no").exists());
}

/// The rows are sorted, complete and equal in both formats.
fn rows(at: &Path) {
    let text = fs::read_to_string(at.join("whole/results.csv")).unwrap();
    let rows = csv(&text);
    assert_eq!(rows.len(), 1 + 4 * RUNS);
    let place = |name: &str| rows[0].iter().position(|c| c == name).unwrap();
    let run: Vec<usize> = rows[1..].iter().map(|r| r[place("run")].parse().unwrap()).collect();
    assert!(run.iter().enumerate().all(|(i, r)| i / 4 == *r));
    let arms: Vec<&str> = rows[1..5].iter().map(|r| r[place("arm")].as_str()).collect();
    assert_eq!(arms, ["uma", "sma", "funds", "shadow"]);
    // The shadow portfolio is the reference, so its own tax alpha is zero.
    assert_eq!(rows[4][place("tax_alpha_before_liquidation")], "0");
    let seeds: BTreeSet<&str> = rows[1..].iter().map(|r| r[place("run_seed")].as_str()).collect();
    assert_eq!(seeds.len(), RUNS);
    let names: Vec<&str> = rows[0].iter().map(String::as_str).collect();
    let columns = read_columns(&at.join("whole/results.parquet"), &names).unwrap();
    for (i, column) in columns.iter().enumerate() {
        for (row, cells) in rows[1..].iter().enumerate() {
            let cell = &cells[i];
            match column {
                Values::Text(x) => assert_eq!(x.get(row).unwrap_or_default(), cell),
                Values::Integer(x) => assert_eq!(x[row].map_or(String::new(), |x| x.to_string()), *cell),
                Values::Date(x) => assert_eq!(x[row].map_or(String::new(), |x| x.to_string()), *cell),
                Values::Flag(x) => assert_eq!(x[row].map_or(String::new(), |x| x.to_string()), *cell),
                Values::Float(x) => assert_eq!(x[row], cell.parse().ok(), "{}", names[i]),
            }
        }
    }
}

/// A run of a sweep gives the same figures as a backtest of the same configuration.
#[test]
fn a_run_has_the_figures_of_a_backtest() {
    let grid = "equal = \"tracking_error\"\narms = [\"sma\", \"uma\"]\nconfig = \"base.toml\"\n[grid]\nsma.band = [0.03]\n";
    let folder = folder_with(grid);
    let at = folder.path();
    let base = "start = \"2010-01-04\"\nend = \"2011-12-30\"\n";
    fs::write(at.join("base.toml"), base).unwrap();
    fs::write(at.join("run.toml"), format!("{base}[sma]\nband = 0.03\n")).unwrap();
    done(at, "sweep grid.toml --out swept");
    done(at, "backtest run.toml --out replayed");
    let summary: serde_json::Value =
        serde_json::from_slice(&fs::read(at.join("replayed/summary.json")).unwrap()).unwrap();
    let rows = csv(&fs::read_to_string(at.join("swept/results.csv")).unwrap());
    assert_eq!((rows.len(), rows[1][2].as_str()), (3, "2010-01-04"));
    for row in &rows[1..] {
        let cell = |name: &str| row[rows[0].iter().position(|c| c == name).unwrap()].clone();
        // The sweep asks for equal tracking error; in a backtest that run has a name of its own.
        let name = cell("arm");
        let arm = &summary["arms"][if name == "uma" { "uma_equal_te" } else { &name }];
        for name in [
            "risk_aversion",
            "wealth_before_liquidation",
            "wealth_after_liquidation",
            "tax_alpha_before_liquidation",
            "tax_alpha_after_liquidation",
            "tracking_error_ex_post",
            "taxes_paid",
            "orders",
        ] {
            assert_eq!(cell(name).parse::<f64>().ok(), arm[name].as_f64(), "{name} of {}", cell("arm"));
        }
    }
}

#[test]
fn faults_are_told_before_anything_runs() {
    let grid = "[grid]\n\"trading.risk_aversion\" = [20, \"much\"]\n\"trading.nope\" = [1]\n\"policy.7.weight\" = [1]\n";
    let folder = folder_with(grid);
    let messages = refused(folder.path(), "sweep grid.toml");
    for part in [
        "grid.toml:2: trading.risk_aversion = \"much\": invalid type: string",
        "grid.toml:3: trading.nope = 1: unknown field `nope`",
        "grid.toml:4: policy.7.weight = 1: `policy` has the entries 0 to 2",
    ] {
        assert!(messages.contains(part), "{part}: {messages}");
    }
    let at = folder.path();
    fs::write(at.join("grid.toml"), "[grid]\n\"sma.band\" = [0.02, 7]\n\"policy.0.weight\" = [0.45, 0.5]\n")
        .unwrap();
    let messages = refused(at, "sweep grid.toml");
    assert!(messages.contains("grid.toml:2: sma.band: 7: expected a number from 0 to 1"), "{messages}");
    assert!(messages.contains("grid.toml:3: policy: the weights add up to 1.05"), "{messages}");
    fs::write(at.join("grid.toml"), "[grid]\n\"policy.1.fund\" = [\"SPX\", \"NOPE\"]\n").unwrap();
    assert!(refused(at, "sweep grid.toml").contains("grid.toml:2: policy[1].fund: NOPE: expected a symbol"));
    fs::write(at.join("grid.toml"), "[vintages]\nyears = 40\n").unwrap();
    assert!(refused(at, "sweep grid.toml").contains("grid.toml:2: years: 40: from 2000-01-03"));
    assert!(refused(at, "sweep none.toml").contains("none.toml"));
    assert!(refused(at, "sweep").contains("expected GRID.toml"));
    assert_eq!(fs::read_dir(at).unwrap().count(), 1, "nothing is left behind");
}

/// A run that fails becomes a row with an error. The other runs are not affected.
#[test]
fn a_run_that_fails_is_a_row() {
    // There is no session on the first weekend.
    let grid = "arms = [\"uma\", \"funds\"]\n[grid]\nstart = [2010-01-02]\nend = [2010-01-03, 2010-03-31]\n";
    let folder = folder_with(grid);
    let at = folder.path();
    let text = done(at, "sweep grid.toml --out out");
    assert!(text.contains("2 runs: 2 settings, 1 start dates; 4 rows, 2 of them without figures"), "{text}");
    let rows = csv(&fs::read_to_string(at.join("out/results.csv")).unwrap());
    let place = |name: &str| rows[0].iter().position(|c| c == name).unwrap();
    for (row, cells) in rows[1..].iter().enumerate() {
        let error = &cells[place("error")];
        assert_eq!(error.contains("2010-01-02") && error.contains("2010-01-03"), row < 2, "{error}");
        assert_eq!(cells[place("final_value")].is_empty(), row < 2);
        assert_eq!(cells[place("arm")], ["uma", "funds"][row % 2]);
    }
    // A part that contains such rows merges like any other part.
    done(at, "sweep grid.toml --plan plan.json");
    done(at, "sweep --plan plan.json --shard 1/1 --out part.parquet");
    done(at, "sweep --merge part.parquet --out merged");
    assert_same(at, "out", "merged");
}

/// A changed grid does not continue the journal of another grid.
#[test]
fn a_changed_grid_is_refused_or_begun_anew() {
    let folder = folder_with("arms = [\"funds\"]\n[vintages]\nyears = 1\nevery_months = 48\n");
    let at = folder.path();
    fs::create_dir(at.join("out.partial")).unwrap();
    fs::write(at.join("out.partial/journal.jsonl"), "{\"format\":1,\"of\":\"something else\"}\n").unwrap();
    let message = refused(at, "sweep grid.toml --out out");
    assert!(message.contains("out.partial/journal.jsonl: begun with another grid"), "{message}");
    assert!(message.contains("--restart"), "{message}");
    done(at, "sweep grid.toml --out out --restart");
    let names: BTreeSet<String> =
        fs::read_dir(at).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["grid.toml", "out"]);
}

/// The example grids in the documentation are valid.
#[test]
fn the_examples_can_be_planned() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/sweep");
    let folder = tempfile::tempdir().unwrap();
    for (name, runs) in [("risk_and_status", 864), ("bands_at_equal_risk", 35), ("mixes", 72)] {
        let grid = examples.join(format!("{name}.toml"));
        let text = done(folder.path(), &format!("sweep {} --plan plan.json --json", grid.display()));
        let plan: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(plan["runs"].as_u64(), Some(runs), "{name}");
    }
}
