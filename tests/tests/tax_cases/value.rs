//! Reads fields of a case.

use serde_json::Value;
use unisleeve_core::tax::FilingStatus;
use unisleeve_core::units::{Money, Shares};

pub(crate) fn text(v: &Value) -> &str {
    v.as_str().unwrap_or_else(|| panic!("{v}: expected a text"))
}

pub(crate) fn number(v: &Value) -> f64 {
    v.as_f64().unwrap_or_else(|| panic!("{v}: expected a number"))
}

pub(crate) fn list(v: &Value) -> &[Value] {
    v.as_array().unwrap_or_else(|| panic!("{v}: expected a list"))
}

pub(crate) fn money(v: &Value) -> Money {
    Money::from_f64(number(v)).expect("an amount")
}

pub(crate) fn shares(v: &Value) -> Shares {
    match v {
        Value::String(s) => Shares::parse(s).expect("shares").value,
        _ => Shares::from_f64(number(v)).expect("shares"),
    }
}

pub(crate) fn status(text: &str) -> FilingStatus {
    match text {
        "S" | "single" => FilingStatus::Single,
        "J" | "joint" => FilingStatus::Joint,
        "separate" => FilingStatus::Separate,
        "head" => FilingStatus::Head,
        other => panic!("filing status {other}"),
    }
}
