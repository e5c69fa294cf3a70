//! No two files of a crate use each other, directly or through others.
//!
//! A `use` counts for the file that defines the name. A `mod.rs` that only re-exports is skipped. A child
//! that uses a definition of its parent's `mod.rs` forms a circle if the parent uses the child. Unit tests do
//! not count.

mod graph;
#[cfg(test)]
mod made_up;
mod source;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};

use graph::Files;

/// Known circles by crate. The test fails when a listed circle is gone, so that its line is removed.
const KNOWN: [(&str, &[&[&str]]); 0] = [];

/// Workspace folders whose crates are checked: the folder itself or folders in it.
const ROOTS: [&str; 4] = ["backtest", "core", "wasm", "xtask"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every crate of the roots by its path in the workspace, with its files.
fn crates() -> Vec<(String, Files)> {
    let mut found = Vec::new();
    for top in ROOTS {
        let folder = root().join(top);
        let inner = fs::read_dir(&folder).expect("a folder of the workspace");
        let mut folders: Vec<PathBuf> = inner.map(|e| e.expect("an entry").path()).collect();
        folders.push(folder.clone());
        folders.sort();
        for path in folders.into_iter().filter(|p| p.join("Cargo.toml").is_file() && p.join("src").is_dir()) {
            let name =
                path.strip_prefix(root()).expect("within the workspace").to_string_lossy().replace('\\', "/");
            let mut texts = Vec::new();
            read(&path.join("src"), &[], &mut texts);
            // A program beside a library uses the library as other crates do.
            if texts.iter().any(|(_, file, _)| file == "lib.rs") {
                texts.retain(|(_, file, _)| file != "main.rs");
            }
            found.push((name, Files::new(texts.into_iter().map(|(module, _, text)| (module, text)))));
        }
    }
    found
}

/// Module, file name and text of each file below a folder.
fn read(folder: &Path, module: &[String], texts: &mut Vec<(Vec<String>, String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let inner = [module, std::slice::from_ref(&stem)].concat();
        if path.is_dir() {
            read(&path, &inner, texts);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let is_root = stem == "mod" || module.is_empty() && (stem == "lib" || stem == "main");
            let module = if is_root { module.to_vec() } else { inner };
            let text = fs::read_to_string(&path).expect("a source file");
            texts.push((module, format!("{stem}.rs"), text));
        }
    }
}

#[test]
fn no_file_uses_itself_by_way_of_others() {
    let mut wrong = Vec::new();
    let mut known: Vec<(&str, Vec<String>)> = KNOWN
        .iter()
        .flat_map(|(name, circles)| {
            circles.iter().map(|c| (*name, c.iter().map(|m| (*m).to_owned()).collect()))
        })
        .collect();
    for (name, files) in crates() {
        for circle in files.circles() {
            match known.iter().position(|(of, listed)| *of == name && *listed == circle) {
                Some(at) => drop(known.remove(at)),
                None => wrong.push(format!("{name}: a circle of {}: {}", circle.len(), circle.join(", "))),
            }
        }
    }
    wrong.extend(known.iter().map(|(of, circle)| {
        format!("{of}: {}: no circle any more: take it off the list KNOWN", circle.join(", "))
    }));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A scan that reads nothing could not fail.
#[test]
fn the_files_are_read() {
    let files = |of: &str| {
        crates().iter().filter(|(name, _)| name.starts_with(of)).map(|(_, f)| f.len()).sum::<usize>()
    };
    let counts = ROOTS.map(files);
    assert!(counts.iter().zip([100, 150, 5, 8]).all(|(found, least)| *found >= least), "{counts:?}");
}
