//! The templates of all pages. Each page is one file that opens offline.

use minijinja::Environment;
use thiserror::Error;

/// Why a report could not be rendered.
#[derive(Debug, Error)]
pub(crate) enum ReportError {
    /// An error of the template engine.
    #[error("the report's template failed: {0}")]
    Template(#[from] minijinja::Error),
}

/// Loads all templates. A template whose name ends in `.html` escapes its output.
pub(crate) fn templates() -> Result<Environment<'static>, ReportError> {
    let mut environment = Environment::new();
    // The name decides: a template ending in `.html` escapes its output.
    environment.add_template("report.html", include_str!("report.html"))?;
    environment.add_template("sheet.html", include_str!("sheet.html"))?;
    environment.add_template("page.html", include_str!("page.html"))?;
    environment.add_template("parts.html", include_str!("parts.html"))?;
    environment.add_template("report.css", include_str!("report.css"))?;
    Ok(environment)
}
