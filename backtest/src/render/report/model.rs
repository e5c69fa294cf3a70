//! The report as data for the template, with all figures formatted as text.

use serde::Serialize;
use unisleeve_core::study::{Study, Summary};

use super::answer::{Answer, answer};
use super::charts::chapters;
use super::endings::{EndingTable, ending_table};
use super::faults::{FaultKind, fault_kinds};
use super::headline::{HeadlineView, headline};
use super::household;
use super::measures::{MeasureTable, measure_tables};
use super::table::{ArmTable, arm_table};
use crate::readers::{Finding, sentences};
use crate::render::chart::Chapter;
use crate::render::format::{date, number};
use crate::render::setups::Setups;
use crate::studies::full_summary::FullSummary;

/// The data of the report's template.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// Configured start or end dates that the prices do not reach.
    shortened: Vec<String>,
    household: Vec<String>,
    /// Name of the arm `sma`.
    sma: String,
    answer: Option<Answer>,
    headline: Option<HeadlineView>,
    table: ArmTable,
    endings: EndingTable,
    measures: Vec<MeasureTable>,
    chapters: Vec<Chapter>,
    assumptions: Vec<String>,
    data_notes: Vec<String>,
    faults: Vec<FaultKind>,
    /// Sections that a reader may expect but that this report lacks.
    not_shown: Vec<&'static str>,
}

impl Report {
    /// Builds the report of a study. A data note that also appears among the assumptions, or that summarizes
    /// faults, is shown once.
    pub(super) fn new(
        study: &Study,
        full: &FullSummary,
        data_notes: &[String],
        findings: &[Finding],
    ) -> Self {
        let summary = &full.study;
        let said = sentences(findings);
        Self {
            shortened: summary.shortened.clone(),
            household: household::sentences(summary),
            sma: Setups::of(&summary.config).name("sma").to_owned(),
            answer: answer(summary),
            headline: headline(summary),
            table: arm_table(summary),
            endings: ending_table(summary),
            measures: measure_tables(summary),
            chapters: chapters(study, full),
            assumptions: summary.assumptions.iter().filter(|a| !data_notes.contains(a)).cloned().collect(),
            data_notes: data_notes.iter().filter(|n| !said.contains(n)).cloned().collect(),
            faults: fault_kinds(findings),
            not_shown: not_shown(full),
        }
    }
}

fn not_shown(full: &FullSummary) -> Vec<&'static str> {
    let mut list = Vec::new();
    if full.ladder.is_none() {
        list.push("Which of UMA’s advantages makes a difference: UMA, SMA and the shadow portfolio did not all run.");
    }
    if full.vintages.is_none() {
        list.push(
            "Other start dates: fewer than two runs of the length asked for (--vintages) fit into the span.",
        );
    }
    list
}

/// The dates of a study and their length in years.
pub(super) fn span(s: &Summary) -> String {
    let years = (s.end - s.start).num_days() as f64 / 365.25;
    format!("{} to {} ({} years)", date(s.start), date(s.end), number(years, 1))
}
