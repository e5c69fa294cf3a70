//! Checks the later start dates. Their runs have no files in the folder and can't be replayed: checked are
//! differences, sums, what both endings share, and the interval of the setup effect over them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::bootstrap::interval;
use super::facts::{Facts, figure};
use super::figures::{FILE, NEAR};
use super::report::Check;
use super::study::{MATCH, UNIT, check_difference, check_sums, dollar_years, list};
use super::value::Mark;

/// Fewest start dates with an interval.
const LEAST: usize = 5;
/// Part of other holdings below which a setup effect is not separable from them.
const SEPARABLE: f64 = 0.15;

fn word<'a>(row: &'a Value, key: &str) -> &'a str {
    row.get(key).and_then(Value::as_str).unwrap_or("")
}

/// What and how a row compares.
fn pair(row: &Value) -> (&str, &str) {
    (word(row, "against"), word(row, "ending"))
}

/// Checks everything. `marks` are those of each arm.
pub(super) fn check_vintages(facts: &Facts, marks: &BTreeMap<&str, &[Mark]>, check: &mut Check) {
    let starts = list(&facts.vintages, "start_dates");
    for (at, one) in starts.iter().enumerate() {
        if one.get("uma").is_some_and(|uma| !uma.is_null()) {
            check_start(facts, &format!("vintages.start_dates[{at}]"), one, check);
        }
    }
    for (at, row) in facts.difference.iter().enumerate() {
        let place = format!("difference[{at}]");
        let like = |one: &Value| {
            let like = list(one, "difference").iter().find(|other| pair(other) == pair(row));
            like.and_then(|other| figure(other, "bp_a_year"))
        };
        let effects: Vec<f64> = starts.iter().filter_map(like).collect();
        // Start dates are a year apart, so as many overlap as a run has years.
        let years = figure(&facts.vintages, "years").unwrap_or(1.0).max(1.0) as usize;
        let of_arms = marks.get("uma").zip(marks.get(word(row, "against")));
        let dollars = of_arms.map_or(0.0, |(uma, sma)| dollar_years(uma, sma));
        let expected = if effects.len() < LEAST { None } else { interval(&effects, years) };
        for side in 0..2 {
            let found = row.get("setup_interval").and_then(|i| i.get(side)).and_then(Value::as_f64);
            let expected = expected.map(|i| i[side] / UNIT * dollars);
            let tolerance = NEAR * expected.unwrap_or(0.0).abs().max(1.0);
            check.near_or_none(format!("{place}.setup_interval[{side}]"), found, expected, tolerance);
        }
        check_verdict(&place, row, check);
    }
}

/// Checks what is said of a difference: its code follows from interval, setup effect and other holdings.
fn check_verdict(place: &str, row: &Value, check: &mut Check) {
    let bound = |side: usize| row.get("setup_interval").and_then(|i| i.get(side)).and_then(Value::as_f64);
    let of = |key: &str| figure(row, key).unwrap_or(0.0);
    let setup = of("setup");
    let expected = match (bound(0), bound(1)) {
        (Some(low), Some(high)) if low <= 0.0 && high >= 0.0 => "no_measurable_benefit",
        (Some(_), Some(_)) if setup.abs() < SEPARABLE * (of("classes") + of("names")).abs() => {
            "not_separable"
        }
        (Some(_), Some(_)) => {
            if setup > 0.0 {
                "benefit"
            } else {
                "cost"
            }
        }
        _ => "one_path",
    };
    check.same(FILE, format!("{place}.verdict_code"), "figure", word(row, "verdict_code"), expected);
}

/// Checks the runs from one start date.
fn check_start(facts: &Facts, place: &str, one: &Value, check: &mut Check) {
    let null = Value::Null;
    let of = |key: &str| one.get(key).unwrap_or(&null);
    let (uma, sma) = (of("uma"), of("sma"));
    check_difference(&format!("{place}.uma_less_sma"), of("uma_less_sma"), uma, sma, check);
    let asked = facts.config.trading.risk_aversion;
    for (name, run) in [("uma", uma), ("sma", sma)] {
        let path = format!("{place}.{name}.risk_aversion");
        check.near_or_none(path, figure(run, "risk_aversion"), Some(asked), NEAR * asked);
    }
    let errors = figure(uma, "tracking_error").zip(figure(sma, "tracking_error"));
    let is_matched = errors.is_some_and(|(u, s)| (u / s - 1.0).abs() < MATCH);
    let found = of("matched").as_bool().unwrap_or(false);
    check.same(FILE, format!("{place}.matched"), "figure", found, is_matched);
    let date = |key: &str| of(key).as_str().and_then(|d| d.parse::<NaiveDate>().ok());
    if let (Some(from), Some(to), Some(years)) =
        (date("start"), date("end"), figure(&facts.vintages, "years"))
    {
        let length = (to - from).num_days() as f64 / 365.25;
        check.figures += 1;
        // The first day and the last may be no sessions.
        if (length - years).abs() >= 0.1 {
            check.fault(FILE, "vintages.years", "figure", years, length);
        }
    }
    for (at, row) in list(one, "difference").iter().enumerate() {
        let path = format!("{place}.difference[{at}]");
        check_sums(&path, row, check);
        check_verdict(&path, row, check);
        check_shared(&path, row, list(one, "difference"), check);
        if word(row, "against") == "sma" {
            check_runs(facts, &path, row, one, check);
        }
    }
}

/// Checks what both endings of a comparison share: the average value times years, on which basis points count,
/// and the risk.
fn check_shared(path: &str, row: &Value, rows: &[Value], check: &mut Check) {
    let is_other = |other: &&Value| pair(other).0 == pair(row).0 && pair(other).1 != pair(row).1;
    let Some(other) = rows.iter().find(is_other) else {
        check.fault(FILE, path, "ending", word(row, "ending"), "both endings");
        return;
    };
    check.near_or_none(format!("{path}.risk"), figure(row, "risk"), figure(other, "risk"), 1e-5);
    let product = |a: &Value, b: &Value| Some(figure(a, "bp_a_year")? * figure(b, "setup")?);
    let expected = product(other, row);
    let tolerance = NEAR * expected.unwrap_or(0.0).abs() + NEAR;
    check.near_or_none(format!("{path}.bp_a_year, times setup"), product(row, other), expected, tolerance);
}

/// Checks a difference to the setup whose figures are stated beside it.
fn check_runs(facts: &Facts, path: &str, row: &Value, one: &Value, check: &mut Check) {
    let (ending, setup) = (word(row, "ending"), figure(row, "setup"));
    let total = figure(one, &format!("uma_less_sma.{ending}"));
    check.near_or_none(format!("{path}.total"), figure(row, "total"), total, 1e-5);
    // The split with a run's own asset classes may round another way in each part.
    let own = figure(one, &format!("sma.setup_{ending}")).map(|x| x / UNIT);
    check.near_or_none(format!("{path}.setup"), setup, own, 3.0 / UNIT);
    let dollars = setup.zip(figure(row, "bp_a_year")).filter(|(_, bp)| *bp != 0.0);
    if let Some((setup, bp)) = dollars {
        let variance = |run: &str| {
            let error = figure(one, &format!("{run}.tracking_error")).unwrap_or(0.0);
            error * error
        };
        let gamma = facts.config.trading.risk_aversion;
        let risk = 0.5 * gamma * (variance("sma") - variance("uma")) * UNIT * setup / bp;
        check.near_or_none(format!("{path}.risk"), figure(row, "risk"), Some(risk), 1e-4 + NEAR * risk.abs());
    }
}
