//! `report.html`: a study in one file that opens offline, prints well and runs no script.

mod arms;
pub(crate) mod charts;
mod endings;
mod faults;
mod headline;
mod household;
mod measures;
mod model;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use charts::{Chapter, Chart, Figures, bar_chart, row_chart};
use minijinja::{Environment, context};
use thiserror::Error;
use unisleeve_core::study::Study;

use crate::commands::backtest::FullSummary;
use crate::readers::Finding;

/// Why a report could not be written.
#[derive(Debug, Error)]
pub(crate) enum ReportError {
    /// The template failed.
    #[error("the report's template failed: {0}")]
    Template(#[from] minijinja::Error),
}

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

pub(crate) fn templates() -> Result<Environment<'static>, ReportError> {
    let mut environment = Environment::new();
    // By its name, a template ending in .html escapes all that it prints.
    environment.add_template("report.html", include_str!("../templates/report.html"))?;
    environment.add_template("sheet.html", include_str!("../templates/sheet.html"))?;
    environment.add_template("parts.html", include_str!("../templates/parts.html"))?;
    environment.add_template("report.css", include_str!("../templates/report.css"))?;
    Ok(environment)
}
