//! `unisleeve rebalance` as users run it: the examples, the keys of its answer, and every fault of an input.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples").join(name)
}

fn run(path: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unisleeve")).arg("rebalance").arg(path).args(more).output().unwrap()
}

fn answer(path: &Path, more: &[&str]) -> Value {
    let out = run(path, &[&["--json"], more].concat());
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    assert!(out.stderr.is_empty());
    serde_json::from_slice(&out.stdout).unwrap()
}

/// The messages for a text that must be refused.
fn refused(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.json");
    fs::write(&path, text).unwrap();
    let out = run(&path, &["--json"]);
    let messages = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(2), "{messages}");
    assert!(out.stdout.is_empty());
    assert!(messages.lines().all(|l| l.contains("p.json: ")), "{messages}");
    messages
}

fn base() -> Value {
    serde_json::from_str(&fs::read_to_string(example("rebalance.json")).unwrap()).unwrap()
}

#[test]
fn the_examples_are_answered_with_every_key() {
    for name in ["rebalance.json", "rebalance_accounts.json"] {
        let a = answer(&example(name), &[]);
        for key in [
            "objective",
            "lower_bound",
            "risk_aversion",
            "tracking_error_before",
            "tracking_error_after",
            "tax",
            "cost",
            "cash_after",
        ] {
            assert!(a[key].is_number(), "{name}: {key}");
        }
        assert!(a["lower_bound"].as_f64() <= a["objective"].as_f64());
        assert!(a.get("objective_rounded").is_none());
        for b in a["binding"].as_array().unwrap() {
            assert!(b["row"].is_string() && b["shadow_price"].is_number());
        }
        let orders = a["orders"].as_array().unwrap();
        assert!(!orders.is_empty());
        for o in orders {
            assert!(o["symbol"].is_string() && o["account"].is_string());
            assert!(o["side"] == "buy" || o["side"] == "sell");
            assert!(o["quantity"].is_number() && o["amount"].is_number());
            for key in ["tax", "cost", "risk", "forced"] {
                assert!(o["reasons"][key].is_number(), "{key}");
            }
            for lot in o["lots"].as_array().unwrap() {
                assert!(lot["id"].is_string() && (lot["term"] == "short" || lot["term"] == "long"));
                assert!(["quantity", "gain", "tax"].iter().all(|key| lot[key].is_number()));
            }
        }
        let table = run(&example(name), &[]);
        assert_eq!(table.status.code(), Some(0));
        assert!(String::from_utf8(table.stdout).unwrap().contains("Tracking error"));
    }
}

#[test]
fn whole_shares() {
    let a = answer(&example("rebalance.json"), &["--round", "shares"]);
    assert!(a["objective_rounded"].is_number());
    assert!(a["orders"].as_array().unwrap().iter().all(|o| o["quantity"].as_f64().unwrap().fract() == 0.0));
    assert!(a["cash_after"].as_f64().unwrap() >= 0.0);
    assert_eq!(run(&example("rebalance.json"), &["--round", "cents"]).status.code(), Some(2));
}

#[test]
fn each_fault_is_named_by_its_key() {
    let cases: [(&str, Value, &str); 28] = [
        ("/date", json!("2026-3-2"), "date: \"2026-3-2\": expected a date"),
        ("/cash", json!("much"), "cash: \"much\": expected a number"),
        ("/cash", json!(-1e9), "expected a value above zero"),
        ("/rates/short", json!(1.5), "rates.short: 1.5: expected"),
        ("/risk_aversion", json!(-1), "risk_aversion: -1: expected"),
        ("/risk_aversion", json!(null), "risk_aversion: missing: expected"),
        ("/max_tracking_error", json!(0), "max_tracking_error: 0: expected"),
        ("/cash_target", json!([0.3, 0.1]), "cash_target: [0.3, 0.1]: expected"),
        ("/cash_target", json!([0.3]), "cash_target: [0.3]: expected two numbers"),
        ("/factor_covariance/0/1", json!(0.5), "factor_covariance[1][0]: 0.002: expected 0.5"),
        ("/factor_covariance/0/0", json!(-0.1), "factor_covariance: some mix of factors"),
        ("/factor_covariance/0", json!([0.1]), "factor_covariance[0]: 1 numbers: expected 2"),
        ("/securities/0/price", json!(-5), "securities[0].price: -5: expected"),
        ("/securities/0/exposures", json!([1.0]), "securities[0].exposures: 1 numbers: expected 2"),
        ("/securities/0/specific_variance", json!(-0.1), "securities[0].specific_variance: -0.1: expected"),
        ("/securities/0/benchmark_weight", json!(0.9), "in all: expected weights"),
        ("/securities/1/symbol", json!("AAA"), "securities[1].symbol: \"AAA\" stands more than once"),
        ("/securities/0/can_buy", json!("no"), "securities[0].can_buy: \"no\": expected true or false"),
        ("/securities/0/lots/1/id", json!("A1"), "securities[0].lots[1].id: \"A1\" stands more than once"),
        ("/securities/0/lots/0/quantity", json!(0), "securities[0].lots[0].quantity: 0: expected"),
        ("/securities/0/lots/0/basis", json!(-1), "securities[0].lots[0].basis: -1: expected"),
        (
            "/securities/0/lots/0/acquired",
            json!("2026-03-03"),
            "lots[0].acquired: 2026-03-03: expected at most",
        ),
        (
            "/securities/0/lots/0/account",
            json!("x"),
            "securities[0].lots[0].account: \"x\": expected one of taxable",
        ),
        ("/turnover_cap", json!(-0.1), "turnover_cap: -0.1: expected"),
        ("/min_trade", json!("much"), "min_trade: \"much\": expected a number"),
        ("/harvest_threshold", json!(2), "harvest_threshold: 2: expected"),
        (
            "/securities/0/lots/0/disallowed_shares",
            json!(601),
            "lots[0].disallowed_shares: 601: expected shares from 0",
        ),
        ("/groups/0/symbols/0", json!("ZZZ"), "groups[0].symbols[0]: \"ZZZ\": expected a symbol"),
    ];
    for (pointer, value, expected) in cases {
        let mut p = base();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match p.pointer_mut(parent).unwrap() {
            Value::Object(object) => {
                object.insert(key.to_owned(), value);
            }
            list => list[key.parse::<usize>().unwrap()] = value,
        }
        let messages = refused(&p.to_string());
        assert!(messages.contains(expected), "{pointer}: {messages}");
        assert_eq!(messages.lines().count(), 1, "{pointer}: {messages}");
    }
}

