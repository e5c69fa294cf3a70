//! A line chart over time with a label at the end of each line.

use std::fmt::Write;

use chrono::NaiveDate;

use super::canvas::{Size, escape, open, text_width};
use super::frame::{Axes, Frame};
use super::labels::spread;
use crate::render::ticks::{Unit, dates};

/// One line of the chart.
pub(crate) struct Line {
    /// CSS class of its color and dashes.
    pub(crate) class: &'static str,
    /// Label at the end of the line.
    pub(crate) name: String,
    /// Points in chronological order.
    pub(crate) points: Vec<(NaiveDate, f64)>,
}

/// A line chart.
pub(crate) struct LineChart {
    /// Text alternative: a sentence that says what the chart shows.
    pub(crate) label: String,
    /// Unit of the value axis.
    pub(crate) unit: Unit,
    /// Names of the axes.
    pub(crate) axes: Axes,
    /// Values that the axis always includes, such as zero or the range of a chart to compare with.
    pub(crate) reach: Vec<f64>,
    /// Labels for above and below zero.
    pub(crate) sides: Option<(&'static str, &'static str)>,
    /// Lines; the last is drawn on top.
    pub(crate) lines: Vec<Line>,
}

/// Widths between the plot and a label: connecting line, sample of the line, space.
const LEADER: f64 = 12.0;
const SAMPLE: f64 = 24.0;

impl LineChart {
    /// Draws the chart at a size; `None` if no line has a point.
    pub(crate) fn svg(&self, size: &Size) -> Option<String> {
        let points = || self.lines.iter().flat_map(|l| &l.points).filter(|(_, v)| v.is_finite());
        let (from, to) = (points().map(|p| p.0).min()?, points().map(|p| p.0).max()?);
        let mut widest = 0.0;
        for line in &self.lines {
            let width = text_width(&line.name);
            widest = if width > widest { width } else { widest };
        }
        let values = points().map(|p| p.1).chain(self.reach.iter().copied());
        let frame = Frame::new(size, self.unit, values, (LEADER + SAMPLE + 10.0 + widest, 0.0));
        let days = (to - from).num_days().max(1) as f64;
        let x = |d: NaiveDate| frame.left + (d - from).num_days() as f64 / days * (frame.right - frame.left);

        let mut out = open(size, &self.label);
        frame.name_axes(&mut out, self.axes);
        frame.grid(&mut out);
        for (date, label) in dates(from, to, size.ticks.0) {
            frame.below(&mut out, x(date), &label, true);
        }
        if let Some((above, below)) = self.sides
            && frame.has_zero()
        {
            let _ = write!(
                out,
                "<text class=\"side\" x=\"{:.1}\" y=\"{:.1}\">↑ {}</text>",
                frame.left + 4.0,
                frame.top + 14.0,
                above
            );
            if frame.goes_below_zero() {
                let _ = write!(
                    out,
                    "<text class=\"side\" x=\"{:.1}\" y=\"{:.1}\">↓ {}</text>",
                    frame.left + 4.0,
                    frame.bottom - 6.0,
                    below
                );
            }
        }
        let mut ends: Vec<(&Line, f64)> = Vec::new();
        for line in &self.lines {
            let mut path = String::new();
            let mut end = None;
            for (date, value) in line.points.iter().filter(|(_, v)| v.is_finite()) {
                let y = frame.y(*value);
                let _ = write!(path, "{}{:.1} {y:.1}", if end.is_none() { 'M' } else { 'L' }, x(*date));
                end = Some(y);
            }
            if let Some(y) = end {
                let _ = write!(out, "<path class=\"line {}\" d=\"{path}\"/>", line.class);
                ends.push((line, y));
            }
        }
        let wanted: Vec<f64> = ends.iter().map(|(_, y)| *y).collect();
        let heights = spread(&wanted, 18.0, frame.top + 4.0, frame.bottom - 4.0);
        for ((line, y), height) in ends.iter().zip(heights) {
            let sample = frame.right + LEADER;
            let _ = write!(
                out,
                "<path class=\"leader {class}\" d=\"M{:.1} {y:.1}L{sample:.1} {height:.1}\"/>\
                 <path class=\"line {class}\" d=\"M{sample:.1} {height:.1}h{SAMPLE}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                frame.right + 1.0,
                sample + SAMPLE + 6.0,
                height + 4.0,
                escape(&line.name),
                class = line.class,
            );
        }
        out.push_str("</svg>");
        Some(out)
    }
}
