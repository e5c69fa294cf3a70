//! Tax alpha by calendar year, and how it relates to the tax alpha of the whole run.

use unisleeve_core::study::StudyArm;
use unisleeve_core::study::measure::{TaxAlphaYear, average_of_years, tax_alpha_by_year};

use super::draw::{YearlyBars, each};
use super::series::{Years, marks};
use crate::render::chart::Chart;
use crate::render::format::percent;
use crate::render::svg::Axes;
use crate::render::ticks::Unit;

/// Builds the chart.
pub(super) fn chart(arms: &[&StudyArm], shadow: &StudyArm) -> Option<Chart> {
    let years: Vec<(&StudyArm, Vec<TaxAlphaYear>)> =
        arms.iter().map(|a| (*a, tax_alpha_by_year(marks(a), marks(shadow)))).collect();
    let by_year = |years: &[TaxAlphaYear]| -> Years {
        years.iter().filter_map(|y| Some((y.year, y.tax_alpha?))).collect()
    };
    let bars: Vec<(&StudyArm, Years)> = years.iter().map(|(a, y)| (*a, by_year(y))).collect();
    let write = |x| percent(x, 2);
    let whole: Vec<(&StudyArm, Option<f64>)> =
        arms.iter().map(|a| (*a, a.tax_alpha.and_then(|t| t.before_liquidation))).collect();
    let total = each(&whole, |x| *x, &write);
    let cells = |of: &dyn Fn(usize) -> Option<f64>| (0..arms.len()).map(|i| write(of(i))).collect();
    let foot = vec![
        ("Average of the years", cells(&|i| years.get(i).and_then(|(_, y)| average_of_years(y)))),
        ("Whole span, a year", cells(&|i| whole.get(i).and_then(|w| w.1))),
    ];
    YearlyBars {
        arms: &bars,
        title: format!("Tax alpha before liquidation: {total} a year"),
        label: format!("Tax alpha of each calendar year. Over the whole span, a year: {total}."),
        note: "After-tax less pre-tax return above the shadow portfolio’s, daily returns linked over each calendar year; a \
               part of a year is not annualised. The years don’t add up to the whole span exactly: its figure is a \
               difference of geometric averages, and their average, weighted by length, one of arithmetic."
            .to_owned(),
        unit: Unit::Percent,
        axes: Axes { up: "Tax alpha of the year, % of the portfolio", along: "calendar year" },
        sides: ("ahead of the shadow", "behind it"),
        first: "Year",
    }
    .chart(foot)
}
