//! Checks the weight and return of each asset class in `class_weights.csv`, and the expenses of funds in
//! daily.csv.
//!
//! The weight is a class's value at the close before over that of the whole portfolio. Its return is the change
//! in price, with the expenses of funds added back, and the income over that value. Cash is what the classes
//! leave of the portfolio and of what it earned before tax, fees and costs.

use super::report::{Check, Line};
use super::rows::{ArmRows, ClassRow};
use super::series::{Series, Session};
use super::value::Mark;

const FILE: &str = "class_weights.csv";
const CASH: &str = "cash";
/// Dollars: a class of less than a cent has no return. Values are whole ten-thousandths.
const LEAST: f64 = 0.009_95;
/// Half of the last decimal in the file.
const HALF: f64 = 0.5e-10;
/// Most amounts in a sum beside those of the classes.
const SUMS: usize = 12;

/// Checks the rows of an arm. `classes` are the asset classes of all arms.
pub(super) fn check_classes(
    classes: &[String],
    (marks, series): (&[Mark], &Series),
    rows: &ArmRows,
    check: &mut Check,
) {
    let mut daily = rows.daily.as_slice();
    let mut rest = rows.classes.as_slice();
    let mut before: Option<&Session> = None;
    for (mark, session) in marks.iter().zip(&series.sessions) {
        daily = &daily[daily.partition_point(|r| r.date < mark.date)..];
        if let Some(row) = daily.first().filter(|r| r.date == mark.date) {
            // Dollars with four decimals.
            let expenses = (row.expenses.to_f64(), session.expenses, 0.5e-4 + 1e-9);
            check.near("daily.csv", Line(row.line), "expenses", expenses);
        }
        let (today, later) = rest.split_at(rest.partition_point(|r| r.date <= mark.date));
        rest = later;
        let of_day = today.iter().filter(|r| before.is_some() && r.date == mark.date);
        for row in today.iter().filter(|r| before.is_none() || r.date != mark.date) {
            check.fault(
                FILE,
                Line(row.line),
                "date",
                row.date,
                "a session after the first, in order of time",
            );
        }
        if let Some(before) = before {
            let of_day: Vec<&ClassRow> = of_day.collect();
            check_session(classes, (before, session), (mark, &of_day), check);
        }
        before = Some(session);
    }
    for row in rest {
        check.fault(FILE, Line(row.line), "date", row.date, "a session of prices.csv");
    }
}

/// Checks the rows of a session. The last one is the cash; a class may have that name too.
fn check_session(
    classes: &[String],
    (before, session): (&Session, &Session),
    (mark, rows): (&Mark, &[&ClassRow]),
    check: &mut Check,
) {
    let (mut cash, mut earned) = (before.value, session.gained(before.value));
    let mut expected: Vec<(&str, f64, f64)> = Vec::new();
    for (name, class) in classes.iter().zip(&session.classes) {
        expected.push((name, class.before, class.gain + class.income));
        cash -= class.before;
        earned -= class.gain + class.income;
    }
    // Each of these sums may be off by half a bit of its largest amount for each term, here and in the run.
    let terms = (SUMS + classes.len()) as f64;
    let off = terms * f64::EPSILON * (before.value + session.value + session.flow.abs());
    let (last, others) = match rows.split_last() {
        Some((last, others)) if last.class == CASH && others.len() == expected.len() => (last, others),
        _ => {
            let found = rows.iter().map(|r| r.class.as_str()).collect::<Vec<&str>>().join(", ");
            check.fault(FILE, mark.date, "asset classes", found, "a row for each class, then cash");
            return;
        }
    };
    let mut compare = |row: &ClassRow, value: f64, gain: f64| {
        let part = |x: f64, of: f64| (of > LEAST).then(|| x / of);
        let bound =
            |of: f64, part: Option<f64>| HALF + off * (1.0 + part.map_or(0.0, f64::abs)) / of.max(LEAST);
        let (weight, rate) = (part(value, before.value), part(gain, value));
        let weight = (row.weight, weight, bound(before.value, weight));
        check.both_or_none(FILE, Line(row.line), "weight", weight);
        check.both_or_none(FILE, Line(row.line), "return", (row.earned, rate, bound(value, rate)));
    };
    let mut missing: Vec<&str> = Vec::new();
    for (name, value, gain) in expected {
        match others.iter().find(|r| r.class == name) {
            Some(row) => compare(row, value, gain),
            None => missing.push(name),
        }
    }
    compare(last, cash, earned);
    for name in missing {
        check.fault(FILE, mark.date, name, "no row", "a row for each class");
    }
}
