//! The largest overweights and underweights of a direct index against its index at the end.

use unisleeve_core::study::measure::{ActiveWeight, SleeveWeights, active_share, active_weights_at_end};
use unisleeve_core::study::{Study, StudyArm};

use super::series::short;
use crate::render::chart::Chart;
use crate::render::chart::Figures;
use crate::render::chart::row_chart;
use crate::render::format::{more_percent, number, percent};
use crate::render::report::arms::words;
use crate::render::svg::{Row, RowChart};

/// Number of securities on each side.
const SHOWN: usize = 8;

/// Builds a chart for each direct index of each arm.
pub(super) fn charts(study: &Study, arms: &[&StudyArm]) -> Vec<Option<Chart>> {
    let Some(last) = study.bench.market.sessions(study.span.0, study.span.1).last() else {
        return Vec::new();
    };
    arms.iter()
        .flat_map(|arm| active_weights_at_end(&arm.result, &last).into_iter().map(|s| chart(study, arm, &s)))
        .collect()
}

fn chart(study: &Study, arm: &StudyArm, sleeve: &SleeveWeights) -> Option<Chart> {
    let symbol = |w: &ActiveWeight| {
        study.bench.market.securities().get(w.security.index()).map_or(String::new(), |s| s.symbol.clone())
    };
    let all = &sleeve.weights;
    let over: Vec<&ActiveWeight> = all.iter().rev().filter(|w| w.active() > 0.0).take(SHOWN).collect();
    let mut under: Vec<&ActiveWeight> = all.iter().filter(|w| w.active() < 0.0).take(SHOWN).collect();
    // The largest underweight comes last, so that the bars are sorted from largest to smallest.
    under.reverse();
    let row = |w: &&ActiveWeight| {
        Row::new(words(arm.name).class, symbol(w), w.active(), more_percent(Some(w.active()), 2))
    };
    let name = short(arm);
    let largest = |w: Option<&&ActiveWeight>| {
        w.map_or(String::new(), |w| format!("{} {}", symbol(w), more_percent(Some(w.active()), 2)))
    };
    let chart = RowChart {
        label: format!(
            "Largest active weights of {name} in {}: {} and {}.",
            sleeve.sleeve,
            largest(over.first()),
            largest(under.last())
        ),
        axis: "Weight held less weight in the index, % of the direct index",
        groups: [&over, &under]
            .into_iter()
            .filter(|side| !side.is_empty())
            .map(|side| (String::new(), side.iter().map(row).collect()))
            .collect(),
    };
    let write = |x: f64| percent(Some(x), 2);
    let cells = |w: &&&ActiveWeight| {
        vec![symbol(w), write(w.held), write(w.index), more_percent(Some(w.active()), 2)]
    };
    let held = all.iter().filter(|w| w.held > 0.0).count();
    let members = all.iter().filter(|w| w.index > 0.0).count();
    let outside = all.iter().filter(|w| w.held > 0.0 && w.index <= 0.0).count();
    let (weights, index): (Vec<f64>, Vec<f64>) = all.iter().map(|w| (w.held, w.index)).unzip();
    let mut rest = [weights.iter().sum::<f64>(), index.iter().sum()];
    for w in over.iter().chain(&under) {
        rest = [rest[0] - w.held, rest[1] - w.index];
    }
    let figures = Figures {
        head: ["Security", "Held", "Index", "Active"].map(str::to_owned).to_vec(),
        rows: over.iter().chain(&under).map(|w| cells(&w)).collect(),
        foot: vec![vec![
            "All others".to_owned(),
            write(rest[0]),
            write(rest[1]),
            more_percent(Some(rest[0] - rest[1]), 2),
        ]],
    };
    let outside = match outside {
        0 => String::new(),
        n => format!(", {} of them outside the index", number(n as f64, 0)),
    };
    row_chart(
        format!("Active weights of {name} at the end: {}", sleeve.sleeve),
        format!(
            "The largest over- and underweights on the last day, cash left out. {name} holds {} names{outside}; the index has \
             {}. Active share of this sleeve {}.",
            number(held as f64, 0),
            number(members as f64, 0),
            percent(active_share(&weights, &index), 1)
        ),
        &chart,
        figures,
    )
}
