//! Gains and losses recognized in each year, without netting.

use chrono::Datelike;
use unisleeve_core::study::StudyArm;

use super::figures::by_year;
use super::series::{Years, recognized, short, years};
use crate::render::chart::Chart;
use crate::render::chart::bar_chart;
use crate::render::format::dollars;
use crate::render::report::arms::words;
use crate::render::svg::{Axes, BarChart, Bars};
use crate::render::ticks::Unit;

/// Builds the chart.
pub(super) fn chart(arms: &[&StudyArm]) -> Option<Chart> {
    let years = years(arms);
    let (mut series, mut columns, mut totals) = (Vec::new(), Vec::new(), Vec::new());
    for arm in arms {
        let none = || -> Years { years.iter().map(|y| (*y, 0.0)).collect() };
        let (mut gains, mut losses) = (none(), none());
        for (date, v) in recognized(arm) {
            *(if v > 0.0 { &mut gains } else { &mut losses }).entry(date.year()).or_insert(0.0) += v;
        }
        let at = |m: &Years, y: &i32| m.get(y).copied().unwrap_or(0.0);
        series.push(Bars {
            class: words(arm.name).class,
            name: short(arm),
            values: years.iter().map(|y| vec![at(&gains, y), at(&losses, y)]).collect(),
        });
        let total = |m: &Years| dollars(Some(m.values().sum::<f64>().abs()));
        totals.push(format!("{} {} of losses and {} of gains", short(arm), total(&losses), total(&gains)));
        columns.push((format!("{} gains", short(arm)), gains));
        columns.push((format!("{} losses", short(arm)), losses));
    }
    let sums: Vec<String> =
        columns.iter().map(|(_, m): &(String, Years)| dollars(Some(m.values().sum()))).collect();
    let chart = BarChart {
        label: format!("Capital gains and losses recognized in each year. {}.", totals.join("; ")),
        unit: Unit::Dollars,
        axes: Axes { up: "Recognized in the year, dollars", along: "calendar year" },
        sides: ("gains", "losses"),
        categories: years.iter().map(ToString::to_string).collect(),
        series,
    };
    bar_chart(
        "Gains and losses recognized each year".to_owned(),
        format!(
            "Both terms, not netted, in taxable accounts; losses that a wash sale disallowed are left out. All years: {}.",
            totals.join("; ")
        ),
        &chart,
        by_year(columns, "Year", &dollars).and("All years", sums),
    )
}
