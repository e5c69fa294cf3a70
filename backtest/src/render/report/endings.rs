//! Compares the possible endings of the portfolio and explains each.

use serde::Serialize;
use unisleeve_core::study::measure::endings::Endings;
use unisleeve_core::study::{ArmSummary, Summary};
use unisleeve_core::units::Money;

use super::table::{Column, Group, Row};
use crate::render::format::{dollars, rate};
use crate::render::setups::Setups;

/// An ending and its explanation.
#[derive(Debug, Serialize)]
pub(super) struct Meaning {
    name: &'static str,
    sentence: String,
}

/// The table with its explanations.
#[derive(Debug, Serialize)]
pub(super) struct EndingTable {
    columns: Vec<Column>,
    groups: Vec<Group>,
    meanings: Vec<Meaning>,
}

/// Builds the table of endings of all arms, in the order of the summary.
pub(super) fn ending_table(summary: &Summary) -> EndingTable {
    let arms: Vec<(&'static str, &ArmSummary)> =
        summary.arm_order.iter().filter_map(|name| Some((*name, summary.arms.get(name)?))).collect();
    let row = |name: &'static str, amount: fn(&Endings) -> Money| Row {
        name: name.to_owned(),
        cells: arms.iter().map(|(_, a)| dollars(Some(amount(&a.measures.endings).to_f64()))).collect(),
    };
    let setups = Setups::of(&summary.config);
    let column = |name| Column { name: setups.name(name), meaning: "" };
    EndingTable {
        columns: arms.iter().map(|(name, _)| column(name)).collect(),
        groups: vec![
            Group {
                name: "What the family has, after tax",
                rows: vec![
                    row("Kept", |e| e.keep.wealth),
                    row("Sold at flat rates", |e| e.liquidate.wealth),
                    row("Sold through the brackets", |e| e.liquidate_bracketed.wealth),
                    row("Left at death", |e| e.step_up.wealth),
                    row("Given to a person, who sells", |e| e.gift.wealth),
                    row("Part given to charity, rest kept", |e| e.charity.wealth),
                ],
            },
            Group {
                name: "Of the gift to charity",
                rows: vec![
                    row("What the charity gets", |e| e.charity.given),
                    row("Gain never taxed", |e| e.charity.gain_never_taxed),
                    row("Tax saved in the last year", |e| {
                        e.charity.tax_saved_by_deduction + e.charity.tax_saved_by_losses
                    }),
                    row("Deduction carried forward", |e| e.charity.carried_deduction),
                ],
            },
        ],
        meanings: meanings(summary),
    }
}

fn meanings(summary: &Summary) -> Vec<Meaning> {
    let t = &summary.tax_inputs;
    let flat = |short: f64, long: f64| format!("{} short-term and {} long-term", rate(short), rate(long));
    let floor = if t.year < 2026 {
        String::new()
    } else {
        ", less 0.5% of it; a dollar in the top bracket saves 35 cents of federal tax".to_owned()
    };
    vec![
        Meaning { name: "Kept", sentence: "Value on the last day less the tax accrued until then.".to_owned() },
        Meaning {
            name: "Sold at flat rates",
            sentence: format!(
                "Everything sold on the last day at {}, carryforwards used first; an unused loss is worth nothing.",
                flat(t.liquidation_short, t.liquidation_long)
            ),
        },
        Meaning {
            name: "Sold through the brackets",
            sentence: format!(
                "The same sale within the household’s return of that year: all gains in one year’s brackets, the net \
                 investment income tax, the alternative minimum tax, state tax {}, and the year’s earlier gains and losses.",
                match t.state {
                    Some(state) => format!("by the rules of {}", state.name()),
                    None => format!("of {}", rate(t.state_rate.to_f64())),
                }
            ),
        },
        Meaning {
            name: "Left at death",
            sentence: "The heirs’ basis is market value, so no gain is taxed and no loss is used; carryforwards are lost. \
                       One owner, no community property, no estate tax."
                .to_owned(),
        },
        Meaning {
            name: "Given to a person",
            sentence: format!(
                "The donee takes over basis and term, sells the same day at {} and can’t use the lots’ losses; \
                 carryforwards stay with the donor. No gift tax.",
                flat(t.donee_short, t.donee_long)
            ),
        },
        Meaning {
            name: "Part given to charity",
            sentence: format!(
                "{} of the value in kind to a public charity, long-term lots with the most gain first, deducted up to 30% \
                 of adjusted gross income{floor}. The household itemises, the state follows; what is carried forward, for \
                 five years, is not valued.",
                rate(t.charity_share.to_f64())
            ),
        },
    ]
}
