//! `unisleeve tax` as users run it: published cases, an unknown state tax, and faults of the input.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn unisleeve(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_unisleeve"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// The bill for an input that must be accepted.
fn bill(input: &Value) -> Value {
    let run = unisleeve(&["tax", "--json"], &input.to_string());
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(run.stderr.is_empty());
    serde_json::from_slice(&run.stdout).unwrap()
}

/// The messages for an input that must be refused.
fn refused(input: &str) -> String {
    let run = unisleeve(&["tax", "--json"], input);
    let messages = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(2), "{input}: {messages}");
    assert!(run.stdout.is_empty());
    assert!(messages.lines().all(|l| l.starts_with("unisleeve: standard input: ")), "{messages}");
    messages
}

fn base() -> Value {
    json!({"year": 2026, "status": "single", "ordinary_taxable": 100_000, "pref_income": 50_000,
        "magi": 166_100, "net_investment_income": 50_000})
}

fn with(changes: &Value) -> Value {
    let mut input = base();
    for (key, value) in changes.as_object().unwrap() {
        input[key] = value.clone();
    }
    input
}

fn close(bill: &Value, expected: &[(&str, f64)]) {
    for (key, amount) in expected {
        assert!((bill[key].as_f64().unwrap() - amount).abs() < 5e-5, "{key}: {} {amount}", bill[key]);
    }
}

/// Rev. Proc. 2025-32: 100,000 and 50,000 single; 90,000 and 20,000 joint, across the end of the 0% rate.
#[test]
fn gains_stacked_on_ordinary_income() {
    let single = [
        ("ordinary_tax", 16_712.0),
        ("at0", 0.0),
        ("at15", 50_000.0),
        ("at20", 0.0),
        ("gains_tax", 7_500.0),
        ("niit", 0.0),
        ("total", 24_212.0),
    ];
    close(&bill(&base()), &single);
    let joint = bill(&json!({"year": 2026, "status": "joint", "ordinary_taxable": 90_000,
        "pref_income": 20_000, "magi": 142_200, "net_investment_income": 20_000}));
    let expected = [
        ("ordinary_tax", 10_304.0),
        ("at0", 8_900.0),
        ("at15", 11_100.0),
        ("gains_tax", 1_665.0),
        ("niit", 0.0),
    ];
    close(&joint, &expected);
}

/// Joint net investment income of 125,000: less and more than the excess of income over 250,000.
#[test]
fn net_investment_income_tax() {
    for (magi, niit) in [(400_000, 4_750.0), (300_000, 1_900.0)] {
        let input = json!({"year": 2026, "status": "joint", "ordinary_taxable": 0, "pref_income": 0,
            "magi": magi, "net_investment_income": 125_000});
        close(&bill(&input), &[("niit", niit), ("total", niit)]);
    }
}

#[test]
fn state_tax_is_added_or_its_absence_explained() {
    let none = bill(&base());
    assert!(none["state_tax"].is_null());
    assert!(none["state_tax_reason"].as_str().unwrap().contains("no state is given"));
    let wa = bill(&with(&json!({"state": "wa"})));
    assert!(wa["state_tax"].is_null());
    assert_eq!(wa["total"], none["total"]);
    let reason = wa["state_tax_reason"].as_str().unwrap();
    assert!(
        reason.starts_with("WA needs net_long") && reason.contains("total leaves state tax out"),
        "{reason}"
    );
    let wa = bill(&with(&json!({"state": "WA", "net_long": 378_000})));
    close(&wa, &[("state_tax", 7_000.0), ("total", 31_212.0)]);
    assert!(wa["state_tax_assumed"].as_str().unwrap().contains("2025"));
    assert!(wa.get("state_tax_reason").is_none());
    for (state, expected) in [
        (json!("TX"), 0.0),
        // 4.95% of 166,100 minus an exemption of 2,925.
        (json!("il"), 8_077.162_5),
        (json!("Fl"), 0.0),
        (json!(0.05), 7_500.0),
        (json!(0), 0.0),
        // Adjusted gross income is more than 50,000 above 107,650, so the rate is 5.9% of everything above
        // the standard deduction of 8,000.
        (json!("NY"), 9_327.9),
    ] {
        close(
            &bill(&with(&json!({"state": state}))),
            &[("state_tax", expected), ("total", 24_212.0 + expected)],
        );
    }
    close(&bill(&with(&json!({"state": "IL", "us_interest": 50_000}))), &[("state_tax", 5_602.162_5)]);
    close(&bill(&with(&json!({"state": "IL", "state_dependents": 2}))), &[("state_tax", 7_787.587_5)]);
    close(&bill(&with(&json!({"state": "IL", "state_taxable": 100_000}))), &[("state_tax", 4_950.0)]);
    close(&bill(&with(&json!({"state": 0.05, "state_taxable": 100_000}))), &[("state_tax", 5_000.0)]);
}

