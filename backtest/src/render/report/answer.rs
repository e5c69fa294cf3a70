//! What one manager is worth: verdicts, the setup effect against each setup with separate managers, the way from
//! it to the total, and the work in each setup.

use serde::Serialize;
use unisleeve_core::study::Summary;
use unisleeve_core::study::difference::{DifferenceRow, Ending};

use crate::render::chart::{Chart, Figures, row_chart};
use crate::render::difference::chart::{setup_effects, waterfall};
use crate::render::difference::table::{Block, STEPS, Said, blocks, columns, said};
use crate::render::difference::work;
use crate::render::format::PAGE;
use crate::render::setups::Setups;

/// The answer at the top of the report.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    said: Vec<Said>,
    steps: &'static str,
    charts: Vec<Chart>,
    /// The work in each setup: names of the setups, and a row for each count.
    work: Option<Figures>,
}

/// Builds the answer; `None` if UMA or every setup with separate managers did not run.
pub(super) fn answer(summary: &Summary) -> Option<Answer> {
    let rows = &summary.difference;
    if rows.is_empty() {
        return None;
    }
    let setups = Setups::of(&summary.config);
    let heads = columns(rows, setups);
    let tables = blocks(rows, PAGE);
    let mut charts = Vec::new();
    for (ending, block) in Ending::ALL.into_iter().zip(&tables) {
        charts.extend(effects(rows, ending, block, &heads, setups));
        charts.extend(way(rows, ending, block, &heads, setups));
    }
    let (heads, lines) = work::lines(&summary.work, setups, PAGE);
    let head = std::iter::once("Work, whole span".to_owned()).chain(heads).collect();
    let rows = lines.into_iter().map(|l| std::iter::once(l.name.to_owned()).chain(l.cells).collect());
    let work = Figures { head, rows: rows.collect(), foot: Vec::new() };
    Some(Answer {
        said: said(&summary.difference, setups, PAGE),
        steps: STEPS,
        charts,
        work: (!work.rows.is_empty()).then_some(work),
    })
}

/// The setup effects on one scale, after liquidation.
fn effects(
    rows: &[DifferenceRow<f64>],
    ending: Ending,
    block: &Block,
    heads: &[String],
    setups: Setups,
) -> Option<Chart> {
    // The second view needs no drawing of its own: its table says the same.
    if ending == Ending::Kept {
        return None;
    }
    let shown = |name: &str| {
        matches!(name, "Setup effect" | "a year" | "Idle cash") || name.starts_with("95% interval")
    };
    row_chart(
        "The setup effect against three kinds of separate managers".to_owned(),
        "Setup effect: tax, fees and trading costs that one manager saves. Idle cash stands beside it: it costs return, and \
         buys a little less risk."
            .to_owned(),
        &setup_effects(rows, ending, setups),
        figures(block, heads, shown),
    )
    .map(Chart::with_wide_table)
}

/// The way from tax, fees and trading costs to the total.
fn way(
    rows: &[DifferenceRow<f64>],
    ending: Ending,
    block: &Block,
    heads: &[String],
    setups: Setups,
) -> Option<Chart> {
    row_chart(
        format!("{}: from the setup effect to the total", block.title),
        "Asset classes and names are other holdings: pay for risk and luck, not a merit of the setup. The bars add up."
            .to_owned(),
        &waterfall(rows, ending, setups),
        figures(block, heads, |_| true),
    )
    .map(Chart::with_wide_table)
}

/// The lines of a block as a table.
fn figures(block: &Block, heads: &[String], shown: impl Fn(&str) -> bool) -> Figures {
    let head = std::iter::once("UMA less SMA, dollars".to_owned()).chain(heads.iter().cloned()).collect();
    let name = |l: &crate::render::difference::table::Line| {
        if l.is_detail { format!("… {}", l.name) } else { l.name.to_owned() }
    };
    let lines = block.lines.iter().filter(|l| shown(l.name));
    let rows = lines.map(|l| std::iter::once(name(l)).chain(l.cells.iter().cloned()).collect());
    Figures { head, rows: rows.collect(), foot: Vec::new() }
}
