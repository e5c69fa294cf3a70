//! `unisleeve import` as people run it: each kind of file, the files written, faults of the input and of the disk.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src/import/fixtures").join(name)
}

fn import(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unisleeve")).arg("import").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn trades_go_to_standard_output_and_remarks_to_standard_error() {
    let run = import(&[path(&fixture("schwab.csv")), "--account", "joint"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    assert!(
        text(&run.stdout)
            .starts_with("date,account,action,symbol,quantity,amount,lot,acquired\n2016-11-23,joint,buy,")
    );
    assert_eq!(text(&run.stdout).lines().count(), 7);
    assert!(
        text(&run.stderr).contains("Note: the broker disallowed losses on 1 sales"),
        "{}",
        text(&run.stderr)
    );
}

#[test]
fn every_kind_is_told_by_its_content_also_compressed() {
    for (name, kind, rows) in [
        ("schwab.csv", "schwab_realized_lots", 6),
        ("fidelity.csv", "fidelity_closed_lots", 7),
        ("flex.xml", "ibkr_flex", 4),
        ("flex.csv", "ibkr_flex", 4),
        ("ishares.csv", "ishares_holdings", 2),
    ] {
        let place = tempfile::tempdir().unwrap();
        let packed = place.path().join("export.bin");
        let mut gzip =
            flate2::write::GzEncoder::new(fs::File::create(&packed).unwrap(), flate2::Compression::fast());
        gzip.write_all(&fs::read(fixture(name)).unwrap()).unwrap();
        gzip.finish().unwrap();
        let plain = import(&[path(&fixture(name)), "--json"]);
        let run = import(&[path(&packed), "--json"]);
        assert_eq!(plain.stdout, run.stdout);
        let summary: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!(
            (summary["kind"].as_str(), summary["rows"].as_u64()),
            (Some(kind), Some(rows)),
            "{summary}"
        );
        assert!(run.stderr.is_empty());
    }
}

#[test]
fn an_index_is_two_files() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("new/index.csv");
    let run = import(&[path(&fixture("ishares.csv")), "--out", path(&out), "--json"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let summary: Value = serde_json::from_slice(&run.stdout).unwrap();
    let securities = out.with_file_name("index.securities.csv");
    assert_eq!(summary["files"], serde_json::json!([path(&out), path(&securities)]));
    assert_eq!(summary["left_out"][0], serde_json::json!({"what": "Cash", "rows": 1, "weight": 0.018}));
    assert_eq!(summary["first_date"], "2026-01-30");
    assert!(fs::read_to_string(&out).unwrap().starts_with("date,symbol,weight\n2026-01-30,QQA,0.9025\n"));
    assert!(fs::read_to_string(&securities).unwrap().contains("\nBRK.B,"));
    assert_eq!(fs::read_dir(out.parent().unwrap()).unwrap().count(), 2);
}

#[test]
fn faults_name_file_and_line_and_leave_nothing_behind() {
    let place = tempfile::tempdir().unwrap();
    let (bad, out) = (place.path().join("bad.csv"), place.path().join("out.csv"));
    let file = fs::read_to_string(fixture("schwab.csv")).unwrap();
    let file = file.replace("\"100\"", "\"-100\"").replace("\"1,250.5\"", "\"many\"");
    fs::write(&bad, &file).unwrap();
    let run = import(&[path(&bad), "--out", path(&out)]);
    assert_eq!(run.status.code(), Some(2));
    assert!(run.stdout.is_empty());
    let name = path(&bad);
    let messages: Vec<&str> = text(&run.stderr).lines().collect();
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert!(
        messages[0].starts_with(&format!("unisleeve: {name}:3: Quantity: -100: a short position")),
        "{messages:?}"
    );
    assert!(
        messages[2].starts_with(&format!("unisleeve: {name}:5: Quantity: many: expected")),
        "{messages:?}"
    );
    assert!(!out.exists());

    let row = file.lines().last().unwrap().replace("\"Total\",\"\"", "\"T\",\"\"");
    fs::write(&bad, format!("{file}{}", format!("{row}\n").repeat(30))).unwrap();
    let run = import(&[path(&bad)]);
    let messages: Vec<&str> = text(&run.stderr).lines().collect();
    assert_eq!(messages.len(), 21, "{messages:?}");
    assert_eq!(messages[20], format!("unisleeve: {name}: and 73 more faults"));
}

#[test]
fn what_can_t_be_read_or_written() {
    let place = tempfile::tempdir().unwrap();
    let schwab = fixture("schwab.csv");
    let copy = place.path().join("copy.csv");
    fs::copy(&schwab, &copy).unwrap();
    let broken = place.path().join("broken.gz");
    fs::write(&broken, b"\x1f\x8b\x08nothing").unwrap();
    let below_a_file = copy.join("out.csv");
    for (arguments, code, part) in [
        (vec!["nowhere.csv"], 2, "nowhere.csv: "),
        (vec![path(place.path())], 2, "expected a file"),
        (vec![path(&broken)], 2, "damaged gzip"),
        (vec![path(&copy), "--out", path(&copy)], 2, "would replace the file that is read"),
        (vec![path(&copy), "--out", path(place.path())], 2, "is a folder"),
        (vec![path(&copy), "--account", " "], 2, "--account"),
        (vec![path(&copy), "--out", path(&below_a_file)], 3, "can't make"),
    ] {
        let run = import(&arguments);
        assert_eq!(run.status.code(), Some(code), "{arguments:?}: {}", text(&run.stderr));
        assert!(text(&run.stderr).contains(part), "{arguments:?}: {}", text(&run.stderr));
    }
    assert_eq!(fs::read(&copy).unwrap(), fs::read(&schwab).unwrap());
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
}
