//! `unisleeve simulate`: figures are the same with any number of threads and from TOML or JSON, and each
//! fault gives one sentence.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const SMALL: &str =
    "seed = 3\n[simulation]\npaths = 9\n[simulation.scenario]\nnames = 20\nyears = 2\nstep = \"monthly\"\n";
const POLICY: &str = "[[policy]]\nname = \"direct\"\nweight = 0.6\nindex = \"US stocks\"\nfund = \"USX\"\n\
                      [[policy]]\nname = \"bonds\"\nweight = 0.4\nfund = \"BOND\"\n";

fn simulate(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unisleeve"))
        .current_dir(folder)
        .arg("simulate")
        .args(args)
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("run.toml"), text).unwrap();
    folder
}

#[test]
fn threads_and_formats_change_nothing() {
    let folder = folder(&format!("{SMALL}{POLICY}"));
    let one = json(&simulate(folder.path(), &["run.toml", "--json", "--threads", "1"]));
    let two = json(&simulate(folder.path(), &["run.toml", "--json", "--threads", "2"]));
    assert_eq!(one, two);
    assert_eq!(one["paths"], 9);
    // The configuration stored in a summary gives the same bits when it is run again.
    fs::write(folder.path().join("saved.json"), one["config"].to_string()).unwrap();
    let again = json(&simulate(folder.path(), &["saved.json", "--json"]));
    assert_eq!((&again["hash"], &again["config_hash"]), (&one["hash"], &one["config_hash"]));
    let other = json(&simulate(folder.path(), &["run.toml", "--json", "--seed", "4"]));
    assert_ne!(other["hash"], one["hash"]);
}

#[test]
fn a_folder_has_every_path_and_the_fans() {
    let folder = folder(&format!("{SMALL}{POLICY}"));
    let output = simulate(folder.path(), &["run.toml", "--out", "result", "--frontier", "--preset", "2008"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("wealth, UMA less SMA") && text.contains("risk aversion   UMA"), "{text}");
    let rows =
        |name: &str| fs::read_to_string(folder.path().join("result").join(name)).unwrap().lines().count();
    // UMA, three setups of separate managers and the shadow portfolio; a difference for each setup and ending.
    assert_eq!(rows("paths.csv"), 1 + 9 * 5 + 9 * 3 * 2);
    // The fans have a row for the last close of each year and one for the end. The run lasts two years plus
    // the days to the first month's end.
    assert!(rows("fans.csv") > 3 * 7 * 2, "{}", rows("fans.csv"));
    let summary: Value =
        serde_json::from_slice(&fs::read(folder.path().join("result/summary.json")).unwrap()).unwrap();
    assert_eq!(summary["frontier"].as_array().unwrap().len(), 5);
    // The mean in the summary equals the mean of the rows.
    let csv = fs::read_to_string(folder.path().join("result/paths.csv")).unwrap();
    let wealth = |arm: &str| -> f64 {
        let rows = csv.lines().map(|l| l.split(',').collect::<Vec<_>>()).filter(|f| f[1] == arm);
        rows.map(|f| f[2].parse::<f64>().unwrap()).sum()
    };
    let mean = (wealth("uma") - wealth("sma")) / 9.0;
    assert!((summary["gain"]["mean"].as_f64().unwrap() - mean).abs() < 0.01);
}

/// A budget curve that includes the run without a limit, which is the configuration itself.
#[test]
fn a_tighter_budget_is_never_closer_to_the_policy_at_first() {
    let legacy = "[household]\ncash = 200_000\n[[household.lots]]\nsymbol = \"S001\"\nquantity = 8_000\n\
                  basis = 10_000\nacquired = \"2012-05-01\"\n";
    let folder = folder(&format!("{SMALL}{legacy}{POLICY}"));
    let budgets = ["--budgets", "0,100000"];
    let done = json(&simulate(folder.path(), &[&["run.toml", "--json"], budgets.as_slice()].concat()));
    let points = done["transition"].as_array().unwrap();
    let limits: Vec<&Value> = points.iter().map(|p| &p["gains_budget"]).collect();
    assert_eq!(limits, [&Value::from(0), &Value::from(100_000), &Value::Null]);
    // UMA's tracking error at the end of the first year: a tighter budget leaves more of it.
    let left: Vec<f64> = points.iter().map(|p| p["tracking_error_by_year"][0][0].as_f64().unwrap()).collect();
    assert!(left[0] > left[1] && left[1] > left[2], "{left:?}");
    // The last point has no limit, like the configuration. Its figures equal the overall averages.
    let whole = done["averages"].as_array().unwrap().iter().find(|a| a["arm"] == "uma").unwrap();
    assert_eq!(points[2]["tracking_error_by_year"][0], whole["tracking_error_by_year"]);
    assert_eq!(points[2]["taxes_by_year"][0], whole["taxes_by_year"]);
}

/// After Ctrl-C, the finished futures give the same result as a run that requested only as many.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_the_futures_that_are_done() {
    use std::process::Stdio;
    use std::time::Duration;

    let folder = folder(&format!("{SMALL}{POLICY}"));
    // Increases the time until the machine has finished at least one future.
    for seconds in [2, 8, 32] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unisleeve"));
        command.current_dir(folder.path()).args(["simulate", "run.toml", "--json", "--paths", "100000"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_secs(seconds));
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let stopped = child.wait_with_output().unwrap();
        if stopped.status.code() == Some(3) {
            let said = String::from_utf8_lossy(&stopped.stderr);
            assert!(said.contains("stopped before the first future was done"), "{said}");
            continue;
        }
        let stopped = json(&stopped);
        let paths = stopped["paths"].as_u64().unwrap();
        // With fewer futures, the search for equal tracking error would also have used fewer.
        if paths < 4 {
            continue;
        }
        assert!(paths < 100_000 && stopped["asked"] == 100_000, "{paths}");
        let whole = json(&simulate(folder.path(), &["run.toml", "--json", "--paths", &paths.to_string()]));
        assert_eq!((&stopped["hash"], &stopped["gain"]), (&whole["hash"], &whole["gain"]));
        return;
    }
    panic!("no future was done within half a minute");
}

