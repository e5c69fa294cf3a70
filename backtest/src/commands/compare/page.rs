//! The comparison as one page that opens offline, with a waterfall and a table for each figure.

use unisleeve_core::mandates::Switch;

use super::summary::CompareSummary;
use super::text::{figure_title, ruin, title};
use super::worth::{Spread, Worth};
use crate::render::chart::{Chapter, Chart, Figures, row_chart};
use crate::render::format::{MISSING, date, more_basis_points, more_dollars, number, percent};
use crate::render::sheet::Sheet;
use crate::render::svg::{Row, RowChart};
use crate::render::switches::meaning;
use crate::render::templates::ReportError;
use crate::studies::run_row::Equal;

/// Renders the page.
pub(super) fn page(s: &CompareSummary) -> Result<String, ReportError> {
    let starts = s.start_dates;
    let mut lead = vec![
        "SMA: specialists run the direct index beside an advisor who runs the funds. UMA: one manager runs all of it. Between \
         the two lie seven switches; each bar is what one of them is worth, averaged over all orders of switching on (its \
         Shapley value). The bars add up to UMA less SMA."
            .to_owned(),
        match starts {
            1 => "One path of history: a result, not a forecast.".to_owned(),
            _ => format!(
                "{starts} start dates on one history; they overlap, so they are fewer than {starts} independent trials. Bars \
                 are means, thin lines the range."
            ),
        },
    ];
    lead.extend(ruin(s));
    let word = |switch: Switch| {
        let acts = if s.acting.contains(&switch) { "" } else { " (can’t act in this household)" };
        (switch.as_str().to_owned(), format!("{}{acts}", meaning(switch)))
    };
    let chapter = |(id, equal): (&'static str, Equal)| Chapter {
        id,
        title: match equal {
            Equal::TrackingError => "At equal realized tracking error",
            Equal::RiskAversion => "At equal risk aversion",
        },
        charts: s.worth.iter().filter(|w| w.equal == equal).filter_map(|w| chart(w, starts > 1)).collect(),
    };
    let chapters = [("tracking", Equal::TrackingError), ("aversion", Equal::RiskAversion)].map(chapter);
    let (first, last) = (s.runs.iter().map(|r| r.start).min(), s.runs.iter().map(|r| r.end).max());
    Sheet {
        title: "SMA against UMA, switch by switch",
        span: first
            .zip(last)
            .map_or_else(String::new, |(first, last)| format!("{} to {}", date(first), date(last))),
        lead,
        words: Switch::ALL.into_iter().map(word).collect(),
        chapters: chapters.into_iter().filter(|c| !c.charts.is_empty()).collect(),
        tables: vec![("Work over all start dates, at equal risk aversion", work(s))],
        assumptions: s.assumptions.clone(),
        version: s.version,
        seed: s.seed,
        hashes: vec![("Configuration", s.config_hash.clone()), ("Data", s.data_hash.clone())],
    }
    .render()
}

fn chart(w: &Worth, ranges: bool) -> Option<Chart> {
    let rate = w.figure.starts_with("tax_alpha");
    let write = |x: f64| if rate { more_basis_points(Some(x)) } else { more_dollars(Some(x)) };
    let row = |name: &str, s: &Spread| Row {
        range: ranges.then_some((s.low, s.high)),
        ..Row::new("", name.to_owned(), s.mean, write(s.mean))
    };
    let steps = w.switches.iter().map(|x| row(x.switch.as_str(), &x.shapley)).collect();
    let what = figure_title(w.figure);
    let total = write(w.total.mean);
    let chart = RowChart {
        label: format!("Waterfall of {what}, {}, switch by switch: UMA less SMA {total}.", title(w.equal)),
        axis: if rate { "UMA less SMA so far, basis points a year" } else { "UMA less SMA so far, dollars" },
        groups: vec![(String::new(), Row::waterfall(steps, row("UMA − SMA", &w.total)))],
    };
    let cells = |name: &str, s: &Spread, ladder: Option<&Spread>| {
        let ladder = ladder.map_or_else(|| MISSING.to_owned(), |l| write(l.mean));
        let mut cells = vec![name.to_owned(), write(s.mean), ladder];
        if ranges {
            cells.extend([write(s.low), write(s.high), percent(Some(s.ahead), 0)]);
        }
        cells
    };
    let head = ["Switch", "Worth", "On the ladder", "Lowest", "Highest", "Above zero"];
    let figures = Figures {
        head: head.into_iter().take(if ranges { 6 } else { 3 }).map(str::to_owned).collect(),
        rows: w.switches.iter().map(|x| cells(x.switch.as_str(), &x.shapley, Some(&x.ladder))).collect(),
        foot: vec![cells("UMA less SMA", &w.total, None)],
    };
    let chart = row_chart(format!("{what}: UMA less SMA {total}"), String::new(), &chart, figures)?;
    Some(if ranges { chart.with_wide_table() } else { chart })
}

fn work(s: &CompareSummary) -> Figures {
    let head = ["Setup", "Managers’ days", "Instructions", "Transfers", "Orders", "Hours"];
    let row = |w: &super::worth::Work| {
        let counts = [w.tasks, w.tickets, w.transfers, w.orders].map(|n| number(n as f64, 0));
        let hours = w.hours.map_or_else(|| MISSING.to_owned(), |h| number(h, 0));
        [w.setup.to_uppercase()].into_iter().chain(counts).chain([hours]).collect()
    };
    Figures {
        head: head.map(str::to_owned).to_vec(),
        rows: s.workload.iter().map(row).collect(),
        foot: Vec::new(),
    }
}
