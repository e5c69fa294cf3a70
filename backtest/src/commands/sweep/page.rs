//! `report.html` of a sweep: UMA minus SMA over all runs, by start and by setting.

use unisleeve_core::mandates::ArmKind;

use super::differences::{Distribution, EFFECTS, Spreads};
use super::summary::{Summary, windows};
use super::verdicts;
use crate::render::chart::{Chapter, Chart, Figures, bar_chart, row_chart};
use crate::render::format::{MISSING, date, grouped, more_basis_points, more_dollars, number};
use crate::render::setups::Setups;
use crate::render::sheet::Sheet;
use crate::render::svg::{Axes, BarChart, Bars, Row, RowChart};
use crate::render::templates::ReportError;
use crate::render::ticks::{Unit, label};
use crate::studies::spread::Spread;

/// Most settings of one axis in a chart. The files hold all of them.
const SHOWN: usize = 40;

/// The figure of the charts by start and by setting.
const MAIN: &str = "setup_over_sma";

/// Renders the page.
pub(super) fn page(s: &Summary) -> Result<String, ReportError> {
    let effect = |(name, kind): (&'static str, ArmKind)| {
        (
            name,
            format!("Setup effect against {}", Setups::of(&s.config).name(kind.as_str())),
            Unit::Dollars,
            "dollars, everything sold at the end",
        )
    };
    let detail = [
        (
            "tax_alpha_before_liquidation",
            "Tax alpha before liquidation",
            Unit::BasisPoints,
            "UMA less SMA, basis points a year",
        ),
        (
            "tax_alpha_after_liquidation",
            "Tax alpha after liquidation",
            Unit::BasisPoints,
            "UMA less SMA, basis points a year",
        ),
        (
            "wealth_after_liquidation",
            "After-tax wealth after liquidation",
            Unit::Dollars,
            "UMA less SMA, dollars",
        ),
    ]
    .map(|(name, what, unit, axis)| (name, what.to_owned(), unit, axis));
    let charts = |figures: Vec<(&'static str, String, Unit, &'static str)>| -> Vec<Chart> {
        let one = |(name, what, unit, axis): (&'static str, String, Unit, &'static str)| {
            histogram(s.all.get(name)?, &what, unit, axis)
        };
        figures.into_iter().filter_map(one).collect()
    };
    let years: Vec<_> = s.start_years.iter().map(|p| (p.of.to_string(), &p.uma_minus_sma)).collect();
    let axes = s.axes.iter().filter_map(|a| {
        let settings: Vec<_> = a.settings.iter().map(|p| (setting(&p.of), &p.uma_minus_sma)).collect();
        parts(&format!("By {}", a.axis), "Setting", &settings)
    });
    let chapters = [
        Chapter { id: "all", title: "All runs", charts: charts(EFFECTS.map(effect).into()) },
        Chapter {
            id: "starts",
            title: "By start",
            charts: parts("By year of the start", "Start", &years).into_iter().collect(),
        },
        Chapter { id: "settings", title: "By setting", charts: axes.collect() },
        Chapter {
            id: "detail",
            title: "Detail: tax alpha and wealth, with other holdings and luck in it",
            charts: charts(detail.into()),
        },
    ];
    let (first, last) = (s.vintages.first(), s.vintages.last());
    let (start, end) = (first.map_or(s.config.start, |v| v.start), last.map_or(s.config.end, |v| v.end));
    Sheet {
        title: "What one manager is worth over many runs, after tax",
        span: format!("{} to {}", date(start), date(end)),
        lead: lead(s),
        words: vec![
            word("UMA", "Unified managed account: one manager for the whole portfolio."),
            word("SMA", "Separately managed account: a specialist runs the direct index, an advisor the funds beside it."),
            word("Setup effect", "Tax, fees and trading costs that one manager saves; other holdings are not in it."),
            word("Tax alpha", "After-tax return above the shadow portfolio’s, less the same before tax."),
            word("bp", "Basis point, a hundredth of a percent."),
        ],
        chapters: chapters.into_iter().filter(|c| !c.charts.is_empty()).collect(),
        tables: primary_table(s).into_iter().collect(),
        assumptions: s.assumptions.clone(),
        version: s.version,
        seed: s.seed,
        hashes: vec![
            ("Configuration", s.config_hash.clone()),
            ("Data", s.data_hash.clone()),
            ("Plan", s.plan_hash.clone()),
        ],
    }
    .render()
}

/// The verdicts of a sweep over futures.
fn primary_table(s: &Summary) -> Option<(&'static str, Figures)> {
    if s.primary.is_empty() {
        return None;
    }
    let (head, rows) = verdicts::rows(&s.primary, Setups::of(&s.config));
    let figures = Figures { head: head.map(str::to_owned).to_vec(), rows, foot: Vec::new() };
    Some(("When one manager pays: setup effect after selling everything", figures))
}

fn word(name: &str, meaning: &str) -> (String, String) {
    (name.to_owned(), meaning.to_owned())
}

