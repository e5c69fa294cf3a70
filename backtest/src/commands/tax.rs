//! `unisleeve tax`: federal and state tax of one year from the figures of a return.
//!
//! `ordinary_taxable` is taxable income without `pref_income`: net short-term gain included, a deducted capital loss
//! taken off. `pref_income` is net long-term gain plus qualified dividends. `net_short` and `net_long` are the year's
//! results by term after losses carried in (Schedule D, lines 7 and 15). `us_interest` is the part of
//! `ordinary_taxable` that states may not tax. `qualified_dividends` is only checked against `pref_income`: no rule held
//! taxes them apart from long-term gain. A state's tax starts from `magi`, adjusted gross income; `state_dependents` are
//! those that its exemptions count (none without the key), `state_taxable` its own taxable income, given instead of
//! computed.

use std::fmt::{self, Write as _};
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use unisleeve_core::tax::state::{Missing, assumed, flat_tax};
use unisleeve_core::tax::{FilingStatus, Law, State, StateInput, state_tax};
use unisleeve_core::units::{Money, Rate};

use crate::failure::Failure;
use crate::readers::json::{self, JsonFault};
use crate::render::format::cents;

/// Keys of the input. The first six must be there.
const KEYS: [&str; 13] = [
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
];

/// Longest input read, in bytes.
const LONGEST: u64 = 1 << 20;

/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct TaxArgs {
    /// The year's figures (JSON); without a file they are read from standard input.
    file: Option<PathBuf>,
    /// Print JSON instead of the table.
    #[arg(long)]
    json: bool,
}

/// A year's tax, in dollars.
#[derive(Debug, Serialize)]
pub(crate) struct Bill {
    year: i32,
    status: FilingStatus,
    /// Tax on ordinary taxable income.
    ordinary_tax: Money,
    /// Preferential income taxed at 0%.
    at0: Money,
    /// At 15%.
    at15: Money,
    /// At 20%.
    at20: Money,
    /// Tax on preferential income.
    gains_tax: Money,
    /// Net investment income tax.
    niit: Money,
    /// State income tax; `None` where it is not known.
    state_tax: Option<Money>,
    /// Federal and state tax; without the state's where that is not known.
    total: Money,
    /// Why it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    state_tax_reason: Option<String>,
    /// What is assumed about the state's law.
    #[serde(skip_serializing_if = "Option::is_none")]
    state_tax_assumed: Option<&'static str>,
}

/// Where the state's tax comes from.
#[derive(Debug, Clone, Copy)]
enum StateRule {
    Held(State),
    Flat(Rate),
}

/// Reads the input of `path`, or of standard input, and gives what the command prints.
///
/// # Errors
/// When the input can't be read or has faults: one message for each.
pub(crate) fn run(args: &TaxArgs) -> Result<String, Failure> {
    let (path, json) = (args.file.as_deref(), args.json);
    let name = path.map_or_else(|| "standard input".to_owned(), |p| p.display().to_string());
    let text = read(path, &name)?;
    let bill = figure(&text)
        .map_err(|faults| Failure::Input(faults.iter().map(|fault| format!("{name}: {fault}")).collect()))?;
    if json {
        let text = serde_json::to_string_pretty(&bill).map_err(|e| Failure::Environment(e.to_string()))?;
        return Ok(format!("{text}\n"));
    }
    Ok(bill.table())
}

fn read(path: Option<&Path>, name: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let done = match path {
        Some(path) => crate::readers::open(path).and_then(|f| f.take(LONGEST + 1).read_to_end(&mut bytes)),
        None => std::io::stdin().take(LONGEST + 1).read_to_end(&mut bytes),
    };
    done.map_err(|e| Failure::input(format!("{name}: can't be read: {e}")))?;
    if bytes.len() as u64 > LONGEST {
        return Err(Failure::input(format!("{name}: longer than {LONGEST} bytes: expected one JSON object")));
    }
    let text = String::from_utf8(bytes)
        .map_err(|e| Failure::input(format!("{name}: not UTF-8 at byte {}", e.utf8_error().valid_up_to())))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}

