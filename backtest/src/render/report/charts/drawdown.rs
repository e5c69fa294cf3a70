//! Drawdown of each arm: how far its after-tax wealth is below its highest point so far.

use std::collections::BTreeMap;

use chrono::Datelike;
use unisleeve_core::study::StudyArm;
use unisleeve_core::study::measure::{drawdowns, largest_drawdown};

use super::draw::each;
use super::figures::by_year;
use super::series::{Series, Years, marks, monthly_lowest, short};
use crate::render::chart::Chart;
use crate::render::chart::line_chart;
use crate::render::format::{date, percent};
use crate::render::report::arms::words;
use crate::render::svg::{Axes, Line, LineChart};
use crate::render::ticks::Unit;

/// Builds the chart.
pub(super) fn chart(arms: &[&StudyArm]) -> Option<Chart> {
    let arms: Vec<(&StudyArm, Series)> = arms.iter().map(|a| (*a, drawdowns(marks(a)))).collect();
    let write = |x| percent(x, 1);
    let deepest = |points: &Series| largest_drawdown(points).map(|d| d.depth);
    let all = each(&arms, deepest, &write);
    let lines = arms.iter().rev().map(|(arm, points)| Line {
        class: words(arm.name).class,
        name: short(arm),
        points: monthly_lowest(points),
    });
    let chart = LineChart {
        label: format!("Drawdown after tax over time. The deepest: {all}."),
        unit: Unit::Percent,
        axes: Axes { up: "Below the highest point so far, after tax", along: "deepest day of each month" },
        reach: vec![0.0],
        sides: None,
        lines: lines.collect(),
    };
    let when = arms.iter().filter_map(|(arm, points)| {
        let fall = largest_drawdown(points).filter(|d| d.depth < 0.0)?;
        let back = match fall.recovered {
            Some(day) => format!("was back on {}", date(day)),
            None => "was not back by the end".to_owned(),
        };
        let (from, to) = (date(fall.peak), date(fall.trough));
        Some(format!(" {} fell from {from} to {to} and {back}.", short(arm)))
    });
    line_chart(
        format!("Largest fall after tax: {all}"),
        format!(
            "Growth by daily after-tax returns, flows of the client left out, against its highest so far.{}",
            when.collect::<String>()
        ),
        &chart,
        by_year(
            arms.iter().map(|(arm, points)| (short(arm), lowest_of_years(points))).collect(),
            "Deepest in",
            &write,
        ),
    )
}

fn lowest_of_years(points: &Series) -> Years {
    let mut lowest = BTreeMap::new();
    for (day, depth) in points {
        let year = lowest.entry(day.year()).or_insert(*depth);
        *year = if *depth < *year { *depth } else { *year };
    }
    lowest
}
