//! What one manager is worth, for readers: the rows of the table, as text and as a chart.
//!
//! - [`figure`] reads a difference of one run and of many paths in the same way.
//! - [`parts`] names the parts of a difference, in the order of the table.
//! - [`table`] writes the rows, for the terminal and for pages.
//! - [`text`] lays them out for the terminal.
//! - [`chart`] draws them for pages.
//! - [`work`] writes the work in each setup.

pub(crate) mod chart;
pub(crate) mod figure;
mod parts;
pub(crate) mod table;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod text;
pub(crate) mod work;
