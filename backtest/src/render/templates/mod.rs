//! The templates of all pages, each of which is one file that opens offline.

use minijinja::Environment;
use thiserror::Error;

/// Why a report could not be written.
#[derive(Debug, Error)]
pub(crate) enum ReportError {
    /// The template failed.
    #[error("the report's template failed: {0}")]
    Template(#[from] minijinja::Error),
}

/// All templates. Those whose names end in `.html` escape what they print.
pub(crate) fn templates() -> Result<Environment<'static>, ReportError> {
    let mut environment = Environment::new();
    // By its name, a template ending in .html escapes all that it prints.
    environment.add_template("report.html", include_str!("report.html"))?;
    environment.add_template("sheet.html", include_str!("sheet.html"))?;
    environment.add_template("page.html", include_str!("page.html"))?;
    environment.add_template("parts.html", include_str!("parts.html"))?;
    environment.add_template("report.css", include_str!("report.css"))?;
    Ok(environment)
}