#[test]
fn all_faults_at_once() {
    let mut p = base();
    p["gamma"] = json!(3);
    p["securities"][0]["lots"][0]["quantty"] = json!(3);
    p["securities"][2]["price"] = json!(0);
    p["rates"].as_object_mut().unwrap().remove("long");
    let messages = refused(&p.to_string());
    assert_eq!(messages.lines().count(), 4, "{messages}");
    assert!(messages.contains("unknown key") && messages.contains("rates.long: missing"), "{messages}");
}

#[test]
fn what_is_not_a_portfolio() {
    for text in ["", "{", "[]", "3", "null", "{\"price\": NaN}", "{\"cash\": 1e999}", "\u{0}", "{}"] {
        refused(text);
    }
    assert!(refused("{\"cash\": 1, \"cash\": 2}").contains("cash: stands more than once"));
    let missing = run(Path::new("no/such/file.json"), &[]);
    assert_ne!(missing.status.code(), Some(0));
}

#[test]
fn infeasible_demands_say_what_would_do() {
    let mut p = base();
    p["groups"][0]["min"] = json!(0.9);
    p["groups"][0]["max"] = json!(1.0);
    p["groups"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "value", "symbols": ["BBB"], "min": 0.3, "max": 1}));
    let messages = refused(&p.to_string());
    assert!(messages.contains("conflicts with") && messages.contains("lowered by"), "{messages}");
    let mut p = base();
    // The benchmark holds less cash than this target.
    p["cash_target"] = json!([0.1, 0.2]);
    p["max_tracking_error"] = json!(1e-6);
    assert!(refused(&p.to_string()).contains("the least tracking error that the other constraints allow is"));
    let mut p = base();
    p["gains_budget"] = json!(-1e6);
    assert!(refused(&p.to_string()).contains("the least net gain that the other constraints allow is"));
}

