//! A step of a task.

use crate::Outcome;
use crate::project::Project;

/// One thing to do, or to check.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// The word that `--only` takes.
    pub(crate) name: &'static str,
    /// What the line of progress says.
    pub(crate) title: &'static str,
    /// Does it; returns a remark for the line of progress, which may be empty.
    pub(crate) action: fn(&Project) -> Outcome<String>,
}