/// The bill, or one message for each fault.
pub(crate) fn figure(text: &str) -> Result<Bill, Vec<String>> {
    let value: Value = json::from_text(text).map_err(|e| vec![malformed(text, &e)])?;
    let Value::Object(object) = value else {
        return Err(vec![format!("{}: expected an object of {}", shown(&value), KEYS.join(", "))]);
    };
    let mut fields = Fields { object: &object, faults: repeated(text) };
    fields.refuse_unknown();
    let year = fields.year();
    let status = fields.status();
    let ordinary = fields.amount("ordinary_taxable", true);
    let preferential = fields.amount("pref_income", true);
    let magi = fields.amount("magi", false);
    let investment = fields.amount("net_investment_income", false);
    let net_short = fields.optional_amount("net_short", false);
    let net_long = fields.optional_amount("net_long", false);
    let qualified = fields.optional_amount("qualified_dividends", true);
    let us_interest = fields.optional_amount("us_interest", true).unwrap_or(Money::ZERO);
    let dependents = fields.dependents();
    let state_taxable = fields.optional_amount("state_taxable", true);
    let rule = fields.state();
    if let (Some(qualified), Some(preferential)) = (qualified, preferential)
        && qualified > preferential
    {
        fields.faults.push(format!(
                "qualified_dividends: {qualified}: expected at most pref_income ({preferential}), which includes them"
            ));
    }
    if let (Some(ordinary), Some(preferential), Some(magi)) = (ordinary, preferential, magi)
        // Losses of a business leave no taxable income under a negative adjusted gross income.
        && magi.max(Money::ZERO) < ordinary + preferential
    {
        fields.faults.push(format!(
            "magi: {magi}: expected at least taxable income, {} (ordinary_taxable + pref_income): deductions come off it",
            ordinary + preferential
        ));
    }
    let faults = fields.faults;
    let (
        Some(year),
        Some(status),
        Some(ordinary_taxable),
        Some(pref_income),
        Some(magi),
        Some(investment),
        true,
    ) = (year, status, ordinary, preferential, magi, investment, faults.is_empty())
    else {
        return Err(faults);
    };
    let law = Law::of(year, status).map_err(|e| vec![format!("year: {e}")])?;
    let input = StateInput {
        ordinary_taxable,
        pref_income,
        magi,
        net_short,
        net_long,
        us_interest,
        net_investment_income: investment,
        dependents,
        state_taxable,
    };
    let state = state_part(rule, year, status, &input);
    let gains = law.gains_tax(ordinary_taxable, pref_income);
    let ordinary_tax = law.ordinary_tax(ordinary_taxable);
    let niit = law.niit(investment, magi);
    Ok(Bill {
        year,
        status,
        ordinary_tax,
        at0: gains.at0,
        at15: gains.at15,
        at20: gains.at20,
        gains_tax: gains.tax,
        niit,
        total: ordinary_tax + gains.tax + niit + state.as_ref().copied().unwrap_or(Money::ZERO),
        state_tax: state.as_ref().ok().copied(),
        state_tax_assumed: match (rule, &state) {
            (Some(StateRule::Held(held)), Ok(_)) => assumed(held, year, &input),
            _ => None,
        },
        state_tax_reason: state.err(),
    })
}

/// The state's tax, or why it is not known.
fn state_part(
    rule: Option<StateRule>,
    year: i32,
    status: FilingStatus,
    input: &StateInput,
) -> Result<Money, String> {
    let tax = match rule {
        None => return Err("no state is given; the total leaves state tax out".to_owned()),
        Some(StateRule::Flat(rate)) => Ok(flat_tax(rate, input)),
        Some(StateRule::Held(state)) => state_tax(state, year, status, input),
    };
    tax.map_err(|missing: Missing| format!("{missing}; the total leaves state tax out"))
}

/// The keys of an object in their order.
struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Walk;
        impl<'de> Visitor<'de> for Walk {
            type Value = Keys;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, IgnoredAny)) = map.next_entry()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(Walk)
    }
}

/// One message for each key that stands more than once: a map would keep the last of them in silence.
fn repeated(text: &str) -> Vec<String> {
    let Ok(Keys(mut keys)) = serde_json::from_str(text) else { return Vec::new() };
    keys.sort();
    let message = |same: &[String]| {
        let key = same.first().filter(|_| same.len() > 1)?;
        let known = KEYS.contains(&key.as_str());
        let key = if known { key.clone() } else { shown(&Value::from(key.as_str())) };
        Some(format!("{key}: stands {} times: expected each key once", same.len()))
    };
    keys.chunk_by(|a, b| a == b).filter_map(message).collect()
}

