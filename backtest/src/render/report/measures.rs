//! Further figures of every arm: other definitions of return, sources of tax alpha, sleeves, workload.

use serde::Serialize;
use unisleeve_core::study::measure::{SleeveTracking, TaxAlphaSplit, Workload};
use unisleeve_core::study::{ArmSummary, Summary};

use super::table::{Column, Group, Row};
use crate::render::format::{dollars, more_basis_points, number, percent, rate};
use crate::render::setups::Setups;

/// A term and its meaning.
#[derive(Debug, Serialize)]
pub(super) struct Word {
    name: &'static str,
    sentence: String,
}

/// A table with a column for each arm, and its terms.
#[derive(Debug, Serialize)]
pub(super) struct MeasureTable {
    id: &'static str,
    title: &'static str,
    columns: Vec<Column>,
    groups: Vec<Group>,
    words: Vec<Word>,
}

/// Reads a figure from one entry of a list.
type Figure<T> = fn(&T) -> Option<f64>;

/// The arms in the order of the summary.
struct Arms<'a>(Vec<(&'static str, &'a ArmSummary)>);

impl Arms<'_> {
    fn columns(&self, setups: Setups) -> Vec<Column> {
        let column = |name| Column { name: setups.name(name), meaning: "" };
        self.0.iter().map(|(name, _)| column(name)).collect()
    }

    fn row(&self, name: impl Into<String>, cell: impl Fn(&ArmSummary) -> String) -> Row {
        Row { name: name.into(), cells: self.0.iter().map(|(_, a)| cell(a)).collect() }
    }

    /// Names of the entries in the arms' lists, in order of first appearance.
    fn names(&self, of: impl Fn(&ArmSummary) -> Vec<&str>) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.0.iter().flat_map(|(_, a)| of(a)) {
            if !names.iter().any(|n| n == name) {
                names.push(name.to_owned());
            }
        }
        names
    }
}

/// Builds the tables; empty if no arm ran.
pub(super) fn measure_tables(summary: &Summary) -> Vec<MeasureTable> {
    let arms = Arms(summary.arm_order.iter().filter_map(|n| Some((*n, summary.arms.get(n)?))).collect());
    if arms.0.is_empty() {
        return Vec::new();
    }
    let setups = Setups::of(&summary.config);
    vec![
        MeasureTable {
            id: "returns",
            title: "Returns, and where tax alpha comes from",
            columns: arms.columns(setups),
            groups: vec![returns(&arms), tax_alpha(&arms), cash(&arms)],
            words: return_words(&arms),
        },
        MeasureTable {
            id: "sleeves",
            title: "Tracking error of each sleeve",
            columns: arms.columns(setups),
            groups: vec![sleeves(&arms)],
            words: vec![Word {
                name: "Tracking error of a sleeve",
                sentence: "Of its holdings without cash against its own index, a year: realized over the span, and forecast \
                           for the holdings of the last day."
                    .to_owned(),
            }],
        },
        MeasureTable {
            id: "workload",
            title: "Workload",
            columns: arms.columns(setups),
            groups: vec![workload(&arms)],
            words: vec![Word {
                name: "Manager’s day",
                sentence: "A day on which a manager traded, was instructed or had money moved, counted for each manager. \
                           Nothing is charged for it."
                    .to_owned(),
            }],
        },
    ]
}

fn returns(arms: &Arms<'_>) -> Group {
    let return_of = |name: &str, of: fn(&ArmSummary) -> Option<f64>| arms.row(name, |a| percent(of(a), 2));
    Group {
        name: "Returns, a year",
        rows: vec![
            return_of("After tax, before liquidation", |a| a.measures.after_tax_return_before_liquidation),
            return_of("After tax, after liquidation", |a| a.measures.after_tax_return_after_liquidation),
            return_of("Money-weighted, before tax", |a| a.measures.money_weighted_return.pre_tax),
            return_of("Money-weighted, after tax, before liquidation", |a| {
                a.measures.money_weighted_return.after_tax_before_liquidation
            }),
            return_of("Money-weighted, after tax, after liquidation", |a| {
                a.measures.money_weighted_return.after_tax_after_liquidation
            }),
            return_of("Form N-1A, pre-liquidation", |a| a.measures.sec_returns.pre_liquidation),
            return_of("Form N-1A, post-liquidation", |a| a.measures.sec_returns.post_liquidation),
        ],
    }
}

