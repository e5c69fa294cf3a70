//! The portfolio's tax for each year.

use unisleeve_core::study::StudyArm;

use super::draw::{YearlyBars, each};
use super::series::Years;
use crate::render::chart::Chart;
use crate::render::format::dollars;
use crate::render::svg::Axes;
use crate::render::ticks::Unit;

/// Builds the chart.
pub(super) fn chart(arms: &[&StudyArm]) -> Option<Chart> {
    let arms: Vec<(&StudyArm, Years)> = arms
        .iter()
        .map(|a| (*a, a.result.journal.tax_years.iter().map(|y| (y.year, y.tax.to_f64())).collect()))
        .collect();
    let sum = |years: &Years| Some(years.values().sum());
    let totals = each(&arms, sum, &dollars);
    YearlyBars {
        title: format!("The portfolio’s tax: {totals}"),
        label: format!("The portfolio's tax for each year. All years together: {totals}."),
        note: "Household tax with the portfolio less without it, paid on 15 April of the next year. What the last year \
               still owes is in it."
            .to_owned(),
        unit: Unit::Dollars,
        axes: Axes { up: "Tax of the year, dollars", along: "tax year" },
        sides: ("tax", "saving"),
        first: "Tax year",
        arms: &arms,
    }
    .chart(vec![("All years", arms.iter().map(|(_, y)| dollars(sum(y))).collect())])
}
