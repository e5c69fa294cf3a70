//! Reads a portfolio from JSON. Each key that is missing, unknown, repeated or of the wrong type is a fault
//! with its path.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::fault::PortfolioFault;
use super::input::{
    AccountIn, Deferral, DriftPortfolio, GroupIn, LotIn, ONLY_ACCOUNT, Portfolio, Request, SecurityIn,
};
use super::keys::repeated_keys;
use super::validate::beside_drift_price;
use unisleeve_tax::TaxRates;
use unisleeve_units::AccountKind;

/// Reads and checks a portfolio file.
///
/// # Errors
/// Every fault found.
pub fn read(text: &str) -> Result<Request, Vec<PortfolioFault>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value: Value = serde_json::from_str(text).map_err(|e| vec![syntax(text, &e)])?;
    let has_drift = value.get("drift_price").is_some_and(|v| !v.is_null());
    let mut reader = Reader { faults: repeated_keys(text), has_drift };
    let request = reader.request(&value);
    let mut faults = reader.faults;
    if let Some(request) = request {
        // A key with a fault is not checked further, nor are the keys below it.
        let mut found = match &request {
            Request::Risk(p) => p.faults(),
            Request::Drift(p) => p.faults(),
        };
        if value.get("accounts").is_none_or(Value::is_null) {
            // Such a file gives the account's cash as the key `cash`.
            for fault in found.iter_mut().filter(|f| f.key == "accounts[0].cash") {
                "cash".clone_into(&mut fault.key);
            }
        }
        found.retain(|f| !faults.iter().any(|g| f.key.starts_with(&g.key)));
        faults.extend(found);
        if faults.is_empty() {
            return Ok(request);
        }
    }
    Err(faults)
}

fn syntax(text: &str, error: &serde_json::Error) -> PortfolioFault {
    let value = if text.trim().is_empty() {
        "empty".to_owned()
    } else {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        format!("line {}, column {}: {message}", error.line(), error.column())
    };
    PortfolioFault { key: String::new(), value, expected: "one JSON object".to_owned() }
}

/// A value as shown in a message, shortened to 60 characters.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 60 {
        return text;
    }
    text.chars().take(57).chain("...".chars()).collect()
}

struct Reader {
    faults: Vec<PortfolioFault>,
    /// Whether the file has a price of drift, and so no risk model.
    has_drift: bool,
}

/// An object and its path.
struct At<'a> {
    path: String,
    object: &'a Map<String, Value>,
}

impl<'a> At<'a> {
    fn key(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of a key; `null` counts as absent.
    fn given(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key).filter(|v| !v.is_null())
    }
}

/// Placeholder for a missing number, which already has a fault.
const ABSENT: f64 = f64::NAN;

impl Reader {
    fn fault(&mut self, key: String, value: impl Into<String>, expected: &str) {
        self.faults.push(PortfolioFault { key, value: value.into(), expected: expected.to_owned() });
    }

