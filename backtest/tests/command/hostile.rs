//! Hostile or mistaken input: user folders and files in place of a result, outputs that would overwrite their
//! input, and files made to exhaust memory or to control the terminal. Each is refused with one short
//! sentence that names the file.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::world::{CONFIG, World};

const GRID: &str = "config = \"run.toml\"\narms = [\"uma\"]\n[grid]\n\"trading.risk_aversion\" = [20, 40]\n";
const BOOK: &str = "client,account,kind,symbol,quantity,basis,acquired\nA,a,taxable,CASH,100000,,\n";
const CLIENTS: &str = "client,rate_short,rate_long\nA,0.4,0.2\n";

fn inputs() -> World {
    let world = World::new(CONFIG);
    for (name, text) in [("grid.toml", GRID), ("book.csv", BOOK), ("clients.csv", CLIENTS)] {
        fs::write(world.path(name), text).unwrap();
    }
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples");
    fs::copy(examples.join("rebalance.json"), world.path("rebalance.json")).unwrap();
    world
}

fn run(world: &World, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unisleeve"))
        .current_dir(world.path(""))
        .args(line.split(' '))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The messages of a command that must fail with this exit code. Checks that they are short and free of
/// control characters.
#[track_caller]
fn refused(world: &World, line: &str, code: i32) -> String {
    let run = run(world, line);
    let messages = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(code), "{line}: {messages}");
    assert!(!messages.is_empty() && run.stdout.is_empty(), "{line}");
    for message in messages.lines() {
        assert!(message.starts_with("unisleeve: ") && message.chars().count() <= 500, "{line}: {message}");
        assert!(!message.contains(char::is_control), "{line}: {message:?}");
    }
    messages
}

/// Every command that writes a folder; the folder's name follows.
const FOLDERS: [&str; 5] = [
    "backtest run.toml --vintages 0 --out",
    "compare run.toml --quick --out",
    "book book.csv --clients clients.csv --config run.toml --sessions 3 --out",
    "simulate --paths 1 --out",
    "sweep grid.toml --out",
];

/// A file named summary.json does not make a folder a result.
#[test]
fn a_user_s_folder_is_never_replaced() {
    let world = inputs();
    let place = world.path("mine");
    fs::create_dir(&place).unwrap();
    let mine = "{\"version\": \"2\", \"about\": \"my trip\"}";
    fs::write(place.join("summary.json"), mine).unwrap();
    fs::write(place.join("photo.jpg"), "x").unwrap();
    for line in FOLDERS {
        let message = refused(&world, &format!("{line} mine"), 2);
        assert!(
            message.contains("--out mine: holds something else, photo.jpg and 1 more"),
            "{line}: {message}"
        );
    }
    fs::remove_file(place.join("photo.jpg")).unwrap();
    for line in FOLDERS {
        let message = refused(&world, &format!("{line} mine"), 2);
        assert!(message.contains("holds something else, summary.json"), "{line}: {message}");
    }
    assert_eq!(fs::read_to_string(place.join("summary.json")).unwrap(), mine);
}

#[test]
fn a_result_is_replaced_only_while_all_in_it_is_ours() {
    let world = inputs();
    let line = format!("{} result", FOLDERS[0]);
    assert!(run(&world, &line).status.success());
    assert!(run(&world, &line).status.success());
    let notes = world.path("result/notes.txt");
    fs::write(&notes, "mine").unwrap();
    let message = refused(&world, &line, 2);
    assert!(message.contains("holds something else, notes.txt"), "{message}");
    assert_eq!(fs::read(&notes).unwrap(), b"mine");
    fs::remove_file(&notes).unwrap();
    // The result of another command also counts as a result.
    assert!(run(&world, &format!("{} result", FOLDERS[2])).status.success());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(world.path("result"), world.path("link")).unwrap();
        let message = refused(&world, &format!("{} link", FOLDERS[2]), 2);
        assert!(message.contains("--out link: is a link"), "{message}");
        assert!(fs::symlink_metadata(world.path("link")).unwrap().is_symlink());
        assert!(world.path("result/clients.csv").exists());
    }
    // A path that can't be inspected is an environment failure, not a fault of the input.
    let message = refused(&world, &format!("{} run.toml/below", FOLDERS[0]), 3);
    assert!(message.contains("run.toml/below"), "{message}");
    let message = refused(&world, &format!("{} {}", FOLDERS[0], "x".repeat(1_000)), 3);
    assert!(message.contains("can't read xxx"), "{message}");
}

