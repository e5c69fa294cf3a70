//! What is kept of a path: figures of each arm, not its journal.

use chrono::Datelike;
use serde::Serialize;

use crate::journal::Fingerprint;
use crate::measure::{TaxAlpha, drawdowns, largest_drawdown, tax_alpha};
use crate::setup::ArmKind;
use crate::study::StudyArm;
use crate::units::Money;

/// One arm on one path. Dollars; rates a year, as fractions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathArm {
    /// `uma`, `sma` or `shadow`.
    pub arm: &'static str,
    /// What is left at the end after tax on everything.
    pub wealth: Money,
    /// Holdings and cash less tax accrued, at the last close of each year and at the end.
    pub by_year: Vec<Money>,
    /// Against the shadow portfolio, before and after liquidation; none for the shadow portfolio.
    pub tax_alpha: Option<TaxAlpha>,
    /// Realised tracking error against the policy mix.
    pub tracking_error: Option<f64>,
    /// Taxes paid less savings credited.
    pub taxes_paid: Money,
    /// Recognised losses, positive.
    pub losses_harvested: Money,
    /// Largest fall from a peak, a positive fraction.
    pub drawdown: Option<f64>,
    /// Orders sent.
    pub orders: usize,
    /// Whether it could not pay what was asked.
    pub ruined: bool,
}

/// One path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathResult {
    /// Its number.
    pub path: u64,
    /// UMA, SMA, shadow.
    pub arms: Vec<PathArm>,
}

impl PathResult {
    pub(super) fn new(path: u64, arms: Vec<StudyArm>) -> Self {
        let shadow = arms.iter().find(|a| a.result.setup.kind == ArmKind::Shadow).cloned();
        let of = |a: StudyArm| {
            let marks = &a.result.journal.marks;
            let against = shadow.as_ref().filter(|_| a.result.setup.kind != ArmKind::Shadow);
            let ends = marks.iter().zip(marks.iter().skip(1).map(Some).chain([None]));
            let by_year = ends
                .filter(|(m, next)| next.is_none_or(|n| n.date.year() != m.date.year()))
                .map(|(m, _)| m.value - m.accrued_tax)
                .collect();
            PathArm {
                arm: a.name,
                wealth: a.measures.wealth_after_liquidation,
                by_year,
                tax_alpha: against.map(|s| {
                    tax_alpha(
                        (marks, &a.measures.liquidation),
                        (&s.result.journal.marks, &s.measures.liquidation),
                    )
                }),
                tracking_error: a.measures.tracking_error_ex_post,
                taxes_paid: a.measures.taxes_paid,
                losses_harvested: a.measures.losses_harvested,
                drawdown: largest_drawdown(&drawdowns(marks)).map(|d| -d.depth),
                orders: a.measures.orders,
                ruined: a.result.ruin.is_some(),
            }
        };
        Self { path, arms: arms.into_iter().map(of).collect() }
    }

    /// The arm of a name.
    pub fn arm(&self, name: &str) -> Option<&PathArm> {
        self.arms.iter().find(|a| a.arm == name)
    }

    /// UMA less SMA in wealth after tax, dollars.
    pub fn gain(&self) -> Option<f64> {
        Some((self.arm("uma")?.wealth - self.arm("sma")?.wealth).to_f64())
    }

    /// Adds its figures to a hash.
    pub fn hash_into(&self, f: &mut Fingerprint) {
        f.int(self.path as i64);
        for a in &self.arms {
            f.bytes(a.arm.as_bytes());
            f.int(a.wealth.raw());
            a.by_year.iter().for_each(|m| f.int(m.raw()));
            f.float(a.tracking_error.unwrap_or(-1.0));
            f.float(a.drawdown.unwrap_or(-1.0));
            f.int(a.taxes_paid.raw());
            f.int(a.losses_harvested.raw());
            f.int(a.orders as i64);
        }
    }
}
