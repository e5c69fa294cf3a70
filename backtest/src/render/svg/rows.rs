//! Horizontal bars, one per row. Each starts at zero or, in a waterfall, at the end of the bar before, and
//! has its figure at its end.

use std::fmt::Write;

use super::canvas::{Size, escape, open_at, text_width};

/// One row of the chart.
pub(crate) struct Row {
    /// CSS class of its color and fill.
    pub(crate) class: &'static str,
    /// Name of the row.
    pub(crate) name: String,
    /// Start of the bar: zero, or in a waterfall the end of the row before.
    pub(crate) from: f64,
    /// Length of the bar, with its sign.
    pub(crate) value: f64,
    /// Lower and upper end of the range around the figure.
    pub(crate) range: Option<(f64, f64)>,
    /// The figure as text, shown at the end of the bar.
    pub(crate) figure: String,
}

/// A chart of grouped rows.
pub(crate) struct RowChart {
    /// Text alternative: a sentence that says what the chart shows.
    pub(crate) label: String,
    /// What the bars measure, with its unit.
    pub(crate) axis: &'static str,
    /// Named groups of rows; a name may be empty.
    pub(crate) groups: Vec<(String, Vec<Row>)>,
}

impl Row {
    /// A row whose bar starts at zero.
    pub(crate) fn new(class: &'static str, name: String, value: f64, figure: String) -> Self {
        Self { class, name, from: 0.0, value, range: None, figure }
    }

    /// A waterfall. Each row starts where the row before ended and is colored by its sign. The last row is
    /// the total.
    pub(crate) fn waterfall(steps: Vec<Self>, total: Self) -> Vec<Self> {
        Self::waterfall_from(0.0, steps, total)
    }

    /// A waterfall that starts at `at`, the total of the one before.
    pub(crate) fn waterfall_from(mut at: f64, steps: Vec<Self>, total: Self) -> Vec<Self> {
        let mut rows: Vec<Self> = Vec::new();
        for step in steps {
            let class = if step.value < 0.0 { "sma" } else { "uma" };
            let range = step.range.map(|(low, high)| (at + low, at + high));
            let value = step.value;
            rows.push(Self { class, from: at, range, ..step });
            at += value;
        }
        rows.push(Self { class: "shadow", ..total });
        rows
    }

    /// Lowest and highest value to draw.
    fn reach(&self) -> (f64, f64) {
        let end = self.from + self.value;
        let (low, high) = self.range.unwrap_or((end, end));
        let all = [self.from, end, low, high].into_iter().filter(|x| x.is_finite());
        all.fold((self.from, self.from), |(l, h), x| (if x < l { x } else { l }, if x > h { x } else { h }))
    }
}

/// Heights of a row, of a group's name, of the gap between groups, and of the axis label.
const ROW: f64 = 20.0;
const NAME: f64 = 22.0;
const SPACE: f64 = 10.0;
const TOP: f64 = 26.0;

impl RowChart {
    /// Draws the chart at a size, as high as its rows; `None` without a figure to draw.
    pub(crate) fn svg(&self, size: &Size) -> Option<String> {
        let rows = || self.groups.iter().flat_map(|(_, rows)| rows).filter(|r| r.value.is_finite());
        rows().next()?;
        let most = |widths: &mut dyn Iterator<Item = f64>| widths.fold(0.0, |a, b| if b > a { b } else { a });
        let left = most(&mut rows().map(|r| text_width(&r.name))) + 14.0;
        let figure = most(&mut rows().map(|r| text_width(&r.figure))) + 12.0;
        let high = most(&mut rows().map(|r| r.reach().1));
        let low = most(&mut rows().map(|r| -r.reach().0));
        let room_left = if rows().any(|r| r.value < 0.0) { figure } else { 0.0 };
        let span = if high + low > 0.0 { high + low } else { 1.0 };
        let scale = (size.width - left - room_left - figure) / span;
        let zero = left + room_left + low * scale;
        let height = self.groups.iter().fold(TOP, |sum, (name, rows)| {
            sum + ROW * rows.len() as f64 + if name.is_empty() { 0.0 } else { NAME } + SPACE
        });
        let mut out = open_at(size, height, &self.label);
        let _ = write!(out, "<text class=\"axis\" x=\"0\" y=\"13\">{}</text>", self.axis);
        let mut y = TOP;
        for (name, rows) in &self.groups {
            if !name.is_empty() {
                let _ =
                    write!(out, "<text class=\"name\" x=\"0\" y=\"{:.1}\">{}</text>", y + 14.0, escape(name));
                y += NAME;
            }
            let height = ROW * rows.len() as f64;
            let _ = write!(out, "<path class=\"zero\" d=\"M{zero:.1} {y:.1}v{height:.1}\"/>");
            for row in rows {
                let middle = y + 14.0;
                let _ = write!(
                    out,
                    "<text class=\"end\" x=\"{:.1}\" y=\"{middle:.1}\">{}</text>",
                    left - 8.0,
                    escape(&row.name)
                );
                let at = |x: f64| zero + x * scale;
                let (low, high) = row.reach();
                if row.value.is_finite() {
                    row_bar(&mut out, row, (at(row.from), at(row.from + row.value)), y);
                }
                if let Some((low, high)) = row.range {
                    let (low, high, y) = (at(low), at(high), y + ROW / 2.0);
                    let _ = write!(out, "<path class=\"range\" d=\"M{low:.1} {y:.1}H{high:.1}\"/>");
                }
                let (class, x) =
                    if row.value < 0.0 { ("side end", at(low) - 6.0) } else { ("side", at(high) + 6.0) };
                let _ = write!(
                    out,
                    "<text class=\"{class}\" x=\"{x:.1}\" y=\"{middle:.1}\">{}</text>",
                    escape(&row.figure)
                );
                y += ROW;
            }
            y += SPACE;
        }
        out.push_str("</svg>");
        Some(out)
    }
}

