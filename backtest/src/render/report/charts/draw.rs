//! Shared parts of charts: lines by arm, bars by arm and year.

use unisleeve_core::study::StudyArm;

use super::figures::{Write, by_year};
use super::series::{Series, Years, monthly, short, yearly};
use crate::render::chart::{Chart, bar_chart};
use crate::render::format::{dollars, percent};
use crate::render::report::arms::words;
use crate::render::svg::{Axes, BarChart, Bars, Line};
use crate::render::ticks::Unit;

/// Arms, each with its data.
pub(super) type Arms<'a, T> = [(&'a StudyArm, T)];

/// One line for each arm. Lines are drawn in reverse order of the table, so the first arm is on top.
pub(super) fn lines(arms: &Arms<'_, Series>) -> Vec<Line> {
    let line = |(arm, points): &(&StudyArm, Series)| Line {
        class: words(arm.name).class,
        name: short(arm),
        points: monthly(points),
    };
    arms.iter().rev().map(line).collect()
}

/// A column of year-end figures for each arm.
pub(super) fn columns(arms: &Arms<'_, Series>) -> Vec<(String, Years)> {
    arms.iter().map(|(arm, points)| (short(arm), yearly(points))).collect()
}

/// One figure of each arm: `UMA $3,566,000, SMA $3,449,000`.
pub(super) fn each<T>(arms: &Arms<'_, T>, of: impl Fn(&T) -> Option<f64>, write: Write<'_>) -> String {
    let one = |(arm, x): &(&StudyArm, T)| format!("{} {}", short(arm), write(of(x)));
    arms.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The last value of each arm, as text.
pub(super) fn ends(arms: &Arms<'_, Series>, write: Write<'_>) -> String {
    each(arms, |points| points.last().map(|p| p.1), write)
}

/// A bar chart by year, with one bar for each arm.
pub(super) struct YearlyBars<'a> {
    pub(super) arms: &'a Arms<'a, Years>,
    pub(super) title: String,
    /// Text alternative: a sentence that says what the chart shows.
    pub(super) label: String,
    pub(super) note: String,
    pub(super) unit: Unit,
    pub(super) axes: Axes,
    /// Labels for above and below zero.
    pub(super) sides: (&'static str, &'static str),
    /// Header of the table's first column.
    pub(super) first: &'static str,
}

impl YearlyBars<'_> {
    /// Formats its figures.
    pub(super) fn written(&self, x: Option<f64>) -> String {
        if self.unit == Unit::Percent { percent(x, 2) } else { dollars(x) }
    }

    /// Builds the chart and adds rows below the table's years.
    pub(super) fn chart(self, foot: Vec<(&str, Vec<String>)>) -> Option<Chart> {
        let mut years: Vec<i32> = self.arms.iter().flat_map(|(_, m)| m.keys().copied()).collect();
        years.sort_unstable();
        years.dedup();
        let series = self.arms.iter().map(|(arm, values)| Bars {
            class: words(arm.name).class,
            name: short(arm),
            values: years.iter().map(|y| values.get(y).copied().into_iter().collect()).collect(),
        });
        let columns = self.arms.iter().map(|(arm, values)| (short(arm), values.clone())).collect();
        let mut figures = by_year(columns, self.first, &|x| self.written(x));
        for (name, cells) in foot {
            figures = figures.and(name, cells);
        }
        let chart = BarChart {
            unit: self.unit,
            axes: self.axes,
            sides: self.sides,
            categories: years.iter().map(ToString::to_string).collect(),
            series: series.collect(),
            label: self.label,
        };
        bar_chart(self.title, self.note, &chart, figures)
    }
}
