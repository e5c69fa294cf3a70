//! A chart on a page: two drawings, a title, a note and the table beside them.

use serde::Serialize;

use super::svg::{BarChart, LineChart, NARROW, RowChart, WIDE};

/// A chart as the page shows it.
#[derive(Debug, Serialize)]
pub(crate) struct Chart {
    /// What it says.
    title: String,
    /// How to read it.
    note: String,
    wide: String,
    narrow: String,
    figures: Figures,
    /// Words in it that need explaining.
    words: Vec<(String, String)>,
    /// Whether the table is too wide to stand beside the chart.
    under: bool,
}

impl Chart {
    /// With its table below it.
    pub(crate) fn with_wide_table(mut self) -> Self {
        self.under = true;
        self
    }

    /// With words explained below it.
    pub(crate) fn explained(mut self, words: Vec<(String, String)>) -> Self {
        self.words = words;
        self
    }
}

/// Charts that belong together.
#[derive(Debug, Serialize)]
pub(crate) struct Chapter {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) charts: Vec<Chart>,
}

/// Figures behind a chart.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    /// What sums the rows up.
    pub(crate) foot: Vec<Vec<String>>,
}

impl Figures {
    /// One more row at the foot.
    pub(crate) fn and(mut self, name: &str, cells: impl IntoIterator<Item = String>) -> Self {
        self.foot.push(std::iter::once(name.to_owned()).chain(cells).collect());
        self
    }
}

/// A chart of lines with its title, its note and its table.
pub(crate) fn line_chart(title: String, note: String, chart: &LineChart, figures: Figures) -> Option<Chart> {
    drawn(title, note, [chart.svg(&WIDE), chart.svg(&NARROW)], figures)
}

/// A chart of bars likewise.
pub(crate) fn bar_chart(title: String, note: String, chart: &BarChart, figures: Figures) -> Option<Chart> {
    drawn(title, note, [chart.svg(&WIDE), chart.svg(&NARROW)], figures)
}

/// A chart of rows likewise.
pub(crate) fn row_chart(title: String, note: String, chart: &RowChart, figures: Figures) -> Option<Chart> {
    drawn(title, note, [chart.svg(&WIDE), chart.svg(&NARROW)], figures)
}

fn drawn(
    title: String,
    note: String,
    [wide, narrow]: [Option<String>; 2],
    figures: Figures,
) -> Option<Chart> {
    Some(Chart { title, note, wide: wide?, narrow: narrow?, figures, words: Vec::new(), under: false })
}