fn lead(s: &Summary) -> Vec<String> {
    let count = |n: usize| number(n as f64, 0);
    let equal = if s.equal == "risk_aversion" { "risk aversion" } else { "realized tracking error" };
    let mut lead = vec![format!(
        "{} runs: {} settings, {} {} each. UMA and SMA of a run have the same household, prices, flows and law, and \
         equal {equal}; each figure is UMA less SMA of one run.",
        count(s.runs),
        count(s.combinations.len()),
        count(windows(s).0),
        windows(s).1
    )];
    let setups = Setups::of(&s.config);
    for (name, kind) in EFFECTS {
        lead.extend(s.all.get(name).map(|d| {
            format!(
                "The setup effect against {} is above zero in {} of {} runs; the median is {}.",
                setups.name(kind.as_str()),
                count(d.spread.above_zero),
                count(d.spread.runs),
                more_dollars(Some(d.spread.median))
            )
        }));
    }
    if lead.len() == 1 {
        lead.push(
            "UMA and a setup with separate managers did not both run, so there is nothing to compare."
                .to_owned(),
        );
    }
    if s.failed > 0 {
        lead.push(format!(
            "{} of {} rows have no figures; why stands in results.csv.",
            count(s.failed),
            count(s.rows)
        ));
    }
    lead
}

/// A setting as plain text.
fn setting(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn histogram(d: &Distribution, what: &str, unit: Unit, along: &'static str) -> Option<Chart> {
    let write =
        |x: f64| if unit == Unit::Dollars { more_dollars(Some(x)) } else { more_basis_points(Some(x)) };
    let step = d.bins.first().map_or(1.0, |b| b.to - b.from);
    let ends = d.bins.iter().flat_map(|b| [b.from.abs(), b.to.abs()]);
    let largest = ends.fold(0.0, |a, b| if b > a { b } else { a });
    let tick = |x: f64| label(x, step, largest, unit);
    let s = &d.spread;
    let median = write(s.median);
    let runs = |n: usize| grouped(n as f64, 0);
    let chart = BarChart {
        label: format!("{what}, of each run: median {median}, from {} to {}.", write(s.least), write(s.most)),
        unit: Unit::Count,
        axes: Axes { up: "Runs", along },
        sides: ("", ""),
        categories: d.bins.iter().map(|b| tick(b.from)).collect(),
        series: vec![Bars {
            class: "uma",
            name: "runs from the value below to the next".to_owned(),
            values: d.bins.iter().map(|b| vec![b.runs as f64]).collect(),
        }],
    };
    let row = |b: &super::differences::Bin| vec![format!("{} to {}", tick(b.from), tick(b.to)), runs(b.runs)];
    let foot = [("Median", median.clone()), ("Least", write(s.least)), ("Most", write(s.most))];
    let figures = Figures {
        head: ["From, to", "Runs"].map(str::to_owned).to_vec(),
        rows: d.bins.iter().map(row).collect(),
        foot: foot
            .into_iter()
            .map(|(name, x)| vec![name.to_owned(), x])
            .chain([vec!["Above zero".to_owned(), ahead(s)]])
            .collect(),
    };
    bar_chart(
        format!("{what}: above zero in {} runs, median {median}", ahead(s)),
        "Each run counts once; runs that overlap in time share most of their history.".to_owned(),
        &chart,
        figures,
    )
}

fn ahead(s: &Spread) -> String {
    format!("{} of {}", grouped(s.above_zero as f64, 0), grouped(s.runs as f64, 0))
}

/// A chart with the median and the range of each group.
fn parts(title: &str, first: &str, parts: &[(String, &Spreads)]) -> Option<Chart> {
    let shown = || parts.iter().take(SHOWN).filter_map(|(name, s)| Some((name, *s, s.get(MAIN)?)));
    let write = |x: f64| more_dollars(Some(x));
    let row = |(name, _, s): (&String, &Spreads, &Spread)| Row {
        range: Some((s.least, s.most)),
        ..Row::new("uma", name.clone(), s.median, write(s.median))
    };
    let cells = |(name, all, s): (&String, &Spreads, &Spread)| {
        let other = |name: &str, write: fn(Option<f64>) -> String| {
            all.get(name).map_or_else(|| MISSING.to_owned(), |s| write(Some(s.median)))
        };
        vec![
            name.clone(),
            write(s.median),
            write(s.least),
            write(s.most),
            ahead(s),
            other("setup_over_sma_best", more_dollars),
            other("setup_over_sma_typical", more_dollars),
            other("tax_alpha_after_liquidation", more_basis_points),
        ]
    };
    let chart = RowChart {
        label: format!(
            "{title}: median setup effect of UMA over the SMA of the configuration, with its range."
        ),
        axis: "Setup effect over the SMA of the configuration, dollars",
        groups: vec![(String::new(), shown().map(row).collect())],
    };
    let head =
        [first, "Median", "Least", "Most", "Above zero", "Over the best", "Over the typical", "Tax alpha"];
    let more = parts.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" {more} more stand in summary.json.") } else { String::new() };
    let medians = || shown().map(|(_, _, s)| s.median);
    let (low, high) = medians().fold(None, |ends, x| {
        let (low, high) = ends.unwrap_or((x, x));
        Some((if x < low { x } else { low }, if x > high { x } else { high }))
    })?;
    let chart = row_chart(
        format!("{title}: medians of {} to {}", write(low), write(high)),
        format!(
            "Bars are medians over all runs that have it in common, thin lines reach from the least to the most. Tax alpha: UMA \
             less SMA after liquidation, a year.{more}"
        ),
        &chart,
        Figures {
            head: head.map(str::to_owned).to_vec(),
            rows: shown().map(cells).collect(),
            foot: Vec::new(),
        },
    )?;
    Some(chart.with_wide_table())
}
