//! The page's configuration reader and the general one agree: they read equal text to equal configurations
//! and refuse the same text.

use serde_json::{Value, json};
use unisleeve_core::mandates::{Config, from_json, sample_config};
use unisleeve_core::study::simulate::what_if;

fn same(text: &str) {
    let general: Result<Config, _> = serde_json::from_str(text);
    match (general, from_json::<Config>(text)) {
        (Ok(general), Ok(ours)) => assert_eq!(general, ours, "{text}"),
        (Err(_), Err(_)) => {}
        (general, ours) => panic!("{text}: {general:?} and {ours:?}"),
    }
}

/// `{"a": {"b": value}}` of `a.b`.
fn at(path: &str, value: &Value) -> String {
    path.rsplit('.').fold(value.clone(), |inner, key| json!({ key: inner })).to_string()
}

#[test]
fn configurations_written_out() {
    for config in [sample_config(), what_if()] {
        let text = serde_json::to_string(&config).unwrap();
        assert_eq!(from_json::<Config>(&text).unwrap(), config);
        same(&text);
    }
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples");
    let mut read = 0;
    for entry in
        std::fs::read_dir(examples).unwrap().chain(std::fs::read_dir(format!("{examples}/tasks")).unwrap())
    {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "toml") {
            let config: Config = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            let text = serde_json::to_string(&config).unwrap();
            assert_eq!(from_json::<Config>(&text).unwrap(), config, "{}", path.display());
            read += 1;
        }
    }
    assert!(read > 10, "{read} examples");
}

/// Every variant name of every choice, and one invalid name.
#[test]
fn words() {
    for (path, words) in [
        ("trading.cadence", "daily weekly monthly quarterly yearly never"),
        ("trading.execution", "close next_close"),
        ("tax.status", "single joint head separate"),
        ("risk.groups", "none asset_class sector"),
        ("simulation.scenario.step", "daily weekly monthly"),
    ] {
        for word in words.split(' ') {
            let text = at(path, &json!(word));
            assert!(from_json::<Config>(&text).is_ok(), "{text}");
            same(&text);
        }
        same(&at(path, &json!("Sometimes")));
    }
    let flow = |every: &str| json!([{"amount": 5, "every": every, "from": "2027-01-01", "to": null}]);
    for every in ["once", "month", "year", "week"] {
        same(&at("household.flows", &flow(every)));
    }
    for how in ["cash", "in_kind", "gift"] {
        same(&at("household.closings", &json!([{"date": "2027-01-01", "how": how}])));
    }
    for kind in ["taxable", "ira", "roth", "529"] {
        same(&at("household.accounts", &json!([{"name": "a", "kind": kind}])));
    }
    for basis in ["raw", "split", "total", "half"] {
        same(&at("data.prices", &json!([{"file": "a.csv", "basis": basis}])));
    }
    for income in ["dividend", "interest", "rent"] {
        let class = json!([{"name": "a", "expected_return": 0.1, "volatility": 0.2, "income": income}]);
        same(&at("simulation.scenario.classes", &class));
    }
}

/// Partial tables take the defaults of their own type, whatever the enclosing table says.
#[test]
fn parts_and_what_is_needed() {
    for (path, value) in [
        ("household", json!({})),
        ("household.cash", json!(5)),
        ("household.flows", json!([{"amount": 5}])),
        ("household.lots", json!([{"symbol": "A", "quantity": 1.5, "basis": -3, "acquired": "2020-02-29"}])),
        ("household.lots", json!([{"symbol": "A", "quantity": 1.5, "basis": 3, "acquired": "2021-02-29"}])),
        ("household.gifts", json!([{"amount": 1, "every": "year", "from": "2027-01-01"}])),
        ("policy", json!([])),
        ("policy", json!([{"name": "a", "weight": 1}])),
        ("policy", json!([{"name": "a", "since": null, "subset": 3, "band": 0.1, "accounts": ["x"]}])),
        ("changes", json!([{"date": "2030-01-01", "policy": [{"name": "x"}], "restrictions": {}}])),
        ("changes", json!([{}])),
        ("tax", json!({"gains_budget": 10})),
        ("tax.deferral", json!({"years": 3})),
        ("lists", json!({"tobacco": ["PM", "MO"], "none": []})),
        ("lists", json!({"tobacco": "PM"})),
        ("identical", json!([["A", "B"], ["C", "D"]])),
        ("columns", json!({"date": "Date"})),
        ("data", json!({"securities": "a.csv"})),
        (
            "data",
            json!({"securities": ["a.csv", "b.csv"], "risk": {"exposures": "e", "covariance": "c", "specific": "s"}}),
        ),
        ("data", json!({"indices": [{"name": "i", "files": []}], "check": {"jump": 1}})),
        ("data", json!({"risk": {"exposures": "e"}})),
        ("simulation", json!({"paths": 3, "preset": "lost decade"})),
        ("simulation.scenario", json!({"funds": [{"symbol": "F", "class": "bonds"}]})),
        (
            "simulation.scenario",
            json!({"periods": [{"from": 1, "returns": [{"class": "a", "annual": 0.1}]}]}),
        ),
        ("simulation.scenario", json!({"correlations": [[1, 0.5], [0.5, 1]], "stocks": {"leaders": 2}})),
        ("simulation", Value::Null),
    ] {
        same(&at(path, &value));
    }
}

/// Wrong types, numbers out of range, unknown keys, deep nesting, and text that is not JSON.
#[test]
fn what_does_not_fit_is_refused_by_both() {
    // The general reader accepts a list of all values in place of a table. No list here is such a list.
    let wrong =
        [json!(-1), json!(1.5), json!("1"), json!([[5]]), json!({}), json!(true), json!(1e300), Value::Null];
    for path in [
        "seed",
        "start",
        "household",
        "household.cash",
        "policy",
        "tax.year",
        "trading.risk_aversion",
        "risk.window",
        "simulation.paths",
        "tax.wash_sale_rule",
        "model",
        "trading.cadence",
        "nonsense",
        "tax.nonsense",
        "lists",
    ] {
        for value in &wrong {
            same(&at(path, value));
        }
    }
    for text in ["", "{", "[[5]]", "null", "3", "{\"seed\": 18446744073709551616}", "{\"__proto__\": 1}"] {
        same(text);
    }
    let deep = "[".repeat(100_000);
    assert!(from_json::<Config>(&deep).is_err());
}

#[test]
fn the_key_is_named() {
    for (text, told) in [
        (r#"{"sed": 1}"#, "sed: unknown field `sed`, expected one of start, end, seed"),
        (r#"{"trading": {"cadence": "hourly"}}"#, "trading.cadence: `hourly`, expected one of daily, weekly"),
        (r#"{"household": {"flows": [{"every": "year"}]}}"#, "household.flows[0]: missing field `amount`"),
        (r#"{"tax": {"year": "x"}}"#, "tax.year: expected a whole number, found \"x\""),
        (r#"{"start": "2026-02-30"}"#, "start: expected a date such as 2026-01-31, found \"2026-02-30\""),
    ] {
        let found = from_json::<Config>(text).unwrap_err();
        assert!(found.starts_with(told), "{found}");
    }
}
