//! The frame of every page: head, style, title and foot around what the page is about.

use minijinja::Value;
use serde::Serialize;

use super::templates::{ReportError, templates};

/// What stands in the frame.
#[derive(Debug, Serialize)]
pub(crate) struct Page<'a> {
    /// Title of the browser's tab.
    pub tab: String,
    /// Heading.
    pub title: &'a str,
    /// The dates that it is about.
    pub span: &'a str,
    pub version: &'a str,
    pub seed: u64,
    /// Names and SHA-256 of what the figures rest on.
    pub hashes: &'a [(&'static str, String)],
}

impl Page<'_> {
    /// The page as HTML. `template` extends `page.html` and finds its figures under `name`.
    ///
    /// # Errors
    /// When the template can't be filled.
    pub(crate) fn render(
        &self,
        template: &str,
        name: &'static str,
        figures: &impl Serialize,
    ) -> Result<String, ReportError> {
        let context = [("page", Value::from_serialize(self)), (name, Value::from_serialize(figures))];
        Ok(templates()?.get_template(template)?.render(Value::from_iter(context))?)
    }
}
