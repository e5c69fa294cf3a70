//! Charts as inline SVG without scripts. Colors and fonts come from the page's style sheet.

mod bars;
mod canvas;
mod frame;
mod labels;
mod line;
mod range;
mod rows;

pub(crate) use bars::{BarChart, Bars};
pub(crate) use canvas::{NARROW, WIDE};
pub(crate) use frame::Axes;
pub(crate) use line::{Line, LineChart};
pub(crate) use range::range_strip;
pub(crate) use rows::{Row, RowChart};
