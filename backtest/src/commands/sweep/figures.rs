//! The figures of a row with their names in files.

use unisleeve_core::study::StudyArm;
use unisleeve_core::study::difference::{Ending, PathDifference};
use unisleeve_core::study::measure::ArmMeasures;
use unisleeve_core::units::Money;

/// Unit of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Dollars.
    Dollars,
    /// A fraction. Rates are fractions a year.
    Rate,
    /// A count.
    Count,
}

/// Where a figure comes from.
enum Source {
    /// The arm by itself.
    Arm(fn(&StudyArm) -> Option<f64>),
    /// UMA minus the arm. Undefined for arms other than those with separate managers.
    Difference(Ending, fn(&PathDifference) -> f64),
}

/// A figure.
pub(super) struct Figure {
    pub name: &'static str,
    pub kind: Kind,
    of: Source,
}

impl Figure {
    /// The figure of an arm; `None` if it is undefined. `differences` are those of its run.
    pub(super) fn of(&self, arm: &StudyArm, differences: &[PathDifference]) -> Option<f64> {
        let x = match &self.of {
            Source::Arm(of) => of(arm),
            Source::Difference(ending, of) => {
                differences.iter().find(|d| d.against == arm.name && d.ending == *ending).map(of)
            }
        };
        // Adding zero turns -0.0 into 0.0, so that files contain no -0.
        x.filter(|x| x.is_finite()).map(|x| x + 0.0)
    }
}

const fn sold(name: &'static str, of: fn(&PathDifference) -> f64) -> Figure {
    Figure { name, kind: Kind::Dollars, of: Source::Difference(Ending::Liquidated, of) }
}

const fn kept(name: &'static str, of: fn(&PathDifference) -> f64) -> Figure {
    Figure { name, kind: Kind::Dollars, of: Source::Difference(Ending::Kept, of) }
}

const fn rate(name: &'static str, of: fn(&StudyArm) -> Option<f64>) -> Figure {
    Figure { name, kind: Kind::Rate, of: Source::Arm(of) }
}

const fn dollars(name: &'static str, of: fn(&StudyArm) -> Option<f64>) -> Figure {
    Figure { name, kind: Kind::Dollars, of: Source::Arm(of) }
}

const fn count(name: &'static str, of: fn(&StudyArm) -> Option<f64>) -> Figure {
    Figure { name, kind: Kind::Count, of: Source::Arm(of) }
}

fn money(arm: &StudyArm, of: impl Fn(&ArmMeasures) -> Money) -> f64 {
    of(&arm.measures).to_f64()
}

/// All figures in the order of the columns. Add new ones at the end; never rename or remove one.
pub(super) const FIGURES: &[Figure] = &[
    rate("risk_aversion", |a| Some(a.risk_aversion)),
    dollars("final_value", |a| Some(money(a, |m| m.final_value))),
    dollars("accrued_tax", |a| Some(money(a, |m| m.accrued_tax))),
    dollars("wealth_before_liquidation", |a| Some(money(a, |m| m.wealth_before_liquidation))),
    dollars("wealth_after_liquidation", |a| Some(money(a, |m| m.wealth_after_liquidation))),
    dollars("wealth_after_bracketed_liquidation", |a| {
        Some(money(a, |m| m.endings.liquidate_bracketed.wealth + m.taken_at_closing))
    }),
    dollars("wealth_step_up", |a| Some(money(a, |m| m.endings.step_up.wealth + m.taken_at_closing))),
    rate("tax_alpha_before_liquidation", |a| a.tax_alpha?.before_liquidation),
    rate("tax_alpha_after_liquidation", |a| a.tax_alpha?.after_liquidation),
    rate("pre_tax_return", |a| a.measures.pre_tax_return),
    rate("after_tax_return_before_liquidation", |a| a.measures.after_tax_return_before_liquidation),
    rate("after_tax_return_after_liquidation", |a| a.measures.after_tax_return_after_liquidation),
    rate("tracking_error_ex_post", |a| a.measures.tracking_error_ex_post),
    rate("tracking_error_ex_ante", |a| a.measures.tracking_error_ex_ante),
    rate("turnover", |a| a.measures.turnover),
    dollars("taxes_paid", |a| Some(money(a, |m| m.taxes_paid))),
    dollars("losses_harvested", |a| Some(money(a, |m| m.losses_harvested))),
    dollars("gains_realized", |a| Some(money(a, |m| m.gains_realized))),
    dollars("losses_washed", |a| Some(money(a, |m| m.losses_washed))),
    dollars("carry_short", |a| Some(money(a, |m| m.carry_short))),
    dollars("carry_long", |a| Some(money(a, |m| m.carry_long))),
    dollars("trading_cost", |a| Some(money(a, |m| m.trading_cost))),
    count("orders", |a| Some(a.measures.orders as f64)),
    count("transfers", |a| Some(a.measures.transfers as f64)),
    count("tickets", |a| Some(a.measures.workload.tickets as f64)),
    count("tasks", |a| Some(a.measures.workload.tasks as f64)),
    rate("active_share_at_end", |a| a.measures.active_share_at_end),
    rate("cash_weight", |a| Some(a.measures.cash_drag.as_ref()?.average_weight)),
    rate("worst_gap", |a| {
        let gaps = a.result.journal.solves.iter().map(|s| s.objective - s.lower_bound);
        gaps.reduce(|a, b| if b > a { b } else { a })
    }),
    dollars("paid_out", |a| Some(money(a, |m| m.paid_out))),
    // UMA minus this arm: with everything sold at the end, then with nothing sold.
    sold("difference_total", |d| d.total.to_f64()),
    sold("difference_setup", |d| d.setup().to_f64()),
    sold("difference_tax", |d| d.tax.to_f64()),
    sold("difference_fees", |d| d.fees.to_f64()),
    sold("difference_costs", |d| d.costs.to_f64()),
    sold("difference_cash", |d| d.cash.to_f64()),
    sold("difference_classes", |d| d.classes.to_f64()),
    sold("difference_names", |d| d.names.to_f64()),
    sold("difference_unpaid", |d| d.unpaid.to_f64()),
    sold("difference_risk", |d| d.risk.to_f64()),
    Figure {
        name: "difference_bp_a_year",
        kind: Kind::Rate,
        of: Source::Difference(Ending::Liquidated, |d| d.bp_a_year),
    },
    kept("difference_total_kept", |d| d.total.to_f64()),
    kept("difference_setup_kept", |d| d.setup().to_f64()),
    kept("difference_tax_kept", |d| d.tax.to_f64()),
    kept("difference_fees_kept", |d| d.fees.to_f64()),
    kept("difference_costs_kept", |d| d.costs.to_f64()),
    kept("difference_cash_kept", |d| d.cash.to_f64()),
    kept("difference_classes_kept", |d| d.classes.to_f64()),
    kept("difference_names_kept", |d| d.names.to_f64()),
    kept("difference_unpaid_kept", |d| d.unpaid.to_f64()),
    kept("difference_risk_kept", |d| d.risk.to_f64()),
    Figure {
        name: "difference_bp_a_year_kept",
        kind: Kind::Rate,
        of: Source::Difference(Ending::Kept, |d| d.bp_a_year),
    },
];

/// Position of a figure in [`FIGURES`].
pub(super) fn figure(name: &str) -> Option<usize> {
    FIGURES.iter().position(|f| f.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct() {
        let mut names: Vec<&str> = FIGURES.iter().map(|f| f.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FIGURES.len());
        assert_eq!(figure("final_value"), Some(1));
    }
}
