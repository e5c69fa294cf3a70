//! A full disk or a kill leaves nothing behind that looks like a result, and nothing that blocks the next
//! attempt.
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::world::{CONFIG, World};

const GRID: &str =
    "config = \"run.toml\"\narms = [\"uma\", \"funds\"]\n[grid]\n\"trading.risk_aversion\" = [20, 40]\n";
const BOOK: &str = "client,account,kind,symbol,quantity,basis,acquired\nA,a,taxable,CASH,100000,,\n";
const CLIENTS: &str = "client,rate_short,rate_long\nA,0.4,0.2\n";
const TRADES: &str = "date,account,action,symbol,quantity,amount\n2020-01-02,a,buy,X,1,10\n";

/// Every command that writes a folder or a file, with a file size limit (in blocks of 512 bytes) that is too
/// small for it. The result is always called `result`.
const WRITERS: [(&str, u32); 9] = [
    ("backtest run.toml --out result", 8),
    ("compare run.toml --quick --out result", 8),
    ("book book.csv --clients clients.csv --config run.toml --sessions 3 --out result", 1),
    ("sweep --merge part.parquet --out result", 1),
    ("sweep grid.toml --plan result", 1),
    ("sweep --plan plan.json --shard 1/1 --out result", 1),
    ("init result", 8),
    ("import ishares.csv --out result", 0),
    ("rebalance rebalance.json --dump result", 1),
];

fn inputs() -> World {
    let world = World::new(CONFIG);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (name, text) in
        [("grid.toml", GRID), ("book.csv", BOOK), ("clients.csv", CLIENTS), ("trades.csv", TRADES)]
    {
        fs::write(world.path(name), text).unwrap();
    }
    for (name, from) in [
        ("ishares.csv", "core/import/src/fixtures/ishares.csv"),
        ("rebalance.json", "docs/examples/rebalance.json"),
    ] {
        fs::copy(root.join(from), world.path(name)).unwrap();
    }
    for line in ["sweep grid.toml --plan plan.json", "sweep --plan plan.json --shard 1/1 --out part.parquet"]
    {
        assert!(run(&world, "", line).status.success());
    }
    world
}

/// Runs a command line with limits set by the shell.
fn run(world: &World, limits: &str, line: &str) -> Output {
    let script = format!("ulimit -c 0; {limits} exec \"$0\" {line}");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_unisleeve")]);
    shell.current_dir(world.path("")).output().unwrap()
}

/// Every file below a folder, with its content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

/// Exit code 3 and a message of one line.
fn is_told(run: &Output, what: &str) {
    let message = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(3), "{what}: {message}");
    assert!(
        message.starts_with("unisleeve: can't write ") && message.lines().count() == 1,
        "{what}: {message}"
    );
}

#[test]
fn a_full_disk_leaves_nothing_behind_and_is_told_in_one_sentence() {
    let world = inputs();
    let before = files(&world.path(""));
    for (line, blocks) in WRITERS {
        let run = run(&world, &format!("trap '' XFSZ; ulimit -f {blocks};"), line);
        is_told(&run, line);
        assert!(run.stdout.is_empty(), "{line}");
        assert!(files(&world.path("")) == before, "{line} left something behind");
    }
}

/// If a replacement does not fit on the disk, the earlier result remains.
#[test]
fn an_earlier_result_outlives_a_full_disk() {
    let world = inputs();
    for line in [WRITERS[0].0, WRITERS[7].0] {
        assert!(run(&world, "", line).status.success(), "{line}");
        let before = files(&world.path(""));
        is_told(&run(&world, "trap '' XFSZ; ulimit -f 0;", line), line);
        assert!(files(&world.path("")) == before, "{line}");
        let result = world.path("result");
        if result.is_dir() { fs::remove_dir_all(result) } else { fs::remove_file(result) }.unwrap();
    }
}

/// The system kills a process that exceeds its file size limit: always at the same place, in the middle of a
/// file.
#[test]
fn a_kill_in_mid_write_leaves_no_result_and_the_next_run_clears_up() {
    const SIGXFSZ: i32 = 25;
    for (line, blocks) in WRITERS {
        let world = inputs();
        let before = files(&world.path(""));
        let killed = run(&world, &format!("ulimit -f {blocks};"), line);
        assert_eq!(killed.status.signal(), Some(SIGXFSZ), "{line}");
        let mut left = files(&world.path(""));
        left.retain(|path, _| !before.contains_key(path));
        for path in left.keys() {
            let place = path.strip_prefix(world.path("")).unwrap();
            assert!(place.starts_with(".result.unisleeve-") || is_temporary(place), "{line}: {place:?}");
            assert_ne!(path.file_name().unwrap(), "summary.json", "{line}: looks complete");
        }
        assert!(!world.path("result").exists(), "{line}");
        let again = run(&world, "", line);
        assert!(again.status.success(), "{line}: {}", String::from_utf8_lossy(&again.stderr));
        let hidden = files(&world.path(""))
            .into_keys()
            .find(|p| is_temporary(p.strip_prefix(world.path("")).unwrap()));
        assert_eq!(hidden, None, "{line}");
    }
}

