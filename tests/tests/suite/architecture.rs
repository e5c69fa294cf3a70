//! Constructs that the core may not contain. Cargo enforces which layer may use which, because each is a
//! crate.

use std::fs;
use std::path::{Path, PathBuf};

/// Source files of the core's crates, each with its lines up to the unit tests, without comments.
fn sources() -> Vec<(PathBuf, Vec<String>)> {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core");
    let mut files = lines_below(&core.join("src"));
    for entry in fs::read_dir(&core).expect("the folder of the core") {
        let layer = entry.expect("an entry").path().join("src");
        if layer.is_dir() {
            files.extend(lines_below(&layer));
        }
    }
    files.sort();
    files
}

/// The same for one folder. Files named `tests.rs` are unit tests and are left out.
fn lines_below(folder: &Path) -> Vec<(PathBuf, Vec<String>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(lines_below(&path));
        } else if path.extension().is_some_and(|e| e == "rs")
            && path.file_name().is_some_and(|n| n != "tests.rs")
        {
            let text = fs::read_to_string(&path).expect("a source file");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let lines = code.lines().map(|l| l.split("//").next().unwrap_or_default().to_owned()).collect();
            files.push((path, lines));
        }
    }
    files
}

/// No clock, threads, printing, environment, files or random iteration order, and no platform float
/// functions.
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
    for (file, lines) in sources() {
        for (number, line) in lines.iter().enumerate() {
            for banned in BANNED.iter().filter(|b| line.contains(**b)) {
                wrong.push(format!("{}:{}: {banned}", file.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The scan finds files. A rule that reads nothing could not fail.
#[test]
fn the_rules_read_the_code() {
    let files = sources();
    let lines: usize = files.iter().map(|(_, lines)| lines.len()).sum();
    assert!(files.len() > 200 && lines > 20_000, "{} files, {lines} lines", files.len());
}
