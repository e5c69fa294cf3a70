//! The table of arms in the report.

use serde::Serialize;
use unisleeve_core::study::{ArmSummary, Summary};
use unisleeve_core::units::Money;

use super::arms::words;
use crate::render::format::{MISSING, basis_points, dollars, number, percent};
use crate::render::setups::Setups;

/// One figure, with a cell for each arm.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) cells: Vec<String>,
}

/// A named group of rows.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) rows: Vec<Row>,
}

/// The header of a column.
#[derive(Debug, Serialize)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
}

/// The table of arms.
#[derive(Debug, Serialize)]
pub(super) struct ArmTable {
    pub(super) columns: Vec<Column>,
    pub(super) groups: Vec<Group>,
}

/// Builds the table of all arms, in the order of the summary.
pub(super) fn arm_table(summary: &Summary) -> ArmTable {
    let arms: Vec<(&'static str, &ArmSummary)> =
        summary.arm_order.iter().filter_map(|name| Some((*name, summary.arms.get(name)?))).collect();
    let row = |name: &'static str, cell: &dyn Fn(&ArmSummary) -> String| Row {
        name: name.to_owned(),
        cells: arms.iter().map(|(_, a)| cell(a)).collect(),
    };
    let money = |m: Money| dollars(Some(m.to_f64()));
    let count = |n: usize| number(n as f64, 0);
    let setups = Setups::of(&summary.config);
    let mut wealth = vec![
        row("Before liquidation", &|a| money(a.measures.wealth_before_liquidation)),
        row("After liquidation", &|a| money(a.measures.wealth_after_liquidation)),
    ];
    if arms.windows(2).any(|w| w[0].1.measures.paid_out != w[1].1.measures.paid_out) {
        wealth.push(row("Paid out before, not in the rows above", &|a| money(a.measures.paid_out)));
    }
    ArmTable {
        columns: arms
            .iter()
            .map(|(name, _)| Column { name: setups.name(name), meaning: words(name).meaning })
            .collect(),
        groups: vec![
            Group { name: "After-tax wealth at the end", rows: wealth },
            Group {
                name: "Return and risk, a year",
                rows: vec![
                    row("Tax alpha before liquidation", &|a| percent(a.tax_alpha_before_liquidation, 2)),
                    row("Tax alpha after liquidation", &|a| percent(a.tax_alpha_after_liquidation, 2)),
                    row("Pre-tax return", &|a| percent(a.measures.pre_tax_return, 2)),
                    row("Tracking error, realized (ex post)", &|a| {
                        percent(a.measures.tracking_error_ex_post, 2)
                    }),
                    row("Tracking error, forecast (average ex ante)", &|a| {
                        percent(a.measures.tracking_error_ex_ante, 2)
                    }),
                ],
            },
            Group {
                name: "Tax, whole span",
                rows: vec![
                    row("Taxes paid, less savings credited", &|a| money(a.measures.taxes_paid)),
                    row("Losses harvested", &|a| money(a.measures.losses_harvested)),
                    row("Gains realized", &|a| money(a.measures.gains_realized)),
                    row("Losses washed (disallowed)", &|a| money(a.measures.losses_washed)),
                    row("Unused carryforward, short-term", &|a| money(a.measures.carry_short)),
                    row("Unused carryforward, long-term", &|a| money(a.measures.carry_long)),
                ],
            },
            Group {
                name: "Trading, whole span",
                rows: vec![
                    row("Turnover a year", &|a| percent(a.measures.turnover, 1)),
                    row("Trading cost", &|a| money(a.measures.trading_cost)),
                    row("Orders", &|a| count(a.measures.orders)),
                    row("Transfers between mandates", &|a| count(a.measures.transfers)),
                    row("Worst certified gap, bp of value", &|a| basis_points(a.worst_gap)),
                    row("Risk aversion γ", &|a| number(a.risk_aversion, 2)),
                    row("First day it could not pay", &|a| {
                        a.ruin.map_or_else(|| MISSING.to_owned(), |day| day.to_string())
                    }),
                ],
            },
        ],
    }
}
