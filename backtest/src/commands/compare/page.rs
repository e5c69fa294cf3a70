//! The comparison as one page that opens offline, with a waterfall and a table for each figure.

use unisleeve_core::mandates::Switch;

use super::practice::{BetterPracticeWorth, HabitWorth};
use super::spread::Spread;
use super::summary::CompareSummary;
use super::text::{figure_title, ruin, title};
use super::worth::Worth;
use crate::render::chart::{Chapter, Chart, Figures, row_chart};
use crate::render::format::{MISSING, date, dollars, more_basis_points, more_dollars, number, percent};
use crate::render::setups::Setups;
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
         the best separate managers and UMA lie seven switches; each bar is what one of them is worth, averaged over all \
         orders of switching on (its Shapley value). The bars add up to UMA less the best SMA. Typical managers reach the \
         best practice without a unified account; what each habit is worth stands in the tables."
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
        title: "From separate managers to one, step by step",
        span: first
            .zip(last)
            .map_or_else(String::new, |(first, last)| format!("{} to {}", date(first), date(last))),
        lead,
        words: Switch::ALL.into_iter().map(word).collect(),
        chapters: chapters.into_iter().filter(|c| !c.charts.is_empty()).collect(),
        tables: s
            .better_practice
            .iter()
            .map(habits)
            .chain([("Work over all start dates, at equal risk aversion", work(s))])
            .collect(),
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

/// From typical to the best practice at one ending.
fn habits(p: &BetterPracticeWorth) -> (&'static str, Figures) {
    let title = if p.figure == "setup_kept" {
        "Better practice, typical to best: setup effect, kept"
    } else {
        "Better practice, typical to best: setup effect, liquidated"
    };
    let row = |h: &HabitWorth| {
        let error = h.sampling_error.map_or_else(|| MISSING.to_owned(), |e| number(e, 0));
        vec![
            h.habit.as_str().to_owned(),
            more_dollars(Some(h.shapley.mean)),
            more_dollars(Some(h.ladder.mean)),
            error,
        ]
    };
    let figures = Figures {
        head: ["Habit", "Worth", "On the ladder", "Sampling error, $"].map(str::to_owned).to_vec(),
        rows: p.habits.iter().map(row).collect(),
        foot: vec![vec![
            "Typical to best".to_owned(),
            more_dollars(Some(p.total.mean)),
            MISSING.to_owned(),
            MISSING.to_owned(),
        ]],
    };
    (title, figures)
}

fn work(s: &CompareSummary) -> Figures {
    let head = ["Setup", "Managers’ days", "Instructions", "Transfers", "Orders", "Hours", "Dollars"];
    let row = |w: &super::worth::Work| {
        let counts = [w.tasks, w.tickets, w.transfers, w.orders].map(|n| number(n as f64, 0));
        let hours = w.hours.map_or_else(|| MISSING.to_owned(), |h| number(h, 0));
        let name = Setups::default().name(w.setup).to_owned();
        [name].into_iter().chain(counts).chain([hours, dollars(w.dollars)]).collect()
    };
    Figures {
        head: head.map(str::to_owned).to_vec(),
        rows: s.workload.iter().map(row).collect(),
        foot: Vec::new(),
    }
}
