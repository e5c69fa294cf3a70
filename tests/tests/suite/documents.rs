//! The links in the documents work, and the documents stay within their length limits.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Markdown file of the project, without build output.
fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    const LEFT_OUT: [&str; 6] = ["target", "target-wasm", "node_modules", "dist", "pkg", "out"];
    for entry in fs::read_dir(folder).expect("a folder of the project") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && !LEFT_OUT.contains(&name.as_str()) {
                documents(&path, found);
            }
        } else if path.extension().is_some_and(|e| e == "md") {
            found.push(path);
        }
    }
}

/// Targets of the links `[text](target)` of a text.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// The anchor of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut files = Vec::new();
    documents(&root(), &mut files);
    assert!(files.len() > 50, "{} documents", files.len());
    let mut wrong = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).expect("a document");
        for link in links(&text).filter(|l| !l.contains("://") && !l.starts_with("mailto:")) {
            let (path, part) = link.split_once('#').map_or((link, None), |(p, part)| (p, Some(part)));
            let target =
                if path.is_empty() { file.clone() } else { file.parent().expect("a folder").join(path) };
            let has_part = |part: &str| {
                let of = fs::read_to_string(&target).unwrap_or_default();
                of.lines().filter(|l| l.starts_with('#')).any(|l| anchor(l) == part)
            };
            if !target.exists() || part.is_some_and(|part| !has_part(part)) {
                wrong.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Paths of files in the recipes exist. Moving a file means updating them.
#[test]
fn every_path_of_the_recipes_is_there() {
    let mut wrong = Vec::new();
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/developing.md"] {
        let text = fs::read_to_string(root().join(name)).expect("a document");
        for path in text.split('`').skip(1).step_by(2) {
            let is_path = path.contains('/') && !path.contains([' ', '*', '{', '<', ':', '(']);
            let is_ours = ["core/", "backtest/", "wasm/", "web/", "tests/", "benches/", "docs/", "xtask/"]
                .iter()
                .any(|folder| path.starts_with(folder));
            // Build output and placeholder names.
            let is_made = path.contains("NAME") || path.contains("/dist") || path.contains("/pkg");
            if is_path && is_ours && !is_made && !root().join(path).exists() {
                wrong.push(format!("{name}: {path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// One screen for the README, one page for the architecture.
#[test]
fn the_first_documents_are_short() {
    let read = |name: &str| fs::read_to_string(root().join(name)).expect("a document");
    let words = read("README.md").split_whitespace().count();
    let lines = read("ARCHITECTURE.md").lines().count();
    assert!(words <= 900 && lines <= 100, "README.md: {words} words; ARCHITECTURE.md: {lines} lines");
}
