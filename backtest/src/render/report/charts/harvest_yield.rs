//! How loss harvesting fades: loss harvest yield by year since inception.

use unisleeve_core::study::StudyArm;

use super::draw::{YearlyBars, each};
use super::series::Years;
use crate::render::chart::Chart;
use crate::render::format::percent;
use crate::render::svg::Axes;
use crate::render::ticks::Unit;

/// Builds the chart.
pub(super) fn chart(arms: &[&StudyArm]) -> Option<Chart> {
    let by_year = |a: &StudyArm| -> Years {
        let years = a.measures.harvest_yield.iter();
        years.filter_map(|y| Some((i32::try_from(y.year).ok()?, y.harvest_yield?))).collect()
    };
    let arms: Vec<(&StudyArm, Years)> = arms.iter().map(|a| (*a, by_year(a))).collect();
    let first = each(&arms, |years| years.get(&1).copied(), &|x| percent(x, 2));
    YearlyBars {
        arms: &arms,
        title: format!("Loss harvest yield: {first} in the first year"),
        label: format!(
            "Losses recognized over average value, by year since the start. In the first year: {first}."
        ),
        note: "Losses recognized in each year since the start over the average value of that year. It fades as the lots that \
               are left have gained; contributions bring new lots, and with them new losses. The last year may be a part \
               of one."
            .to_owned(),
        unit: Unit::Percent,
        axes: Axes { up: "Losses over average value, % a year", along: "year since the start" },
        sides: ("losses", ""),
        first: "Year of the run",
    }
    .chart(Vec::new())
}
