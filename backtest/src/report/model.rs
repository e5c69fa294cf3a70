//! What the template prints: every figure already written out.

use chrono::NaiveDate;
use serde::Serialize;
use unisleeve_core::study::{Study, Summary};

use super::charts::{Chart, charts};
use super::endings::{EndingTable, ending_table};
use super::format::{date, number};
use super::headline::{HeadlineView, headline};
use super::household;
use super::measures::{MeasureTable, measure_tables};
use super::table::{ArmTable, arm_table};

/// The report.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    span: String,
    household: Vec<String>,
    headline: Option<HeadlineView>,
    table: ArmTable,
    endings: EndingTable,
    measures: Vec<MeasureTable>,
    charts: Vec<Chart>,
    assumptions: Vec<String>,
    data_notes: Vec<String>,
    version: &'static str,
    seed: u64,
    hashes: Vec<(&'static str, String)>,
}

impl Report {
    /// Writes out a study. A note of the data that stands among the assumptions too is shown once.
    pub(super) fn new(study: &Study, summary: &Summary, data_notes: &[String]) -> Self {
        Self {
            span: span(summary.start, summary.end),
            household: household::sentences(summary),
            headline: headline(summary),
            table: arm_table(summary),
            endings: ending_table(summary),
            measures: measure_tables(summary),
            charts: charts(study),
            assumptions: summary.assumptions.iter().filter(|a| !data_notes.contains(a)).cloned().collect(),
            data_notes: data_notes.to_vec(),
            version: summary.version,
            seed: summary.seed,
            hashes: vec![
                ("Configuration", summary.config_hash.clone()),
                ("Data", summary.data_hash.clone()),
                ("Result", summary.result_hash.clone()),
            ],
        }
    }
}

fn span(start: NaiveDate, end: NaiveDate) -> String {
    let years = (end - start).num_days() as f64 / 365.25;
    format!("{} to {} ({} years)", date(start), date(end), number(years, 1))
}
