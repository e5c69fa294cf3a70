//! Cases of whole histories: the input is rows of TRADES.csv, the output is every sale, open lot and year.
//!
//! A case lists sales and open lots completely and in order. Fields that it does not name are not compared.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use unisleeve_core::books::history::Settings;
use unisleeve_core::tax::{LotMethod, PriorPurchases};
use unisleeve_core::units::{AccountKind, Money, Shares};
use unisleeve_tests::history::{booked, file, settings, with_accounts};

use crate::value::{list, status, text};

fn settings_of(case: &Value) -> Settings {
    let mut settings = settings();
    if let Some(accounts) = case["accounts"].as_object() {
        let kind = |v: &Value| AccountKind::parse(text(v)).expect("a kind of account");
        let accounts: Vec<(&str, AccountKind)> =
            accounts.iter().map(|(a, k)| (a.as_str(), kind(k))).collect();
        settings = with_accounts(settings, &accounts);
    }
    if let Some(groups) = case["identical"].as_object() {
        settings.identical = groups.iter().map(|(s, g)| (s.clone(), text(g).to_owned())).collect();
    }
    if let Some(method) = case["method"].as_str() {
        settings.method = match method {
            "min-tax" => LotMethod::MinTax,
            "hifo" => LotMethod::Hifo,
            other => panic!("method {other}"),
        };
    }
    if let Some(prior) = case["prior"].as_str() {
        assert_eq!(prior, "ignore");
        settings.prior = PriorPurchases::Ignore;
    }
    if let Some(name) = case["status"].as_str() {
        settings.status = status(name);
    }
    settings
}

fn dollars(m: Money) -> Value {
    json!(m.to_f64())
}

fn count(q: Shares) -> Value {
    json!(q.to_f64())
}

/// Compares the fields that `expected` names. Numbers are compared by value, so 5 equals 5.0.
fn compare(wrong: &mut String, what: &str, expected: &Value, found: &Value) {
    for (key, e) in expected.as_object().expect("an object") {
        let f = found.get(key).unwrap_or_else(|| panic!("{what}: no field {key}"));
        let same = match (e.as_f64(), f.as_f64()) {
            // Half of the last decimal of a quantity, because each number is an integer internally.
            (Some(e), Some(f)) => (e - f).abs() < 5e-7,
            _ => e == f,
        };
        if !same {
            let _ = writeln!(wrong, "{what}: {key} is {f}, by law {e}");
        }
    }
}

fn all(wrong: &mut String, what: &str, expected: &Value, found: &[Value]) {
    let expected = list(expected);
    if expected.len() != found.len() {
        let _ = writeln!(wrong, "{what}: {} rows, by law {}: {found:#?}", found.len(), expected.len());
    }
    for (i, (e, f)) in expected.iter().zip(found).enumerate() {
        compare(wrong, &format!("{what} {i}"), e, f);
    }
}

pub(crate) fn run(case: &Value) {
    for key in ["source", "why"] {
        assert!(!text(&case[key]).is_empty());
    }
    let rows: Vec<&str> = list(&case["trades"]).iter().map(text).collect();
    let (settings, expect) = (settings_of(case), &case["expect"]);
    let result = booked(file(&rows).as_bytes(), &settings, |s| {
        let mut wrong = String::new();
        let sales: Vec<Value> = s
            .sales()
            .map(|r| {
                json!({"lot": r.lot, "account": r.account, "symbol": r.symbol, "quantity": count(r.quantity),
                    "proceeds": dollars(r.proceeds), "basis": dollars(r.basis), "gain": dollars(r.gain),
                    "disallowed": dollars(r.disallowed), "recognized": dollars(r.recognized),
                    "term": r.term.as_str(), "start": r.holding_start.to_string(), "by": r.replacement_lot})
            })
            .collect();
        all(&mut wrong, "sale", &expect["sales"], &sales);
        let open: Vec<Value> = s
            .open_lots
            .iter()
            .map(|l| {
                json!({"lot": l.lot, "account": l.account, "symbol": l.symbol, "quantity": count(l.quantity),
                    "basis": dollars(l.basis), "acquired": l.acquired.to_string(),
                    "start": l.holding_start.to_string()})
            })
            .collect();
        all(&mut wrong, "open lot", &expect["open"], &open);
        for e in expect["years"].as_array().map_or(&[][..], Vec::as_slice) {
            let year = s.years.iter().find(|y| e["year"] == y.year).expect("the year");
            let found = json!({"year": year.year, "short": dollars(year.net_short), "long": dollars(year.net_long),
                "offset": dollars(year.ordinary_offset), "carry_short": dollars(year.carry_short),
                "carry_long": dollars(year.carry_long), "qualified": dollars(year.dividends_qualified),
                "ordinary": dollars(year.dividends_ordinary), "interest": dollars(year.interest)});
            compare(&mut wrong, &format!("year {}", year.year), e, &found);
        }
        assert!(wrong.is_empty(), "\n{wrong}");
    });
    if let Err(faults) = result {
        panic!("{}", faults.iter().fold(String::new(), |text, f| format!("{text}\n{}: {}", f.line, f.kind)));
    }
    let known: Map<String, Value> = expect.as_object().expect("an object").clone();
    assert!(known.keys().all(|k| ["sales", "open", "years"].contains(&k.as_str())), "{known:?}");
}
