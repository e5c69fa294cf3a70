//! Formats figures for readers: text for the terminal, SVG charts, HTML pages.

pub(crate) mod arm_table;
pub(crate) mod chart;
pub(crate) mod commented_toml;
pub(crate) mod difference;
pub(crate) mod format;
pub(crate) mod page;
pub(crate) mod plain;
pub(crate) mod report;
pub(crate) mod setups;
pub(crate) mod sheet;
pub(crate) mod svg;
pub(crate) mod switches;
pub(crate) mod templates;
pub(crate) mod ticks;
