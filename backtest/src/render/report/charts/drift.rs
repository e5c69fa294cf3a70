//! Drift by asset class: how far each class was from policy on the rebalancing days.

use unisleeve_core::study::StudyArm;
use unisleeve_core::study::measure::ClassDrift;

use super::series::short;
use crate::render::chart::Chart;
use crate::render::chart::Figures;
use crate::render::chart::row_chart;
use crate::render::format::percent;
use crate::render::report::arms::words;
use crate::render::svg::{Row, RowChart};

/// Reads one figure of an asset class.
type Of = fn(&ClassDrift) -> Option<f64>;

/// Builds the chart.
pub(super) fn chart(arms: &[&StudyArm]) -> Option<Chart> {
    let mut classes: Vec<&str> = Vec::new();
    for d in arms.iter().flat_map(|a| &a.measures.drift) {
        if !classes.contains(&d.asset_class.as_str()) {
            classes.push(&d.asset_class);
        }
    }
    let of = |arm: &StudyArm, class: &str, figure: Of| {
        arm.measures.drift.iter().find(|d| d.asset_class == class).and_then(figure)
    };
    let row = |arm: &StudyArm, class: &str| {
        let value = of(arm, class, |d| d.average_found);
        Row::new(words(arm.name).class, short(arm), value.unwrap_or(f64::NAN), percent(value, 2))
    };
    let chart = RowChart {
        label: "Average drift by asset class, as the rebalancing days found it.".to_owned(),
        axis: "Average drift found, % of the portfolio",
        groups: classes
            .iter()
            .map(|class| ((*class).to_owned(), arms.iter().map(|a| row(a, class)).collect()))
            .collect(),
    };
    let kinds: [(&str, Of); 4] = [
        ("average found", |d| d.average_found),
        ("largest found", |d| d.largest_found),
        ("average left", |d| d.average_left),
        ("largest left", |d| d.largest_left),
    ];
    let rows = classes.iter().flat_map(|class| {
        kinds.map(|(kind, figure)| {
            let cells = arms.iter().map(|a| percent(of(a, class, figure), 2));
            std::iter::once(format!("{class}, {kind}")).chain(cells).collect()
        })
    });
    let figures = Figures {
        rows: rows.collect(),
        head: std::iter::once("Drift".to_owned()).chain(arms.iter().map(|a| short(a))).collect(),
        foot: Vec::new(),
    };
    row_chart(
        "Drift by asset class".to_owned(),
        "Weight of the asset class less its policy weight, without sign, on the calendar’s rebalancing days: as the day’s \
         trades found it and as they left it."
            .to_owned(),
        &chart,
        figures,
    )
}
