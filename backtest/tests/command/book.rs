//! `unisleeve book`: clients in every setup, side by side.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/book")
}

fn book(folder: &Path, clients: &Path, lots: &Path, threads: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unisleeve"))
        .arg("book")
        .arg(lots)
        .args(["--clients".as_ref(), clients.as_os_str()])
        .args(["--config".as_ref(), examples().join("strategy.toml").as_os_str()])
        .args(["--policies".as_ref(), examples().join("policies.csv").as_os_str()])
        .args(["--out".as_ref(), folder.join("out").as_os_str()])
        .arg("--json")
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .expect("the command runs")
}

fn rows(folder: &Path) -> Vec<csv::StringRecord> {
    let file = folder.join("out/clients.csv");
    csv::Reader::from_path(file).expect("a table").records().map(|r| r.expect("a row")).collect()
}

#[test]
fn every_client_stands_in_every_setup_and_threads_do_not_matter() {
    let folder = tempfile::tempdir().expect("a folder");
    let (clients, lots) = (examples().join("clients.csv"), examples().join("book.csv"));
    let one = book(folder.path(), &clients, &lots, "1");
    assert!(one.status.success(), "{}", String::from_utf8_lossy(&one.stderr));
    let first = rows(folder.path());
    let two = book(folder.path(), &clients, &lots, "2");
    assert_eq!(one.stdout, two.stdout);
    assert_eq!(first, rows(folder.path()));
    assert_eq!(first.len(), 48);
    for four in first.chunks(4) {
        assert_eq!(
            [&four[0][1], &four[1][1], &four[2][1], &four[3][1]],
            ["uma", "sma", "sma_best", "sma_typical"]
        );
        for other in &four[1..] {
            // All setups start with the same lots on the same day, so value and the initial distance from the
            // target are equal.
            assert_eq!((&four[0][0], &four[0][2]), (&other[0], &other[2]));
            assert_eq!((&four[0][6], &four[0][8]), (&other[6], &other[8]));
        }
    }
    let summary: serde_json::Value = serde_json::from_slice(&one.stdout).expect("JSON");
    let sum = |setup: usize, column: usize| -> f64 {
        let of = first.iter().skip(setup).step_by(4);
        of.map(|r| r[column].parse::<f64>().expect("a number")).sum()
    };
    for setup in [0, 1, 2, 3] {
        let total = summary["setups"][setup]["tax"]["total"].as_f64().expect("a number");
        assert!((total - sum(setup, 3)).abs() < 1e-6);
    }
    splits(&folder.path().join("out/differences.csv"), &summary);
}

/// The parts of each client's difference add up to the cent, and those of all clients to the summary.
fn splits(file: &Path, summary: &serde_json::Value) {
    let mut table = csv::Reader::from_path(file).expect("a table");
    let header = table.headers().expect("a header").clone();
    let rows: Vec<csv::StringRecord> = table.records().map(|r| r.expect("a row")).collect();
    let of = |row: &csv::StringRecord, name: &str| -> f64 {
        let at = header.iter().position(|h| h == name).expect("a column");
        row[at].parse().expect("a number")
    };
    for row in &rows {
        let sum = |names: &[&str]| names.iter().map(|n| of(row, n)).sum::<f64>();
        assert!((of(row, "setup") - sum(&["tax", "fees", "costs"])).abs() < 1e-3, "{row:?}");
        let total = sum(&["setup", "cash", "classes", "names", "unpaid"]);
        assert!((of(row, "total") - total).abs() < 1e-3, "{row:?}");
    }
    let entries = summary["difference"].as_array().expect("a list");
    assert_eq!((rows.len(), entries.len()), (12 * 6, 6));
    for entry in entries {
        let (against, ending) = (entry["against"].as_str().unwrap(), entry["ending"].as_str().unwrap());
        let mine = rows.iter().filter(|r| &r[1] == against && &r[2] == ending);
        let total: f64 = mine.map(|r| of(r, "setup")).sum();
        assert!((entry["setup"]["total"].as_f64().unwrap() - total).abs() < 0.01, "{against} {ending}");
    }
}

/// A client that can't be brought in line gets a reason. A client that can't be run does not stop the others.
#[test]
fn who_is_left_is_told_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let (clients, lots) = (folder.path().join("c.csv"), folder.path().join("b.csv"));
    std::fs::write(
        &clients,
        "client,rate_short,rate_long,policy,restrictions\nKEEPS,0.4,0.2,,exclude:AAPL;do_not_sell:AAPL\nNONE,0.4,0.2,nobody,\nFINE,0.4,0.2,,\n",
    )
    .expect("a file");
    std::fs::write(
        &lots,
        "client,account,kind,symbol,quantity,basis,acquired\n\
         KEEPS,a,taxable,AAPL,9000,20000,2005-01-03\n\
         NONE,a,taxable,KO,100,2000,2005-01-03\n\
         FINE,a,taxable,CASH,100000,,\n\
         STRANGER,a,taxable,KO,100,2000,2005-01-03\n\
         ODD,a,taxable,NOSUCH,100,2000,2005-01-03\n",
    )
    .expect("a file");
    let done = book(folder.path(), &clients, &lots, "2");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let why = |client: &str| -> String {
        let found = rows(folder.path()).into_iter().find(|r| &r[0] == client).expect("a client");
        found.iter().next_back().unwrap_or_default().to_owned()
    };
    // The excluded stock must not be sold, so no sale of it is requested. The other holdings can't reach
    // their weights.
    assert!(why("KEEPS").contains("its weight"), "{}", why("KEEPS"));
    assert!(why("NONE").contains("policy nobody: expected a name"), "{}", why("NONE"));
    assert_eq!(why("FINE"), "");
    assert!(why("STRANGER").contains("its terms are missing"));
}

#[test]
fn broken_files_are_refused_with_their_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let lots = folder.path().join("b.csv");
    std::fs::write(
        &lots,
        "client,account,kind,symbol,quantity,basis,acquired\nA,a,taxable,KO,x,1,2005-01-03\n",
    )
    .expect("a file");
    let done = book(folder.path(), &examples().join("clients.csv"), &lots, "1");
    assert_eq!(done.status.code(), Some(2));
    let error = String::from_utf8_lossy(&done.stderr);
    assert!(error.contains("b.csv:2: quantity x: expected shares above zero"), "{error}");
    assert!(!folder.path().join("out").exists());
}
