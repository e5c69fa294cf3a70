//! Losses harvested since the start.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use unisleeve_core::books::journal::Mark;
use unisleeve_core::study::StudyArm;

use super::draw::{columns, ends, lines};
use super::figures::by_year;
use super::series::{Series, marks, recognized};
use crate::render::chart::Chart;
use crate::render::chart::line_chart;
use crate::render::format::dollars;
use crate::render::svg::{Axes, LineChart};
use crate::render::ticks::Unit;

/// Builds the chart.
pub(super) fn chart(arms: &[&StudyArm]) -> Option<Chart> {
    let arms: Vec<(&StudyArm, Series)> = arms.iter().map(|a| (*a, to_date(a))).collect();
    let chart = LineChart {
        label: format!("Losses harvested since the start. At the end: {}.", ends(&arms, &dollars)),
        unit: Unit::Dollars,
        axes: Axes { up: "Losses recognized since the start, dollars", along: "month ends" },
        reach: vec![0.0],
        sides: None,
        lines: lines(&arms),
    };
    line_chart(
        format!("Losses harvested: {}", ends(&arms, &dollars)),
        "Losses recognized in taxable accounts since the start, without those that a wash sale disallowed. The line flattens \
         as the lots that are left have gained too much to show a loss."
            .to_owned(),
        &chart,
        by_year(columns(&arms), "Year end", &dollars),
    )
}

fn to_date(arm: &StudyArm) -> Series {
    let mut losses: BTreeMap<NaiveDate, f64> = BTreeMap::new();
    for (date, v) in recognized(arm).into_iter().filter(|(_, v)| *v < 0.0) {
        *losses.entry(date).or_insert(0.0) -= v;
    }
    let mut sum = 0.0;
    let mut add = |m: &Mark| {
        sum += losses.get(&m.date).copied().unwrap_or(0.0);
        (m.date, sum)
    };
    marks(arm).iter().map(&mut add).collect()
}
