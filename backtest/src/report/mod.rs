//! `report.html`: a study in one file that opens offline, prints well and runs no script.

mod arms;
mod charts;
mod endings;
mod faults;
pub(crate) mod format;
mod headline;
mod household;
mod measures;
mod model;
mod svg;
mod table;
#[cfg(test)]
mod tests;
mod ticks;

use minijinja::{Environment, context};
use thiserror::Error;
use unisleeve_core::study::{Study, Summary};

use crate::input::Finding;

/// Why a report could not be written.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The template failed.
    #[error("the report's template failed: {0}")]
    Template(#[from] minijinja::Error),
}

/// The report of a study as HTML. `data_notes` are the data's own caveats, shown word for word; `findings` are what is
/// questionable about the data one by one.
///
/// # Errors
/// When the template can't be filled.
pub fn render(
    study: &Study,
    summary: &Summary,
    data_notes: &[String],
    findings: &[Finding],
) -> Result<String, ReportError> {
    let mut environment = Environment::new();
    // By its name, a template ending in .html escapes all that it prints.
    environment.add_template("report.html", include_str!("report.html"))?;
    environment.add_template("report.css", include_str!("report.css"))?;
    let report = model::Report::new(study, summary, data_notes, findings);
    Ok(environment.get_template("report.html")?.render(context! { report })?)
}
