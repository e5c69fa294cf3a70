//! Price files in common shapes: rows in any order, one file per security, dates without dashes. Also the
//! messages for shapes that are ambiguous.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use crate::world::{CONFIG, World};
use serde_json::Value;

/// (date, symbol, close) of the world's wide price file, by date.
fn rows(world: &World) -> Vec<(String, String, String)> {
    let wide = fs::read_to_string(world.path("prices.csv")).unwrap();
    let mut lines = wide.lines();
    let symbols: Vec<&str> = lines.next().unwrap().split(',').skip(1).collect();
    let mut rows = Vec::new();
    for line in lines {
        let mut cells = line.split(',');
        let date = cells.next().unwrap();
        for (symbol, close) in symbols.iter().zip(cells) {
            rows.push((date.to_owned(), (*symbol).to_owned(), close.to_owned()));
        }
    }
    rows
}

fn long(rows: &[(String, String, String)]) -> String {
    let mut text = String::from("date,symbol,close\n");
    for (date, symbol, close) in rows {
        writeln!(text, "{date},{symbol},{close}").unwrap();
    }
    text
}

/// The configuration with other settings in place of its price file.
fn with(data: &str) -> String {
    CONFIG.replace("prices = [{ file = \"prices.csv\", basis = \"total\" }]", data)
}

