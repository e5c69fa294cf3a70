//! The work in each setup: tasks, instructions, transfers and hours.

use unisleeve_core::study::measure::Work;

use super::table::Line;
use crate::render::format::Medium;
use crate::render::setups::Setups;

/// The names of the setups, and a line for each count.
pub(crate) fn lines(works: &[Work], setups: Setups, medium: Medium) -> (Vec<String>, Vec<Line>) {
    let heads = works.iter().map(|w| setups.name(w.arm).to_owned()).collect();
    if works.is_empty() {
        return (heads, Vec::new());
    }
    let line = |name, cell: &dyn Fn(&Work) -> String| Line {
        name,
        is_detail: false,
        cells: works.iter().map(cell).collect(),
    };
    let count = |x: f64| medium.number(Some(x), 0);
    let mut lines = vec![
        line("Tasks (managers' days)", &|w| count(w.tasks)),
        line("Instructions", &|w| count(w.tickets)),
        line("Transfers", &|w| count(w.transfers)),
        line("Hours", &|w| medium.number(Some(w.hours), 1)),
    ];
    if works.iter().any(|w| w.dollars.is_some()) {
        lines.push(line("Hours, dollars", &|w| medium.dollars(w.dollars, 0)));
    }
    (heads, lines)
}
