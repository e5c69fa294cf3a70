//! A line chart over time, each line labeled at its end.

use std::fmt::Write;

use chrono::NaiveDate;

use super::canvas::{Size, escape, open, text_width};
use super::frame::{Axes, Frame};
use super::labels::spread;
use crate::render::ticks::{Unit, dates};

/// One line.
pub(crate) struct Line {
    /// Class that gives its color and dashes.
    pub(crate) class: &'static str,
    /// Name at its end.
    pub(crate) name: String,
    /// Points, rising in time.
    pub(crate) points: Vec<(NaiveDate, f64)>,
}

/// A chart of lines.
pub(crate) struct LineChart {
    /// What it shows, in a sentence, for those who can't see it.
    pub(crate) label: String,
    /// What the value axis counts.
    pub(crate) unit: Unit,
    /// What the axes count.
    pub(crate) axes: Axes,
    /// Values that the axis reaches whatever the lines do: zero, or what makes two charts comparable.
    pub(crate) reach: Vec<f64>,
    /// Words for above and below zero.
    pub(crate) sides: Option<(&'static str, &'static str)>,
    /// Lines; the last is drawn on top.
    pub(crate) lines: Vec<Line>,
}

/// From the plot to a label: leader, sample of the line, space.
const LEADER: f64 = 12.0;
const SAMPLE: f64 = 24.0;

impl LineChart {
    /// The chart at a size; none when no line has a point.
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