fn check(world: &World) -> Value {
    let run = world.check(&["--json"]);
    assert!(matches!(run.code, Some(0 | 1)), "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn every_shape_gives_the_same_prices() {
    let world = World::new(CONFIG);
    let rows = rows(&world);
    let expected = check(&world)["data_hash"].clone();
    let write = |name: &str, text: &str| fs::write(world.path(name), text).unwrap();
    let mut by_symbol = rows.clone();
    by_symbol.sort_by(|a, b| a.1.cmp(&b.1));
    let newest_first: Vec<_> = rows.iter().rev().cloned().collect();
    let mut shuffled = rows.clone();
    // A permutation without an obvious pattern: sorted by the reversed digits of the close.
    shuffled.sort_by_key(|(d, s, c)| (c.chars().rev().collect::<String>(), d.clone(), s.clone()));
    write("by_symbol.csv", &long(&by_symbol));
    write("newest.csv", &long(&newest_first));
    write("shuffled.csv", &long(&shuffled));
    write("compact.csv", &long(&rows).replace('-', ""));
    write("ticker.csv", &long(&by_symbol).replacen("symbol", "ticker", 1));
    let wide = fs::read_to_string(world.path("prices.csv")).unwrap();
    let mut lines: Vec<&str> = wide.lines().collect();
    lines[1..].reverse();
    write("wide_newest.csv", &lines.join("\n"));
    let mut files: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (date, symbol, close) in &rows {
        files.entry(symbol).or_default().push((date, close));
    }
    for folder in ["yahoo", "stooq", "zipline"] {
        fs::create_dir(world.path(folder)).unwrap();
    }
    let mut given = Vec::new();
    for (symbol, days) in &files {
        let mut yahoo = String::from("Date,Open,High,Low,Close,Adj Close,Volume\n");
        let mut stooq = String::from("<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\n");
        let mut zipline = String::from("date,open,high,low,close,volume,dividend,split\n");
        for (i, (date, close)) in days.iter().enumerate() {
            writeln!(yahoo, "{date},1,2,0.5,{close},7,100").unwrap();
            if i == 3 {
                writeln!(yahoo, "2019-01-06,null,null,null,null,null,null").unwrap();
            }
            writeln!(stooq, "{},1,2,0.5,{close},100", date.replace('-', "")).unwrap();
            writeln!(zipline, "{date} 00:00:00,1,2,0.5,{close},100,0.0,1.0").unwrap();
        }
        write(&format!("yahoo/{symbol}.csv"), &yahoo);
        write(&format!("stooq/{}.us.txt", symbol.to_lowercase()), &stooq);
        write(&format!("zipline/{symbol}.csv"), &zipline);
        given.push(format!("{{ file = \"yahoo/{symbol}.csv\", symbol = \"{symbol}\", basis = \"total\" }}"));
    }
    for data in [
        "prices = [{ file = \"by_symbol.csv\", basis = \"total\" }]",
        "prices = [{ file = \"newest.csv\", basis = \"total\" }]",
        "prices = [{ file = \"shuffled.csv\", basis = \"total\" }]",
        "prices = [{ file = \"compact.csv\", basis = \"total\" }]",
        "prices = [{ file = \"wide_newest.csv\", basis = \"total\" }]",
        "prices = [{ file = \"ticker.csv\", basis = \"total\" }]\n[columns]\nsymbol = \"ticker\"",
        &format!("prices = [{}]", given.join(", ")),
        "prices = [{ folder = \"yahoo/*.csv\", basis = \"total\" }]",
        "prices = [{ folder = \"yahoo\", basis = \"total\" }]",
        "prices = [{ folder = \"stooq/*.us.txt\", basis = \"total\" }]",
        "prices = [{ folder = \"zipline/*.csv\", basis = \"split\" }]",
        "folder = \"yahoo/*.csv\"",
    ] {
        fs::write(world.path("run.toml"), with(data)).unwrap();
        assert_eq!(check(&world)["data_hash"], expected, "{data}");
    }
}

#[test]
fn a_file_of_one_security_is_no_wide_table() {
    for (header, row, part) in [
        ("Date,Open,High,Low,Close,Volume", "2020-01-02,1,2,3,4,5", "symbol = \"AAA\""),
        ("date,close", "2020-01-02,4", "symbol = \"AAA\""),
        ("<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>", "20200102,1,2,3,4,5", "folder = \"prices/*.csv\""),
        (
            "ticker,date,open,high,low,close,volume",
            "A,2020-01-02,1,2,3,4,5",
            "`symbol = \"ticker\"` under [columns]",
        ),
        ("date,open,high,low", "2020-01-02,1,2,3", "no wide table"),
    ] {
        let world = World::new(CONFIG);
        fs::write(world.path("prices.csv"), format!("{header}\n{row}\n")).unwrap();
        let run = world.run("backtest", &[]);
        assert_eq!(run.code, Some(2), "{header}: {}", run.stderr);
        assert!(
            run.stderr.contains("prices.csv:1: ") && run.stderr.contains(part),
            "{header}: {}",
            run.stderr
        );
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
    // LOW and OPEN are also possible tickers.
    let wide = fs::read_to_string(World::new(CONFIG).path("prices.csv")).unwrap();
    let wide = wide.replacen("AAA,BBB", "LOW,OPEN", 1);
    let world = World::new(&CONFIG.replace("\"AAA\", \"BBB\"", "\"LOW\", \"OPEN\""));
    fs::write(world.path("prices.csv"), wide).unwrap();
    check(&world);
}

#[test]
fn a_folder_without_a_table_is_refused() {
    for (folder, part) in [
        ("none/*.csv", "folder none/*.csv: "),
        ("*.none", "folder *.none: no such file: expected files of one security each"),
        ("*/a.csv", "`*` in the name of a folder"),
    ] {
        let world = World::new(&with(&format!("prices = [{{ folder = \"{folder}\" }}]")));
        let run = world.run("backtest", &[]);
        assert_eq!(run.code, Some(2));
        assert!(
            run.stderr.contains("run.toml: data.prices: ") && run.stderr.contains(part),
            "{}",
            run.stderr
        );
    }
    for (entry, part) in [
        ("{ basis = \"raw\" }", "data.prices[0]: expected either `file` or `folder`"),
        ("{ file = \"a\", folder = \"b\" }", "data.prices[0]: expected either `file` or `folder`"),
        ("{ folder = \"b\", symbol = \"A\" }", "data.prices[0].symbol: A beside a folder"),
    ] {
        let run = World::new(&with(&format!("prices = [{entry}]"))).run("backtest", &[]);
        assert!(run.code == Some(2) && run.stderr.contains(part), "{}", run.stderr);
    }
}

/// `check` refuses what `backtest` refuses before it runs, with the same words.
#[test]
fn check_refuses_what_backtest_refuses() {
    for (from, to, part) in [
        (
            "\"AAA\", \"BBB\"",
            "\"AAA\", \"ZZZ\"",
            "policy[0].stocks[1]: ZZZ: expected a symbol that the prices have",
        ),
        ("fund = \"BND\"", "fund = \"NONE\"", "policy[1].fund: NONE: expected a symbol"),
        (
            "stocks = [\"AAA\", \"BBB\"]",
            "index = \"large\"",
            "policy[0].index: large: expected the name of one of",
        ),
        (
            "[household]",
            "[restrictions]\nexclude = [\"BND\"]\n[household]",
            "BND excluded: expected at least one",
        ),
        (
            "[household]",
            "[trading]\nimpact = 1.0\n[household]",
            "trading.impact: no volumes to measure it by",
        ),
        (
            "[household]",
            "[household]\nlots = [{ symbol = \"QQQ\", quantity = 1, basis = 1, acquired = \"2019-01-02\" }]",
            "household.lots[0].symbol: QQQ: expected a symbol",
        ),
        (
            "[household]",
            "identical = [[\"AAA\", \"QQQ\"]]\n[household]",
            "identical[0][1]: QQQ: expected a symbol",
        ),
        (
            "start = \"2020-01-02\"\nend = \"2021-12-30\"",
            "start = \"2022-01-03\"\nend = \"2022-12-30\"",
            "no session from 2022-01-03 to 2022-12-30",
        ),
    ] {
        let world = World::new(&CONFIG.replacen(from, to, 1));
        let (backtest, check) = (world.run("backtest", &["--vintages", "0"]), world.check(&[]));
        assert!(backtest.code == Some(2) && backtest.stderr.contains(part), "{part}: {}", backtest.stderr);
        assert_eq!((check.code, &check.stderr), (Some(2), &backtest.stderr), "{part}");
    }
    // The same holds for the prices of the embedded sample.
    let world = World::new("[[policy]]\nname = \"a\"\nweight = 1.0\nfund = \"ZZZ\"\n");
    let check = world.check(&[]);
    assert!(check.code == Some(2) && check.stderr.contains("policy[0].fund: ZZZ"), "{}", check.stderr);
}

fn finding<'a>(checked: &'a Value, kind: &str) -> Option<&'a Value> {
    checked["findings"].as_array().unwrap().iter().find(|f| f["kind"] == kind)
}

