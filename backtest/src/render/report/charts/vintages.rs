//! Tax alpha by start date: UMA, SMA and their difference, over runs of equal length.

use std::fmt::Write as _;

use crate::render::chart::Chart;
use crate::render::chart::Figures;
use crate::render::chart::bar_chart;
use crate::render::format::{MISSING, more_basis_points, percent, short_date};
use crate::render::svg::{Axes, BarChart, Bars};
use crate::render::ticks::Unit;
use crate::studies::spread::Spread;
use crate::studies::vintages::{Pair, Vintages};

/// Reads a figure of the two setups from one start date.
type Figure = fn(&Pair) -> Option<f64>;

/// Builds two charts: the levels of both setups, and their difference.
pub(super) fn charts(vintages: &Vintages) -> Vec<Option<Chart>> {
    vec![levels(vintages), differences(vintages)]
}

fn levels(v: &Vintages) -> Option<Chart> {
    let columns: [(&str, Figure); 4] = [
        ("UMA", |p| p.uma.tax_alpha_kept),
        ("SMA, best", |p| p.sma.tax_alpha_kept),
        ("UMA, sold", |p| p.uma.tax_alpha_liquidated),
        ("SMA, best, sold", |p| p.sma.tax_alpha_liquidated),
    ];
    let write = |x| percent(x, 2);
    let medians = |f: Figure| write(spread(v, f).map(|s| s.median));
    let (uma, sma) = (medians(columns[0].1), medians(columns[1].1));
    let chart = chart(
        v,
        format!(
            "Tax alpha before liquidation by start date, runs of {} years. Median: UMA {uma}, SMA {sma}.",
            v.years
        ),
        Unit::Percent,
        Axes { up: "Tax alpha before liquidation, % a year", along: "year of the start" },
        ("ahead of the shadow", "behind it"),
        &[("uma", columns[0]), ("sma", columns[1])],
    );
    bar_chart(
        format!("Tax alpha by start date, {} years each: median UMA {uma}, SMA {sma} a year", v.years),
        format!(
            "The same household begins anew every year, each time for {} years: the last losses of an old portfolio are not \
             set beside the first of a young one. SMA with the best practice; UMA at its realized tracking error in each. Runs overlap: they are \
             fewer than {} independent trials. Sold: after liquidation.{}",
            v.years,
            v.start_dates.len(),
            left_out(v)
        ),
        &chart,
        table(v, &columns, &write),
    )
}

fn differences(v: &Vintages) -> Option<Chart> {
    let columns: [(&str, Figure); 3] = [
        ("UMA less SMA", |p| p.uma_less_sma.tax_alpha_kept),
        ("Sold", |p| p.uma_less_sma.tax_alpha_liquidated),
        ("Pre-tax return", |p| p.uma_less_sma.pre_tax_return),
    ];
    let before = spread(v, columns[0].1)?;
    let ahead = format!("UMA ahead in {} of {} start dates", before.above_zero, before.runs);
    let median = more_basis_points(Some(before.median));
    let chart = chart(
        v,
        format!(
            "UMA less SMA in tax alpha by start date: {ahead}, median {median} a year before liquidation."
        ),
        Unit::BasisPoints,
        Axes { up: "UMA less SMA, tax alpha, basis points a year", along: "year of the start" },
        ("UMA ahead", "SMA ahead"),
        &[("uma", columns[0]), ("shadow", columns[1])],
    );
    bar_chart(
        format!("UMA less SMA by start date: {ahead} in tax alpha, median {median} a year"),
        "Tax alpha of UMA less that of SMA from the same start date, before liquidation and, sold, after it. The difference in \
         pre-tax return, in the last column, is luck and not in tax alpha."
            .to_owned(),
        &chart,
        table(v, &columns, &more_basis_points),
    )
}

fn chart(
    v: &Vintages,
    label: String,
    unit: Unit,
    axes: Axes,
    sides: (&'static str, &'static str),
    series: &[(&'static str, (&str, Figure))],
) -> BarChart {
    let heights = |of: Figure| {
        v.start_dates.iter().map(|s| s.pair.as_ref().and_then(of).into_iter().collect()).collect()
    };
    let bars = |(class, (name, of)): &(&'static str, (&str, Figure))| Bars {
        class,
        name: (*name).to_owned(),
        values: heights(*of),
    };
    BarChart {
        label,
        unit,
        axes,
        sides,
        categories: v.start_dates.iter().map(|s| s.start.format("%Y").to_string()).collect(),
        series: series.iter().map(bars).collect(),
    }
}

fn spread(v: &Vintages, of: Figure) -> Option<Spread> {
    Spread::of(v.start_dates.iter().filter_map(|s| of(s.pair.as_ref()?)).collect())
}

fn table(v: &Vintages, columns: &[(&str, Figure)], write: &dyn Fn(Option<f64>) -> String) -> Figures {
    let cells = |name: String, cell: &dyn Fn(Figure) -> String| -> Vec<String> {
        std::iter::once(name).chain(columns.iter().map(|(_, of)| cell(*of))).collect()
    };
    let rows = v.start_dates.iter().map(|s| {
        let mark = if s.pair.as_ref().is_some_and(|p| !p.matched) { " *" } else { "" };
        cells(format!("{}{mark}", short_date(s.start)), &|of| write(s.pair.as_ref().and_then(of)))
    });
    let foot = |name: &str, of_spread: fn(&Spread) -> f64| {
        cells(name.to_owned(), &|of| {
            spread(v, of).map_or_else(|| MISSING.to_owned(), |s| write(Some(of_spread(&s))))
        })
    };
    Figures {
        head: std::iter::once("Start").chain(columns.iter().map(|c| c.0)).map(str::to_owned).collect(),
        rows: rows.collect(),
        foot: vec![foot("Median", |s| s.median), foot("Least", |s| s.least), foot("Most", |s| s.most)],
    }
}

/// Notes about individual start dates.
fn left_out(v: &Vintages) -> String {
    let mut text = String::new();
    if v.start_dates.iter().any(|s| s.pair.as_ref().is_some_and(|p| !p.matched)) {
        text.push_str(" * UMA’s tracking error is not SMA’s to 1%.");
    }
    for s in &v.start_dates {
        if let Some(e) = &s.error {
            let _ = write!(text, " No run from {}: {e}.", short_date(s.start));
        }
    }
    text
}
