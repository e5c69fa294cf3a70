//! Bars that lie: one a row, left and right of zero, each with its figure at its end.

use std::fmt::Write;

use super::{Size, escape, open_at, text_width};

/// One row.
pub(in super::super) struct Row {
    /// Class that gives its colour and fill.
    pub(in super::super) class: &'static str,
    /// What it is.
    pub(in super::super) name: String,
    /// Its bar.
    pub(in super::super) value: f64,
    /// The figure as it is written at the bar's end.
    pub(in super::super) figure: String,
}

/// A chart of rows in groups.
pub(in super::super) struct RowChart {
    /// What it shows, in a sentence, for those who can't see it.
    pub(in super::super) label: String,
    /// What the bars measure, with its unit.
    pub(in super::super) axis: &'static str,
    /// Groups under their names; a name may be empty.
    pub(in super::super) groups: Vec<(String, Vec<Row>)>,
}

/// Heights of a row, of a group's name, of the space between groups, and of what names the axis.
const ROW: f64 = 20.0;
const NAME: f64 = 22.0;
const SPACE: f64 = 10.0;
const TOP: f64 = 26.0;

impl RowChart {
    /// The chart at a size, as high as its rows; none without a figure to draw.
    pub(in super::super) fn svg(&self, size: &Size) -> Option<String> {
        let rows = || self.groups.iter().flat_map(|(_, rows)| rows).filter(|r| r.value.is_finite());
        rows().next()?;
        let most = |widths: &mut dyn Iterator<Item = f64>| widths.fold(0.0, |a, b| if b > a { b } else { a });
        let left = most(&mut rows().map(|r| text_width(&r.name))) + 14.0;
        let figure = most(&mut rows().map(|r| text_width(&r.figure))) + 12.0;
        let high = most(&mut rows().map(|r| r.value));
        let low = most(&mut rows().map(|r| -r.value));
        let (room_left, room_right) = (if low > 0.0 { figure } else { 0.0 }, figure);
        let span = if high + low > 0.0 { high + low } else { 1.0 };
        let scale = (size.width - left - room_left - room_right) / span;
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
            for row in rows {
                let middle = y + 14.0;
                let _ = write!(
                    out,
                    "<text class=\"end\" x=\"{:.1}\" y=\"{middle:.1}\">{}</text>",
                    left - 8.0,
                    escape(&row.name)
                );
                let value = if row.value.is_finite() { row.value } else { 0.0 };
                let (from, width) =
                    if value < 0.0 { (zero + value * scale, -value * scale) } else { (zero, value * scale) };
                if width > 0.0 {
                    let _ = write!(
                        out,
                        "<rect class=\"bar {}\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{:.1}\"/>",
                        row.class,
                        y + 3.5,
                        ROW - 7.0
                    );
                }
                let (class, x) = if value < 0.0 { ("end", from - 6.0) } else { ("", from + width + 6.0) };
                let _ = write!(
                    out,
                    "<text class=\"{class}\" x=\"{x:.1}\" y=\"{middle:.1}\">{}</text>",
                    escape(&row.figure)
                );
                y += ROW;
            }
            let top = y - ROW * rows.len() as f64;
            let _ = write!(out, "<path class=\"zero\" d=\"M{zero:.1} {top:.1}V{y:.1}\"/>");
            y += SPACE;
        }
        out.push_str("</svg>");
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::super::NARROW;
    use super::*;

    fn row(name: &str, value: f64) -> Row {
        Row { class: "uma", name: name.to_owned(), value, figure: format!("{value}") }
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
        // Three quarters of what is there for bars to the right of zero, one to the left.
        let widths: Vec<f64> =
            svg.split(" width=\"").skip(1).filter_map(|w| w.split('"').next()?.parse().ok()).collect();
        assert!((widths[1] - 3.0 * widths[0]).abs() < 0.2, "{widths:?}");
    }

    #[test]
    fn nothing_to_draw_is_none() {
        let chart = |rows| RowChart { label: String::new(), axis: "", groups: vec![(String::new(), rows)] };
        assert!(chart(Vec::new()).svg(&NARROW).is_none());
        assert!(chart(vec![row("A", f64::NAN)]).svg(&NARROW).is_none());
        assert!(!chart(vec![row("A", 0.0)]).svg(&NARROW).unwrap().contains("NaN"));
    }
}
