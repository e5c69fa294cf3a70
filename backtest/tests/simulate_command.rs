//! `unisleeve simulate`: the same figures whatever the threads, from TOML and from JSON, and one sentence for each fault.

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
    // What a summary carries of its configuration runs again to the same bits.
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
    assert!(text.contains("UMA ends ahead in") && text.contains("risk aversion   UMA"), "{text}");
    let rows =
        |name: &str| fs::read_to_string(folder.path().join("result").join(name)).unwrap().lines().count();
    assert_eq!(rows("paths.csv"), 1 + 9 * 3);
    // Two years and the days until the first month's end: the last close of each year is one, and the end another.
    assert!(rows("fans.csv") > 3 * 7 * 2, "{}", rows("fans.csv"));
    let summary: Value =
        serde_json::from_slice(&fs::read(folder.path().join("result/summary.json")).unwrap()).unwrap();
    assert_eq!(summary["frontier"].as_array().unwrap().len(), 5);
    // The mean that is shown is that of the rows.
    let csv = fs::read_to_string(folder.path().join("result/paths.csv")).unwrap();
    let wealth = |arm: &str| -> f64 {
        let rows = csv.lines().map(|l| l.split(',').collect::<Vec<_>>()).filter(|f| f[1] == arm);
        rows.map(|f| f[2].parse::<f64>().unwrap()).sum()
    };
    let mean = (wealth("uma") - wealth("sma")) / 9.0;
    assert!((summary["gain"]["mean"].as_f64().unwrap() - mean).abs() < 0.01);
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
        (SMALL.to_owned(), vec![], "expected a symbol that the prices have"),
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
