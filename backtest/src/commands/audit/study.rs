//! Checks what summary.json states of the study as a whole: its configuration and tax inputs, UMA minus SMA
//! and the ladder. Runs without files in the folder can't be replayed; their differences, sums and order are
//! checked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use serde_json::Value;
use sha2::{Digest, Sha256};
use unisleeve_core::tax::{Carryforward, Income, LawMode, TaxBill, bill};
use unisleeve_core::units::{Money, hex};

use super::difference::{PARTS, Parts};
use super::facts::{Facts, figure};
use super::figures::{FILE, NEAR};
use super::performance::years;
use super::raw_json::compact_member;
use super::report::Check;
use super::value::Mark;
use crate::failure::Failure;

/// Realized tracking errors count as equal if they differ by less than this fraction.
pub(super) const MATCH: f64 = 0.01;
/// The arm whose risk aversion is searched for.
const MATCHED: &str = "uma_equal_te";
/// Units of the integers in which runs state dollars.
pub(super) const UNIT: f64 = 10_000.0;
/// Figures of a run and where an arm states them. The first three are integers in ten-thousandths of a dollar.
const RUN: [(&str, &str); 13] = [
    ("kept", "wealth_before_liquidation"),
    ("liquidated", "wealth_after_liquidation"),
    ("paid_out", "paid_out"),
    ("tax_alpha_kept", "tax_alpha_before_liquidation"),
    ("tax_alpha_liquidated", "tax_alpha_after_liquidation"),
    ("pre_tax_return", "pre_tax_return"),
    ("tracking_error", "tracking_error_ex_post"),
    ("risk_aversion", "risk_aversion"),
    ("worst_gap", "worst_gap"),
    ("orders", "orders"),
    ("transfers", "transfers"),
    ("tickets", "workload.tickets"),
    ("tasks", "workload.tasks"),
];

/// Checks everything. `text` is summary.json as written, `marks` those of each arm.
pub(super) fn check_study(
    facts: &Facts,
    text: &str,
    (marks, parts): (&BTreeMap<&str, &[Mark]>, &Parts),
    check: &mut Check,
) -> Result<(), Failure> {
    if let Some(config) = compact_member(text, "config") {
        let hash = hex(&Sha256::digest(config.as_bytes()));
        check.same(
            FILE,
            "config_hash",
            "hash of the configuration",
            facts.config_hash.as_str(),
            hash.as_str(),
        );
    }
    check.same(FILE, "seed", "figure", facts.seed, facts.config.seed);
    check_inputs(facts, check)?;
    for (name, arm) in facts.arms.iter().filter(|(name, _)| *name != MATCHED) {
        let asked = facts.config.trading.risk_aversion;
        let path = format!("arms.{name}.risk_aversion");
        check.near_or_none(path, figure(arm, "risk_aversion"), Some(asked), NEAR * asked);
    }
    check_headline(facts, check);
    check_work(facts, check);
    for (at, row) in facts.difference.iter().enumerate() {
        check_parts(facts, (marks, parts), (at, row), check);
    }
    if !facts.ladder.is_null() {
        check_ladder(facts, check);
    }
    Ok(())
}

fn difference(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    Some(a? - b?)
}

