//! The fields of the input. Each has its own check and message.

use serde_json::{Map, Value};
use unisleeve_core::tax::law::{FIRST_YEAR, LAST_YEAR};
use unisleeve_core::tax::{FilingStatus, Itemized, State};
use unisleeve_core::units::{Money, Rate};

/// Keys of the input. The first six are required.
pub(super) const KEYS: [&str; 15] = [
    "year",
    "status",
    "ordinary_taxable",
    "pref_income",
    "magi",
    "net_investment_income",
    "state",
    "net_short",
    "net_long",
    "qualified_dividends",
    "us_interest",
    "state_dependents",
    "state_taxable",
    "deduction",
    "amt_preferences",
];

/// Source of the state's tax.
#[derive(Debug, Clone, Copy)]
pub(super) enum StateRule {
    Held(State),
    Flat(Rate),
}

/// Reads the fields of an object and collects their faults.
pub(super) struct Fields<'a> {
    pub(super) object: &'a Map<String, Value>,
    pub(super) faults: Vec<String>,
}

impl<'a> Fields<'a> {
    pub(super) fn refuse_unknown(&mut self) {
        for (key, value) in self.object {
            if !KEYS.contains(&key.as_str()) {
                let key = shown(&Value::from(key.as_str()));
                self.faults.push(format!(
                    "{key}: {}: unknown key: expected one of {}",
                    shown(value),
                    KEYS.join(", ")
                ));
            }
        }
    }

    pub(super) fn fault(&mut self, key: &str, value: &Value, expected: &str) {
        self.faults.push(format!("{key}: {}: expected {expected}", shown(value)));
    }

    /// A value that is present. `null` counts as absent.
    pub(super) fn given(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key).filter(|v| !v.is_null())
    }

    pub(super) fn required(&mut self, key: &str, expected: &str) -> Option<&'a Value> {
        let value = self.given(key);
        if value.is_none() {
            self.faults.push(format!("{key}: missing: expected {expected}"));
        }
        value
    }

    pub(super) fn year(&mut self) -> Option<i32> {
        let expected = format!("{FIRST_YEAR} to {LAST_YEAR}");
        let value = self.required("year", &expected)?;
        let year = value.as_i64().and_then(|y| i32::try_from(y).ok());
        let year = year.filter(|y| (FIRST_YEAR..=LAST_YEAR).contains(y));
        if year.is_none() {
            self.fault("year", value, &expected);
        }
        year
    }

    pub(super) fn status(&mut self) -> Option<FilingStatus> {
        let expected = "\"single\", \"joint\", \"head\" or \"separate\"";
        let value = self.required("status", expected)?;
        let status = serde_json::from_value(value.clone()).ok();
        if status.is_none() {
            self.fault("status", value, expected);
        }
        status
    }

    pub(super) fn amount(&mut self, key: &str, not_negative: bool) -> Option<Money> {
        self.required(key, "dollars as a number")?;
        self.optional_amount(key, not_negative)
    }

    pub(super) fn optional_amount(&mut self, key: &str, not_negative: bool) -> Option<Money> {
        let value = self.given(key)?;
        let Some(number) = value.as_f64() else {
            self.fault(key, value, "dollars as a number");
            return None;
        };
        let amount = Money::from_f64(number);
        match amount {
            None => self.fault(key, value, "at most 1,000,000,000,000 in magnitude"),
            Some(amount) if not_negative && amount.is_negative() => {
                self.fault(key, value, "zero or more");
                return None;
            }
            Some(_) => {}
        }
        amount
    }

    /// The itemized deductions: `{"itemized": 60000, "salt": 40000}`.
    pub(super) fn deduction(&mut self) -> Option<Itemized> {
        let value = self.given("deduction")?;
        let found = serde_json::from_value::<Itemized>(value.clone()).ok();
        if found.is_none_or(|d| d.salt.is_negative() || d.itemized.is_negative()) {
            self.fault("deduction", value, "{\"itemized\": dollars, \"salt\": dollars}, zero or more");
        }
        found
    }

    pub(super) fn dependents(&mut self) -> u32 {
        const MOST: u64 = 100;
        let Some(value) = self.given("state_dependents") else { return 0 };
        let number = value.as_u64().filter(|n| *n <= MOST).and_then(|n| u32::try_from(n).ok());
        if number.is_none() {
            self.fault("state_dependents", value, &format!("a whole number from 0 to {MOST}"));
        }
        number.unwrap_or(0)
    }

    pub(super) fn state(&mut self) -> Option<StateRule> {
        let value = self.given("state")?;
        let rule = match value {
            Value::String(code) => code.parse().ok().map(StateRule::Held),
            Value::Number(_) => value
                .as_f64()
                .filter(|r| (0.0..=1.0).contains(r))
                .and_then(Rate::from_f64)
                .map(StateRule::Flat),
            _ => None,
        };
        if rule.is_none() {
            self.fault("state", value, "a two-letter code of a state, DC, NYC or a flat rate from 0 to 1");
        }
        rule
    }
}

/// A value as shown in a message, shortened.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 60 {
        return text;
    }
    text.chars().take(57).chain("...".chars()).collect()
}