/// Draws the bar of the row at `y`, from one horizontal position to another.
fn row_bar(out: &mut String, row: &Row, (from, to): (f64, f64), y: f64) {
    let (left, width) = if to < from { (to, from - to) } else { (from, to - from) };
    if width > 0.0 {
        let _ = write!(
            out,
            "<rect class=\"bar {}\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{:.1}\"/>",
            row.class,
            y + 3.5,
            ROW - 7.0
        );
    }
    if row.from != 0.0 {
        // A line down from the end of the bar before. It crosses rows without a bar.
        let length = if width > 0.0 { 7.0 } else { ROW };
        let _ = write!(out, "<path class=\"step\" d=\"M{from:.1} {:.1}v{length}\"/>", y - 3.5);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::svg::NARROW;

    fn row(name: &str, value: f64) -> Row {
        Row::new("uma", name.to_owned(), value, format!("{value}"))
    }

    #[test]
    fn every_row_has_its_name_and_its_figure() {
        let chart = RowChart {
            label: "Weights".to_owned(),
            axis: "weight",
            groups: vec![(String::new(), vec![row("A", -1.0), row("<B>", 3.0), row("C", f64::NAN)])],
        };
        let svg = chart.svg(&NARROW).unwrap();
        assert_eq!(svg.matches("<rect").count(), 2);
        assert!(svg.contains("&lt;B&gt;") && !svg.contains("<B>"));
        // Bars to the right of zero get three quarters of the width, the bar to the left one quarter.
        let widths: Vec<f64> =
            svg.split(" width=\"").skip(1).filter_map(|w| w.split('"').next()?.parse().ok()).collect();
        assert!((widths[1] - 3.0 * widths[0]).abs() < 0.2, "{widths:?}");
    }

    #[test]
    fn a_waterfall_goes_on_where_it_was() {
        let chart = RowChart {
            label: String::new(),
            axis: "",
            groups: vec![(String::new(), Row::waterfall(vec![row("A", 3.0), row("B", -2.0)], row("C", 1.0)))],
        };
        let svg = chart.svg(&NARROW).unwrap();
        let bars: Vec<&str> = svg.split("<rect").skip(1).collect();
        let of = |bar: &str, name: &str| -> f64 {
            bar.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
        };
        let end = |bar: &str| of(bar, "x") + of(bar, "width");
        assert!((end(bars[0]) - end(bars[1])).abs() < 0.2 && (of(bars[1], "x") - end(bars[2])).abs() < 0.2);
        assert_eq!(svg.matches("class=\"step\"").count(), 1);
    }

    #[test]
    fn nothing_to_draw_is_none() {
        let chart = |rows| RowChart { label: String::new(), axis: "", groups: vec![(String::new(), rows)] };
        assert!(chart(Vec::new()).svg(&NARROW).is_none());
        assert!(chart(vec![row("A", f64::NAN)]).svg(&NARROW).is_none());
        assert!(!chart(vec![row("A", 0.0)]).svg(&NARROW).unwrap().contains("NaN"));
    }
}
