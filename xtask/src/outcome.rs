//! How anything here ends.

/// A value, or one sentence on what went wrong.
pub(crate) type Outcome<T> = Result<T, String>;
