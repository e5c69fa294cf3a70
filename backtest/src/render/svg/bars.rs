//! A bar chart with categories. Bars extend up and down from zero.

use std::fmt::Write;

use super::canvas::{Size, escape, open, text_width};
use super::frame::{Axes, Frame};
use crate::render::ticks::Unit;

/// One series. For each category, the values that its bars reach from zero: one up, one down, or both.
pub(crate) struct Bars {
    /// CSS class of its color and fill.
    pub(crate) class: &'static str,
    /// Name in the legend.
    pub(crate) name: String,
    /// Values by category.
    pub(crate) values: Vec<Vec<f64>>,
}

/// A bar chart.
pub(crate) struct BarChart {
    /// Text alternative: a sentence that says what the chart shows.
    pub(crate) label: String,
    /// Unit of the value axis.
    pub(crate) unit: Unit,
    /// Names of the axes.
    pub(crate) axes: Axes,
    /// Labels for above and below zero; empty if not needed.
    pub(crate) sides: (&'static str, &'static str),
    /// Names of the categories.
    pub(crate) categories: Vec<String>,
    /// The series.
    pub(crate) series: Vec<Bars>,
}

impl BarChart {
    /// Draws the chart at a size; `None` without a category or a series.
    pub(crate) fn svg(&self, size: &Size) -> Option<String> {
        if self.categories.is_empty() || self.series.is_empty() {
            return None;
        }
        let values = self.series.iter().flat_map(|s| s.values.iter().flatten().copied());
        let frame = Frame::new(size, self.unit, values.chain([0.0]), (8.0, 38.0));
        let mut out = open(size, &self.label);
        frame.name_axes(&mut out, self.axes);
        self.legend(&mut out, frame.left);
        frame.grid(&mut out);
        let slot = (frame.right - frame.left) / self.categories.len() as f64;
        let bar = slot * 0.8 / self.series.len() as f64;
        for (s, series) in self.series.iter().enumerate() {
            for (c, heights) in series.values.iter().enumerate() {
                let x = frame.left + slot * (c as f64 + 0.1) + bar * s as f64;
                for value in heights.iter().filter(|v| v.is_finite() && **v != 0.0) {
                    let (y, zero) = (frame.y(*value), frame.y(0.0));
                    let (top, height) = if y < zero { (y, zero - y) } else { (zero, y - zero) };
                    let _ = write!(
                        out,
                        "<rect class=\"bar {}\" x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{height:.1}\"/>",
                        series.class,
                        x + 0.5,
                        if bar > 2.0 { bar - 1.0 } else { bar },
                    );
                }
            }
        }
        let _ = write!(
            out,
            "<path class=\"zero\" d=\"M{:.1} {:.1}H{:.1}\"/>",
            frame.left,
            frame.y(0.0),
            frame.right
        );
        let widest = self.categories.iter().map(|c| c.chars().count()).max().unwrap_or(4) as f64 * 7.0 + 10.0;
        let every = (widest / slot).ceil().max(1.0) as usize;
        for (c, name) in self.categories.iter().enumerate().filter(|(c, _)| c.is_multiple_of(every)) {
            frame.below(&mut out, frame.left + slot * (c as f64 + 0.5), &escape(name), false);
        }
        let (above, below) = self.sides;
        let below = if frame.goes_below_zero() { below } else { "" };
        let words = [("↑", above, frame.top - 8.0), ("↓", below, frame.bottom - 6.0)];
        for (arrow, word, y) in words.into_iter().filter(|w| !w.1.is_empty()) {
            let x = frame.right - 4.0;
            let _ = write!(out, "<text class=\"side end\" x=\"{x:.1}\" y=\"{y:.1}\">{arrow} {word}</text>");
        }
        out.push_str("</svg>");
        Some(out)
    }

    fn legend(&self, out: &mut String, left: f64) {
        let mut x = left;
        for series in &self.series {
            let _ = write!(
                out,
                "<rect class=\"bar {}\" x=\"{x:.1}\" y=\"25.5\" width=\"12\" height=\"12\"/><text x=\"{:.1}\" y=\"36\">{}</text>",
                series.class,
                x + 18.0,
                escape(&series.name)
            );
            x += 18.0 + text_width(&series.name) + 14.0;
        }
    }
}
