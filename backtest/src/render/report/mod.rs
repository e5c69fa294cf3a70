//! `report.html`: a study in one file that opens offline, prints well and runs no script.

mod answer;
mod arms;
mod charts;
mod endings;
mod faults;
mod headline;
mod household;
mod measures;
mod model;
mod table;
#[cfg(test)]
mod tests;

use unisleeve_core::study::Study;

use crate::readers::Finding;
use crate::render::page::Page;
use crate::render::templates::ReportError;
use crate::studies::full_summary::FullSummary;

/// Renders the report of a study as HTML. `data_notes` are caveats about the data and are shown word for
/// word. `findings` list each case of questionable data.
///
/// # Errors
/// When the template can't be filled.
pub(crate) fn render(
    study: &Study,
    summary: &FullSummary,
    data_notes: &[String],
    findings: &[Finding],
) -> Result<String, ReportError> {
    let report = model::Report::new(study, summary, data_notes, findings);
    let hashes = [
        ("Configuration", summary.study.config_hash.clone()),
        ("Data", summary.study.data_hash.clone()),
        ("Result", summary.study.result_hash.clone()),
    ];
    let span = model::span(&summary.study);
    let page = Page {
        tab: format!("One manager or a specialist beside an advisor, after tax: {span}"),
        title: "What one manager for the whole portfolio gains or loses, after tax",
        span: &span,
        version: summary.study.version,
        seed: summary.study.seed,
        hashes: &hashes,
    };
    page.render("report.html", "report", &report)
}