#[test]
fn an_index_of_spans_without_caps_is_said_to_be_equal_weighted() {
    let index = CONFIG.replace("stocks = [\"AAA\", \"BBB\"]", "index = \"two\"");
    let world = World::new(&format!("{index}\n[[data.indices]]\nname = \"two\"\nfiles = [\"m.csv\"]\n"));
    fs::write(world.path("m.csv"), "symbol,start,end\nAAA,2018-01-01,\nBBB,2018-01-01,\n").unwrap();
    let checked = check(&world);
    let found = finding(&checked, "equal_weights").unwrap();
    assert!(found["symbol"] == "two" && found["count"] == 2, "{found}");
    let index =
        index.replace("[data]", "[[data.indices]]\nname = \"two\"\nfiles = [\"m.csv\", \"c.csv\"]\n[data]");
    let world = World::new(&index);
    fs::write(world.path("m.csv"), "symbol,start,end\nAAA,2018-01-01,\nBBB,2018-01-01,\n").unwrap();
    fs::write(world.path("c.csv"), "date,symbol,cap\n2018-01-01,AAA,5\n2018-01-01,BBB,7\n").unwrap();
    assert!(finding(&check(&world), "equal_weights").is_none());
}

/// AAA has no price for a while. After a year the symbol is another company's; after two weeks it is still
/// the same.
#[test]
fn a_symbol_that_comes_back_after_a_long_gap_is_another_share() {
    let without = |from: &str, to: &str| {
        let world = World::new(CONFIG);
        let wide = fs::read_to_string(world.path("prices.csv")).unwrap();
        let mut text = String::new();
        for line in wide.lines() {
            let mut cells: Vec<&str> = line.split(',').collect();
            if cells[0] >= from && cells[0] < to && cells[0] != "date" {
                cells[1] = "";
            }
            writeln!(text, "{}", cells.join(",")).unwrap();
        }
        fs::write(world.path("prices.csv"), text).unwrap();
        world
    };
    let halted = check(&without("2020-06-01", "2020-06-15"));
    assert!(finding(&halted, "reused_symbol").is_none() && finding(&halted, "missing_price").is_some());
    assert_eq!(halted["securities"], 5);

    let world = without("2020-06-01", "2021-06-01");
    let checked = check(&world);
    assert_eq!(checked["securities"], 6);
    let reused = finding(&checked, "reused_symbol").unwrap();
    assert!(
        reused["symbol"] == "AAA" && reused["detail"].as_str().unwrap().contains("AAA@2021-06-01"),
        "{reused}"
    );
    assert_eq!(finding(&checked, "delisting").unwrap()["symbol"], "AAA");
    let run = world.run("backtest", &["--vintages", "0"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let lots = fs::read_to_string(world.path("result/lots.csv")).unwrap();
    assert!(!lots.contains("AAA") && lots.contains("BBB"), "{lots}");
    let trades = fs::read_to_string(world.path("result/trades.csv")).unwrap();
    assert!(!trades.contains("AAA@"), "the new share is not in the policy");
    assert!(trades.lines().any(|l| l.contains(",AAA,") && l.contains("2020-06-01")), "the first is paid out");
    // For a run that starts after the first share has ended, the symbol stands for the second share.
    let later = crate::world::CONFIG.replace("2020-01-02", "2021-06-02");
    fs::write(world.path("run.toml"), &later).unwrap();
    let run = world.run("backtest", &["--vintages", "0"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let lots = fs::read_to_string(world.path("result/lots.csv")).unwrap();
    assert!(lots.contains(",AAA,"), "{lots}");
    // `reused_after` says how long a gap within one share may be.
    fs::write(world.path("run.toml"), format!("{CONFIG}\nreused_after = 400\n")).unwrap();
    assert_eq!(check(&world)["securities"], 5);
}

#[test]
fn prices_that_end_before_the_configured_end_are_said_to() {
    let world = World::new(&CONFIG.replace("2021-12-30", "2023-06-30"));
    let run = world.run("backtest", &["--vintages", "0"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let said = "The prices end on 2021-12-31, before the configured end, 2023-06-30: the run ends with them.";
    assert!(run.stdout.contains(said), "{}", run.stdout);
    assert!(fs::read_to_string(world.path("result/report.html")).unwrap().contains(said));
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(world.path("result/summary.json")).unwrap()).unwrap();
    assert_eq!(summary["shortened"][0], said);
    assert_eq!(summary["end"], "2021-12-31");
    assert_eq!(finding(&check(&world), "shortened").unwrap()["detail"], said);

    let world = World::new(&CONFIG.replace("2020-01-02", "2018-01-02"));
    let run = world.run("backtest", &["--vintages", "0"]);
    assert!(
        run.stdout.contains("The prices begin on 2019-01-01, after the configured start, 2018-01-02"),
        "{}",
        run.stdout
    );

    // A weekend and a holiday at the end do not shorten the run.
    let world = World::new(&CONFIG.replace("2021-12-30", "2022-01-02"));
    let run = world.run("backtest", &["--vintages", "0"]);
    assert!(!run.stdout.contains("The prices"), "{}", run.stdout);
}
