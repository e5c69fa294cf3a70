//! The findings of an audit: mismatches and counts, as text and as JSON.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use serde::Serialize;

use crate::failure::Failure;

/// Most mismatches printed.
const MOST_SHOWN: usize = 50;

/// Files in the order of reporting. Causes come before their consequences.
const FILES: [&str; 9] = [
    "prices.csv",
    "sleeves.csv",
    "trades.csv",
    "cash.csv",
    "lots.csv",
    "tax_years.csv",
    "daily.csv",
    "class_weights.csv",
    "summary.json",
];

/// A figure that differs from the recomputed one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Mismatch {
    /// Name of the arm; empty if the mismatch is about the whole result.
    pub(crate) arm: String,
    /// Name of the file.
    pub(crate) file: &'static str,
    /// Line, date or path of the row.
    pub(crate) row: String,
    /// Name of the column or figure.
    pub(crate) what: String,
    /// Value in the file.
    pub(crate) found: String,
    /// Value expected.
    pub(crate) expected: String,
}

/// Collects mismatches of one arm and counts the figures compared.
#[derive(Debug, Default)]
pub(super) struct Check {
    pub(super) arm: String,
    pub(super) figures: u64,
    pub(super) mismatches: Vec<Mismatch>,
    /// What could not be checked, and why.
    pub(super) notes: Vec<String>,
}

impl Check {
    pub(super) fn new(arm: &str) -> Self {
        Self { arm: arm.to_owned(), ..Self::default() }
    }

    /// Records a mismatch.
    pub(super) fn fault(
        &mut self,
        file: &'static str,
        row: impl Display,
        what: impl Display,
        found: impl Display,
        expected: impl Display,
    ) {
        let text = |x: &dyn Display| {
            let text = x.to_string();
            if text.is_empty() { "nothing".to_owned() } else { text }
        };
        self.mismatches.push(Mismatch {
            arm: self.arm.clone(),
            file,
            row: row.to_string(),
            what: what.to_string(),
            found: text(&found),
            expected: text(&expected),
        });
    }

    /// Compares two values exactly.
    pub(super) fn same<T: PartialEq + Display>(
        &mut self,
        file: &'static str,
        row: impl Display,
        what: impl Display,
        found: T,
        expected: T,
    ) {
        self.figures += 1;
        if found != expected {
            self.fault(file, row, what, found, expected);
        }
    }

    /// Compares statistics in floating point, with a tolerance.
    pub(super) fn near(
        &mut self,
        file: &'static str,
        row: impl Display,
        what: impl Display,
        (found, expected, tolerance): (f64, f64, f64),
    ) {
        self.figures += 1;
        // A figure that is NaN is a mismatch too.
        let fits = (found - expected).abs() <= tolerance;
        if !fits {
            self.fault(file, row, what, found, expected);
        }
    }

    /// Compares figures of summary.json that may be absent.
    pub(super) fn near_or_none(
        &mut self,
        path: impl Display,
        found: Option<f64>,
        expected: Option<f64>,
        tolerance: f64,
    ) {
        self.both_or_none("summary.json", path, "figure", (found, expected, tolerance));
    }

    /// Compares statistics that may be absent.
    pub(super) fn both_or_none(
        &mut self,
        file: &'static str,
        row: impl Display,
        what: impl Display,
        (found, expected, tolerance): (Option<f64>, Option<f64>, f64),
    ) {
        match (found, expected) {
            (Some(found), Some(expected)) => self.near(file, row, what, (found, expected, tolerance)),
            (None, None) => self.figures += 1,
            (found, expected) => {
                let text = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
                self.fault(file, row, what, text(found), text(expected));
            }
        }
    }
}

/// Line number of a row, formatted only for a mismatch.
pub(super) struct Line(pub(super) u32);

impl Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}", self.0)
    }
}

/// Counts of one arm.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Counted {
    /// Name of the arm.
    pub(crate) arm: String,
    /// Number of rows in all files.
    pub(crate) rows: usize,
    /// Number of figures compared.
    pub(crate) figures: u64,
    /// Number of mismatches.
    pub(crate) mismatches: usize,
}

/// The result of an audit.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Report {
    /// Whether everything matches.
    pub(crate) clean: bool,
    /// Counts by arm. The empty name is for findings that belong to no arm.
    pub(crate) arms: Vec<Counted>,
    /// All mismatches.
    pub(crate) mismatches: Vec<Mismatch>,
    /// What the files do not suffice to check.
    pub(crate) not_checked: Vec<String>,
}

impl Report {
    /// Combines the findings of all arms.
    pub(super) fn new(checks: Vec<(Check, usize)>, mut not_checked: Vec<String>) -> Self {
        let arms = checks
            .iter()
            .map(|(c, rows)| Counted {
                arm: c.arm.clone(),
                rows: *rows,
                figures: c.figures,
                mismatches: c.mismatches.len(),
            })
            .collect();
        let mut mismatches = Vec::new();
        for (check, _) in checks {
            not_checked.extend(check.notes.iter().map(|n| format!("{}: {n}", check.arm)));
            mismatches.extend(check.mismatches);
        }
        let rank = |m: &Mismatch| FILES.iter().position(|f| *f == m.file);
        mismatches.sort_by_key(rank);
        Self { clean: mismatches.is_empty(), arms, mismatches, not_checked }
    }

    /// The text that the command prints.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |args: std::fmt::Arguments<'_>| {
            let _ = writeln!(text, "{args}");
        };
        for m in self.mismatches.iter().take(MOST_SHOWN) {
            let arm = if m.arm.is_empty() { String::new() } else { format!("{}: ", m.arm) };
            line(format_args!(
                "{}: {arm}{}: {}: found {}, expected {}",
                m.file, m.row, m.what, m.found, m.expected
            ));
        }
        if !self.clean {
            let mut by_file: BTreeMap<usize, usize> = BTreeMap::new();
            for m in &self.mismatches {
                *by_file
                    .entry(FILES.iter().position(|f| *f == m.file).unwrap_or(FILES.len()))
                    .or_default() += 1;
            }
            let counts: Vec<String> = by_file
                .iter()
                .map(|(f, n)| format!("{} {n}", FILES.get(*f).copied().unwrap_or("other")))
                .collect();
            let (all, shown) = (self.mismatches.len(), self.mismatches.len().min(MOST_SHOWN));
            line(format_args!("{all} mismatches, {shown} shown: {}", counts.join(", ")));
        }
        for c in self.arms.iter().filter(|c| !c.arm.is_empty()) {
            line(format_args!(
                "{}: {} rows, {} figures checked, {} mismatches",
                c.arm, c.rows, c.figures, c.mismatches
            ));
        }
        for note in &self.not_checked {
            line(format_args!("Not checked: {note}"));
        }
        if self.clean {
            line(format_args!("All matches."));
        }
        text
    }

    /// The result as JSON.
    pub(super) fn json(&self) -> Result<String, Failure> {
        let text = serde_json::to_string_pretty(self).map_err(|e| Failure::Environment(e.to_string()))?;
        Ok(format!("{text}\n"))
    }
}
