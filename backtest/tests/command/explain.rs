//! `unisleeve explain`: the day's orders agree with the result folder, and missing orders are explained in
//! plain words.

use std::fs;
use std::process::Command;

use crate::world::{CONFIG, Run, World};
use serde_json::Value;

fn explain(world: &World, arguments: &[&str]) -> Run {
    let run = Command::new(env!("CARGO_BIN_EXE_unisleeve"))
        .current_dir(world.path(""))
        .arg("explain")
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: run.status.code(), stdout: text(run.stdout), stderr: text(run.stderr) }
}

fn ran(config: &str) -> World {
    let world = World::new(config);
    let run = world.run("backtest", &[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    world
}

/// Rows of `trades.csv`, with cells by column.
fn trades(world: &World) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(world.path("result/trades.csv")).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn number(x: &Value) -> f64 {
    x.as_f64().unwrap_or(f64::NAN)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6 * (1.0 + b.abs())
}

#[test]
fn numbers_of_every_day_add_up() {
    let world = ran(CONFIG);
    let all = trades(&world);
    let mut days: Vec<&str> = all.iter().map(|t| t["date"].as_str()).collect();
    days.sort_unstable();
    days.dedup();
    for day in [days[0], days[days.len() / 2], days[days.len() - 1]] {
        let run = explain(&world, &["result", "--date", day, "--json"]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        let answer: Value = serde_json::from_str(&run.stdout).unwrap();
        let rates = [number(&answer["rate_short"]), number(&answer["rate_long"])];
        let mut lots = 0;
        for arm in answer["arms"].as_array().unwrap() {
            let name = arm["arm"].as_str().unwrap();
            for order in arm["orders"].as_array().unwrap() {
                let parts = order["lots"].as_array().unwrap();
                lots += parts.len();
                let sum = |key: &str| parts.iter().map(|l| number(&l[key])).sum::<f64>();
                assert!(near(number(&order["shares"]), sum("shares")), "{order}");
                assert!(near(number(&order["recognized"]), sum("recognized")), "{order}");
                let dollars = number(&order["shares"]) * number(&order["price"]);
                assert!((number(&order["dollars"]) - dollars).abs() < 0.001, "{order}");
                for lot in parts {
                    assert!(near(
                        number(&lot["recognized"]),
                        number(&lot["gain"]) + number(&lot["disallowed"])
                    ));
                    let rate = match lot["term"].as_str() {
                        Some("short") => rates[0],
                        Some(_) => rates[1],
                        None => continue,
                    };
                    assert!(near(number(&lot["tax"]), rate * number(&lot["recognized"])), "{lot}");
                }
                let why = &order["why"];
                assert!(why["cause"].is_string() && why["tax_bp"].is_number(), "{why}");
            }
            let symbols =
                |t: &&std::collections::BTreeMap<String, String>| t["arm"] == name && t["date"] == day;
            let dollars: f64 = all.iter().filter(symbols).map(|t| t["amount"].parse::<f64>().unwrap()).sum();
            let told: f64 = arm["orders"].as_array().unwrap().iter().map(|o| number(&o["dollars"])).sum();
            assert!((dollars - told).abs() < 1e-3, "{name} {day}: {dollars} {told}");
        }
        assert_eq!(lots, all.iter().filter(|t| t["date"] == day).count(), "every row is told once");
    }
}

#[test]
fn one_arm_and_one_security_in_words() {
    let world = ran(CONFIG);
    // The specialist has a day's notice.
    let run = explain(&world, &["result", "--date", "2020-01-03", "--arm", "sma", "--symbol", "aaa"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stdout.starts_with("2020-01-03, SMA, diligent (sma): 1 order, sold $0.00, bought $"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("\nbuy AAA: ") && run.stdout.contains("  why: "), "{}", run.stdout);
    assert!(!run.stdout.contains("BBB") && !run.stdout.contains("UMA (uma)"), "{}", run.stdout);
}

#[test]
fn an_excluded_name_is_said() {
    let lots = "[[household.lots]]\nsymbol = \"CCC\"\nquantity = 300\nbasis = 9000\nacquired = \"2019-03-01\"\n\
                [restrictions]\nexclude = [\"CCC\"]\n[[policy]]\nname = \"direct\"";
    let world = ran(&CONFIG.replacen("[[policy]]\nname = \"direct\"", lots, 1));
    let all = trades(&world);
    let sale = all.iter().find(|t| t["symbol"] == "CCC" && t["side"] == "sell").expect("CCC is sold");
    assert!(sale["reason"].starts_with("excluded name: tax 0.0000 bp"), "{}", sale["reason"]);
    let run = explain(&world, &["result", "--date", &sale["date"], "--symbol", "CCC", "--json"]);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    let orders = answer["arms"][0]["orders"].as_array().unwrap();
    let why = &orders.iter().find(|o| o["side"] == "sell").expect("the sale")["why"];
    assert_eq!((why["cause"].as_str(), why["forced"].as_bool()), (Some("excluded"), Some(true)));
    let brought = all.iter().find(|t| t["side"] == "transfer_in").expect("CCC is brought along");
    assert!(brought["reason"].starts_with("brought along: "), "{}", brought["reason"]);
}

#[test]
fn a_company_without_prices_is_paid_out() {
    let world = World::new(CONFIG);
    let prices = fs::read_to_string(world.path("prices.csv")).unwrap();
    let mut shorter = String::new();
    for (i, line) in prices.lines().enumerate() {
        let mut cells: Vec<&str> = line.split(',').collect();
        if i > 400 {
            cells[2] = "";
        }
        shorter.push_str(&cells.join(","));
        shorter.push('\n');
    }
    fs::write(world.path("prices.csv"), shorter).unwrap();
    let run = world.run("backtest", &[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let all = trades(&world);
    let last = all.iter().rfind(|t| t["symbol"] == "BBB" && t["arm"] == "uma").expect("BBB was held");
    assert!(last["reason"].starts_with("paid out: the prices ended: tax 0.0000 bp"), "{}", last["reason"]);
    let run = explain(&world, &["result", "--date", &last["date"], "--symbol", "BBB", "--arm", "uma"]);
    assert!(run.stdout.contains("why: paid out: the prices ended\n"), "{}", run.stdout);
    let html = fs::read_to_string(world.path("result/report.html")).unwrap();
    assert!(
        html.contains("Securities whose prices end early") && html.contains("BBB ("),
        "the fault is told"
    );
}

#[test]
fn what_is_not_there_is_said_in_one_sentence() {
    let world = ran(CONFIG);
    let cases: [(&[&str], &str); 6] = [
        (&["nowhere", "--date", "2020-01-02"], "nowhere: no such folder: expected a result"),
        (
            &["result", "--date", "2020-01-02", "--arm", "uma2"],
            "--arm uma2: not in this result: expected uma, sma_best,",
        ),
        (&["result", "--date", "2020-01-02", "--symbol", "ZZZ"], "--symbol ZZZ: never traded"),
        (&["result", "--date", "2020-01-05"], "the nearest days with orders are 2020-01-0"),
        (&["result", "--date", "1999-01-05"], "the first day with orders is 2020-01-02"),
        (
            &["result", "--date", "2030-01-05", "--arm", "sma"],
            "no orders in sma on that day: the last day with orders is 202",
        ),
    ];
    for (arguments, said) in cases {
        let run = explain(&world, arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(run.stderr.contains(said) && run.stderr.lines().count() == 1, "{}", run.stderr);
    }
    assert_eq!(explain(&world, &["result", "--date", "May"]).code, Some(2));
    fs::write(world.path("result/trades.csv"), "arm,date\numa,x\n").unwrap();
    let run = explain(&world, &["result", "--date", "2020-01-02"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("trades.csv:1: account: nothing: expected a column"), "{}", run.stderr);
}