#[test]
fn each_fault_is_one_sentence() {
    for (text, args, part) in [
        (format!("{SMALL}{POLICY}"), vec!["--paths", "0"], "simulation.paths: 0: expected 1 to 100000"),
        (
            format!("{SMALL}{POLICY}"),
            vec!["--preset", "boom"],
            "simulation.preset: boom: expected one of base",
        ),
        (SMALL.replace("names = 20", "names = 5") + POLICY, vec![], "simulation.scenario.names"),
        (SMALL.replace("names = 20", "nomes = 20") + POLICY, vec![], "run.toml:5: unknown field"),
        (SMALL.replace("seed = 3", "seed = 9007199254740993") + POLICY, vec![], "seed"),
        (SMALL.to_owned(), vec![], "run.toml: policy: missing: expected sleeves whose weights add up to 1"),
        (
            SMALL.to_owned() + &POLICY.replace("BOND", "SPX"),
            vec![],
            "policy[1].fund: SPX: expected a symbol that the prices have",
        ),
    ] {
        let folder = folder(&text);
        let output = simulate(folder.path(), &[&["run.toml"], args.as_slice()].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{part}: {said}");
        assert!(said.contains(part), "{part}: {said}");
    }
    let folder = folder("{");
    fs::rename(folder.path().join("run.toml"), folder.path().join("bad.json")).unwrap();
    let output = simulate(folder.path(), &["bad.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("bad.json:1:"));
}

#[test]
fn presets_are_listed() {
    let output = simulate(Path::new("."), &["--presets"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for name in ["calm bull", "lost decade", "2008", "high dispersion", "mega-cap run", "inflation shock"] {
        assert!(text.contains(name), "{name}");
    }
}

#[test]
fn the_example_runs() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/simulate.toml");
    let done = json(&simulate(Path::new("."), &[example.to_str().unwrap(), "--paths", "1", "--json"]));
    assert_eq!((&done["paths"], &done["ruined"][0]), (&1.into(), &0.into()));
    assert_eq!(done["fans"][0]["by_year"].as_array().unwrap().len(), 20);
}
