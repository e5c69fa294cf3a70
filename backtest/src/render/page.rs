//! The frame shared by all pages: head, style, title and footer.

use minijinja::Value;
use serde::Serialize;

use super::templates::{ReportError, templates};

/// The content of the frame.
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
    /// Names and SHA-256 of the inputs that the figures depend on.
    pub hashes: &'a [(&'static str, String)],
}

impl Page<'_> {
    /// Renders the page as HTML. `template` extends `page.html` and receives the figures as `name`.
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
