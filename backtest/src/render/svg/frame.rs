//! The plot area, its value axis and its grid.

use std::fmt::Write;

use super::canvas::{Size, text_width};
use crate::render::ticks::{Ticks, Unit, nice};

/// Height of the line with the name of the value axis.
const AXIS: f64 = 30.0;

/// Names of the two axes, with units.
#[derive(Clone, Copy)]
pub(crate) struct Axes {
    /// Vertical axis.
    pub(crate) up: &'static str,
    /// Horizontal axis.
    pub(crate) along: &'static str,
}

/// Position of the plot area and mapping from values to coordinates.
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    ticks: Ticks,
    labels: Vec<(f64, String)>,
}

impl Frame {
    /// A frame that covers all values, with space for labels on the right, and for the axis name and a legend
    /// above.
    pub(super) fn new(
        size: &Size,
        unit: Unit,
        values: impl Iterator<Item = f64>,
        margin: (f64, f64),
    ) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for v in values.filter(|v| v.is_finite()) {
            low = if v < low { v } else { low };
            high = if v > high { v } else { high };
        }
        let ticks = nice(low, high, size.ticks.1);
        let labels = ticks.labeled(unit);
        let mut widest = 0.0;
        for (_, l) in &labels {
            let width = text_width(l);
            widest = if width > widest { width } else { widest };
        }
        let (right, top) = margin;
        Self {
            left: widest + 14.0,
            right: size.width - right,
            top: AXIS + top,
            bottom: size.height - 46.0,
            ticks,
            labels,
        }
    }

    /// Vertical coordinate of a value.
    pub(super) fn y(&self, value: f64) -> f64 {
        let (low, high) = (self.ticks.low(), self.ticks.high());
        self.bottom - (value - low) / (high - low) * (self.bottom - self.top)
    }

    /// Whether the axis includes zero.
    pub(super) fn has_zero(&self) -> bool {
        self.ticks.low() <= 0.0 && self.ticks.high() >= 0.0
    }

    /// Whether the axis extends below zero.
    pub(super) fn goes_below_zero(&self) -> bool {
        self.ticks.low() < 0.0
    }

    /// Draws grid lines and their labels.
    pub(super) fn grid(&self, out: &mut String) {
        for (value, label) in &self.labels {
            let y = self.y(*value);
            let class = if *value == 0.0 { "zero" } else { "grid" };
            let _ = write!(
                out,
                "<path class=\"{class}\" d=\"M{:.1} {y:.1}H{:.1}\"/><text class=\"end\" x=\"{:.1}\" y=\"{:.1}\">{label}</text>",
                self.left,
                self.right,
                self.left - 8.0,
                y + 4.0
            );
        }
    }

    /// Writes the axis names: the vertical one above the plot, the horizontal one below.
    pub(super) fn name_axes(&self, out: &mut String, axes: Axes) {
        let _ = write!(
            out,
            "<text class=\"axis\" x=\"0\" y=\"13\">{}</text><text class=\"axis middle\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            axes.up,
            f64::midpoint(self.left, self.right),
            self.bottom + 40.0,
            axes.along
        );
    }

    /// Writes a label below the plot and keeps it within the plot's width.
    pub(super) fn below(&self, out: &mut String, x: f64, label: &str, tick: bool) {
        let half = text_width(label) / 2.0;
        let (least, most) = (self.left - 6.0 + half, self.right + 6.0 - half);
        let at = if x < least {
            least
        } else if x > most {
            most
        } else {
            x
        };
        if tick {
            let _ = write!(out, "<path class=\"zero\" d=\"M{x:.1} {:.1}v5\"/>", self.bottom);
        }
        let _ = write!(
            out,
            "<text class=\"middle\" x=\"{at:.1}\" y=\"{:.1}\">{label}</text>",
            self.bottom + 20.0
        );
    }
}
