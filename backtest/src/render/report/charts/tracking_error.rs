//! Tracking error over the past year and its forecast: one chart for each arm, all on one scale.

use unisleeve_core::study::StudyArm;
use unisleeve_core::study::measure::rolling_tracking_error;

use super::figures::by_year;
use super::series::{Series, daily, marks, monthly, short, yearly};
use crate::render::chart::Chart;
use crate::render::chart::line_chart;
use crate::render::format::percent;
use crate::render::report::arms::words;
use crate::render::svg::{Axes, Line, LineChart};
use crate::render::ticks::Unit;

/// Builds the charts.
pub(super) fn charts(arms: &[&StudyArm]) -> Vec<Option<Chart>> {
    let both: Vec<(&StudyArm, Series, Series)> =
        arms.iter().map(|a| (*a, rolling_tracking_error(marks(a)), daily(a, |m| m.te_ex_ante))).collect();
    let mut most = 0.0;
    for (_, v) in both.iter().flat_map(|(_, past, ahead)| monthly(past).into_iter().chain(monthly(ahead))) {
        most = if v > most { v } else { most };
    }
    both.iter().map(|(arm, past, ahead)| chart(arm, past, ahead, most)).collect()
}

fn chart(arm: &StudyArm, past: &Series, ahead: &Series, most: f64) -> Option<Chart> {
    let write = |x| percent(x, 2);
    let (realized, forecast) =
        (write(arm.measures.tracking_error_ex_post), write(arm.measures.tracking_error_ex_ante));
    let name = short(arm);
    let chart = LineChart {
        label: format!(
            "Tracking error of {name} over time. Over the whole span {realized} realized, {forecast} forecast on average."
        ),
        unit: Unit::Percent,
        axes: Axes { up: "Tracking error against the policy mix, % a year", along: "month ends" },
        reach: vec![0.0, most],
        sides: None,
        lines: vec![
            Line { class: "forecast", name: "Forecast".to_owned(), points: monthly(ahead) },
            Line { class: words(arm.name).class, name: "Realized".to_owned(), points: monthly(past) },
        ],
    };
    line_chart(
        format!("Tracking error of {name}: {realized} realized, {forecast} forecast"),
        "Realized (ex post): of the 252 sessions before, so that the line starts a year into the run. Forecast (ex ante): of \
         that day’s holdings by the risk model. The heading’s figures are those of the whole span."
            .to_owned(),
        &chart,
        by_year(
            vec![("Realized, past year".to_owned(), yearly(past)), ("Forecast".to_owned(), yearly(ahead))],
            "Year end",
            &write,
        )
        .and("Whole span", [realized.clone(), forecast.clone()]),
    )
}
