//! The result type of all steps.

/// A value, or one sentence that says what went wrong.
pub(crate) type Outcome<T> = Result<T, String>;
