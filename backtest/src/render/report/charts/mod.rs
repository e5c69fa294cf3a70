//! The charts of the report and the tables beside them, built from the journals; one chart per file.

mod active_weights;
mod difference;
mod draw;
mod drawdown;
mod drift;
mod figures;
mod gains_and_losses;
mod harvest_to_date;
mod harvest_yield;
mod mechanisms;
mod realized;
mod series;
mod tax_alpha;
mod taxes;
mod tracking_error;
mod vintages;
mod wealth;

use unisleeve_core::study::{Study, StudyArm};

use crate::render::chart::Chapter;
use crate::studies::full_summary::FullSummary;

/// Builds all charts that the study has data for.
pub(super) fn chapters(study: &Study, full: &FullSummary) -> Vec<Chapter> {
    let (uma, sma) = (study.arm("uma"), study.arm("sma"));
    let pair: Vec<&StudyArm> = [uma, sma].into_iter().flatten().collect();
    let with = |names: &[&str]| -> Vec<&StudyArm> {
        pair.iter().copied().chain(names.iter().filter_map(|n| study.arm(n))).collect()
    };
    let (taxed, funded) = (with(&["shadow"]), with(&["funds"]));
    let all = [
        (
            "wealth",
            "Wealth",
            vec![
                wealth::chart(study),
                uma.zip(sma).and_then(|(u, s)| difference::chart(u, s)),
                drawdown::chart(&taxed),
            ],
        ),
        (
            "mechanisms",
            "Where the difference comes from",
            full.ladder.as_ref().map_or_else(Vec::new, mechanisms::charts),
        ),
        (
            "tax",
            "Tax",
            vec![
                study.arm("shadow").and_then(|shadow| tax_alpha::chart(&funded, shadow)),
                taxes::chart(&taxed),
                harvest_yield::chart(&pair),
                harvest_to_date::chart(&pair),
                gains_and_losses::chart(&pair),
                realized::chart(&taxed, "short-term", |y| y.net_short),
                realized::chart(&taxed, "long-term", |y| y.net_long),
            ],
        ),
        ("vintages", "Other start dates", full.vintages.as_ref().map_or_else(Vec::new, vintages::charts)),
        (
            "risk",
            "Distance from the policy",
            [
                tracking_error::charts(&pair),
                vec![drift::chart(&with(&["funds", "shadow"]))],
                active_weights::charts(study, &pair),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
    ];
    all.into_iter()
        .map(|(id, title, charts)| Chapter { id, title, charts: charts.into_iter().flatten().collect() })
        .filter(|c| !c.charts.is_empty())
        .collect()
}
