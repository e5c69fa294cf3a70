//! The findings of an audit: mismatches and counts, as text and as JSON.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use serde::Serialize;

use crate::failure::Failure;

/// Mismatches printed at most.
const MOST_SHOWN: usize = 50;

/// Files in the order in which mismatches are told: causes before what follows from them.
const FILES: [&str; 7] =
    ["prices.csv", "trades.csv", "cash.csv", "lots.csv", "tax_years.csv", "daily.csv", "summary.json"];

/// A figure that does not follow from the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Mismatch {
    /// Arm; empty where it is about all.
    pub(crate) arm: String,
    /// File.
    pub(crate) file: &'static str,
    /// Line, date or path of the row.
    pub(crate) row: String,
    /// Column or figure.
    pub(crate) what: String,
    /// What stands there.
    pub(crate) found: String,
    /// What should.
    pub(crate) expected: String,
}

/// Collects mismatches of one arm and counts what was compared.
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

    /// Notes a mismatch.
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

    /// Compares exactly.
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

    /// Compares statistics, which come out of floating point.
    pub(super) fn near(
        &mut self,
        file: &'static str,
        row: impl Display,
        what: impl Display,
        (found, expected, tolerance): (f64, f64, f64),
    ) {
        self.figures += 1;
        // A figure that is no number is off too.
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
        match (found, expected) {
            (Some(found), Some(expected)) => {
                self.near("summary.json", path, "figure", (found, expected, tolerance));
            }
            (None, None) => self.figures += 1,
            (found, expected) => {
                let text = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
                self.fault("summary.json", path, "figure", text(found), text(expected));
            }
        }
    }
}

/// A row's line, written only where a mismatch needs it.
pub(super) struct Line(pub(super) u32);

impl Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}", self.0)
    }
}

/// What was compared of one arm.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Counted {
    /// Arm.
    pub(crate) arm: String,
    /// Rows of all files.
    pub(crate) rows: usize,
    /// Figures compared.
    pub(crate) figures: u64,
    /// Mismatches.
    pub(crate) mismatches: usize,
}

/// An audit's result.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Report {
    /// Whether everything matches.
    pub(crate) clean: bool,
    /// Counts by arm; the empty name is what belongs to none.
    pub(crate) arms: Vec<Counted>,
    /// All mismatches.
    pub(crate) mismatches: Vec<Mismatch>,
    /// What the files don't hold enough to check.
    pub(crate) not_checked: Vec<String>,
}

impl Report {
    /// Puts the arms' findings together.
    pub(super) fn new(checks: Vec<(Check, usize)>, general: &[&str]) -> Self {
        let arms = checks
            .iter()
            .map(|(c, rows)| Counted {
                arm: c.arm.clone(),
                rows: *rows,
                figures: c.figures,
                mismatches: c.mismatches.len(),
            })
            .collect();
        let mut not_checked: Vec<String> = general.iter().map(|n| (*n).to_owned()).collect();
        let mut mismatches = Vec::new();
        for (check, _) in checks {
            not_checked.extend(check.notes.iter().map(|n| format!("{}: {n}", check.arm)));
            mismatches.extend(check.mismatches);
        }
        let rank = |m: &Mismatch| FILES.iter().position(|f| *f == m.file);
        mismatches.sort_by_key(rank);
        Self { clean: mismatches.is_empty(), arms, mismatches, not_checked }
    }

    /// What the command prints.
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

    /// The same as JSON.
    pub(super) fn json(&self) -> Result<String, Failure> {
        let text = serde_json::to_string_pretty(self).map_err(|e| Failure::Environment(e.to_string()))?;
        Ok(format!("{text}\n"))
    }
}
