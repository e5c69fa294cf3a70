//! Which room of the core may use which: read from its `use` lines. And what the core may not contain at all.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms, each with those that it may use. What is not in this table is a new room that needs a line.
const MAY_USE: [(&str, &[&str]); 15] = [
    ("units", &[]),
    // Files of others become rows of ours; what the rows mean is not its business.
    ("import", &["units"]),
    ("journal", &["units"]),
    ("tax", &["units", "journal"]),
    ("household", &["units", "journal", "tax"]),
    ("history", &["units", "journal", "tax", "household"]),
    // A panel's fingerprint is made by the journal's hasher.
    ("market", &["units", "journal"]),
    ("risk", &["units", "market"]),
    // It makes markets; how risk is estimated from them is not its business.
    ("scenario", &["units", "market"]),
    ("rebalance", &["units", "tax", "risk"]),
    // Decisions read the journal's trades for what a mandate can see, and write certificates and transfers into it.
    // A configuration names the scenario whose futures it is run on.
    ("setup", &["units", "journal", "tax", "household", "market", "risk", "scenario", "rebalance"]),
    ("engine", &["units", "journal", "tax", "household", "market", "risk", "rebalance", "setup"]),
    // The design gives it journal, market and tax. It also takes the engine's `ArmResult`, which carries the journal with
    // the open lots and the accounts, and the policy's drift, which stands once.
    ("measure", &["units", "journal", "tax", "market", "setup", "engine"]),
    (
        "study",
        &[
            "units",
            "journal",
            "tax",
            "household",
            "market",
            "risk",
            "rebalance",
            "setup",
            "engine",
            "measure",
        ],
    ),
    ("simulate", &["units", "journal", "market", "scenario", "setup", "measure", "study"]),
];

fn core() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src")
}

/// Source files below a folder, each with its lines up to the unit tests, comments left out. A file `tests.rs` is unit tests.
fn sources(folder: &Path) -> Vec<(PathBuf, Vec<String>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs")
            && path.file_name().is_some_and(|n| n != "tests.rs")
        {
            let text = fs::read_to_string(&path).expect("a source file");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let lines = code.lines().map(|l| l.split("//").next().unwrap_or_default().to_owned()).collect();
            files.push((path, lines));
        }
    }
    files.sort();
    files
}

/// Rooms named as `crate::room` in a line.
fn rooms_used(line: &str) -> Vec<String> {
    line.split("crate::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
        .filter(|room| !room.is_empty())
        .collect()
}

#[test]
fn rooms_use_only_those_below_them() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(core()).expect("core/src") {
        let path = entry.expect("an entry").path();
        if !path.is_dir() {
            continue;
        }
        let room = path.file_name().expect("a name").to_string_lossy().into_owned();
        let Some((_, allowed)) = MAY_USE.iter().find(|(r, _)| *r == room) else {
            wrong.push(format!("{room}: not in the table"));
            continue;
        };
        seen += 1;
        for (file, lines) in sources(&path) {
            for (number, line) in lines.iter().enumerate() {
                // A group such as `use crate::{a, b}` would hide names from this test.
                if line.contains("crate::{") {
                    wrong.push(format!(
                        "{}:{}: name each room in a `use` of its own",
                        file.display(),
                        number + 1
                    ));
                }
                for used in rooms_used(line).iter().filter(|u| **u != room && !allowed.contains(&u.as_str()))
                {
                    wrong.push(format!("{}:{}: {room} uses {used}", file.display(), number + 1));
                }
            }
        }
    }
    assert_eq!(seen, MAY_USE.len(), "a room of the table is not there");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The order of the table is an order of the rooms: none uses a later one, so there is no circle.
#[test]
fn the_table_has_no_circle() {
    for (i, (room, allowed)) in MAY_USE.iter().enumerate() {
        for used in *allowed {
            let at = MAY_USE.iter().position(|(r, _)| r == used).expect("a room of the table");
            assert!(at < i, "{room} uses {used}");
        }
    }
}

/// No clock, threads, printing, environment, files or random iteration order; no exact float functions of the platform.
#[test]
fn the_core_keeps_to_itself() {
    const BANNED: [&str; 16] = [
        "HashMap",
        "HashSet",
        "std::time",
        "Instant",
        "SystemTime",
        "std::thread",
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "println!",
        "print!(",
        "eprintln!",
        "dbg!",
        "unsafe ",
        "mul_add",
    ];
    let mut wrong = Vec::new();
    for (file, lines) in sources(&core()) {
        for (number, line) in lines.iter().enumerate() {
            for banned in BANNED.iter().filter(|b| line.contains(**b)) {
                wrong.push(format!("{}:{}: {banned}", file.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The walk over the files finds what is there: a rule that reads nothing can't fail.
#[test]
fn the_rules_read_the_code() {
    let files = sources(&core());
    let uses: usize = files.iter().flat_map(|(_, lines)| lines).map(|l| rooms_used(l).len()).sum();
    assert!(files.len() > 40 && uses > 60, "{} files, {uses} uses", files.len());
}
