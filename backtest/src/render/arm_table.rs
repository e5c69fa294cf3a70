//! The table of arms for the terminal.

use std::fmt::Write as _;

use unisleeve_core::study::{ArmSummary, Difference, Study, Summary};
use unisleeve_core::units::Money;

use super::format::TERMINAL;

/// Names of the arms for readers.
pub(crate) fn arm_title(name: &str) -> &str {
    match name {
        "uma" => "UMA",
        "sma" => "SMA",
        "funds" => "Funds only",
        "shadow" => "Shadow",
        "uma_equal_gamma" => "UMA, SMA's risk",
        other => other,
    }
}

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
    let _ = write!(text, "{}", headline(s));
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
    let _ = write!(text, "{:<33}", "Dollars unless stated");
    for c in &columns {
        let _ = write!(text, "{:>17}", arm_title(c));
    }
    text.push('\n');
    let is_paid_alike =
        s.arms.values().zip(s.arms.values().skip(1)).all(|(a, b)| a.measures.paid_out == b.measures.paid_out);
    let paid: (&str, Figure<'_>) = ("Paid out before the end", &|a| dollars(a.measures.paid_out));
    for (label, figure) in rows.into_iter().chain((!is_paid_alike).then_some(paid)) {
        let _ = write!(text, "{label:<33}");
        for c in &columns {
            let _ = write!(text, "{:>17}", s.arms.get(c).map(figure).unwrap_or_default());
        }
        text.push('\n');
    }
    for arm in &study.arms {
        if let Some(ruin) = arm.result.ruin {
            let _ = writeln!(
                text,
                "\n{} could not pay what was asked of it on {}: {} was asked, {} paid.",
                arm_title(arm.name),
                ruin.date,
                dollars(ruin.asked),
                dollars(ruin.paid)
            );
        }
    }
    text
}

fn headline(s: &Summary) -> String {
    let Some(h) = s.headline else { return String::new() };
    let mut text = String::new();
    let mut line = |label: &str, d: Option<Difference>, show: &dyn Fn(f64) -> String| {
        if let Some(d) = d {
            let (value, low, high) = (show(d.value), show(d.low), show(d.high));
            let _ = writeln!(text, "{label:<33}{value:>17}   ({low} to {high})");
        }
    };
    let signed = |x: f64| TERMINAL.more_dollars(Some(x));
    let points = |x: f64| TERMINAL.points(Some(x), 2);
    let (uma, sma) = h.paid_out;
    line("UMA less SMA, kept", h.wealth_before_liquidation, &signed);
    line("UMA less SMA, liquidated", h.wealth_after_liquidation, &signed);
    line("... in tax alpha a year, kept", h.tax_alpha_before_liquidation, &points);
    line("... liquidated", h.tax_alpha_after_liquidation, &points);
    line("... in pre-tax return (luck)", h.pre_tax_return, &points);
    let _ = writeln!(
        text,
        "{}. Median (range) of five runs whose\nrisk aversion differs by up to 4%; below, the middle one. One path of history: not a forecast.\n",
        match s.equal_tracking_error {
            Some(true) => "At equal realized tracking error",
            Some(false) => "Equal realized tracking error was NOT reached (see the rows below)",
            None => "At equal risk aversion",
        }
    );
    if uma != sma {
        let _ = writeln!(
            text,
            "The arms paid out different amounts: UMA {}, SMA {}. Dollars of UMA less SMA count what was\nleft and what had \
             been paid out, each dollar as it was paid.\n",
            dollars(uma),
            dollars(sma)
        );
    }
    text
}
