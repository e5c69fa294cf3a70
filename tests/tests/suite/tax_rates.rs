//! Compares every bracket, threshold and limit with another publisher's tables
//! (`cases/us_tax_rates_2025_2026.json`).

use serde_json::Value;
use unisleeve_core::tax::{FilingStatus, Law};
use unisleeve_core::units::Money;

const RATES: &str = include_str!("../../cases/us_tax_rates_2025_2026.json");

fn number(v: &Value) -> f64 {
    v.as_f64().expect("a number")
}

fn money(v: &Value) -> Money {
    Money::from_f64(number(v)).expect("an amount")
}

fn status(text: &str) -> FilingStatus {
    match text {
        "SINGLE" => FilingStatus::Single,
        "JOINT" => FilingStatus::Joint,
        "SEPARATE" => FilingStatus::Separate,
        "HEAD_OF_HOUSEHOLD" => FilingStatus::Head,
        other => panic!("filing status {other}"),
    }
}

/// Every bracket, threshold and limit of both years and all statuses agrees with another publisher's tables.
#[test]
fn rates_and_thresholds() {
    let tables: Value = serde_json::from_str(RATES).expect("JSON");
    for year in ["2025", "2026"] {
        for (name, table) in tables[year].as_object().unwrap() {
            let law = Law::of(year.parse().unwrap(), status(name)).unwrap();
            let list =
                |key: &str| -> Vec<f64> { table[key].as_array().unwrap().iter().map(number).collect() };
            let (rates, tops) = (list("ordinary_rates"), list("ordinary_tops"));
            let tax = |income: f64| -> f64 {
                let mut bottom = 0.0;
                let mut sum = 0.0;
                for (i, rate) in rates.iter().enumerate() {
                    let top = tops.get(i).copied().unwrap_or(f64::INFINITY);
                    sum += rate * (income.min(top) - bottom).max(0.0);
                    bottom = top;
                }
                sum
            };
            for top in tops.iter().copied().chain([5_000_000.0]) {
                for income in [top - 1.0, top, top + 1.0] {
                    let found = law.ordinary_tax(Money::from_f64(income).unwrap()).to_f64();
                    assert!((found - tax(income)).abs() < 1e-4, "{year} {name}: {found} on {income}");
                }
            }
            let (zero, fifteen) = (money(&table["ltcg_0_top"]), money(&table["ltcg_15_top"]));
            let all = law.gains_tax(Money::ZERO, Money::whole(10_000_000));
            assert_eq!((all.at(0), all.at(0) + all.at(15)), (zero, fifteen), "{year} {name}");
            let threshold = money(&tables["niit"]["threshold"][name]);
            assert_eq!(law.niit(Money::whole(1_000_000), threshold), Money::ZERO, "{year} {name}");
            let rate = number(&tables["niit"]["rate"]);
            let niit = law.niit(Money::whole(1_000_000), threshold + Money::whole(1_000)).to_f64();
            assert!((niit - 1_000.0 * rate).abs() < 1e-9, "{year} {name}");
            let limit = tables["loss_limit"].get(name).unwrap_or(&tables["loss_limit"]["default"]);
            assert_eq!(law.loss_limit, money(limit), "{year} {name}");
        }
    }
}
