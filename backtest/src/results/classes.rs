//! What the split of UMA minus SMA is made of: the weight and return of each asset class by session.

use unisleeve_core::mandates::Config;
use unisleeve_core::study::Study;
use unisleeve_core::study::difference::{Series, classes, series};

use super::tables::Csv;
use crate::failure::Failure;

/// The word for cash in the column of asset classes.
const CASH: &str = "cash";
/// A class of less than a cent has no return: without cash, the sums of the classes leave some ten-thousandths.
/// Values are whole ten-thousandths, so that none lies at this limit.
const LEAST: f64 = 0.009_95;

/// The series of each arm, in the order of the arms.
pub(super) fn of_arms(study: &Study, config: &Config) -> Vec<Series> {
    let names = classes(&study.arms);
    study.arms.iter().map(|arm| series(arm, &names, config, &study.bench)).collect()
}

/// `class_weights.csv`: the weight of each asset class in the value at a session's start, and its return over
/// the session before tax, fees, costs and expenses of funds. Fractions; a class of less than a cent has no
/// return. Cash is the class `cash`. The first session starts without value and has no rows.
pub(super) fn class_weights(study: &Study, all: &[Series]) -> Result<Vec<u8>, Failure> {
    let mut csv = Csv::new("arm,date,asset_class,weight,return")?;
    let names = classes(&study.arms);
    for (arm, series) in study.arms.iter().zip(all) {
        let dates = arm.result.journal.marks.iter().map(|m| m.date.to_string());
        for (date, pair) in dates.skip(1).zip(series.sessions.windows(2)) {
            let (value, session) = (pair[0].value, &pair[1]);
            let mut row = |name: &str, before: f64, earned: f64| {
                let part =
                    |x: f64, of: f64| if of > LEAST { format!("{:.10}", x / of) } else { String::new() };
                csv.row([arm.name, &date, name, &part(before, value), &part(earned, before)])
            };
            let (mut cash, mut earned) = (value, session.gained(value));
            for (name, class) in names.iter().zip(&session.classes) {
                row(name, class.before, class.gain + class.income)?;
                cash -= class.before;
                earned -= class.gain + class.income;
            }
            row(CASH, cash, earned)?;
        }
    }
    csv.finish()
}
