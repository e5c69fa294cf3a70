//! The table of differences for the terminal.

use std::fmt::Write as _;

use unisleeve_core::study::difference::DifferenceRow;
use unisleeve_core::study::measure::Work;

use super::figure::Figure;
use super::table::{Line, STEPS, blocks, columns, said};
use super::work;
use crate::render::format::{SENTENCE, TERMINAL};
use crate::render::setups::Setups;

/// Width of the names of lines.
const NAMES: usize = 33;

/// The verdicts, then the table, then the work in each setup. `of` says what the figures are taken over.
pub(crate) fn text<T: Figure>(rows: &[DifferenceRow<T>], works: &[Work], setups: Setups, of: &str) -> String {
    let mut text = String::new();
    if rows.is_empty() {
        return text;
    }
    for s in said(rows, setups, SENTENCE) {
        let _ = writeln!(text, "UMA against {}: {}", s.setup, s.verdict);
    }
    let _ = writeln!(text, "{STEPS}\n");
    let heads = columns(rows, setups);
    let blocks = blocks(rows, TERMINAL);
    let cells = blocks.iter().flat_map(|b| &b.lines).flat_map(|l| &l.cells);
    let widest = cells.chain(&heads).map(|c| c.chars().count()).max().unwrap_or_default();
    let width = widest.max(14) + 2;
    let _ = writeln!(text, "{}", row(&format!("UMA less SMA, {of}"), &heads, width));
    for block in &blocks {
        let _ = writeln!(text, "{}, dollars", block.title);
        for line in &block.lines {
            let _ = writeln!(text, "{}", row(&name(line), &line.cells, width));
        }
    }
    text.push('\n');
    let (heads, lines) = work::lines(works, setups, TERMINAL);
    if !lines.is_empty() {
        let _ = writeln!(text, "{}", row("Work, not charged to the household", &heads, width));
        for line in &lines {
            let _ = writeln!(text, "{}", row(&name(line), &line.cells, width));
        }
        text.push('\n');
    }
    text
}

fn name(line: &Line) -> String {
    if line.is_detail { format!("    {}", line.name) } else { format!("  {}", line.name) }
}

fn row(name: &str, cells: &[String], width: usize) -> String {
    let mut text = format!("{name:<NAMES$}");
    for cell in cells {
        let _ = write!(text, "{cell:>width$}");
    }
    text
}
