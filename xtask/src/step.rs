//! A step of a task.

use crate::Outcome;
use crate::project::Project;

/// One action or check.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// The name that `--only` accepts.
    pub(crate) name: &'static str,
    /// The text of the progress line.
    pub(crate) title: &'static str,
    /// Runs the step; returns a remark for the progress line, which may be empty.
    pub(crate) action: fn(&Project) -> Outcome<String>,
}
