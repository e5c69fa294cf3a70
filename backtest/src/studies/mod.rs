//! Studies that commands run in addition to the core's study.

pub(crate) mod difference;
pub mod fit;
pub(crate) mod full_summary;
pub(crate) mod holm;
pub(crate) mod ladder;
pub(crate) mod run_row;
pub(crate) mod spread;
pub(crate) mod vintages;
pub(crate) mod windows;