/// Checks that the headline's middle run is UMA minus SMA, and that it and the median lie in the range.
fn check_headline(facts: &Facts, check: &mut Check) {
    let (Some(uma), Some(sma)) = (facts.arms.get("uma"), facts.arms.get("sma")) else { return };
    if facts.headline.is_null() {
        check.fault(FILE, "headline", "figure", "", "UMA less SMA");
        return;
    }
    for name in [
        "wealth_before_liquidation",
        "wealth_after_liquidation",
        "tax_alpha_before_liquidation",
        "tax_alpha_after_liquidation",
        "pre_tax_return",
    ] {
        // Wealth figures include money paid out earlier.
        let paid =
            |arm: &Value| figure(arm, "paid_out").filter(|_| name.starts_with("wealth_")).unwrap_or(0.0);
        let expected =
            figure(uma, name).zip(figure(sma, name)).map(|(u, s)| (u + paid(uma)) - (s + paid(sma)));
        let of = |key: &str| figure(&facts.headline, &format!("{name}.{key}"));
        let tolerance = NEAR * expected.unwrap_or(0.0).abs().max(1.0);
        check.near_or_none(format!("headline.{name}.middle_run"), of("middle_run"), expected, tolerance);
        if let (Some(value), Some(middle), Some(low), Some(high)) =
            (of("value"), of("middle_run"), of("low"), of("high"))
        {
            check.figures += 2;
            for (key, x) in [("value", value), ("middle_run", middle)] {
                if x < low || x > high {
                    let (row, range) = (format!("headline.{name}.{key}"), format!("{low} to {high}"));
                    check.fault(FILE, row, "figure", x, range);
                }
            }
        } else if expected.is_some() {
            check.fault(FILE, format!("headline.{name}"), "figure", "", "value, middle_run, low and high");
        }
    }
    let te = [uma, sma].map(|arm| figure(arm, "tracking_error_ex_post"));
    let paid = [uma, sma].map(|arm| figure(arm, "paid_out"));
    for (name, expected, tolerance) in [("tracking_error", te, NEAR), ("paid_out", paid, 1e-5)] {
        let stated = facts.headline.get(name).and_then(Value::as_array);
        for (at, expected) in expected.into_iter().enumerate() {
            let found = stated.and_then(|e| e.get(at)).and_then(Value::as_f64);
            check.near_or_none(format!("headline.{name}[{at}]"), found, expected, tolerance);
        }
    }
    let matched = facts.arms.get(MATCHED).and_then(|arm| figure(arm, "tracking_error_ex_post"));
    if let (Some(said), Some(uma), Some(sma)) = (facts.equal_tracking_error, matched, te[1]) {
        check.same(FILE, "equal_tracking_error", "figure", said, (uma / sma - 1.0).abs() < MATCH);
    }
}

/// Checks the work in each setup: the counts of its arm, and their hours at the minutes of the configuration.
fn check_work(facts: &Facts, check: &mut Check) {
    let minutes = facts.config.workload;
    for (at, row) in facts.work.iter().enumerate() {
        let name = row.get("arm").and_then(Value::as_str).unwrap_or("");
        let counts = ["tasks", "tickets", "transfers", "orders"].map(|key| {
            let arm = facts.arms.get(name);
            let expected = arm.and_then(|a| figure(a, &format!("workload.{key}")));
            check.near_or_none(format!("work[{at}].{key}"), figure(row, key), expected, NEAR);
            expected.unwrap_or(0.0)
        });
        let hours = (counts[0] * minutes.minutes_per_task
            + counts[1] * minutes.minutes_per_ticket
            + counts[2] * minutes.minutes_per_transfer)
            / 60.0;
        check.near_or_none(format!("work[{at}].hours"), figure(row, "hours"), Some(hours), NEAR);
        let dollars = minutes.hourly_rate.map(|rate| rate * hours);
        check.near_or_none(format!("work[{at}].dollars"), figure(row, "dollars"), dollars, 1e-6);
    }
}

/// Checks UMA minus a setup with separate managers: the parts add up to the total, the total is the arms' wealth
/// and what they paid out, and the figures beside it follow from the arms.
fn check_parts(
    facts: &Facts,
    (marks, parts): (&BTreeMap<&str, &[Mark]>, &Parts),
    (at, row): (usize, &Value),
    check: &mut Check,
) {
    let place = format!("difference[{at}]");
    let word = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or("");
    let arm = |name: &'_ str| facts.arms.get(name).zip(marks.get(name));
    let (Some((uma, its_marks)), Some((sma, other_marks))) = (arm("uma"), arm(word("against"))) else {
        check.fault(FILE, format!("{place}.against"), "figure", word("against"), "an arm of the folder");
        return;
    };
    check_sums(&place, row, check);
    let ending = match word("ending") {
        "liquidated" => "wealth_after_liquidation",
        _ => "wealth_before_liquidation",
    };
    let wealth = |arm: &Value| Some(figure(arm, ending)? + figure(arm, "paid_out")?);
    let of = |key: &str| (format!("{place}.{key}"), figure(row, key));
    let mut near = |(path, found): (String, Option<f64>), expected: Option<f64>, tolerance: f64| {
        check.near_or_none(path, found, expected, tolerance);
    };
    near(of("total"), difference(wealth(uma), wealth(sma)), 1e-5);
    let dollar_years = dollar_years(its_marks, other_marks);
    if dollar_years > 0.0 {
        let rate = figure(row, "setup").map(|setup| 1e4 * setup / dollar_years);
        near(of("bp_a_year"), rate, NEAR * rate.unwrap_or(0.0).abs().max(1.0));
    }
    let [u, s] = [uma, sma].map(|arm| figure(arm, "tracking_error_ex_post").unwrap_or(0.0));
    let risk = 0.5 * facts.config.trading.risk_aversion * (s * s - u * u) * dollar_years;
    near(of("risk"), Some(risk), 1e-4 + NEAR * risk.abs());
    let is_sold = word("ending") == "liquidated";
    if let Some(split) = parts.get(&(word("against").to_owned(), is_sold)) {
        let value = its_marks.last().map_or(0.0, |m| m.value.to_f64());
        for (name, part) in PARTS.into_iter().zip(split) {
            near(of(name), Some(*part), 0.05 + 5e-7 * value);
        }
    }
}