    fn object<'a>(&mut self, path: String, value: &'a Value, keys: &[&str]) -> Option<At<'a>> {
        let Value::Object(object) = value else {
            self.fault(path, shown(value), &format!("an object of {}", keys.join(", ")));
            return None;
        };
        let at = At { path, object };
        for (key, value) in object {
            if !keys.contains(&key.as_str()) {
                let key = at.key(&shown(&Value::from(key.as_str())));
                self.fault(
                    key,
                    format!("{}: unknown key", shown(value)),
                    &format!("one of {}", keys.join(", ")),
                );
            }
        }
        Some(at)
    }

    fn required<'a>(&mut self, at: &At<'a>, key: &str, expected: &str) -> Option<&'a Value> {
        let value = at.given(key);
        if value.is_none() {
            self.fault(at.key(key), "missing", expected);
        }
        value
    }

    fn number(&mut self, at: &At, key: &str) -> f64 {
        if self.required(at, key, "a number").is_none() {
            return ABSENT;
        }
        self.optional_number(at, key).unwrap_or(ABSENT)
    }

    fn optional_number(&mut self, at: &At, key: &str) -> Option<f64> {
        let value = at.given(key)?;
        Some(self.as_number(at.key(key), value))
    }

    fn as_number(&mut self, key: String, value: &Value) -> f64 {
        value.as_f64().unwrap_or_else(|| {
            self.fault(key, shown(value), "a number");
            ABSENT
        })
    }

    fn text(&mut self, at: &At, key: &str) -> String {
        if self.required(at, key, "a text").is_none() {
            return String::new();
        }
        self.optional_text(at, key).unwrap_or_default()
    }

    fn optional_text(&mut self, at: &At, key: &str) -> Option<String> {
        let value = at.given(key)?;
        let text = value.as_str().filter(|t| !t.is_empty()).map(str::to_owned);
        if text.is_none() {
            self.fault(at.key(key), shown(value), "a text that is not empty");
        }
        text
    }

    /// Reads a required date; `absent` where it is missing.
    fn date(&mut self, at: &At, key: &str, absent: NaiveDate) -> NaiveDate {
        if self.required(at, key, "a date such as 2026-03-02").is_none() {
            return absent;
        }
        self.optional_date(at, key).unwrap_or(absent)
    }

    fn optional_date(&mut self, at: &At, key: &str) -> Option<NaiveDate> {
        let value = at.given(key)?;
        // Requires ten characters, since chrono also accepts 2026-3-2.
        let date = value.as_str().filter(|t| t.len() == 10).and_then(|t| t.parse().ok());
        if date.is_none() {
            self.fault(at.key(key), shown(value), "a date such as 2026-03-02");
        }
        date
    }

    fn switch(&mut self, at: &At, key: &str, default: bool) -> bool {
        let Some(value) = at.given(key) else { return default };
        value.as_bool().unwrap_or_else(|| {
            self.fault(at.key(key), shown(value), "true or false");
            default
        })
    }

    /// The items of a list with their paths. Empty where the list is absent.
    fn list<'a>(&mut self, at: &At<'a>, key: &str, must: bool) -> Vec<(String, &'a Value)> {
        let value = if must { self.required(at, key, "a list") } else { at.given(key) };
        match value {
            None => Vec::new(),
            Some(Value::Array(items)) => {
                items.iter().enumerate().map(|(i, v)| (format!("{}[{i}]", at.key(key)), v)).collect()
            }
            Some(other) => {
                self.fault(at.key(key), shown(other), "a list");
                Vec::new()
            }
        }
    }

    fn numbers(&mut self, path: &str, value: &Value) -> Vec<f64> {
        let Value::Array(items) = value else {
            self.fault(path.to_owned(), shown(value), "a list of numbers");
            return Vec::new();
        };
        items.iter().enumerate().map(|(i, v)| self.as_number(format!("{path}[{i}]"), v)).collect()
    }

    fn request(&mut self, value: &Value) -> Option<Request> {
        if !self.has_drift {
            return self.portfolio(value).map(Request::Risk);
        }
        let of_securities = |key: &str| {
            let securities = value.get("securities").and_then(Value::as_array);
            securities.is_some_and(|all| all.iter().any(|s| s.get(key).is_some_and(|v| !v.is_null())))
        };
        let of_portfolio = |key: &str| value.get(key).is_some_and(|v| !v.is_null());
        let given = [
            ("factor_covariance", of_portfolio("factor_covariance")),
            ("risk_aversion", of_portfolio("risk_aversion")),
            ("max_tracking_error", of_portfolio("max_tracking_error")),
            ("securities[].exposures", of_securities("exposures")),
            ("securities[].specific_variance", of_securities("specific_variance")),
        ];
        let portfolio = self.portfolio(value)?;
        let drift_price =
            value.get("drift_price").map_or(ABSENT, |v| self.as_number("drift_price".to_owned(), v));
        self.faults.extend(beside_drift_price(&given));
        Some(Request::Drift(DriftPortfolio { portfolio, drift_price }))
    }

    fn portfolio(&mut self, value: &Value) -> Option<Portfolio> {
        const KEYS: [&str; 16] = [
            "date",
            "cash",
            "accounts",
            "securities",
            "factor_covariance",
            "rates",
            "deferral",
            "risk_aversion",
            "max_tracking_error",
            "cash_target",
            "groups",
            "gains_budget",
            "turnover_cap",
            "min_trade",
            "harvest_threshold",
            "drift_price",
        ];
        let at = self.object(String::new(), value, &KEYS)?;
        let date = self.date(&at, "date", NaiveDate::MAX);
        let accounts = self.accounts(&at);
        let securities = self.list(&at, "securities", true);
        let securities = securities.into_iter().filter_map(|(p, v)| self.security(p, v)).collect();
        let covariance = if self.has_drift { Vec::new() } else { self.list(&at, "factor_covariance", true) };
        let factor_covariance = covariance.into_iter().map(|(p, v)| self.numbers(&p, v)).collect();
        let mut rates = TaxRates { short: ABSENT, long: ABSENT };
        if let Some(value) = self.required(&at, "rates", "an object of short, long")
            && let Some(at) = self.object("rates".to_owned(), value, &["short", "long"])
        {
            rates = TaxRates { short: self.number(&at, "short"), long: self.number(&at, "long") };
        }
        let mut deferral = None;
        if let Some(value) = at.given("deferral")
            && let Some(at) = self.object("deferral".to_owned(), value, &["discount", "rate"])
        {
            deferral =
                Some(Deferral { discount: self.number(&at, "discount"), rate: self.number(&at, "rate") });
        }
        let mut cash_target = (0.0, 1.0);
        if let Some(value) = at.given("cash_target") {
            let before = self.faults.len();
            match *self.numbers("cash_target", value) {
                [low, high] => cash_target = (low, high),
                _ if self.faults.len() == before => {
                    self.fault("cash_target".to_owned(), shown(value), "two numbers, the lower first");
                }
                _ => {}
            }
        }
        let groups = self.list(&at, "groups", false);
        let groups = groups.into_iter().filter_map(|(p, v)| self.group(p, v)).collect();
        Some(Portfolio {
            date,
            accounts,
            securities,
            factor_covariance,
            rates,
            deferral,
            risk_aversion: self.optional_number(&at, "risk_aversion"),
            max_tracking_error: self.optional_number(&at, "max_tracking_error"),
            cash_target,
            groups,
            gains_budget: self.optional_number(&at, "gains_budget"),
            turnover_cap: self.optional_number(&at, "turnover_cap"),
            min_trade: self.optional_number(&at, "min_trade"),
            harvest_threshold: self.optional_number(&at, "harvest_threshold").unwrap_or(0.0),
        })
    }

    fn accounts(&mut self, at: &At) -> Vec<AccountIn> {
        if let Some(cash) = at.given("cash") {
            if at.given("accounts").is_some() {
                self.fault("accounts".to_owned(), "given beside cash", "either cash or accounts");
            }
            let cash = self.as_number("cash".to_owned(), cash);
            return vec![AccountIn { id: ONLY_ACCOUNT.to_owned(), kind: AccountKind::Taxable, cash }];
        }
        if at.given("accounts").is_none() {
            self.fault("cash".to_owned(), "missing", "a number, or accounts");
            return vec![AccountIn { id: ONLY_ACCOUNT.to_owned(), kind: AccountKind::Taxable, cash: ABSENT }];
        }
        let items = self.list(at, "accounts", true);
        items
            .into_iter()
            .filter_map(|(path, value)| {
                let at = self.object(path, value, &["id", "kind", "cash"])?;
                let kind = self.required(&at, "kind", AccountKind::WORDS).and_then(|v| {
                    let kind = serde_json::from_value(v.clone()).ok();
                    if kind.is_none() {
                        self.fault(at.key("kind"), shown(v), AccountKind::WORDS);
                    }
                    kind
                });
                Some(AccountIn {
                    id: self.text(&at, "id"),
                    kind: kind.unwrap_or(AccountKind::Taxable),
                    cash: self.number(&at, "cash"),
                })
            })
            .collect()
    }

    fn security(&mut self, path: String, value: &Value) -> Option<SecurityIn> {
        const KEYS: [&str; 10] = [
            "symbol",
            "price",
            "benchmark_weight",
            "exposures",
            "specific_variance",
            "spread_bps",
            "max_weight",
            "can_buy",
            "can_sell",
            "lots",
        ];
        let at = self.object(path, value, &KEYS)?;
        let (mut exposures, mut specific_variance) = (Vec::new(), 0.0);
        // With a price of drift these keys get a single fault.
        if !self.has_drift {
            if let Some(value) = self.required(&at, "exposures", "a list of numbers") {
                exposures = self.numbers(&at.key("exposures"), value);
            }
            specific_variance = self.number(&at, "specific_variance");
        }
        let lots = self.list(&at, "lots", false);
        Some(SecurityIn {
            symbol: self.text(&at, "symbol"),
            price: self.number(&at, "price"),
            benchmark_weight: self.number(&at, "benchmark_weight"),
            exposures,
            specific_variance,
            spread_bps: self.number(&at, "spread_bps"),
            max_weight: self.optional_number(&at, "max_weight"),
            can_buy: self.switch(&at, "can_buy", true),
            can_sell: self.switch(&at, "can_sell", true),
            lots: lots.into_iter().filter_map(|(p, v)| self.lot(p, v)).collect(),
        })
    }

    fn lot(&mut self, path: String, value: &Value) -> Option<LotIn> {
        const KEYS: [&str; 8] = [
            "id",
            "account",
            "quantity",
            "basis",
            "acquired",
            "holding_start",
            "disallowed_if_sold",
            "disallowed_shares",
        ];
        let at = self.object(path, value, &KEYS)?;
        Some(LotIn {
            id: self.text(&at, "id"),
            account: self.optional_text(&at, "account"),
            quantity: self.number(&at, "quantity"),
            basis: self.number(&at, "basis"),
            acquired: self.date(&at, "acquired", NaiveDate::MIN),
            holding_start: self.optional_date(&at, "holding_start"),
            disallowed_if_sold: self.switch(&at, "disallowed_if_sold", false),
            disallowed_shares: self.optional_number(&at, "disallowed_shares"),
        })
    }

    fn group(&mut self, path: String, value: &Value) -> Option<GroupIn> {
        let at = self.object(path, value, &["name", "symbols", "min", "max"])?;
        let symbols = self.list(&at, "symbols", true);
        let symbols = symbols
            .into_iter()
            .filter_map(|(path, value)| {
                let symbol = value.as_str().map(str::to_owned);
                if symbol.is_none() {
                    self.fault(path, shown(value), "a symbol");
                }
                symbol
            })
            .collect();
        Some(GroupIn {
            name: self.text(&at, "name"),
            symbols,
            min: self.number(&at, "min"),
            max: self.number(&at, "max"),
        })
    }
}
