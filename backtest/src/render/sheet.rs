//! A page of charts with the inputs they depend on. `compare` and `sweep` write it beside their rows.

use serde::Serialize;

use super::chart::{Chapter, Figures};
use super::page::Page;
use super::templates::ReportError;

/// The content of the page.
#[derive(Debug, Serialize)]
pub(crate) struct Sheet {
    #[serde(skip)]
    pub title: &'static str,
    #[serde(skip)]
    pub span: String,
    /// Introductory sentences before the charts.
    pub lead: Vec<String>,
    pub words: Vec<(String, String)>,
    pub chapters: Vec<Chapter>,
    /// Tables without a chart, each with its title.
    pub tables: Vec<(&'static str, Figures)>,
    pub assumptions: Vec<String>,
    #[serde(skip)]
    pub version: &'static str,
    #[serde(skip)]
    pub seed: u64,
    #[serde(skip)]
    pub hashes: Vec<(&'static str, String)>,
}

impl Sheet {
    /// Renders the page as HTML.
    pub(crate) fn render(&self) -> Result<String, ReportError> {
        let page = Page {
            tab: format!("{}: {}", self.title, self.span),
            title: self.title,
            span: &self.span,
            version: self.version,
            seed: self.seed,
            hashes: &self.hashes,
        };
        page.render("sheet.html", "sheet", self)
    }
}