/// The prices of an earlier result may be the input of the next run. That result must not be replaced.
#[test]
fn no_output_takes_the_place_of_its_input() {
    let world = inputs();
    assert!(run(&world, "backtest run.toml --vintages 0 --out result").status.success());
    let again = CONFIG.replace("prices.csv", "result/prices.csv").replace("total", "raw");
    fs::write(world.path("again.toml"), again).unwrap();
    let before = fs::read(world.path("result/prices.csv")).unwrap();
    let message = refused(&world, "backtest again.toml --vintages 0 --out result", 2);
    assert!(message.contains("prices.csv, which is read"), "{message}");
    assert_eq!(fs::read(world.path("result/prices.csv")).unwrap(), before);

    assert!(run(&world, "sweep grid.toml --plan plan.json").status.success());
    for (line, input) in [
        ("rebalance rebalance.json --dump rebalance.json", "rebalance.json"),
        ("rebalance rebalance.json --dump ./result/../rebalance.json", "rebalance.json"),
        ("sweep grid.toml --plan grid.toml", "grid.toml"),
        ("sweep grid.toml --plan run.toml", "run.toml"),
        ("sweep grid.toml --plan prices.csv", "prices.csv"),
        ("sweep --plan plan.json --shard 1/1 --out plan.json", "plan.json"),
        ("calibrate prices.csv --out prices.csv", "prices.csv"),
        ("init run.toml", "run.toml"),
    ] {
        let before = fs::read(world.path(input)).unwrap();
        refused(&world, line, 2);
        assert_eq!(fs::read(world.path(input)).unwrap(), before, "{line}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("rebalance.json", world.path("link.json")).unwrap();
        let message = refused(&world, "rebalance rebalance.json --dump link.json", 2);
        assert!(message.contains("link.json: is a link"), "{message}");
    }
}

/// --restart does not empty a journal that no sweep has written.
#[test]
fn a_sweep_begins_anew_only_over_its_own_journal() {
    let world = inputs();
    fs::create_dir(world.path("result.partial")).unwrap();
    let journal = world.path("result.partial/journal.jsonl");
    fs::write(&journal, "dear diary\n").unwrap();
    for more in ["", " --restart"] {
        let message = refused(&world, &format!("sweep grid.toml --out result{more}"), 2);
        assert!(message.contains("journal.jsonl"), "{message}");
    }
    assert_eq!(fs::read(&journal).unwrap(), b"dear diary\n");
}

/// Three megabytes of commas, as a row or as the header, do not use excessive memory. The limit is half of
/// what they used when every row kept a buffer as wide as the widest row.
#[cfg(target_os = "linux")]
#[test]
fn wide_rows_take_no_memory() {
    let world = inputs();
    assert!(run(&world, "backtest run.toml --vintages 0 --out result").status.success());
    let good = fs::read_to_string(world.path("result/trades.csv")).unwrap();
    let commas = ",".repeat(3_000_000);
    for text in [format!("{good}{commas}\n"), format!("{commas}\n{good}"), {
        let (header, rows) = good.split_once('\n').unwrap();
        format!("{header}\n{commas}\n{rows}")
    }] {
        fs::write(world.path("result/trades.csv"), text).unwrap();
        for line in ["audit result", "explain result --date 2020-01-02"] {
            let script = format!("ulimit -v 1000000; exec \"$0\" {line}");
            let mut shell = Command::new("sh");
            shell.args(["-c", &script, env!("CARGO_BIN_EXE_unisleeve")]).current_dir(world.path(""));
            let run = shell.env("RAYON_NUM_THREADS", "1").output().unwrap();
            let messages = String::from_utf8(run.stderr).unwrap();
            assert_eq!(run.status.code(), Some(2), "{line}: {messages}");
            assert!(messages.contains("trades.csv:") && messages.len() < 10_000, "{line}: {messages}");
        }
    }
}

/// Quoted text can't move the cursor, and a quoted megabyte is not printed in full.
#[test]
fn messages_are_short_and_plain_whatever_a_file_holds() {
    let world = inputs();
    let long = "A".repeat(1_000_000);
    let words = "word ".repeat(200_000);
    let escape = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}";
    for bad in [long.as_str(), words.as_str(), escape] {
        let bad = bad.trim();
        for (name, text, line) in [
            ("p.json", format!("{{\"{bad}\": 1}}"), "rebalance p.json"),
            ("p.json", format!("{{\"date\": \"{bad}\"}}"), "rebalance p.json"),
            ("p.json", format!("{{\"year\": \"{bad}\"}}"), "tax p.json"),
            ("p.json", format!("{{\"{bad}\": 2}}"), "tax p.json"),
            ("c.toml", format!("\"{bad}\" = 1\n"), "backtest c.toml"),
            ("c.toml", format!("start = \"{bad}\"\n"), "check c.toml"),
            ("c.json", format!("{{\"{bad}\": 1}}"), "simulate c.json"),
            ("g.toml", format!("[grid]\n\"{bad}\" = [1]\n"), "sweep g.toml"),
            (
                "t.csv",
                format!("date,account,action,symbol,quantity,amount\n{bad},a,buy,X,1,1\n"),
                "ledger t.csv",
            ),
            (
                "t.csv",
                format!("date,account,action,symbol,quantity,amount\n2020-01-02,a,{bad},X,1,1\n"),
                "ledger t.csv",
            ),
            (
                "t.csv",
                format!("date,account,action,symbol,quantity,amount\n2020-01-02,a,sell,{bad},1,1\n"),
                "ledger t.csv",
            ),
            (
                "t.csv",
                format!("Symbol,Closed Date,Opened Date,Quantity,Proceeds,Cost Basis\n{bad},1,2,3,4,5\n"),
                "import t.csv",
            ),
            ("t.xml", format!("<FlexQueryResponse><{bad}></FlexQueryResponse>"), "import t.xml"),
            (
                "b.csv",
                format!("{BOOK}{bad},a,taxable,X,1,1,2019-01-02\n{bad},a,x,X,1,1,y\n"),
                "book b.csv --clients clients.csv --config run.toml",
            ),
            ("q.csv", format!("date,AAA\n{bad},1\n"), "calibrate q.csv"),
        ] {
            fs::write(world.path(name), text).unwrap();
            let messages = refused(&world, line, 2);
            assert!(messages.lines().all(|m| m.contains(name)), "{line}: {messages}");
        }
    }
}