/// Whether a path belongs to an unfinished result.
fn is_temporary(place: &Path) -> bool {
    place.components().next().is_some_and(|c| c.as_os_str().to_string_lossy().contains(".unisleeve-"))
}

/// A command killed at any moment leaves a complete result or none. An earlier result is never lost.
#[test]
fn a_kill_at_any_moment_leaves_a_whole_result_or_none() {
    let world = inputs();
    let result = world.path("result");
    for line in [WRITERS[0].0, WRITERS[2].0, WRITERS[3].0] {
        assert!(run(&world, "", line).status.success(), "{line}");
        let whole = files(&result);
        let mut seen = [0; 2];
        for delay in 0..24 {
            if delay % 2 == 0 {
                fs::remove_dir_all(&result).unwrap_or_default();
            }
            let had_one = result.exists();
            let mut child = Command::new(env!("CARGO_BIN_EXE_unisleeve"))
                .args(line.split(' '))
                .current_dir(world.path(""))
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            // Kills after a temporary file first appears, with delays in steps of a fifth of a millisecond.
            while child.try_wait().unwrap().is_none() && !has_temporary(&world) {
                std::thread::yield_now();
            }
            std::thread::sleep(Duration::from_micros(200 * delay));
            child.kill().unwrap();
            child.wait().unwrap();
            seen[usize::from(result.exists())] += 1;
            assert!(!result.exists() || files(&result) == whole, "{line}: {delay}");
            assert!(result.exists() || !had_one, "{line}: {delay}: the earlier result is gone");
        }
        println!("{line}: {} times no result, {} times a whole one", seen[0], seen[1]);
        assert!(run(&world, "", line).status.success(), "{line}");
        assert!(files(&result) == whole && !has_temporary(&world), "{line}");
        fs::remove_dir_all(&result).unwrap();
    }
}

fn has_temporary(world: &World) -> bool {
    let mut entries = fs::read_dir(world.path("")).unwrap();
    entries.any(|e| is_temporary(Path::new(&e.unwrap().file_name())))
}

/// After a full disk, a sweep continues once there is space, and gives the same result.
#[test]
fn a_sweep_goes_on_after_a_full_disk() {
    let world = inputs();
    let grid = GRID.replace("[20, 40]", "[20, 30, 40, 50, 60, 70, 80, 90]");
    fs::write(world.path("grid.toml"), grid).unwrap();
    let sweep = |limits: &str, out: &str, more: &str| {
        run(&world, limits, &format!("sweep grid.toml --out {out} {more}"))
    };
    assert!(sweep("", "whole", "").status.success());
    for limits in ["trap '' XFSZ; ulimit -f 12;", "ulimit -f 13;"] {
        let stopped = sweep(limits, "result", "--threads 2");
        if limits.starts_with("trap") {
            is_told(&stopped, limits);
        }
        assert!(!stopped.status.success() && !world.path("result").exists());
        let journal = fs::read_to_string(world.path("result.partial/journal.jsonl")).unwrap();
        assert!((2..9).contains(&journal.lines().count()), "{journal}");
    }
    let last = sweep("", "result", "");
    assert!(last.status.success(), "{}", String::from_utf8_lossy(&last.stderr));
    assert!(!world.path("result.partial").exists());
    let content = |folder: &str| files(&world.path(folder)).into_values().collect::<Vec<_>>();
    assert!(content("whole") == content("result"));
}

/// Standard output is written completely, or the exit code reports a failure.
#[test]
fn a_full_standard_output_is_told() {
    let world = inputs();
    fs::write(world.path("tax.json"), r#"{"year":2026,"status":"single","ordinary_taxable":9,"pref_income":0,"magi":9,"net_investment_income":0}"#)
        .unwrap();
    for line in [
        "schema",
        "init",
        "tax tax.json",
        "ledger trades.csv",
        "ledger trades.csv --json",
        "import ishares.csv",
        "import ishares.csv --out /dev/full",
        "rebalance rebalance.json",
        "check run.toml",
        "sweep grid.toml --plan other.json",
    ] {
        is_told(&run(&world, "exec >/dev/full;", line), line);
    }
    // If standard error is full as well, only the exit code remains.
    assert_eq!(run(&world, "exec >/dev/full 2>/dev/full;", "schema").status.code(), Some(3));
    assert_eq!(run(&world, "exec 2>/dev/full;", "backtest none.toml").status.code(), Some(2));
    assert!(fs::metadata("/dev/full").unwrap().file_type().is_char_device(), "a device is not replaced");
}