fn tax_alpha(arms: &Arms<'_>) -> Group {
    let part = |name: &str, of: fn(&TaxAlphaSplit) -> f64| {
        arms.row(name, |a| more_basis_points(a.tax_alpha_split.as_ref().map(of)))
    };
    Group {
        name: "Tax alpha before liquidation, a year",
        rows: vec![
            part("Harvest: more losses recognized", |x| x.harvest.rate),
            part("Deferral: gains realized later", |x| x.deferral.rate),
            part("Character: long for short, qualified for ordinary", |x| x.character.rate),
            part("Less income received", |x| x.income.rate),
            part("Losses carried, not yet used", |x| x.carried.rate),
            part("Brackets, netting across terms, loss limit", |x| x.household.rate),
            part("Earned on the tax saved, and linking", |x| x.linking),
            part("Tax alpha, the sum", |x| x.tax_alpha),
            arms.row("Tax saved against the shadow, whole span", |a| {
                dollars(a.tax_savings.map(|s| s.total.to_f64()))
            }),
            arms.row("Tax saved over average value (not tax alpha)", |a| {
                more_basis_points(a.tax_savings.and_then(|s| s.over_average_value))
            }),
        ],
    }
}

fn cash(arms: &Arms<'_>) -> Group {
    Group {
        name: "Cash and names",
        rows: vec![
            arms.row("Cash, average weight", |a| percent(a.measures.cash_drag.map(|c| c.average_weight), 2)),
            arms.row("Cash drag, a year", |a| percent(a.measures.cash_drag.map(|c| c.cost), 2)),
            arms.row("Active share at the end", |a| percent(a.measures.active_share_at_end, 1)),
        ],
    }
}

fn return_words(arms: &Arms<'_>) -> Vec<Word> {
    let rates = arms.0.first().map(|(_, a)| a.measures.sec_returns);
    let word = |name, sentence: &str| Word { name, sentence: sentence.to_owned() };
    vec![
        word(
            "Money-weighted return",
            "The rate at which what the client paid in and took out, on its days, grows to what is there at the end.",
        ),
        Word {
            name: "Form N-1A",
            sentence: format!(
                "After-tax returns as a fund shows them (Item 26(b)), applied to an account: income and net realized gains \
                 taxed on their day at the highest federal rates, {} and {}; no state tax, no net investment income tax; net \
                 losses carried within the account, and deducted in full at the sale of everything.",
                rates.map_or_else(String::new, |r| rate(r.ordinary_rate)),
                rates.map_or_else(String::new, |r| rate(r.long_rate))
            ),
        },
        word(
            "Parts of tax alpha",
            "Losses and gains are valued at the long-term rate of liquidation; character is the rest of the short-term and \
             ordinary rate. The parts add up.",
        ),
        word(
            "Cash drag",
            "Each day’s cash weight times the policy mix’s return: what cash would have earned if invested.",
        ),
        word(
            "Active share",
            "Half the sum of the differences between the portfolio’s weights and the policy mix’s; a fund counts as one \
             security.",
        ),
    ]
}

fn sleeves(arms: &Arms<'_>) -> Group {
    let names = arms.names(|a| a.measures.sleeves.iter().map(|s| s.sleeve.as_str()).collect());
    let kinds: [(&str, Figure<SleeveTracking>); 2] =
        [("realized", |s| s.tracking_error_ex_post), ("forecast at the end", |s| s.tracking_error_ex_ante)];
    let rows = names.iter().flat_map(|name| {
        kinds.map(|(kind, of)| {
            arms.row(format!("{name}: {kind}"), |a| {
                percent(a.measures.sleeves.iter().find(|s| s.sleeve == *name).and_then(of), 2)
            })
        })
    });
    Group { name: "A year", rows: rows.collect() }
}

fn workload(arms: &Arms<'_>) -> Group {
    let row = |name: &str, of: fn(&Workload) -> usize| {
        arms.row(name, |a| number(of(&a.measures.workload) as f64, 0))
    };
    Group {
        name: "Whole span",
        rows: vec![
            row("Managers’ days", |w| w.tasks),
            row("Instructions to another manager", |w| w.tickets),
            row("Money moved between managers", |w| w.transfers),
            row("Orders", |w| w.orders),
        ],
    }
}