/// A syntax error with its line, column and what was there.
fn malformed(text: &str, fault: &JsonFault) -> String {
    if text.trim().is_empty() {
        return "empty: expected a JSON object".to_owned();
    }
    format!("line {}, column {}: {fault}: expected a JSON object", fault.line, fault.column)
}

/// A value as it stands in a message, shortened.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 60 {
        return text;
    }
    text.chars().take(57).chain("...".chars()).collect()
}

/// Reads the fields of an object and collects their faults.
struct Fields<'a> {
    object: &'a Map<String, Value>,
    faults: Vec<String>,
}

impl<'a> Fields<'a> {
    fn refuse_unknown(&mut self) {
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

    fn fault(&mut self, key: &str, value: &Value, expected: &str) {
        self.faults.push(format!("{key}: {}: expected {expected}", shown(value)));
    }

    /// A value that is there; `null` is as good as absent.
    fn given(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key).filter(|v| !v.is_null())
    }

    fn required(&mut self, key: &str, expected: &str) -> Option<&'a Value> {
        let value = self.given(key);
        if value.is_none() {
            self.faults.push(format!("{key}: missing: expected {expected}"));
        }
        value
    }

    fn year(&mut self) -> Option<i32> {
        let value = self.required("year", "2025 or 2026")?;
        let year = value.as_i64().filter(|y| (2025..=2026).contains(y));
        if year.is_none() {
            self.fault("year", value, "2025 or 2026");
        }
        year.map(|y| y as i32)
    }

    fn status(&mut self) -> Option<FilingStatus> {
        let expected = "\"single\", \"joint\", \"head\" or \"separate\"";
        let value = self.required("status", expected)?;
        let status = serde_json::from_value(value.clone()).ok();
        if status.is_none() {
            self.fault("status", value, expected);
        }
        status
    }

    fn amount(&mut self, key: &str, not_negative: bool) -> Option<Money> {
        self.required(key, "dollars as a number")?;
        self.optional_amount(key, not_negative)
    }

    fn optional_amount(&mut self, key: &str, not_negative: bool) -> Option<Money> {
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

    fn dependents(&mut self) -> u32 {
        const MOST: u64 = 100;
        let Some(value) = self.given("state_dependents") else { return 0 };
        let number = value.as_u64().filter(|n| *n <= MOST).and_then(|n| u32::try_from(n).ok());
        if number.is_none() {
            self.fault("state_dependents", value, &format!("a whole number from 0 to {MOST}"));
        }
        number.unwrap_or(0)
    }

    fn state(&mut self) -> Option<StateRule> {
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
            self.fault("state", value, "CA, NY, MA, WA, TX, NJ, IL, FL or a flat rate from 0 to 1");
        }
        rule
    }
}

impl Bill {
    /// In plain words, amounts in dollars and cents, aligned at the right.
    fn table(&self) -> String {
        let state = self.state_tax.map_or_else(|| "not known".to_owned(), cents);
        let rows = [
            ("Tax on ordinary income".to_owned(), cents(self.ordinary_tax)),
            ("Long-term gain and qualified dividends at 0%".to_owned(), cents(self.at0)),
            ("  at 15%".to_owned(), cents(self.at15)),
            ("  at 20%".to_owned(), cents(self.at20)),
            ("Tax on them".to_owned(), cents(self.gains_tax)),
            ("Net investment income tax".to_owned(), cents(self.niit)),
            ("State income tax".to_owned(), state),
            ("All taxes".to_owned(), cents(self.total)),
        ];
        let label = rows.iter().map(|(l, _)| l.len()).max().unwrap_or(0);
        let amount = rows.iter().map(|(_, a)| a.len()).max().unwrap_or(0);
        let status = match self.status {
            FilingStatus::Single => "single",
            FilingStatus::Joint => "married filing jointly",
            FilingStatus::Head => "head of household",
            FilingStatus::Separate => "married filing separately",
        };
        let mut text = format!("{}, {status}, in dollars\n", self.year);
        for (l, a) in &rows {
            let _ = writeln!(text, "{l:<label$}  {a:>amount$}");
        }
        if let Some(reason) = &self.state_tax_reason {
            let _ = writeln!(text, "State income tax: {reason}.");
        }
        if let Some(assumption) = self.state_tax_assumed {
            let _ = writeln!(text, "Assumed: {assumption}.");
        }
        text
    }
}
