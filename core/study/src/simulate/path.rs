//! The part of a path's results that is kept: the figures of each arm, without its journal.

mod words;

use chrono::Datelike;
use serde::Serialize;

use crate::StudyArm;
use crate::difference::PathDifference;
use crate::measure::{TaxAlpha, drawdowns, largest_drawdown, tax_alpha};
use unisleeve_books::journal::Mark;
use unisleeve_mandates::ArmKind;
use unisleeve_units::Fingerprint;
use unisleeve_units::Money;

/// One arm on one path. Money in dollars; rates are annual fractions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathArm {
    /// `uma`, `sma` or `shadow`.
    pub arm: &'static str,
    /// After-tax wealth at the end with everything sold.
    pub wealth: Money,
    /// Withdrawals and gifts paid out before the end, at the amounts paid.
    pub paid_out: Money,
    /// Value less accrued tax and fees owed, at the last close of each year and at the end.
    pub by_year: Vec<Money>,
    /// Tax alpha against the shadow portfolio. `None` for the shadow portfolio.
    pub tax_alpha: Option<TaxAlpha>,
    /// Realized tracking error against the policy mix.
    pub tracking_error: Option<f64>,
    /// Ex-ante tracking error at the last close of each year and at the end. It shows how far the portfolio
    /// still is from its policy.
    pub tracking_error_by_year: Vec<f64>,
    /// The household's tax with the portfolio minus without it, by tax year; negative is a saving.
    pub taxes_by_year: Vec<Money>,
    /// Recognized losses by year since the start, positive.
    pub losses_by_year: Vec<Money>,
    /// Wealth if everything is kept, sold within the last year's tax return, left at death, or given to
    /// charity in part.
    pub endings: [Money; 4],
    /// Days on which a manager acted, summed over managers.
    pub tasks: usize,
    /// Instructions from the advisor to another manager.
    pub tickets: usize,
    /// Transfers of money between managers.
    pub transfers: usize,
    /// Taxes paid less savings credited.
    pub taxes_paid: Money,
    /// Recognized losses, positive.
    pub losses_harvested: Money,
    /// Cost of fees at the end: each fee with what it would have earned, after long-term tax on the earnings.
    pub fees_at_end: Money,
    /// Largest fall from a high point, a positive fraction.
    pub drawdown: Option<f64>,
    /// Orders sent.
    pub orders: usize,
    /// Whether requested payments could not be made.
    pub ruined: bool,
}

/// The results of one path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathResult {
    /// Number of the path.
    pub path: u64,
    /// The arms: UMA, SMA, shadow.
    pub arms: Vec<PathArm>,
    /// UMA minus each setup with separate managers, by ending.
    pub differences: Vec<PathDifference>,
}

impl PathResult {
    pub(super) fn new(path: u64, arms: Vec<StudyArm>, differences: Vec<PathDifference>) -> Self {
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
                transfers: a.measures.workload.transfers,
                taxes_paid: a.measures.taxes_paid,
                losses_harvested: a.measures.losses_harvested,
                fees_at_end: a.measures.fees_at_end,
                drawdown: largest_drawdown(&drawdowns(marks)).map(|d| -d.depth),
                orders: a.measures.orders,
                ruined: a.result.ruin.is_some(),
            }
        };
        Self { path, arms: arms.into_iter().map(of).collect(), differences }
    }

    /// Finds an arm by name.
    pub fn arm(&self, name: &str) -> Option<&PathArm> {
        self.arms.iter().find(|a| a.arm == name)
    }

    /// UMA minus SMA in after-tax wealth plus what was paid out before, in dollars. Payments count because a
    /// portfolio that ran out of money paid less.
    pub fn gain(&self) -> Option<f64> {
        let of = |a: &PathArm| a.wealth + a.paid_out;
        Some((of(self.arm("uma")?) - of(self.arm("sma")?)).to_f64())
    }

    /// Adds the path's figures to a hash.
    pub fn hash_into(&self, f: &mut Fingerprint) {
        self.words().iter().for_each(|w| f.int(*w));
    }
}