/// Checks that the parts of a difference add up: exactly, but for sums of floating point.
pub(super) fn check_sums(place: &str, row: &Value, check: &mut Check) {
    for (key, parts) in [
        ("setup", &["tax", "fees", "costs"][..]),
        ("total", &["setup", "cash", "classes", "names", "unpaid"][..]),
    ] {
        let parts: Vec<f64> = parts.iter().filter_map(|part| figure(row, part)).collect();
        let sum = parts.iter().fold(0.0, |sum, x| sum + x);
        let size = parts.iter().fold(0.0, |sum, x| sum + x.abs());
        let tolerance = parts.len() as f64 * f64::EPSILON * size;
        check.near_or_none(
            format!("{place}.{key}, sum of its parts"),
            figure(row, key),
            Some(sum),
            tolerance,
        );
    }
}

/// Average value of two arms times years, in dollars.
pub(super) fn dollar_years(uma: &[Mark], sma: &[Mark]) -> f64 {
    let values = uma.iter().chain(sma).map(|m| m.value.to_f64());
    let count = (uma.len() + sma.len()).max(1) as f64;
    values.fold(0.0, |sum, v| sum + v) / count * years(uma).unwrap_or(0.0)
}

/// Checks stated differences between two runs.
pub(super) fn check_difference(place: &str, stated: &Value, a: &Value, b: &Value, check: &mut Check) {
    for (key, tolerance) in [
        ("kept", 1e-5),
        ("liquidated", 1e-5),
        ("setup_kept", 1e-5),
        ("setup_liquidated", 1e-5),
        ("tax_alpha_kept", 1e-12),
        ("tax_alpha_liquidated", 1e-12),
        ("pre_tax_return", 1e-12),
    ] {
        let of = |run: &Value| match key {
            // Integers, in ten-thousandths of a dollar.
            "kept" | "liquidated" => {
                let paid = figure(run, "paid_out").unwrap_or(0.0);
                figure(run, key).map(|x| (x + paid) / UNIT)
            }
            "setup_kept" | "setup_liquidated" => figure(run, key).map(|x| -x / UNIT),
            _ => figure(run, key),
        };
        // A run states UMA's setup effect over it, so the better run has the smaller one.
        let expected = difference(of(a), of(b));
        check.near_or_none(format!("{place}.{key}"), figure(stated, key), expected, tolerance);
    }
}

/// Checks a run that is also an arm of the folder.
fn check_run_of_arm(place: &str, run: &Value, arm: &Value, check: &mut Check) {
    for (at, (key, path)) in RUN.into_iter().enumerate() {
        let is_dollars = at < 3;
        let expected = figure(arm, path).map(|x| if is_dollars { (x * UNIT).round() } else { x });
        let tolerance = if is_dollars { 0.5 } else { 1e-12 };
        check.near_or_none(format!("{place}.{key}"), figure(run, key), expected, tolerance);
    }
}

fn words<'a>(value: &'a Value, key: &str) -> BTreeSet<&'a str> {
    let list = value.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

