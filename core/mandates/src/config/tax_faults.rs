//! Faults of the tax settings and of the household's income.

use unisleeve_tax::Outside;
use unisleeve_units::Rate;

use super::{Config, ConfigFault};

impl Config {
    /// Adds the faults of the tax law, of the income from outside, and of its changes.
    pub(super) fn tax_faults(&self, faults: &mut Vec<ConfigFault>) {
        if let Err(e) = self.tax.laws(chrono::Datelike::year(&self.start)) {
            let key = if self.tax.law == unisleeve_tax::LawMode::Dated { "tax.law" } else { "tax.year" };
            faults.push(ConfigFault { key: key.to_owned(), message: e.to_string() });
        }
        income_faults("tax.outside", &self.tax.outside, faults);
        for (i, symbol) in self.wash_exempt.iter().enumerate() {
            let is_same = |other: &String| other.eq_ignore_ascii_case(symbol);
            if self.identical.iter().any(|group| group.iter().any(is_same)) {
                let message = format!("{symbol}: is in a group of `identical`, too: expected one of the two");
                faults.push(ConfigFault { key: format!("wash_exempt[{i}]"), message });
            }
        }
        let mut before = i32::MIN;
        for (i, change) in self.household.outside_income.iter().enumerate() {
            let place = format!("household.outside_income[{i}]");
            let mut fault = |message: String| {
                faults.push(ConfigFault { key: format!("{place}.from"), message });
            };
            if !super::faults::YEARS.contains(&change.from) {
                fault(format!("{}: expected a year from 1900 to 2200", change.from));
            } else if change.from <= before {
                fault(format!("{}: expected a year after {before}, that of the change before", change.from));
            } else if change.state.is_some() && change.state_rate.is_some() {
                fault("state and state_rate: expected one of the two".to_owned());
            }
            before = change.from;
            income_faults(&place, &self.outside_in(change.from), faults);
        }
    }
}

/// Adds the faults of an income.
fn income_faults(place: &str, income: &Outside, faults: &mut Vec<ConfigFault>) {
    let mut fault =
        |key: &str, message: String| faults.push(ConfigFault { key: format!("{place}.{key}"), message });
    let is_rate = (Rate::ZERO..=Rate::ONE).contains(&income.state_rate);
    if !is_rate {
        fault("state_rate", format!("{}: expected a fraction from 0 to 1", income.state_rate));
    }
    if let Some(state) = income.state.filter(|_| is_rate && !income.state_rate.is_zero()) {
        fault("state_rate", format!("{}: expected a rate or a state, {state}, not both", income.state_rate));
    }
    for (key, money) in [
        ("ordinary_taxable", income.ordinary_taxable),
        ("magi", income.magi),
        ("qualified_dividends", income.qualified_dividends),
        ("amt_preferences", income.amt_preferences),
    ] {
        if money.is_negative() {
            fault(key, format!("{money}: expected an amount of zero or more"));
        }
    }
    let taxed = income.ordinary_taxable + income.qualified_dividends;
    if income.magi < taxed {
        fault(
            "magi",
            format!(
                "{}: expected at least {taxed}, ordinary_taxable plus qualified_dividends: deductions come off it",
                income.magi
            ),
        );
    }
    if let Some(deduction) = income.deduction {
        // State and local taxes may exceed the sum, which the overall limit of section 68 reduces.
        for (key, amount) in [("itemized", deduction.itemized), ("salt", deduction.salt)] {
            if amount.is_negative() {
                fault(&format!("deduction.{key}"), format!("{amount}: expected an amount of zero or more"));
            }
        }
    }
}