#[test]
fn a_problem_is_dumped_and_solved_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("problem.json");
    let a = answer(&example("rebalance.json"), &["--dump", file.to_str().unwrap()]);
    let dumped: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    for key in ["risk_aversion", "factors", "names", "active", "specific", "exposures", "curves", "rows"] {
        assert!(!dumped[key].is_null(), "{key}");
    }
    let out = Command::new(env!("CARGO_BIN_EXE_unisleeve"))
        .args(["rebalance", "--problem", file.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let solved: Value = serde_json::from_slice(&out.stdout).unwrap();
    // The dumped problem gives orders on the same sides.
    let names = dumped["names"].as_array().unwrap();
    for order in a["orders"].as_array().unwrap() {
        let name = format!("{} {}", order["symbol"].as_str().unwrap(), order["account"].as_str().unwrap());
        let at = names.iter().position(|n| *n == name.as_str()).unwrap();
        let bought = solved["trades"][at].as_f64().unwrap() > 0.0;
        assert_eq!(bought, order["side"] == "buy", "{name}");
    }
    fs::write(&file, "{\"risk_aversion\": 1}").unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_unisleeve"))
        .args(["rebalance", "--problem", file.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("missing field"));
}

fn drift() -> Value {
    serde_json::from_str(&fs::read_to_string(example("rebalance_drift.json")).unwrap()).unwrap()
}

#[test]
fn a_price_of_drift_takes_the_risk_models_place() {
    let path = example("rebalance_drift.json");
    let a = answer(&path, &[]);
    for key in [
        "objective",
        "lower_bound",
        "drift_price",
        "drift_before",
        "drift_after",
        "tax",
        "cost",
        "cash_after",
    ] {
        assert!(a[key].is_number(), "{key}");
    }
    for key in ["risk_aversion", "tracking_error_before", "tracking_error_after", "objective_rounded"] {
        assert!(a.get(key).is_none(), "{key}");
    }
    let gap = a["objective"].as_f64().unwrap() - a["lower_bound"].as_f64().unwrap();
    assert!((0.0..1e-9).contains(&gap), "{gap}");
    assert!(a["drift_after"].as_f64() < a["drift_before"].as_f64());
    let orders = a["orders"].as_array().unwrap();
    assert!(!orders.is_empty());
    for o in orders {
        for key in ["tax", "cost", "risk", "drift", "forced"] {
            assert!(o["reasons"][key].is_number(), "{key}");
        }
    }
    let table = String::from_utf8(run(&path, &[]).stdout).unwrap();
    assert!(table.contains("removes drift") && table.contains("Drift ") && !table.contains("Tracking"));
    for option in [&["--round", "shares"][..], &["--dump", "no/such/folder/file"]] {
        let out = run(&path, option);
        assert_eq!(out.status.code(), Some(2));
        let message = String::from_utf8(out.stderr).unwrap();
        assert!(message.contains("drift_price: --") && message.contains("needs a risk model"), "{message}");
    }
}

#[test]
fn a_price_of_drift_stands_alone() {
    let mut p = drift();
    p["factor_covariance"] = json!([[0.02]]);
    p["max_tracking_error"] = json!(0.02);
    p["securities"][1]["specific_variance"] = json!(0.04);
    let messages = refused(&p.to_string());
    assert_eq!(messages.lines().count(), 1, "{messages}");
    let keys = "given beside factor_covariance, max_tracking_error, securities[].specific_variance";
    assert!(messages.contains(keys), "{messages}");
    let mut p = drift();
    p["risk_aversion"] = json!(3);
    assert!(refused(&p.to_string()).contains("drift_price: given beside risk_aversion: expected either"));
    for (value, expected) in [(json!(0), "expected a number above zero"), (json!("x"), "expected a number")] {
        let mut p = drift();
        p["drift_price"] = value;
        let messages = refused(&p.to_string());
        assert!(messages.contains("drift_price") && messages.contains(expected), "{messages}");
        assert_eq!(messages.lines().count(), 1, "{messages}");
    }
    let mut p = drift();
    p["groups"][0]["min"] = json!(0.84);
    p["groups"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "safe", "symbols": ["BONDS"], "min": 0.2, "max": 1}));
    let messages = refused(&p.to_string());
    assert!(messages.contains("conflicts with") && messages.contains("lowered by"), "{messages}");
}

/// Numbers that no portfolio has. Each message names the key, and nothing panics.
#[test]
fn numbers_at_the_edge_are_named() {
    let cases = [
        ("/cash", "1e308", "cash: "),
        ("/cash", "1e999", "expected one JSON object"),
        ("/securities/0/price", "-0.0", "securities[0].price: "),
        ("/securities/0/price", "1e308", "securities[0].price: "),
        ("/securities/0/lots/0/quantity", "-0.0", "securities[0].lots[0].quantity: "),
        ("/securities/0/lots/0/quantity", "1e300", "securities[0].lots[0].quantity: "),
        ("/securities/0/lots/0/quantity", "1e14", "at most 1e15"),
        ("/securities/0/lots/0/basis", "1e308", "securities[0].lots[0].basis: "),
        ("/risk_aversion", "1e308", "risk_aversion: "),
    ];
    for (key, number, expected) in cases {
        let mut p = base();
        // A marker is replaced by the number exactly as written.
        *p.pointer_mut(key).unwrap() = json!("MARK");
        let messages = refused(&p.to_string().replace("\"MARK\"", number));
        assert!(messages.contains(expected), "{key} {number}: {messages}");
    }
}

/// A cap that can't be met: the message names the conflicting constraint and the smallest feasible cap.
#[test]
fn a_cap_out_of_reach_is_refused() {
    let messages = refused(
        r#"{"date":"2024-06-28","cash":100,"securities":[{"symbol":"A","price":100,"benchmark_weight":0.6,"exposures":[],
        "specific_variance":0.09,"spread_bps":0,"lots":[]}],"factor_covariance":[],"rates":{"short":0.4,"long":0.2},
        "max_tracking_error":0.01,"cash_target":[0.9,1]}"#,
    );
    assert!(messages.contains("max_tracking_error: 0.01 can't be met beside cash_target"), "{messages}");
    assert!(
        messages.contains("the least tracking error that the other constraints allow is 0.150000"),
        "{messages}"
    );
}