pub(super) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Checks that steps are differences of the runs around them and add up to the total, and that the ends are
/// arms of the folder.
fn check_ladder(facts: &Facts, check: &mut Check) {
    let ladder = &facts.ladder;
    let (steps, runs) = (list(ladder, "steps"), list(ladder, "runs"));
    let switch = |step: &'_ Value| step.get("switch").and_then(Value::as_str).unwrap_or("").to_owned();
    let acts = |step: &&Value| step.get("acts").and_then(Value::as_bool).unwrap_or(false);
    let acting: BTreeSet<String> = steps.iter().filter(acts).map(switch).collect();
    let is_equal = |run: &Value, to: &str| run.get("equal").and_then(Value::as_str) == Some(to);
    let on = |run: &Value| -> BTreeSet<String> {
        words(run, "switches").into_iter().filter(|s| acting.contains(*s)).map(str::to_owned).collect()
    };
    let rung = |count: usize| {
        let asked: BTreeSet<String> =
            steps.iter().take(count).map(switch).filter(|s| acting.contains(s)).collect();
        runs.iter().find(|r| is_equal(r, "risk_aversion") && on(r) == asked)
    };
    let rungs: Option<Vec<&Value>> = (0..=steps.len()).map(rung).collect();
    let Some((rungs, (first, full))) = rungs.and_then(|r| Some((r.clone(), (*r.first()?, *r.last()?))))
    else {
        check.fault(FILE, "ladder.runs", "run", "", "a run for each step");
        return;
    };
    for (at, (step, pair)) in steps.iter().zip(rungs.windows(2)).enumerate() {
        check_difference(&format!("ladder.steps[{at}]"), step, pair[1], pair[0], check);
    }
    let at_equal_error = runs.iter().find(|r| is_equal(r, "tracking_error"));
    let null = Value::Null;
    let of = |key: &str| ladder.get(key).unwrap_or(&null);
    check_difference("ladder.total", of("total"), full, first, check);
    if let Some(run) = at_equal_error {
        check_difference("ladder.equal_tracking_error", of("equal_tracking_error"), run, full, check);
        if let Some(arm) = facts.arms.get(MATCHED) {
            check_run_of_arm("ladder.runs, at equal tracking error", run, arm, check);
        }
    }
    for key in ["kept", "liquidated"] {
        let sum = steps.iter().filter_map(|p| figure(p, key)).fold(0.0, |sum, x| sum + x);
        check.near_or_none(format!("ladder.total.{key}"), figure(of("total"), key), Some(sum), 1e-4);
    }
    let asked = facts.config.trading.risk_aversion;
    for run in runs.iter().filter(|r| is_equal(r, "risk_aversion")) {
        let name = run.get("name").and_then(Value::as_str).unwrap_or("");
        let path = format!("ladder.runs {name}.risk_aversion");
        check.near_or_none(path, figure(run, "risk_aversion"), Some(asked), NEAR * asked);
    }
    for (place, run, name) in
        [("ladder.runs, UMA", full, "uma"), ("ladder.runs, SMA at its best", first, "sma_best")]
    {
        if let Some(arm) = facts.arms.get(name) {
            check_run_of_arm(place, run, arm, check);
        }
    }
    let is_best = |row: &&Value| row.get("against").and_then(Value::as_str) == Some("sma_best");
    for row in facts.difference.iter().filter(is_best) {
        let key = format!("setup_{}", row.get("ending").and_then(Value::as_str).unwrap_or(""));
        let setup = figure(row, "setup").map(|x| x * UNIT);
        for (run, expected) in [(full, Some(0.0)), (first, setup)] {
            check.near_or_none(format!("ladder.runs.{key}"), figure(run, &key), expected, 2.0);
        }
    }
}

/// Part of a bill on a further $10,000 of gain by term, per dollar, under the law and with the income of two
/// years. Losses from outside, and dated gains, are left out.
fn marginal_rates(
    facts: &Facts,
    (law_year, income_year): (i32, i32),
    part: impl Fn(&TaxBill) -> Money,
) -> Result<(f64, f64), Failure> {
    let inputs = &facts.tax_inputs;
    let law = inputs.laws(facts.config.start.year())?.of(law_year);
    let mut outside = inputs.outside().in_year(&inputs.outside_income, income_year);
    outside.net_short = outside.net_short.max(Money::ZERO);
    outside.net_long = outside.net_long.max(Money::ZERO);
    let more = Money::whole(10_000);
    let tax = |income: Income| part(&bill(&law, &outside, &income, Carryforward::default()));
    let rate = |income: Income| (tax(income) - tax(Income::default())).to_f64() / more.to_f64();
    Ok((
        rate(Income { net_short: more, ..Income::default() }),
        rate(Income { net_long: more, ..Income::default() }),
    ))
}

