//! `unisleeve import` as users run it: each kind of file, the files it writes, and faults of the input and
//! the disk.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/import/src/fixtures").join(name)
}

fn import(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unisleeve")).arg("import").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn trades_go_to_standard_output_and_remarks_to_standard_error() {
    let run = import(&[path(&fixture("schwab.csv")), "--account", "joint"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    assert!(
        text(&run.stdout)
            .starts_with("date,account,action,symbol,quantity,amount,lot,acquired\n2016-11-23,joint,buy,")
    );
    assert_eq!(text(&run.stdout).lines().count(), 7);
    assert!(
        text(&run.stderr).contains("Note: the broker disallowed losses on 1 sales"),
        "{}",
        text(&run.stderr)
    );
}

#[test]
fn every_kind_is_told_by_its_content_also_compressed() {
    for (name, kind, rows) in [
        ("schwab.csv", "schwab_realized_lots", 6),
        ("fidelity.csv", "fidelity_closed_lots", 7),
        ("flex.xml", "ibkr_flex", 4),
        ("flex.csv", "ibkr_flex", 4),
        ("ishares.csv", "ishares_holdings", 2),
    ] {
        let place = tempfile::tempdir().unwrap();
        let packed = place.path().join("export.bin");
        let mut gzip =
            flate2::write::GzEncoder::new(fs::File::create(&packed).unwrap(), flate2::Compression::fast());
        gzip.write_all(&fs::read(fixture(name)).unwrap()).unwrap();
        gzip.finish().unwrap();
        let plain = import(&[path(&fixture(name)), "--json"]);
        let run = import(&[path(&packed), "--json"]);
        assert_eq!(plain.stdout, run.stdout);
        let summary: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!(
            (summary["kind"].as_str(), summary["rows"].as_u64()),
            (Some(kind), Some(rows)),
            "{summary}"
        );
        assert!(run.stderr.is_empty());
    }
}

#[test]
fn an_index_is_two_files() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("new/index.csv");
    let run = import(&[path(&fixture("ishares.csv")), "--out", path(&out), "--json"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let summary: Value = serde_json::from_slice(&run.stdout).unwrap();
    let securities = out.with_file_name("index.securities.csv");
    assert_eq!(summary["files"], serde_json::json!([path(&out), path(&securities)]));
    assert_eq!(summary["left_out"][0], serde_json::json!({"what": "Cash", "rows": 1, "weight": 0.018}));
    assert_eq!(summary["first_date"], "2026-01-30");
    assert!(fs::read_to_string(&out).unwrap().starts_with("date,symbol,weight\n2026-01-30,QQA,0.9025\n"));
    assert!(fs::read_to_string(&securities).unwrap().contains("\nBRK.B,"));
    assert_eq!(fs::read_dir(out.parent().unwrap()).unwrap().count(), 2);
}

#[test]
fn faults_name_file_and_line_and_leave_nothing_behind() {
    let place = tempfile::tempdir().unwrap();
    let (bad, out) = (place.path().join("bad.csv"), place.path().join("out.csv"));
    let file = fs::read_to_string(fixture("schwab.csv")).unwrap();
    let file = file.replace("\"100\"", "\"0\"").replace("\"1,250.5\"", "\"many\"");
    fs::write(&bad, &file).unwrap();
    let run = import(&[path(&bad), "--out", path(&out)]);
    assert_eq!(run.status.code(), Some(2));
    assert!(run.stdout.is_empty());
    let name = path(&bad);
    let messages: Vec<&str> = text(&run.stderr).lines().collect();
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert!(
        messages[0].starts_with(&format!("unisleeve: {name}:3: Quantity: 0: expected more than zero")),
        "{messages:?}"
    );
    assert!(
        messages[2].starts_with(&format!("unisleeve: {name}:5: Quantity: many: expected")),
        "{messages:?}"
    );
    assert!(!out.exists());

    let row = file.lines().last().unwrap().replace("\"Total\",\"\"", "\"T\",\"\"");
    fs::write(&bad, format!("{file}{}", format!("{row}\n").repeat(30))).unwrap();
    let run = import(&[path(&bad)]);
    let messages: Vec<&str> = text(&run.stderr).lines().collect();
    assert_eq!(messages.len(), 21, "{messages:?}");
    assert_eq!(messages[20], format!("unisleeve: {name}: and 73 more faults"));
}

#[test]
fn what_can_t_be_read_or_written() {
    let place = tempfile::tempdir().unwrap();
    let schwab = fixture("schwab.csv");
    let copy = place.path().join("copy.csv");
    fs::copy(&schwab, &copy).unwrap();
    let broken = place.path().join("broken.gz");
    fs::write(&broken, b"\x1f\x8b\x08nothing").unwrap();
    let below_a_file = copy.join("out.csv");
    for (arguments, code, part) in [
        (vec!["nowhere.csv"], 2, "nowhere.csv: "),
        (vec![path(place.path())], 2, "expected a file"),
        (vec![path(&broken)], 2, "damaged gzip"),
        (vec![path(&copy), "--out", path(&copy)], 2, "would replace the file that is read"),
        (vec![path(&copy), "--out", path(place.path())], 2, "is a folder"),
        (vec![path(&copy), "--account", " "], 2, "--account"),
        (vec![path(&copy), "--out", path(&below_a_file)], 3, "can't make"),
    ] {
        let run = import(&arguments);
        assert_eq!(run.status.code(), Some(code), "{arguments:?}: {}", text(&run.stderr));
        assert!(text(&run.stderr).contains(part), "{arguments:?}: {}", text(&run.stderr));
    }
    assert_eq!(fs::read(&copy).unwrap(), fs::read(&schwab).unwrap());
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
}

fn unisleeve(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unisleeve")).args(arguments).output().unwrap()
}

/// A purchase of 100 shares at 100; half of them are sold at 80 thirteen days later.
const PART_SOLD: &str = r#"<FlexQueryResponse><FlexStatements count="1"><FlexStatement accountId="U1" toDate="20250630">
<OpenPositions>
<OpenPosition accountId="U1" currency="USD" assetCategory="STK" symbol="QQA" position="50" costBasisMoney="5000" side="Long" levelOfDetail="LOT" reportDate="20250630" openDateTime="20250102;093000" holdingPeriodDateTime="" />
<OpenPosition accountId="U1" currency="CHF" assetCategory="STK" symbol="ZED" position="7" costBasisMoney="70" side="Long" levelOfDetail="LOT" reportDate="20250630" openDateTime="20250102;093000" />
<OpenPosition accountId="U1" currency="USD" assetCategory="STK" symbol="YAK" position="-5" costBasisMoney="-50" side="Short" levelOfDetail="LOT" reportDate="20250630" openDateTime="20250102;093000" />
</OpenPositions>
<Trades>
<Lot accountId="U1" currency="USD" assetCategory="STK" symbol="QQA" quantity="50" buySell="SELL" cost="5000" fifoPnlRealized="-1000" openDateTime="20250102;093000" tradeDate="20250115" levelOfDetail="CLOSED_LOT" />
</Trades></FlexStatement></FlexStatements></FlexQueryResponse>"#;

#[test]
fn what_is_held_of_a_purchase_does_not_wash_what_was_sold() {
    let place = tempfile::tempdir().unwrap();
    let (flex, trades) = (place.path().join("flex.xml"), place.path().join("t.csv"));
    fs::write(&flex, PART_SOLD).unwrap();
    let run = import(&[path(&flex), "--out", path(&trades)]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    for named in ["Left out: lots in CHF of ZED (1 row)", "Left out: short lots of YAK (1 row)"] {
        assert!(text(&run.stdout).contains(named), "{}", text(&run.stdout));
    }
    let run = unisleeve(&["ledger", path(&trades), "--json"]);
    let statement: Value = serde_json::from_slice(&run.stdout).unwrap();
    let sale = &statement["sales"][0];
    assert_eq!(
        (&sale["gain"], &sale["disallowed"], &sale["recognized"], &sale["term"]),
        (&(-1000).into(), &0.into(), &(-1000).into(), &"short".into()),
        "{statement}"
    );
    let open = &statement["open_lots"][0];
    assert_eq!(
        (&open["quantity"], &open["basis"], &open["holding_start"]),
        (&50.into(), &5000.into(), &"2025-01-02".into())
    );
}

/// The kind of an account, taken from its label, is written where the ledger reads it.
#[test]
fn accounts_of_an_all_accounts_export_keep_their_names_and_kinds() {
    let file = fs::read_to_string(fixture("schwab.csv")).unwrap();
    let lines: Vec<&str> = file.lines().collect();
    let section = |label: &str, row: &str| format!("\"{label}\",\"\"\n{}\n{row}\n\"\",\"\"\n", lines[1]);
    let all = [
        format!("{}\n", lines[0].replace("Example_Account", "All_Accounts")),
        section("Roth Contributory IRA ...111", lines[3]),
        section(
            "HSA Brokerage ...222",
            "\"There are no transactions available for your search criteria.\",\"\"",
        ),
        section("Individual ...333", lines[4]),
    ]
    .concat();
    let place = tempfile::tempdir().unwrap();
    let (export, trades) = (place.path().join("all.csv"), place.path().join("t.csv"));
    fs::write(&export, all).unwrap();
    let run = import(&[path(&export), "--out", path(&trades), "--json"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let summary: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(summary["rows"], 4);
    assert_eq!(
        summary["accounts"],
        serde_json::json!([
            {"account": "Individual ...333", "kind": "taxable"},
            {"account": "Roth Contributory IRA ...111", "kind": "roth"}
        ])
    );
    let accounts = place.path().join("t.accounts.csv");
    assert_eq!(
        fs::read_to_string(&accounts).unwrap(),
        "account,kind\nIndividual ...333,taxable\nRoth Contributory IRA ...111,roth\n"
    );
    let run = unisleeve(&["ledger", path(&trades), "--accounts", path(&accounts), "--json"]);
    let statement: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(statement["sales"].as_array().unwrap().len(), 1, "{statement}");
    assert_eq!(statement["untaxed_sales"].as_array().unwrap().len(), 1);
    // Without an output file, the kind is printed.
    let run = import(&[path(&export)]);
    assert!(
        text(&run.stderr).contains("\"Roth Contributory IRA ...111\" is of the kind roth"),
        "{}",
        text(&run.stderr)
    );
}

#[test]
fn a_footer_of_several_lines_is_prose() {
    let file = fs::read_to_string(fixture("ishares.csv")).unwrap();
    let rows = file.split("\n\n").next().unwrap();
    let names = ["Alpha"; 30].join(", ");
    let place = tempfile::tempdir().unwrap();
    let export = place.path().join("holdings.csv");
    fs::write(
        &export,
        format!("{rows}\n \n\"An example.\nNot sponsored by {names}.\nAll rights reserved.\"\n"),
    )
    .unwrap();
    let run = import(&[path(&export), "--json"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let summary: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!((&summary["rows"], &summary["first_date"]), (&2.into(), &"2026-01-30".into()));
    fs::write(&export, format!("{}\n", rows.replace("\"USD\",\"-\"\n\"BRKB\"", "\"USD\",\"-\n\"BRKB\"")))
        .unwrap();
    let run = import(&[path(&export)]);
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("closed quotes"), "{}", text(&run.stderr));
}
