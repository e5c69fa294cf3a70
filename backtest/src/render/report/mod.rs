//! `report.html`: a study in one file that opens offline, prints well and runs no script.

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

use minijinja::context;
use unisleeve_core::study::Study;

use crate::readers::Finding;
use crate::render::templates::{ReportError, templates};
use crate::studies::full_summary::FullSummary;

/// The report of a study as HTML. `data_notes` are the data's own caveats, shown word for word; `findings` are what is
/// questionable about the data one by one.
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
    Ok(templates()?.get_template("report.html")?.render(context! { report })?)
}
