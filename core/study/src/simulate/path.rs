//! What is kept of a path: figures of each arm, not its journal.

mod words;

use chrono::Datelike;
use serde::Serialize;

use crate::StudyArm;
use crate::measure::{TaxAlpha, drawdowns, largest_drawdown, tax_alpha};
use unisleeve_books::journal::Mark;
use unisleeve_mandates::ArmKind;
use unisleeve_units::Fingerprint;
use unisleeve_units::Money;

/// One arm on one path. Dollars; rates a year, as fractions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathArm {
    /// `uma`, `sma` or `shadow`.
    pub arm: &'static str,
    /// What is left at the end after tax on everything.
    pub wealth: Money,
    /// What was paid out before: withdrawals and gifts, as they were paid.
    pub paid_out: Money,
    /// Holdings and cash less tax accrued, at the last close of each year and at the end.
    pub by_year: Vec<Money>,
    /// Against the shadow portfolio, before and after liquidation; none for the shadow portfolio.
    pub tax_alpha: Option<TaxAlpha>,
    /// Realised tracking error against the policy mix.
    pub tracking_error: Option<f64>,
    /// Ex-ante tracking error at the last close of each year and at the end: how far a portfolio still is from its policy.
    pub tracking_error_by_year: Vec<f64>,
    /// The household's tax with the portfolio less its tax without, by tax year: negative is a saving.
    pub taxes_by_year: Vec<Money>,
    /// Recognised losses by year since the start, positive.
    pub losses_by_year: Vec<Money>,
    /// What is left when everything is kept, sold within the last year's return, left at death, given to charity in part.
    pub endings: [Money; 4],
    /// Days on which a manager acted.
    pub tasks: usize,
    /// Instructions from the advisor to another manager.
    pub tickets: usize,
    /// Taxes paid less savings credited.
    pub taxes_paid: Money,
    /// Recognised losses, positive.
    pub losses_harvested: Money,
    /// What fees cost by the end: each with what it would have earned, after long-term tax on that.
    pub fees_at_end: Money,
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
            let ends: Vec<&Mark> = ends
                .filter(|(m, next)| next.is_none_or(|n| n.date.year() != m.date.year()))
                .map(|(m, _)| m)
                .collect();
            PathArm {
                arm: a.name,
                wealth: a.measures.wealth_after_liquidation,
                paid_out: a.measures.paid_out,
                by_year: ends.iter().map(|m| m.wealth()).collect(),
                tracking_error_by_year: ends.iter().map(|m| m.te_ex_ante).collect(),
                tax_alpha: against.map(|s| {
                    tax_alpha(
                        (marks, &a.measures.liquidation),
                        (&s.result.journal.marks, &s.measures.liquidation),
                    )
                }),
                tracking_error: a.measures.tracking_error_ex_post,
                taxes_by_year: a.result.journal.tax_years.iter().map(|y| y.tax).collect(),
                losses_by_year: a.measures.harvest_yield.iter().map(|y| y.losses).collect(),
                endings: [
                    a.measures.endings.keep.wealth,
                    a.measures.endings.liquidate_bracketed.wealth,
                    a.measures.endings.step_up.wealth,
                    a.measures.endings.charity.wealth,
                ],
                tasks: a.measures.workload.tasks,
                tickets: a.measures.workload.tickets,
                taxes_paid: a.measures.taxes_paid,
                losses_harvested: a.measures.losses_harvested,
                fees_at_end: a.measures.fees_at_end,
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

    /// UMA less SMA in wealth after tax and what was paid out before, dollars: a portfolio that ran out of money paid less.
    pub fn gain(&self) -> Option<f64> {
        let of = |a: &PathArm| a.wealth + a.paid_out;
        Some((of(self.arm("uma")?) - of(self.arm("sma")?)).to_f64())
    }

    /// Adds its figures to a hash.
    pub fn hash_into(&self, f: &mut Fingerprint) {
        self.words().iter().for_each(|w| f.int(*w));
    }
}
