//! Replays under each year's law, with required distributions, changes of income and states, pass the auditors.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::shared::unisleeve;

fn audited(example: &str, in_python: bool) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let config = root.join(format!("docs/examples/tasks/{example}.toml"));
    let folder = TempDir::new().unwrap();
    let done = unisleeve(folder.path(), &["backtest", config.to_str().unwrap(), "--out", "out"]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let audit = unisleeve(folder.path(), &["audit", "out"]);
    assert_eq!(audit.status.code(), Some(0), "{}", String::from_utf8_lossy(&audit.stdout));
    let (script, out) = (root.join("tests/audit/audit.py"), folder.path().join("out"));
    let python = Command::new("python3").arg(script).arg(out).output().unwrap();
    let said =
        String::from_utf8_lossy(&python.stdout).into_owned() + &String::from_utf8_lossy(&python.stderr);
    assert_eq!(python.status.code() == Some(0), in_python, "{said}");
    said
}

#[test]
fn required_distributions_under_each_year_s_law() {
    audited("retirement", true);
}

/// The auditor in Python knows flat rates alone, and says so.
#[test]
fn a_state_s_own_rules() {
    let said = audited("move_to_another_state", false);
    assert!(said.contains("tax_inputs.state: NYC: this auditor knows flat rates alone"), "{said}");
}
