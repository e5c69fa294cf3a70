//! After-tax wealth of every arm over time.

use unisleeve_core::study::{Study, StudyArm};

use super::draw::{columns, ends, lines};
use super::figures::by_year;
use super::series::{Series, after_tax, daily};
use crate::render::chart::Chart;
use crate::render::chart::line_chart;
use crate::render::format::{MISSING, dollars, number};
use crate::render::svg::{Axes, LineChart};
use crate::render::ticks::Unit;

/// Formats thousands of dollars. In this unit, five arms fit into the table beside a chart.
fn thousands(x: Option<f64>) -> String {
    x.map_or_else(|| MISSING.to_owned(), |x| number(x / 1e3, 0))
}

/// Builds the chart.
pub(super) fn chart(study: &Study) -> Option<Chart> {
    let arms: Vec<(&StudyArm, Series)> = study.arms.iter().map(|a| (a, daily(a, after_tax))).collect();
    let pair: Vec<(&StudyArm, Series)> =
        arms.iter().filter(|(a, _)| matches!(a.name, "uma" | "sma")).cloned().collect();
    let chart = LineChart {
        label: format!(
            "After-tax wealth over time, before liquidation. At the end: {}.",
            ends(&arms, &dollars)
        ),
        unit: Unit::Dollars,
        axes: Axes { up: "After-tax wealth, dollars", along: "month ends" },
        reach: vec![0.0],
        sides: None,
        lines: lines(&arms),
    };
    line_chart(
        format!("After-tax wealth: {}", ends(&pair, &dollars)),
        "Holdings and cash less tax accrued and not yet paid, before liquidation. The client’s payments in and out \
         move it too."
            .to_owned(),
        &chart,
        by_year(columns(&arms), "$ thousand", &thousands),
    )
}
