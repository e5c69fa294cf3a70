//! The rows of the table of differences: one column for each setup with separate managers.

use serde::Serialize;
use unisleeve_core::mandates::ArmKind;
use unisleeve_core::study::difference::{DifferenceRow, Ending, Verdict};

use super::figure::Figure;
use super::parts::Part;
use crate::render::format::Medium;
use crate::render::setups::Setups;

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    pub(crate) name: &'static str,
    /// Whether it is a detail of the line above.
    pub(crate) is_detail: bool,
    pub(crate) cells: Vec<String>,
}

/// The lines of one ending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Block {
    pub(crate) title: &'static str,
    pub(crate) lines: Vec<Line>,
}

/// What may be said of one setup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Said {
    /// The setup with separate managers.
    pub(crate) setup: String,
    /// The setup effect, with its sign.
    pub(crate) figure: String,
    /// The same in basis points a year.
    pub(crate) rate: String,
    /// Its interval, or empty.
    pub(crate) interval: String,
    /// Idle cash, with its sign.
    pub(crate) cash: String,
    /// The verdict as a sentence.
    pub(crate) verdict: String,
    /// `uma`, `sma`, or `open` where nothing is certain.
    pub(crate) side: &'static str,
}

/// What the two steps between the setups are.
pub(crate) const STEPS: &str = "From SMA, typical to SMA, best is better practice, which needs no unified account; from SMA, best to UMA is one manager.";

/// The differences in the order of columns: best, configured, typical.
pub(crate) fn of_ending<T>(rows: &[DifferenceRow<T>], ending: Ending) -> Vec<&DifferenceRow<T>> {
    let of = |kind: ArmKind| rows.iter().find(|r| r.against == kind.as_str() && r.ending == ending);
    ArmKind::SEPARATE.into_iter().filter_map(of).collect()
}

/// The title of an ending.
pub(crate) fn ending_title(ending: Ending) -> &'static str {
    match ending {
        Ending::Liquidated => "Everything sold at the end",
        Ending::Kept => "Nothing sold at the end",
    }
}

/// The names of the columns.
pub(crate) fn columns<T>(rows: &[DifferenceRow<T>], setups: Setups) -> Vec<String> {
    of_ending(rows, Ending::Liquidated).iter().map(|r| setups.name(r.against).to_owned()).collect()
}

/// The lines of each ending in dollars, after liquidation first.
pub(crate) fn blocks<T: Figure>(rows: &[DifferenceRow<T>], medium: Medium) -> Vec<Block> {
    let block = |ending| {
        let found = of_ending(rows, ending);
        (!found.is_empty()).then(|| Block { title: ending_title(ending), lines: lines(&found, medium) })
    };
    Ending::ALL.into_iter().filter_map(block).collect()
}

fn lines<T: Figure>(rows: &[&DifferenceRow<T>], medium: Medium) -> Vec<Line> {
    let dollars = |x: f64| medium.more_dollars(Some(x));
    let line = |name, is_detail, cell: &dyn Fn(&DifferenceRow<T>) -> String| Line {
        name,
        is_detail,
        cells: rows.iter().map(|r| cell(r)).collect(),
    };
    let mut lines = Vec::new();
    for part in Part::TABLE {
        // Only an arm that ran out of money paid out less.
        if part == Part::Unpaid && rows.iter().all(|r| part.of(*r).middle() == 0.0) {
            continue;
        }
        lines.push(line(part.title(), part.is_of_setup(), &|r| dollars(part.of(r).middle())));
        if part != Part::Setup {
            continue;
        }
        if rows.iter().any(|r| r.setup_interval.is_some()) {
            // Of the mean over futures, or for one history over its later start dates.
            let is_one = rows.iter().all(|r| r.setup.paired().is_none());
            let name = if is_one { "95% interval, start dates" } else { "95% interval" };
            lines.push(line(name, true, &|r| interval(r.setup_interval, medium)));
        }
        lines.push(line("a year", true, &|r| rate(&r.bp_a_year, medium)));
        if rows.iter().any(|r| r.setup.paired().is_some()) {
            lines.push(line("share of futures above zero", true, &|r| {
                medium.percent(r.setup.paired().map(|p| p.ahead), 0)
            }));
            lines.push(line("mean of the worst tenth", true, &|r| {
                medium.more_dollars(r.setup.paired().map(|p| p.worst_tenth))
            }));
        }
    }
    lines
}

/// Basis points a year with one decimal and a sign.
fn rate<T: Figure>(bp: &T, medium: Medium) -> String {
    medium.more_basis_points(Some(bp.middle() / 1e4))
}

/// An interval as text, or a dash.
fn interval(of: Option<[f64; 2]>, medium: Medium) -> String {
    let dollars = |x: f64| medium.more_dollars(Some(x));
    of.map_or_else(|| medium.dollars(None, 0), |[low, high]| format!("{} to {}", dollars(low), dollars(high)))
}

/// What may be said of each setup, everything sold at the end.
pub(crate) fn said<T: Figure>(rows: &[DifferenceRow<T>], setups: Setups, medium: Medium) -> Vec<Said> {
    let one = |r: &&DifferenceRow<T>| Said {
        setup: setups.name(r.against).to_owned(),
        figure: medium.more_dollars(Some(r.setup.middle())),
        rate: rate(&r.bp_a_year, medium),
        interval: r.setup_interval.map_or_else(String::new, |i| interval(Some(i), medium)),
        cash: medium.more_dollars(Some(r.cash.middle())),
        verdict: r.verdict.clone(),
        side: side(r.verdict_code),
    };
    of_ending(rows, Ending::Liquidated).iter().map(one).collect()
}

/// The side that a verdict is on.
pub(crate) fn side(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Benefit => "uma",
        Verdict::Cost => "sma",
        Verdict::NoMeasurableBenefit | Verdict::NotSeparable | Verdict::OnePath => "open",
    }
}
