//! The waterfall from the best SMA to UMA: what each switch adds to the switches before it.

use unisleeve_core::study::compare::Figures as RunFigures;

use crate::render::chart::Chart;
use crate::render::chart::Figures;
use crate::render::chart::row_chart;
use crate::render::format::{MISSING, dollars, more_basis_points, more_dollars, percent};
use crate::render::svg::{Row, RowChart};
use crate::render::switches::meaning;
use crate::studies::difference::Difference;
use crate::studies::ladder::Ladder;
use crate::studies::run_row::{Equal, RunRow};

/// Name of the row below the total: UMA at the risk aversion that matches SMA's tracking error.
const TRACKING: &str = "tracking error";

/// A column of the table: how to format a step and the figures of the two ends.
struct Column {
    name: &'static str,
    step: fn(&Difference) -> String,
    end: fn(&RunFigures) -> String,
}

/// Formats an amount in ten-thousandths of a dollar.
fn money(x: i64) -> String {
    dollars(Some(x as f64 / 1e4))
}

/// Builds the charts of the setup effect, of wealth and of tax alpha.
pub(super) fn charts(ladder: &Ladder) -> Vec<Option<Chart>> {
    let setup = [
        Column {
            name: "After liquidation",
            step: |d| more_dollars(Some(d.setup_liquidated)),
            end: |_| MISSING.to_owned(),
        },
        Column {
            name: "Before liquidation",
            step: |d| more_dollars(Some(d.setup_kept)),
            end: |_| MISSING.to_owned(),
        },
    ];
    let wealth = [
        Column { name: "Before liquidation", step: |d| more_dollars(Some(d.kept)), end: |f| money(f.kept) },
        Column {
            name: "After liquidation",
            step: |d| more_dollars(Some(d.liquidated)),
            end: |f| money(f.liquidated),
        },
    ];
    let alpha = [
        Column {
            name: "Before liquidation",
            step: |d| more_basis_points(d.tax_alpha_kept),
            end: |f| percent(f.tax_alpha_kept, 2),
        },
        Column {
            name: "After liquidation",
            step: |d| more_basis_points(d.tax_alpha_liquidated),
            end: |f| percent(f.tax_alpha_liquidated, 2),
        },
        Column {
            name: "Pre-tax return",
            step: |d| more_basis_points(d.pre_tax_return),
            end: |f| percent(f.pre_tax_return, 2),
        },
    ];
    let mut words: Vec<(String, String)> =
        ladder.steps.iter().map(|s| (s.switch.as_str().to_owned(), meaning(s.switch).to_owned())).collect();
    if ladder.equal_tracking_error.is_some() {
        let meaning = "What UMA would gain beyond the total at the risk aversion that gives it SMA’s realized tracking error";
        words.push((TRACKING.to_owned(), meaning.to_owned()));
    }
    vec![
        waterfall(
            ladder,
            "setup effect",
            "Setup effect after liquidation, dollars",
            |d| Some(d.setup_liquidated),
            &setup,
            "The best SMA at zero; then what sets UMA apart is switched on, one thing after the other, on the same prices at the \
             same risk aversion. The bars add up to the setup effect against SMA, best. Turned on in another order, a switch can \
             be worth more or less: unisleeve compare averages over all orders (Shapley values)."
                .to_owned(),
        ),
        waterfall(
            ladder,
            "after-tax wealth before liquidation",
            "After-tax wealth before liquidation, dollars",
            |d| Some(d.kept),
            &wealth,
            "The same runs in wealth. The bars add up to UMA less SMA, best in the table of arms. A part of each step is other \
             holdings and luck."
                .to_owned(),
        ),
        waterfall(
            ladder,
            "tax alpha a year before liquidation",
            "Tax alpha before liquidation, basis points a year",
            |d| d.tax_alpha_kept,
            &alpha,
            "The same runs without what they earned before tax, which stands in the last column."
                .to_owned(),
        )
        .map(|c| c.explained(words)),
    ]
}

/// For each step: the switch, whether it can make a difference, and what it adds.
fn steps(ladder: &Ladder) -> impl Iterator<Item = (&str, bool, &Difference)> {
    ladder.steps.iter().map(|s| (s.switch.as_str(), s.acts, &s.worth))
}

fn waterfall(
    ladder: &Ladder,
    what: &str,
    axis: &'static str,
    of: fn(&Difference) -> Option<f64>,
    columns: &[Column],
    note: String,
) -> Option<Chart> {
    let write = columns.first()?.step;
    let total = of(&ladder.total)?;
    let mut rows = Vec::new();
    for (name, acts, worth) in steps(ladder) {
        let figure = if acts { write(worth) } else { "can’t act".to_owned() };
        rows.push(Row::new("", name.to_owned(), of(worth)?, figure));
    }
    let rows = Row::waterfall(rows, Row::new("", "UMA − SMA".to_owned(), total, write(&ladder.total)));
    let cells = |name: &str, cell: &dyn Fn(&Column) -> String| -> Vec<String> {
        std::iter::once(name.to_owned()).chain(columns.iter().map(cell)).collect()
    };
    let end = |name: &str, run: Option<&RunRow>| {
        cells(name, &|c| run.map_or_else(|| MISSING.to_owned(), |r| (c.end)(&r.figures)))
    };
    let steps = steps(ladder)
        .map(|(name, acts, worth)| cells(name, &|c| if acts { (c.step)(worth) } else { MISSING.to_owned() }));
    let last = ladder.runs.iter().rfind(|r| r.equal == Equal::RiskAversion);
    let figures = Figures {
        head: cells("Switch", &|c| c.name.to_owned()),
        rows: std::iter::once(end("SMA, best", ladder.runs.first())).chain(steps).collect(),
        foot: [end("UMA", last), cells("UMA less SMA", &|c| (c.step)(&ladder.total))]
            .into_iter()
            .chain(ladder.equal_tracking_error.iter().map(|d| cells(TRACKING, &|c| (c.step)(d))))
            .collect(),
    };
    let chart = RowChart {
        label: format!(
            "Waterfall from SMA, best to UMA in {what}, switch by switch: {} in all.",
            write(&ladder.total)
        ),
        axis,
        groups: vec![(String::new(), rows)],
    };
    let title = format!("From SMA, best to UMA, switch by switch: {} of {what}", write(&ladder.total));
    row_chart(title, note, &chart, figures)
}
