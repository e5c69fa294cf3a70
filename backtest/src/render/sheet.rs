//! A page of charts with what they rest on: what a comparison and a sweep write beside their rows.

use minijinja::context;
use serde::Serialize;

use super::chart::{Chapter, Figures};
use super::templates::{ReportError, templates};

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct Sheet {
    pub title: &'static str,
    pub span: String,
    /// What there is to know before the charts.
    pub lead: Vec<String>,
    pub words: Vec<(String, String)>,
    pub chapters: Vec<Chapter>,
    /// Tables without a chart, by their titles.
    pub tables: Vec<(&'static str, Figures)>,
    pub assumptions: Vec<String>,
    pub version: &'static str,
    pub seed: u64,
    pub hashes: Vec<(&'static str, String)>,
}

impl Sheet {
    /// As HTML.
    pub(crate) fn render(&self) -> Result<String, ReportError> {
        Ok(templates()?.get_template("sheet.html")?.render(context! { sheet => self })?)
    }
}