#[test]
fn a_table_in_plain_words_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("year.json");
    fs::write(&file, format!("\u{feff}{}", with(&json!({"state": "CA"})))).unwrap();
    let run = unisleeve(&["tax", file.to_str().unwrap()], "");
    let table = String::from_utf8(run.stdout).unwrap();
    assert_eq!(run.status.code(), Some(0));
    assert!(table.starts_with("2026, single, in dollars\n"), "{table}");
    assert!(
        table.lines().any(|l| l.starts_with("Tax on ordinary income ") && l.ends_with(" 16,712.00")),
        "{table}"
    );
    assert!(
        table.contains("Assumed: California's brackets, standard deduction and exemption credits of 2025"),
        "{table}"
    );
    let missing = unisleeve(&["tax", folder.path().join("none.json").to_str().unwrap()], "");
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8(missing.stderr).unwrap().contains("none.json: can't be read"));
}

#[test]
fn every_fault_is_named() {
    for (changes, expected) in [
        (json!({"year": 1999}), "year: 1999: expected 2000 to 2026"),
        (json!({"year": 1e300}), "year: 1e+300: expected"),
        (json!({"status": "married"}), "status: \"married\": expected \"single\""),
        (json!({"ordinary_taxable": -1}), "ordinary_taxable: -1: expected zero or more"),
        (json!({"pref_income": -0.01}), "pref_income: -0.01: expected zero or more"),
        (json!({"us_interest": -5}), "us_interest: -5: expected zero or more"),
        (
            json!({"qualified_dividends": 50_001}),
            "qualified_dividends: 50001.0000: expected at most pref_income",
        ),
        (json!({"magi": "1"}), "magi: \"1\": expected dollars as a number"),
        (json!({"magi": 1e13}), "magi: 10000000000000.0: expected at most 1,000,000,000,000"),
        (json!({"net_long": -1e308}), "net_long: -1e+308: expected at most"),
        (json!({"magi": null}), "magi: missing: expected dollars"),
        (
            json!({"magi": 149_999.99}),
            "magi: 149999.9900: expected at least taxable income, 150000.0000 (ordinary_taxable + pref_income)",
        ),
        (json!({"state_dependents": -1}), "state_dependents: -1: expected a whole number from 0 to 100"),
        (json!({"state_dependents": 1.5}), "state_dependents: 1.5: expected a whole number"),
        (json!({"state_taxable": -1}), "state_taxable: -1: expected zero or more"),
        (json!({"state": "XX"}), "state: \"XX\": expected a two-letter code of a state"),
        (json!({"state": 5}), "state: 5: expected a two-letter code"),
        (json!({"state": ["CA"]}), "state: [\"CA\"]: expected a two-letter code"),
        (json!({"statee": "CA"}), "\"statee\": \"CA\": unknown key"),
    ] {
        let messages = refused(&with(&changes).to_string());
        assert!(messages.contains(expected) && messages.lines().count() == 1, "{expected}\n{messages}");
    }
    let messages = refused(r#"{"year": 1950, "status": 3, "extra": 1}"#);
    assert_eq!(messages.lines().count(), 7, "{messages}");
}

/// A JSON object may repeat a key, and readers differ in which value they use.
#[test]
fn a_key_that_stands_twice_is_refused() {
    let input = base().to_string().replacen('{', r#"{"magi": 1, "\u006dagi": 2, "year": 2025, "#, 1);
    let messages = refused(&input);
    assert!(messages.contains("magi: stands 3 times: expected each key once"), "{messages}");
    assert!(messages.contains("year: stands 2 times: expected each key once"), "{messages}");
    assert_eq!(messages.lines().count(), 2, "{messages}");
}

#[test]
fn what_is_no_object_is_refused() {
    for (input, expected) in [
        ("{\"year\": 2026,\n\"status\": }", "line 2, column 11: expected value"),
        ("", "empty: expected a JSON object"),
        ("[1]", "[1]: expected an object of year"),
        ("{\"magi\": 1e400}", "line 1, column 14: number out of range"),
        ("{\"magi\": NaN}", "line 1"),
    ] {
        let messages = refused(input);
        assert!(messages.contains(expected), "{expected}\n{messages}");
    }
    refused(&"[".repeat(100_000));
}

/// The largest accepted amounts give an answer in every state.
#[test]
fn the_largest_amounts_are_figured() {
    let most = 1_000_000_000_000_i64;
    for state in ["CA", "NY", "MA", "WA", "TX", "NJ", "IL", "FL"] {
        let input = json!({"year": 2025, "status": "head", "state": state, "ordinary_taxable": most,
            "pref_income": 0, "magi": most, "net_investment_income": most, "net_short": most,
            "net_long": most, "us_interest": 0});
        assert!(bill(&input)["total"].as_f64().unwrap() > 3e11, "{state}");
        let losses = json!({"year": 2026, "status": "separate", "state": state, "ordinary_taxable": 0,
            "pref_income": 0, "magi": -most, "net_investment_income": -most, "net_short": -most,
            "net_long": -most, "us_interest": most});
        close(&bill(&losses), &[("total", 0.0)]);
    }
}

/// Returns with wages only: (status, state, ordinary taxable income, adjusted gross income, dependents) and
/// tax, in 2025. Figures of policyengine-us 2.68.0 (`state_income_tax`), which agree with the forms IL-1040,
/// NJ-1040 and Form 1.
#[test]
fn states_start_from_adjusted_gross_income() {
    let wages = |(status, state, taxable, magi, dependents): (&str, &str, i32, i32, u32)| {
        json!({"year": 2025, "status": status, "state": state, "ordinary_taxable": taxable, "pref_income": 0,
            "magi": magi, "net_investment_income": 0, "net_short": 0, "net_long": 0,
            "state_dependents": dependents})
    };
    for (case, expected) in [
        // HD10: 35 ILCS 5/204, $2,850 per person.
        (("joint", "IL", 118_500, 150_000, 0), 7_142.85),
        // HD11: gross income minus $1,000 per person.
        (("joint", "NJ", 368_500, 400_000, 0), 21_310.10),
        // HD12: 400,000 minus 8,800 and 2,000 of contributions.
        (("joint", "MA", 368_500, 400_000, 0), 19_460.0),
        // No exemption above the income limit.
        (("single", "IL", 380_341, 400_000, 0), 19_800.0),
        (("head", "IL", 126_375, 150_000, 1), 7_142.85),
        (("separate", "IL", 134_250, 150_000, 0), 7_283.925),
        (("single", "NJ", 376_710, 400_000, 0), 23_290.05),
        (("head", "NJ", 126_375, 150_000, 1), 5_374.375),
        (("separate", "NJ", 44_250, 60_000, 0), 1_767.25),
    ] {
        let bill = bill(&wages(case));
        assert!((bill["state_tax"].as_f64().unwrap() - expected).abs() < 5e-5, "{case:?}: {bill}");
    }
}
