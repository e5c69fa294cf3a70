//! Net gains of one term (short or long) realized in each tax year.

use unisleeve_core::study::StudyArm;
use unisleeve_core::study::measure::RealizedYear;
use unisleeve_core::units::Money;

use super::draw::{YearlyBars, each};
use super::series::Years;
use crate::render::chart::Chart;
use crate::render::format::dollars;
use crate::render::svg::Axes;
use crate::render::ticks::Unit;

/// Builds the chart for one term.
pub(super) fn chart(arms: &[&StudyArm], term: &str, of: fn(&RealizedYear) -> Money) -> Option<Chart> {
    let by_year = |a: &StudyArm| -> Years {
        a.measures.realized_by_year.iter().map(|y| (y.year, of(y).to_f64())).collect()
    };
    let arms: Vec<(&StudyArm, Years)> = arms.iter().map(|a| (*a, by_year(a))).collect();
    let sum = |years: &Years| Some(years.values().sum());
    let totals = each(&arms, sum, &dollars);
    YearlyBars {
        arms: &arms,
        title: format!("Net {term} gains: {totals}"),
        label: format!("Net {term} gains realized in each tax year. All years together: {totals}."),
        note: format!(
            "Realized {term} gains less losses as the year’s return has them, before what is carried in."
        ),
        unit: Unit::Dollars,
        axes: Axes { up: "Net gain of the term, dollars", along: "tax year" },
        sides: ("gains", "losses"),
        first: "Tax year",
    }
    .chart(vec![("All years", arms.iter().map(|(_, y)| dollars(sum(y))).collect())])
}
