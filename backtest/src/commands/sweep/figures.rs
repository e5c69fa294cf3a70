//! The figures of a row with their names in files.

use unisleeve_core::study::StudyArm;
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

/// A figure.
pub(super) struct Figure {
    pub name: &'static str,
    pub kind: Kind,
    of: fn(&StudyArm) -> Option<f64>,
}

impl Figure {
    /// The figure of an arm; `None` if it is undefined.
    pub(super) fn of(&self, arm: &StudyArm) -> Option<f64> {
        // Adding zero turns -0.0 into 0.0, so that files contain no -0.
        (self.of)(arm).filter(|x| x.is_finite()).map(|x| x + 0.0)
    }
}

const fn rate(name: &'static str, of: fn(&StudyArm) -> Option<f64>) -> Figure {
    Figure { name, kind: Kind::Rate, of }
}

const fn dollars(name: &'static str, of: fn(&StudyArm) -> Option<f64>) -> Figure {
    Figure { name, kind: Kind::Dollars, of }
}

const fn count(name: &'static str, of: fn(&StudyArm) -> Option<f64>) -> Figure {
    Figure { name, kind: Kind::Count, of }
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
