//! The table of arms for the terminal.

use std::fmt::Write as _;

use unisleeve_core::study::{ArmSummary, Difference, Study, Summary};
use unisleeve_core::units::Money;

use super::difference::text::text as difference;
use super::format::TERMINAL;
use super::setups::Setups;

fn dollars(m: Money) -> String {
    TERMINAL.dollars(Some(m.to_f64()), 0)
}

fn count(n: usize) -> String {
    TERMINAL.number(Some(n as f64), 0)
}

fn percent(x: Option<f64>) -> String {
    TERMINAL.percent(x, 2)
}

/// Formats an arm's figure in a row of the table.
type Figure<'a> = &'a dyn Fn(&ArmSummary) -> String;

/// The full output: headline, table, and the location of the files.
pub(crate) fn print_table(study: &Study, s: &Summary) -> String {
    let mut text = String::new();
    let years = (s.end - s.start).num_days() as f64 / 365.25;
    let _ = writeln!(
        text,
        "{} to {}, {years:.0} years. UMA = one manager for the whole portfolio;",
        s.start, s.end
    );
    let _ = writeln!(text, "SMA = a specialist for the direct index beside the advisor's funds.\n");
    for sentence in &s.shortened {
        let _ = writeln!(text, "{sentence}");
    }
    let setups = Setups::of(&s.config);
    text.push_str(&difference(&s.difference, &s.work, setups, "one path"));
    let rows: [(&str, Figure<'_>); 26] = [
        ("After-tax wealth, kept", &|a| dollars(a.measures.wealth_before_liquidation)),
        ("After-tax wealth, liquidated", &|a| dollars(a.measures.wealth_after_liquidation)),
        ("... through the brackets", &|a| dollars(a.measures.endings.liquidate_bracketed.wealth)),
        ("... left at death", &|a| dollars(a.measures.endings.step_up.wealth)),
        ("... given to a person who sells", &|a| dollars(a.measures.endings.gift.wealth)),
        ("... kept but for a gift to charity", &|a| dollars(a.measures.endings.charity.wealth)),
        ("Tax alpha a year, kept", &|a| percent(a.tax_alpha_before_liquidation)),
        ("Tax alpha a year, liquidated", &|a| percent(a.tax_alpha_after_liquidation)),
        ("Pre-tax return a year", &|a| percent(a.measures.pre_tax_return)),
        ("Tracking error a year, realized", &|a| percent(a.measures.tracking_error_ex_post)),
        ("Tracking error a year, ex ante", &|a| percent(a.measures.tracking_error_ex_ante)),
        ("Taxes paid", &|a| dollars(a.measures.taxes_paid)),
        ("Losses harvested", &|a| dollars(a.measures.losses_harvested)),
        ("Gains realized", &|a| dollars(a.measures.gains_realized)),
        ("Losses washed", &|a| dollars(a.measures.losses_washed)),
        ("Unused carryforward", &|a| dollars(a.measures.carry_short + a.measures.carry_long)),
        ("Turnover a year", &|a| percent(a.measures.turnover)),
        ("Spreads paid", &|a| dollars(a.measures.trading_cost)),
        ("Orders", &|a| count(a.measures.orders)),
        ("Transfers between managers", &|a| count(a.measures.transfers)),
        ("After-tax return a year, kept", &|a| percent(a.measures.after_tax_return_before_liquidation)),
        ("... liquidated", &|a| percent(a.measures.after_tax_return_after_liquidation)),
        ("... money-weighted, kept", &|a| {
            percent(a.measures.money_weighted_return.after_tax_before_liquidation)
        }),
        ("Tax saved against the shadow", &|a| {
            a.tax_savings.map_or_else(|| "-".to_owned(), |s| dollars(s.total))
        }),
        ("Harvest yield of the first year", &|a| {
            percent(a.measures.harvest_yield.first().and_then(|y| y.harvest_yield))
        }),
        ("Largest drift of an asset class", &|a| {
            let found = a.measures.drift.iter().filter_map(|d| d.largest_found);
            percent(found.reduce(|x, y| if y > x { y } else { x }))
        }),
    ];
    let columns: Vec<&str> = s.arm_order.clone();
    let is_paid_alike =
        s.arms.values().zip(s.arms.values().skip(1)).all(|(a, b)| a.measures.paid_out == b.measures.paid_out);
    let paid: (&str, Figure<'_>) = ("Paid out before the end", &|a| dollars(a.measures.paid_out));
    let lines: Vec<(&str, Vec<String>)> = rows
        .into_iter()
        .chain((!is_paid_alike).then_some(paid))
        .map(|(label, figure)| {
            (label, columns.iter().map(|c| s.arms.get(c).map(figure).unwrap_or_default()).collect())
        })
        .collect();
    let heads: Vec<String> = columns.iter().map(|c| setups.name(c).to_owned()).collect();
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|(_, cells)| cells.get(column)).chain(heads.get(column));
        cells.map(|c| c.chars().count()).max().unwrap_or_default() + 2
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    for (label, cells) in std::iter::once(("Dollars unless stated", heads.clone())).chain(lines.clone()) {
        let _ = write!(text, "{label:<35}");
        for (cell, width) in cells.iter().zip(&widths) {
            let _ = write!(text, "{cell:>width$}");
        }
        text.push('\n');
    }
    let _ = write!(text, "\n{}", detail(s));
    for arm in &study.arms {
        if let Some(ruin) = arm.result.ruin {
            let _ = writeln!(
                text,
                "\n{} could not pay what was asked of it on {}: {} was asked, {} paid.",
                setups.name(arm.name),
                ruin.date,
                dollars(ruin.asked),
                dollars(ruin.paid)
            );
        }
    }
    text
}

/// Wealth and tax alpha, UMA less the SMA of the configuration. They count other holdings and luck as well.
fn detail(s: &Summary) -> String {
    let Some(h) = s.headline else { return String::new() };
    let mut text = "Detail: all of the difference, with other holdings and luck in it\n".to_owned();
    let mut line = |label: &str, d: Option<Difference>, show: &dyn Fn(f64) -> String| {
        if let Some(d) = d {
            let (value, low, high) = (show(d.value), show(d.low), show(d.high));
            let _ = writeln!(text, "{label:<33}{value:>17}   ({low} to {high})");
        }
    };
    let signed = |x: f64| TERMINAL.more_dollars(Some(x));
    let points = |x: f64| TERMINAL.points(Some(x), 2);
    let (uma, sma) = h.paid_out;
    line("Wealth, UMA less SMA, kept", h.wealth_before_liquidation, &signed);
    line("Wealth, UMA less SMA, liquidated", h.wealth_after_liquidation, &signed);
    line("... in tax alpha a year, kept", h.tax_alpha_before_liquidation, &points);
    line("... liquidated", h.tax_alpha_after_liquidation, &points);
    line("... in pre-tax return (luck)", h.pre_tax_return, &points);
    let _ = writeln!(
        text,
        "At equal risk aversion. Median (range) of five runs whose risk aversion differs by up to 4%;\nabove, the middle one. \
         One path of history: not a forecast."
    );
    if uma != sma {
        let _ = writeln!(
            text,
            "The arms paid out different amounts: UMA {}, SMA {}. Dollars of UMA less SMA count what was\nleft and what had \
             been paid out, each dollar as it was paid.",
            dollars(uma),
            dollars(sma)
        );
    }
    text
}
