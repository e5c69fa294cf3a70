//! A chart on a page: two drawings, a title, a note and a table.

use serde::Serialize;

use super::svg::{BarChart, LineChart, NARROW, RowChart, WIDE};

/// A chart with everything that the page shows around it.
#[derive(Debug, Serialize)]
pub(crate) struct Chart {
    /// The main result.
    title: String,
    /// How to read the chart.
    note: String,
    wide: String,
    narrow: String,
    figures: Figures,
    /// Terms that need an explanation.
    words: Vec<(String, String)>,
    /// Whether the table goes below the chart because it is too wide to go beside it.
    under: bool,
}

impl Chart {
    /// Puts the table below the chart.
    pub(crate) fn with_wide_table(mut self) -> Self {
        self.under = true;
        self
    }

    /// Adds explanations of terms below the chart.
    pub(crate) fn explained(mut self, words: Vec<(String, String)>) -> Self {
        self.words = words;
        self
    }
}

/// A group of related charts.
#[derive(Debug, Serialize)]
pub(crate) struct Chapter {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) charts: Vec<Chart>,
}

/// The table of figures behind a chart.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    /// Summary rows.
    pub(crate) foot: Vec<Vec<String>>,
}

impl Figures {
    /// Adds a row to the summary.
    pub(crate) fn and(mut self, name: &str, cells: impl IntoIterator<Item = String>) -> Self {
        self.foot.push(std::iter::once(name.to_owned()).chain(cells).collect());
        self
    }
}

/// Builds a line chart with its title, note and table.
pub(crate) fn line_chart(title: String, note: String, chart: &LineChart, figures: Figures) -> Option<Chart> {
    drawn(title, note, [chart.svg(&WIDE), chart.svg(&NARROW)], figures)
}

/// Builds a bar chart with its title, note and table.
pub(crate) fn bar_chart(title: String, note: String, chart: &BarChart, figures: Figures) -> Option<Chart> {
    drawn(title, note, [chart.svg(&WIDE), chart.svg(&NARROW)], figures)
}

/// Builds a row chart with its title, note and table.
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
