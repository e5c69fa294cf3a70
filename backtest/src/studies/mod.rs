//! What commands run beside the core's study.

pub(crate) mod difference;
pub(crate) mod ladder;
pub(crate) mod spread;
pub(crate) mod vintages;
pub(crate) mod windows;
