//! Writes results. Each file or folder appears complete or not at all.

mod classes;
mod exchange;
mod facts;
mod file;
mod folder;
mod names;
mod ours;
pub mod parquet;
mod reason;
mod statement;
mod tables;
mod temporary;

use unisleeve_core::market::Market;
use unisleeve_core::study::Study;

pub use file::{check_place, write_files};
pub use folder::{File, write_folder};
pub use ours::check_replaceable;
pub(crate) use statement::write_json;

use crate::failure::Failure;
use crate::readers::Finding;
use crate::render::report;
use crate::studies::full_summary::FullSummary;

/// Builds every file of a result folder.
pub(crate) fn result_files(
    study: &Study,
    summary: &FullSummary,
    market: &Market,
    notes: &[String],
    findings: &[Finding],
) -> Result<Vec<File>, Failure> {
    let json = serde_json::to_vec_pretty(summary).map_err(|e| Failure::Environment(e.to_string()))?;
    let html =
        report::render(study, summary, notes, findings).map_err(|e| Failure::Environment(e.to_string()))?;
    let series = classes::of_arms(study, &summary.study.config);
    Ok(vec![
        ("summary.json", json),
        ("report.html", html.into_bytes()),
        ("daily.csv", tables::daily(study, &series)?),
        ("trades.csv", tables::trades(study, market)?),
        ("cash.csv", tables::cash(study, market)?),
        ("lots.csv", tables::lots(study, market)?),
        ("tax_years.csv", tables::tax_years(study)?),
        ("class_weights.csv", classes::class_weights(study, &series)?),
        ("prices.csv", tables::prices(study, market)?),
        ("sleeves.csv", facts::sleeves(study)?),
        ("indices.csv", facts::index_returns(study)?),
        ("index_weights.csv", facts::index_weights(study, market)?),
        ("expenses.csv", facts::expenses(market)?),
        ("rebalancings.csv", facts::rebalancings(study)?),
        ("tickets.csv", facts::tickets(study)?),
        ("transfers.csv", facts::transfers(study)?),
        ("solves.csv", facts::solves(study)?),
        ("data_faults.csv", tables::data_faults(findings)?),
    ])
}
