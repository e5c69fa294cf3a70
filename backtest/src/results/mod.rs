//! Writes results. Each file or folder appears complete or not at all.

mod exchange;
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
    Ok(vec![
        ("summary.json", json),
        ("report.html", html.into_bytes()),
        ("daily.csv", tables::daily(study)?),
        ("trades.csv", tables::trades(study, market)?),
        ("cash.csv", tables::cash(study, market)?),
        ("lots.csv", tables::lots(study, market)?),
        ("tax_years.csv", tables::tax_years(study)?),
        ("prices.csv", tables::prices(study, market)?),
        ("data_faults.csv", tables::data_faults(findings)?),
    ])
}
