//! `unisleeve ledger` as users run it: its output, its options, and every kind of fault with its line.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tempfile::TempDir;

const HEADER: &str = "date,account,action,symbol,quantity,amount,lot,acquired,symbol2,ratio,price,holding_start,account2,kind,ex_date,cash_in_lieu,term,replaced\n";

fn unisleeve(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unisleeve")).arg("ledger").args(arguments).output().unwrap()
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

/// The statement of a file that must be accepted.
fn told(file: &Path, options: &[&str]) -> Value {
    let path = file.to_str().unwrap();
    let run = unisleeve(&[&[path, "--json"], options].concat());
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(run.stderr.is_empty());
    serde_json::from_slice(&run.stdout).unwrap()
}

fn of(rows: &str, options: &[&str]) -> Value {
    told(&Folder::new().write("trades.csv", format!("{HEADER}{rows}")), options)
}

/// The messages for a file that must be refused, without the file's name.
fn refused(content: impl AsRef<[u8]>, options: &[&str]) -> Vec<String> {
    let folder = Folder::new();
    let file = folder.write("trades.csv", content);
    let path = file.to_str().unwrap();
    for json in [&[][..], &["--json"]] {
        let run = unisleeve(&[&[path], options, json].concat());
        assert_eq!(run.status.code(), Some(2));
        assert!(run.stdout.is_empty(), "something on stdout beside faults");
    }
    let messages = String::from_utf8(unisleeve(&[&[path], options].concat()).stderr).unwrap();
    let start = format!("unisleeve: {path}:");
    messages.lines().map(|l| l.strip_prefix(&start).unwrap_or_else(|| panic!("{l}")).to_owned()).collect()
}

/// The numbers under a key, one for each row of a list.
fn numbers(rows: &Value, key: &str) -> Vec<f64> {
    rows.as_array().unwrap().iter().map(|r| r[key].as_f64().unwrap()).collect()
}

const WASHED: &str = "2024-01-02,joe,buy,XYZ,100,5000,A\n2024-03-01,joe,sell,XYZ,100,4000,A\n\
    2024-03-11,ann,buy,XYZ,60,2400,B\n";

/// The keys that scripts rely on, and a wash sale across two accounts, computed by hand.
#[test]
fn json_has_the_keys_that_are_promised() {
    let all = of(WASHED, &[]);
    let keys = |v: &Value, promised: &[&str]| {
        for key in promised {
            assert!(v.get(key).is_some(), "no {key} in {v}");
        }
    };
    keys(&all, &["sales", "open_lots", "years"]);
    let sale = [
        "date",
        "account",
        "symbol",
        "lot",
        "quantity",
        "acquired",
        "holding_start",
        "proceeds",
        "basis",
        "gain",
        "disallowed",
        "recognized",
        "term",
        "replacement_lot",
    ];
    keys(&all["sales"][0], &sale);
    keys(
        &all["open_lots"][0],
        &["account", "symbol", "lot", "quantity", "basis", "acquired", "holding_start"],
    );
    keys(
        &all["years"][0],
        &["year", "net_short", "net_long", "ordinary_offset", "carry_short", "carry_long"],
    );
    // One row for each part: 60 of 100 shares are replaced, which disallows 600 of the loss of 1,000.
    assert_eq!(numbers(&all["sales"], "quantity"), [60.0, 40.0]);
    assert_eq!(numbers(&all["sales"], "gain"), [-600.0, -400.0]);
    assert_eq!(numbers(&all["sales"], "disallowed"), [600.0, 0.0]);
    assert_eq!(numbers(&all["sales"], "recognized"), [0.0, -400.0]);
    let parts = &all["sales"];
    assert_eq!((&parts[0]["replacement_lot"], &parts[1]["replacement_lot"]), (&"B".into(), &Value::Null));
    assert_eq!((&parts[0]["date"], &parts[0]["term"]), (&"2024-03-01".into(), &"short".into()));
    // The replacement takes over a holding period of 59 days: from 11 March back to 12 January.
    let open = &all["open_lots"][0];
    assert_eq!((&open["basis"], &open["holding_start"]), (&3000.into(), &"2024-01-12".into()));
    assert_eq!((&open["account"], &open["acquired"]), (&"ann".into(), &"2024-03-11".into()));
    let year = &all["years"][0];
    assert_eq!((&year["net_short"], &year["ordinary_offset"]), (&(-400.0).into(), &400.0.into()));
}

#[test]
fn however_the_file_is_written() {
    let plain = format!("{HEADER}{WASHED}");
    let expected = of(WASHED, &[]);
    let folder = Folder::new();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(plain.as_bytes()).unwrap();
    let quoted: String = plain
        .lines()
        .map(|l| l.split(',').map(|f| format!("\"{f}\"")).collect::<Vec<_>>().join(",") + "\n")
        .collect();
    let upper = plain.replacen(HEADER, &HEADER.to_uppercase(), 1).replace(",buy,", ",BUY,");
    let reordered: Vec<String> = plain
        .lines()
        .map(|l| {
            let fields: Vec<&str> = l.split(',').take(7).collect();
            format!("{},note,{}", fields[4], [&fields[..4], &fields[5..]].concat().join(","))
        })
        .collect();
    for (name, bytes) in [
        ("gzip", gzip.finish().unwrap()),
        ("bom", [b"\xef\xbb\xbf", plain.as_bytes()].concat()),
        ("crlf", plain.replace('\n', "\r\n").into_bytes()),
        ("quoted", quoted.into_bytes()),
        ("upper", upper.into_bytes()),
        ("blank lines", plain.replace('\n', "\n\n").into_bytes()),
        ("other columns in another order", reordered.join("\n").into_bytes()),
    ] {
        assert_eq!(told(&folder.write("trades.csv", bytes), &[]), expected, "{name}");
    }
}

/// Each row with its fault. All faults are listed at once, in order of lines.
#[test]
fn every_fault_is_listed_with_its_line() {
    let rows = [
        ("2024-01-02,t,buy,X,100,5000,A", ""),
        ("2024-02-30,t,buy,X,1,5", "date \"2024-02-30\": expected a date"),
        ("02/03/2024,t,buy,X,1,5", "date \"02/03/2024\": expected a date"),
        ("2024-03-01,t,steal,X,1,5", "action \"steal\": expected buy, sell,"),
        ("2024-03-01,,buy,X,1,5", "account \"\": expected the name of an account"),
        ("2024-03-01,t,buy,,1,5", "symbol \"\": expected a symbol"),
        ("2024-03-01,t,buy,X,-1,5", "quantity \"-1\": expected shares, above 0"),
        ("2024-03-01,t,buy,X,many,5", "quantity \"many\": expected shares, above 0"),
        ("2024-03-01,t,buy,X,0,5", "quantity \"0\": expected shares, above 0"),
        ("2024-03-01,t,buy,X,,5", "buy without quantity"),
        ("2024-03-01,t,buy,X,1,", "buy without amount"),
        ("2024-03-01,t,buy,X,1,1e13", "amount \"1e13\": expected dollars"),
        ("2024-03-01,t,sell,X,1,-5", "amount \"-5\": expected dollars"),
        ("2024-03-01,t,sell,X,101,5", "101.000000 shares of X from account \"t\": expected at most the 100"),
        ("2024-03-01,t,sell,X,101,5,A", "101.000000 shares from lot \"A\": expected at most the 100"),
        ("2024-03-01,t,sell,X,1,5,Q", "lot \"Q\": expected a lot of X in account \"t\""),
        ("2024-03-01,t,sell,X,1,5,Z", "lot \"Z\" on 2024-03-01: expected a date from 2025-01-02 on"),
        ("2024-03-01,t,sell,X,5,5,A:2;A:2", "lots of 4.000000 shares in all: expected the row's quantity, 5"),
        ("2024-03-01,t,sell,X,5,5,A:x", "lot \"A:x\": expected the name of a lot"),
        ("2024-03-01,t,buy,X,1,5,A", "lot \"A\" is open already (from line 2)"),
        ("2024-03-01,t,transfer_in,X,1,5", "transfer_in without acquired"),
        ("2024-03-01,t,transfer_in,X,1,5,,2024-04-01", "acquired 2024-04-01: expected a date up to"),
        ("2024-03-01,,split,X,,", "split without ratio"),
        ("2024-03-01,,split,X,0,", "ratio \"0\": expected a ratio above zero"),
        ("2024-03-01,,merger,X,,,,,,1:2", "merger without symbol2"),
        (
            "2024-03-01,t,buy,AAPL  240119C00150000,1,5",
            "symbol \"AAPL  240119C00150000\": options are not modelled",
        ),
        (
            "2024-03-01,t,buy,AAPL240119C00150000,1,5",
            "symbol \"AAPL240119C00150000\": options are not modelled",
        ),
        ("2024-03-01,t,sell,-AAPL240119C150,1,5", "symbol \"-AAPL240119C150\": options are not modelled"),
        ("2024-03-01,,merger,X,,,,,X240119P5,1:2", "symbol2 \"X240119P5\": options are not modelled"),
        ("2024-03-01,t,transfer,X,1,,A", "transfer without account2: expected the account"),
        ("2024-03-01,t,transfer,X,,,,,,,,,u", "transfer without quantity: expected shares, or a lot"),
        ("2024-03-01,t,transfer,X,1,,A,,,,,,t", "account2 \"t\": expected another account"),
        (
            "2024-03-01,t,transfer,X,101,,,,,,,,u",
            "101.000000 shares of X from account \"t\": expected at most",
        ),
        ("2024-03-01,t,transfer,X,,,Q,,,,,,u", "lot \"Q\": expected a lot of X in account \"t\""),
        (
            "2024-03-01,t,dividend,X,,5,,,,,,,,cash",
            "kind \"cash\": expected qualified, ordinary, capital_gain or",
        ),
        ("2024-03-01,t,dividend,X,,5,,,,,,,,,2024-03-02", "ex_date 2024-03-02: expected a date up to"),
        ("2024-03-01,t,capital_gain,X,,5,,,,,,,,,,,medium", "term \"medium\": expected short or long"),
        (
            "2024-03-01,,split,X,1,,,,,,,,,,,7",
            "split with 7.0000 of cash_in_lieu: expected a fraction of a share",
        ),
        (
            "2024-03-01,t,transfer_in,X,1,5,,2024-02-01,,,,,,,,,,2",
            "replaced 2.000000: expected at most the row's",
        ),
        ("2024-03-01,,rename,X,,,,,X", "symbol2 \"X\": expected another security"),
        ("2024-03-01,,spinoff,X,,900,,,C,1:1", "spinoff worth 900.000000 for each share: expected less than"),
        ("2024-03-01,t,cash_merger,X,7,5", "cash_merger of 7.000000 shares: expected the 100"),
        ("2024-03-01,t,return_of_capital,N,,5", "return_of_capital of N: expected shares of it"),
        ("2024-03-01,t,buy,X,1,5,,,,,,,,,,,,,more", "19 fields: expected 18"),
        ("2025-01-02,t,buy,X,1,5,Z", ""),
    ];
    let file: String = rows.iter().flat_map(|(row, _)| [row, "\n"]).collect();
    let messages = refused(format!("{HEADER}{file}"), &[]);
    let expected: Vec<(usize, &str)> = rows
        .iter()
        .enumerate()
        .filter(|(_, (_, message))| !message.is_empty())
        .map(|(i, (_, message))| (i + 2, *message))
        .collect();
    for ((line, expected), message) in expected.iter().zip(&messages) {
        assert!(message.starts_with(&format!("{line}: {expected}")), "{message}\nby rule {line}: {expected}");
    }
    assert_eq!(messages.len(), expected.len(), "{messages:#?}");
}

#[test]
fn files_that_are_no_history() {
    assert_eq!(refused("", &[]).len(), 6, "a line for each column");
    assert!(refused("date,account,action,symbol,quantity\n", &[])[0].starts_with("1: no column amount"));
    assert!(refused(HEADER, &[])[0].starts_with("1: no rows"));
    assert!(refused(format!("{HEADER}2024-01-02,t\n"), &[])[0].starts_with("2: action"));
    let latin = [HEADER.as_bytes(), b"2024-01-02,caf\xe9,buy,X,1,5\n"].concat();
    assert!(refused(latin, &[])[0].starts_with("2: not UTF-8"));
    let run = unisleeve(&["no such file"]);
    assert_eq!(run.status.code(), Some(2));
    let message = String::from_utf8(run.stderr).unwrap();
    assert!(message.contains("no such file") && message.lines().count() == 1, "{message}");
    let damaged = Folder::new().write("trades.csv.gz", b"\x1f\x8b\x08\x00nothing");
    assert_eq!(unisleeve(&[damaged.to_str().unwrap()]).status.code(), Some(2));
}

/// The sum of all amounts is limited, and exceeding the limit is reported once.
#[test]
fn sums_out_of_range_are_one_fault() {
    let rows = "2024-01-02,t,buy,X,1,999999999999,A\n2024-01-03,t,buy,X,1,999999999999,B\n2024-01-04,t,buy,X,1,9,C\n";
    let messages = refused(format!("{HEADER}{rows}"), &[]);
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(messages[0].starts_with("3: the amounts up to here exceed"));
}

#[test]
fn accounts() {
    let folder = Folder::new();
    let list = folder.write("accounts.csv", "Account,KIND,owner\njoe,taxable,Joe\nann,ira,Ann\n");
    let list = list.to_str().unwrap();
    let all = of(WASHED, &["--accounts", list]);
    // An HSA or 401(k) is untaxed, like an IRA. Moving shares between it and a taxable account is not a
    // transfer.
    for kind in ["hsa", "401K", "roth"] {
        let kinds = folder.write("kinds.csv", format!("account,kind\njoe,taxable\nann,{kind}\n"));
        let kinds = kinds.to_str().unwrap();
        assert_eq!(of(WASHED, &["--accounts", kinds]), all, "{kind}");
        let moved = "2024-01-02,joe,buy,X,1,5,A\n2024-01-03,joe,transfer,X,1,,A,,,,,,ann\n";
        let refusal = &refused(format!("{HEADER}{moved}"), &["--accounts", kinds])[0];
        assert!(
            refusal.starts_with("3: transfer from account \"joe\" to \"ann\": expected both taxable"),
            "{refusal}"
        );
    }
    // The replacement was bought in an IRA, so the loss is lost for good.
    assert_eq!(numbers(&all["sales"], "disallowed"), [600.0, 0.0]);
    assert_eq!(numbers(&all["open_lots"], "basis"), [2400.0]);
    let unknown = refused(format!("{HEADER}2024-01-02,bob,buy,X,1,5\n"), &["--accounts", list]);
    assert_eq!(unknown, ["2: account \"bob\": expected one of the accounts file"]);
    let trades = folder.write("trades.csv", format!("{HEADER}{WASHED}"));
    for (content, expected) in [
        ("account,kind\njoe,bank\n", ":2: kind \"bank\": expected taxable, ira, roth, hsa or 401k"),
        ("account,kind\njoe,ira\njoe,ira\n", ":3: account \"joe\" stands twice"),
        ("account,kind\n,ira\n", ":2: account \"\""),
        ("name,kind\njoe,ira\n", ":1: no column account"),
    ] {
        let list = folder.write("wrong.csv", content);
        let run = unisleeve(&[trades.to_str().unwrap(), "--accounts", list.to_str().unwrap()]);
        assert_eq!(run.status.code(), Some(2));
        let message = String::from_utf8(run.stderr).unwrap();
        assert!(message.contains(&format!("wrong.csv{expected}")), "{message}");
        assert!(run.stdout.is_empty());
    }
}

/// Three lots at 10 (long), 30 (short) and 28 (long); one share is sold at 25. Each method chooses a
/// different lot.
#[test]
fn method_and_rates() {
    let rows = "2020-01-02,t,buy,X,1,10,low\n2021-01-04,t,buy,X,1,28,long\n2023-09-01,t,buy,X,1,30,short\n\
        2024-05-01,t,sell,X,1,25\n";
    let sold = |options: &[&str]| of(rows, options)["sales"][0]["lot"].as_str().unwrap().to_owned();
    assert_eq!(sold(&["--method", "fifo"]), "low");
    assert_eq!(sold(&["--method", "hifo"]), "short");
    // A short-term loss of 5 at 40.8% saves more than a long-term loss of 3 at 23.8%.
    assert_eq!(sold(&["--method", "min-tax"]), "short");
    assert_eq!(sold(&["--method", "min-tax", "--rates", ".1,.9"]), "long");
    // If no lot is identified, the oldest counts as sold (Reg. 1.1012-1(c)(1)).
    assert_eq!(sold(&[]), "low");
    for wrong in [".4", ".4,x", "2,.2", ".4,-.1", "nan,.2"] {
        let file = Folder::new();
        let path = file.write("trades.csv", format!("{HEADER}{rows}"));
        let run = unisleeve(&[path.to_str().unwrap(), "--rates", wrong]);
        assert_eq!(run.status.code(), Some(2), "{wrong}");
        assert!(String::from_utf8_lossy(&run.stderr).contains("--rates"), "{wrong}");
    }
}

#[test]
fn status() {
    let rows = "2024-01-02,t,buy,X,1,9000\n2024-02-01,t,sell,X,1,1000\n";
    for (status, offset) in [("single", 3_000), ("joint", 3_000), ("head", 3_000), ("separate", 1_500)] {
        let year = &of(rows, &["--status", status])["years"][0];
        let expected: (Value, Value) = (offset.into(), (8_000 - offset).into());
        // JSON may write whole numbers with a decimal point.
        let number = |v: &Value| Value::from(v.as_f64().unwrap() as i64);
        assert_eq!((number(&year["ordinary_offset"]), number(&year["carry_short"])), expected, "{status}");
    }
    assert_eq!(unisleeve(&["x.csv", "--status", "widowed"]).status.code(), Some(2));
}

#[test]
fn securities() {
    let rows = "2024-01-02,t,buy,F1,1,50\n2024-03-01,t,sell,F1,1,40\n2024-03-11,t,buy,F2,1,41\n";
    let folder = Folder::new();
    let list =
        folder.write("securities.csv", "symbol,name,identical_group\nF1,One,500\nF2,Two,500\nF3,Three,\n");
    assert_eq!(numbers(&of(rows, &[])["sales"], "disallowed"), [0.0]);
    assert_eq!(numbers(&of(rows, &["--securities", list.to_str().unwrap()])["sales"], "disallowed"), [10.0]);
    let paid = "2024-01-02,t,buy,F1,1,50\n2024-03-01,t,dividend,F1,,7\n2024-03-01,t,dividend,F2,,5,,,,,,,,qualified\n";
    let kinds = folder.write("kinds.csv", "symbol,dividend_kind\nf1,interest\nF2,ordinary\n");
    let year = &of(paid, &["--securities", kinds.to_str().unwrap()])["years"][0];
    let figures =
        ["interest", "dividends_qualified", "dividends_ordinary"].map(|k| year[k].as_f64().unwrap());
    let close = figures.iter().zip([7.0, 5.0, 0.0]).all(|(a, b)| (a - b).abs() < 1e-9);
    assert!(close, "the row's kind, else the security's: {figures:?}");
    let unsaid = of(paid, &[]);
    assert_eq!(unsaid["years"][0]["dividends_qualified"].as_f64(), Some(12.0));
    assert!(
        unsaid["notes"][0]
            .as_str()
            .unwrap()
            .starts_with("line 3: no kind: dividends of F1 count as qualified")
    );
    let list = folder.write("wrong.csv", "symbol,name\nF1,One\n");
    let trades = folder.write("trades.csv", format!("{HEADER}{rows}"));
    let run = unisleeve(&[trades.to_str().unwrap(), "--securities", list.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("wrong.csv:1: no column `identical_group`"));
}

#[test]
fn prior_purchases() {
    let rows =
        "2011-01-03,t,buy,X,100,1000,A\n2011-01-18,t,buy,X,100,1000,B\n2011-01-31,t,sell,X,100,400,B\n";
    let disallowed = |options: &[&str]| numbers(&of(rows, options)["sales"], "disallowed");
    assert_eq!(disallowed(&[]), [600.0]);
    assert_eq!(disallowed(&["--prior-purchases", "count"]), [600.0]);
    assert_eq!(disallowed(&["--prior-purchases", "ignore"]), [0.0]);
}

/// The tables start with the first year that has a figure. Assumptions are listed.
#[test]
fn tables_for_people() {
    let rows =
        "2015-01-02,t,buy,XYZ,100,1000,A\n2019-03-01,t,sell,XYZ,50,900,A\n2021-05-03,t,gift_in,W,5,50,G\n";
    let file = Folder::new();
    let path = file.write("trades.csv", format!("{HEADER}{rows}"));
    let run = unisleeve(&[path.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(0));
    let text = String::from_utf8(run.stdout).unwrap();
    for part in ["Sales\n", "Open lots\n", "Years", "400.0000", "500.0000", "Notes", "line 4: no price"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let years: Vec<&str> = text.lines().skip_while(|l| !l.starts_with("year ")).skip(1).collect();
    let years: Vec<&str> = years.into_iter().take_while(|l| !l.is_empty()).map(|l| &l[..4]).collect();
    // Later years without a figure are kept, because carryforwards pass through them.
    assert_eq!(years, ["2019", "2020", "2021"]);
    // The JSON output contains every year.
    assert_eq!(told(&path, &[])["years"].as_array().unwrap().len(), 7);
    let held =
        file.write("held.csv", format!("{HEADER}2015-01-02,t,buy,XYZ,100,1000,A\n2016-01-04,t,buy,W,1,5\n"));
    let text = String::from_utf8(unisleeve(&[held.to_str().unwrap()]).stdout).unwrap();
    assert!(text.contains("\n2016 ") && !text.contains("\n2015 "), "{text}");
}
