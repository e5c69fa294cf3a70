//! Computes the bill from the text of the input.

use serde_json::Value;
use unisleeve_core::tax::state::{Missing, assumed, flat_tax};
use unisleeve_core::tax::{FilingStatus, Itemized, Law, StateInput, state_tax};
use unisleeve_core::units::Money;

use super::bill::Bill;
use super::fields::{Fields, KEYS, StateRule, shown};
use super::repeated::repeated;
use crate::readers::json::{self, JsonFault};

/// Computes the bill.
///
/// # Errors
/// One message for each fault.
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
    let deduction = fields.deduction();
    let preferences = fields.optional_amount("amt_preferences", true).unwrap_or(Money::ZERO);
    let dependents = fields.dependents();
    let state_taxable = fields.optional_amount("state_taxable", true);
    let rule = fields.state();
    if let (Some(qualified), Some(preferential)) = (qualified, preferential)
        && qualified > preferential
        // Without ordinary taxable income, deductions may have reduced `pref_income`, and a capital loss `magi`.
        && (ordinary.is_none_or(Money::is_positive)
            || magi.is_none_or(|magi| qualified > magi + FilingStatus::Joint.loss_limit()))
    {
        fields.faults.push(format!(
                "qualified_dividends: {qualified}: expected at most pref_income ({preferential}), which includes them"
            ));
    }
    if let (Some(ordinary), Some(preferential), Some(magi)) = (ordinary, preferential, magi)
        // With a negative adjusted gross income (losses of a business), there is no taxable income.
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
    let gains = law.gains_tax(ordinary_taxable, pref_income);
    let ordinary_tax = law.ordinary_tax(ordinary_taxable);
    let niit = law.niit(investment, magi);
    let minimum_income = minimum_income(&law, ordinary_taxable + pref_income, magi, deduction) + preferences;
    let all_preferential = if ordinary_taxable.is_positive() {
        pref_income
    } else {
        let gains = net_short.zip(net_long).map(|(short, long)| long.min(short + long).max(Money::ZERO));
        match gains.zip(qualified) {
            Some((gains, dividends)) => gains + dividends,
            None => magi.min(investment),
        }
        .max(pref_income)
    };
    let amt = law.amt(minimum_income, ordinary_taxable, all_preferential, ordinary_tax + gains.tax);
    let input = StateInput {
        ordinary_taxable,
        pref_income,
        qualified_dividends: qualified.unwrap_or(Money::ZERO),
        magi,
        net_short,
        net_long,
        us_interest,
        net_investment_income: investment,
        federal_tax: ordinary_tax + gains.tax + amt,
        niit,
        dependents,
        state_taxable,
    };
    let state = state_part(rule, year, status, &input);
    let used = |percent: i64| Some(gains.at(percent)).filter(|amount| amount.is_positive());
    Ok(Bill {
        year,
        status,
        ordinary_tax,
        at0: gains.at(0),
        at15: gains.at(15),
        at20: gains.at(20),
        at5: used(5),
        at10: used(10),
        gains_tax: gains.tax,
        niit,
        amt,
        total: ordinary_tax + gains.tax + niit + amt + state.as_ref().copied().unwrap_or(Money::ZERO),
        state_tax: state.as_ref().ok().copied(),
        state_tax_assumed: match (rule, &state) {
            (Some(StateRule::Held(held)), Ok(_)) => assumed(held, year, &input),
            _ => None,
        },
        state_tax_reason: state.err(),
    })
}

/// Alternative minimum taxable income before preferences (Form 6251, lines 1 and 2a).
fn minimum_income(law: &Law, taxable: Money, magi: Money, deduction: Option<Itemized>) -> Money {
    let (all, added_back) = deduction
        .map_or((law.standard_deduction, law.standard_deduction), |given| (given.itemized, given.salt));
    // Where deductions exceed income, line 1 is below zero.
    let line_1 = if taxable.is_positive() { taxable } else { (magi - all).min(Money::ZERO) };
    line_1 + added_back
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

/// A syntax error with its line, its column and the text found there.
fn malformed(text: &str, fault: &JsonFault) -> String {
    if text.trim().is_empty() {
        return "empty: expected a JSON object".to_owned();
    }
    format!("line {}, column {}: {fault}: expected a JSON object", fault.line, fault.column)
}