/// Tables contain names from files, so control characters are escaped there as well as in messages.
#[test]
fn tables_are_plain_too() {
    let world = inputs();
    let text = "date,account,action,symbol,quantity,amount\n2020-01-02,a\u{1b}[2J,buy,\u{9b}31mX,1,1\n";
    fs::write(world.path("t.csv"), text).unwrap();
    let run = run(&world, "ledger t.csv");
    let table = String::from_utf8(run.stdout).unwrap();
    assert!(!table.contains(|c: char| c.is_control() && c != '\n'), "{table:?}");
}

/// A device has no end, a named pipe may have no writer, and a folder is not a file. The command must not
/// wait for any of them.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused_at_once() {
    let world = inputs();
    assert!(Command::new("mkfifo").arg(world.path("pipe")).status().unwrap().success());
    fs::create_dir(world.path("folder")).unwrap();
    for input in ["pipe", "/dev/zero", "folder"] {
        for line in [
            "backtest FILE",
            "compare FILE",
            "check FILE",
            "simulate FILE",
            "sweep FILE",
            "sweep --plan FILE --shard 1/1 --out x",
            "sweep --merge FILE --out x",
            "calibrate FILE",
            "ledger FILE",
            "ledger book.csv --accounts FILE",
            "rebalance FILE",
            "rebalance --problem FILE",
            "tax FILE",
            "import FILE",
            "book FILE --clients clients.csv --config run.toml",
            "book book.csv --clients FILE --config run.toml",
            "book book.csv --clients clients.csv --config FILE",
        ] {
            let messages = refused(&world, &line.replace("FILE", input), 2);
            assert!(messages.contains(input), "{line}: {messages}");
        }
    }
}

/// Deeply nested brackets give an error, not a stack overflow.
#[test]
fn deep_nesting_is_a_fault() {
    let world = inputs();
    let deep = format!("{{\"a\": {}", "[".repeat(200_000));
    fs::write(world.path("p.json"), &deep).unwrap();
    fs::write(world.path("c.toml"), format!("a = {}", "[".repeat(100_000))).unwrap();
    fs::write(world.path("x.xml"), format!("<FlexQueryResponse>{}", "<a>".repeat(200_000))).unwrap();
    for line in [
        "rebalance p.json",
        "rebalance --problem p.json",
        "tax p.json",
        "simulate p.json",
        "sweep --plan p.json --shard 1/1 --out x",
        "check c.toml",
        "sweep c.toml",
        "import x.xml",
    ] {
        refused(&world, line, 2);
    }
}