/// Checks that the tax inputs repeat the configuration.
fn check_inputs(facts: &Facts, check: &mut Check) -> Result<(), Failure> {
    let (inputs, config) = (&facts.tax_inputs, &facts.config);
    let (tax, outside) = (&config.tax, &config.tax.outside);
    let mut same = |name: &str, found: String, expected: String| {
        check.same(FILE, format!("tax_inputs.{name}"), "figure", found, expected);
    };
    same("law", format!("{:?}", inputs.law), format!("{:?}", tax.law));
    same("state", format!("{:?}", inputs.state), format!("{:?}", outside.state));
    same("deduction", format!("{:?}", inputs.deduction), format!("{:?}", outside.deduction));
    same("amt_preferences", inputs.amt_preferences.to_string(), outside.amt_preferences.to_string());
    let changes = &config.household.outside_income;
    same("outside_income", format!("{:?}", inputs.outside_income), format!("{changes:?}"));
    same("year", inputs.year.to_string(), tax.year.to_string());
    same("status", format!("{:?}", inputs.status), format!("{:?}", tax.status));
    for (name, found, expected) in [
        ("ordinary_taxable", inputs.ordinary_taxable, outside.ordinary_taxable),
        ("magi", inputs.magi, outside.magi),
        (
            "outside_net_investment_income",
            inputs.outside_net_investment_income,
            outside.net_investment_income,
        ),
        ("outside_net_short", inputs.outside_net_short, outside.net_short),
        ("outside_net_long", inputs.outside_net_long, outside.net_long),
        ("outside_qualified", inputs.outside_qualified, outside.qualified_dividends),
        ("carry_short", inputs.carry_short, tax.carry_short),
        ("carry_long", inputs.carry_long, tax.carry_long),
    ] {
        same(name, found.to_string(), expected.to_string());
    }
    for (name, found, expected) in [
        ("state_rate", inputs.state_rate, outside.state_rate),
        ("charity_share", inputs.charity_share, config.ending.charity_share),
    ] {
        same(name, found.to_string(), expected.to_string());
    }
    let (found, expected) = (&inputs.outside_gains, &config.household.outside_gains);
    same("outside_gains", format!("{found:?}"), format!("{expected:?}"));
    let donee = &config.ending;
    let (first, last) = (config.start.year(), facts.end.year());
    let law_year = if inputs.law == LawMode::Dated { last } else { first };
    let flat = marginal_rates(facts, (law_year, last), TaxBill::total)?;
    let state = marginal_rates(facts, (first, first), |bill| bill.state_tax)?;
    let discount = |years: f64| libm::pow(1.0 + tax.deferral.rate, -years);
    for (name, found, expected) in [
        ("inflation", inputs.inflation, Some(tax.inflation)),
        ("state_short", inputs.state_short, Some(state.0)),
        ("state_long", inputs.state_long, Some(state.1)),
        ("liquidation_short", inputs.liquidation_short, tax.liquidation_short.or(Some(flat.0))),
        ("liquidation_long", inputs.liquidation_long, tax.liquidation_long.or(Some(flat.1))),
        ("donee_short", inputs.donee_short, donee.donee_short.or(Some(inputs.liquidation_short))),
        ("donee_long", inputs.donee_long, donee.donee_long.or(Some(inputs.liquidation_long))),
        (
            "deferral_discount",
            inputs.deferral_discount,
            Some(discount(tax.deferral.years) * (1.0 - tax.deferral.step_up)),
        ),
        (
            "carryforward_discount",
            inputs.carryforward_discount,
            Some(discount(tax.deferral.carryforward_years)),
        ),
    ] {
        if let Some(expected) = expected {
            check.near(FILE, format!("tax_inputs.{name}"), "figure", (found, expected, NEAR));
        }
    }
    Ok(())
}
