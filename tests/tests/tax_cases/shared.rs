//! Runs the cases of `shared/cases/tax_cases_2.json` beside the checkout: rows of TRADES.csv with the
//! expected statement, to half a cent. Sales are summed by lot. `cases/ledger_cases.json` repeats the same
//! figures, so the tests do not depend on this file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use libtest_mimic::Trial;
use serde_json::Value;
use unisleeve_core::books::history::{OpenLot, Sale, Statement};
use unisleeve_core::units::{Money, Shares};
use unisleeve_tests::history::{booked, file, settings};

use crate::value::{list, number, text};
use crate::{failed, wash};

/// Half a cent, because the sources round to cents.
const TOLERANCE: f64 = 0.005;

pub(crate) fn trials() -> Vec<Trial> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/cases/tax_cases_2.json");
    let Ok(cases) = std::fs::read_to_string(&beside) else {
        eprintln!("SKIPPED: cases of {}: not there", beside.display());
        return Vec::new();
    };
    let cases: Vec<Value> = serde_json::from_str(&cases).expect("JSON");
    // The other kinds belong to other commands.
    let run = |case: &Value| match text(&case["kind"]) {
        "ledger" => Some(history as fn(&Value)),
        "wash" => Some(both as fn(&Value)),
        _ => None,
    };
    let trial = |case: &Value| {
        let run = run(case)?;
        let (name, case) = (format!("shared::{}", text(&case["id"])), case.clone());
        Some(Trial::test(name, move || {
            catch_unwind(AssertUnwindSafe(|| run(&case))).map_err(|p| failed(&*p))
        }))
    };
    cases.iter().filter_map(trial).collect()
}

fn both(case: &Value) {
    wash::through_the_history(case);
    wash::through_the_ledger(case);
}

fn near(what: &str, found: f64, expected: &Value) {
    assert!((found - number(expected)).abs() <= TOLERANCE, "{what}: {found}, by law {expected}");
}

fn sums(what: &str, sales: &[Sale<'_>], expected: &Value) {
    let sum = |f: fn(&Sale<'_>) -> Money| sales.iter().map(f).sum::<Money>().to_f64();
    for (key, e) in expected.as_object().expect("an object") {
        let what = format!("{what} {key}");
        match key.as_str() {
            "lot" => {}
            "quantity" => {
                near(&what, sales.iter().map(|s| s.quantity).sum::<Shares>().to_f64(), e);
            }
            "proceeds" => near(&what, sum(|s| s.proceeds), e),
            "gain" => near(&what, sum(|s| s.gain), e),
            "disallowed" => near(&what, sum(|s| s.disallowed), e),
            "recognized" => near(&what, sum(|s| s.recognized), e),
            "term" => assert!(sales.iter().all(|s| s.term.as_str() == text(e)), "{what}"),
            other => panic!("{other}"),
        }
    }
}

fn open(what: &str, lots: &[&OpenLot<'_>], expected: &Value) {
    for (key, e) in expected.as_object().expect("an object") {
        let what = format!("{what} {key}");
        match key.as_str() {
            "lot" | "symbol" => {}
            "quantity" => near(&what, lots.iter().map(|l| l.quantity).sum::<Shares>().to_f64(), e),
            "basis" => near(&what, lots.iter().map(|l| l.basis).sum::<Money>().to_f64(), e),
            "start" => assert!(lots.iter().all(|l| l.holding_start.to_string() == text(e)), "{what}"),
            other => panic!("{other}"),
        }
    }
}

fn compare(s: &Statement<'_>, expect: &Value) {
    for (key, e) in expect.as_object().expect("an object") {
        match key.as_str() {
            "total" => sums("total", &s.sales().collect::<Vec<_>>(), e),
            "sales" => {
                for e in list(e) {
                    let of_lot: Vec<Sale<'_>> = s.sales().filter(|r| r.lot == text(&e["lot"])).collect();
                    sums(text(&e["lot"]), &of_lot, e);
                }
                let lots: Vec<&str> = list(e).iter().map(|e| text(&e["lot"])).collect();
                assert!(s.sales().all(|r| lots.contains(&r.lot)), "sales of other lots");
            }
            "open" => {
                let is = |l: &&OpenLot<'_>, e: &Value| {
                    l.lot == text(&e["lot"]) && e["symbol"].as_str().is_none_or(|symbol| symbol == l.symbol)
                };
                for e in list(e) {
                    let lots: Vec<&OpenLot<'_>> = s.open_lots.iter().filter(|l| is(l, e)).collect();
                    open(text(&e["lot"]), &lots, e);
                }
                let known = |l: &&OpenLot<'_>| list(e).iter().any(|e| is(l, e));
                assert!(s.open_lots.iter().all(|l| known(&l)), "other lots are open");
            }
            "years" => {
                for e in list(e) {
                    let year = s.years.iter().find(|y| e["year"] == y.year).expect("the year");
                    for (key, of) in [("short", year.net_short), ("long", year.net_long)] {
                        near(key, of.to_f64(), &e[key]);
                    }
                }
            }
            other => panic!("{other}"),
        }
    }
}

fn history(case: &Value) {
    let rows: Vec<&str> = list(&case["trades"]).iter().map(text).collect();
    let done = booked(file(&rows).as_bytes(), &settings(), |s| compare(s, &case["expect"]));
    done.unwrap_or_else(|faults| panic!("{faults:?}"));
}
