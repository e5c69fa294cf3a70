//! The result as text and as rows.

use std::fmt::Write as _;

use super::spread::Spread;
use super::summary::CompareSummary;
use crate::failure::Failure;
use crate::render::format::TERMINAL;
use crate::render::setups::Setups;
use crate::studies::run_row::Equal;

pub(super) fn title(equal: Equal) -> &'static str {
    match equal {
        Equal::TrackingError => "at equal realized tracking error",
        Equal::RiskAversion => "at equal risk aversion",
    }
}

pub(super) fn figure_title(figure: &str) -> &str {
    match figure {
        "setup_liquidated" => "Setup effect (tax, fees, trading costs), liquidated",
        "setup_kept" => "Setup effect (tax, fees, trading costs), kept",
        "kept" => "After-tax wealth, kept",
        "liquidated" => "After-tax wealth, liquidated",
        "tax_alpha_kept" => "Tax alpha a year, kept",
        "tax_alpha_liquidated" => "Tax alpha a year, liquidated",
        other => other,
    }
}

/// A figure with its sign, in dollars or in basis points of a rate.
pub(super) fn amount(figure: &str, x: f64) -> String {
    if figure.starts_with("tax_alpha") {
        TERMINAL.basis_points_apart(Some(x))
    } else {
        TERMINAL.more_dollars(Some(x))
    }
}

/// A sentence about the runs that ran out of money; `None` if there were none.
pub(super) fn ruin(s: &CompareSummary) -> Option<String> {
    let first = s.runs.iter().filter_map(|r| Some((r.figures.ruin?, r.name.as_str()))).min()?;
    let count = s.runs.iter().filter(|r| r.figures.ruin.is_some()).count();
    Some(format!(
        "{count} of {} runs could not pay what was asked of them, first {} on {}. Differences count what was left and what \
         had been paid out, as it was paid; see runs.csv.",
        s.runs.len(),
        first.1,
        first.0
    ))
}

/// What the command prints.
pub(super) fn table(s: &CompareSummary) -> String {
    let mut text = String::from(
        "From typical to the best separate managers habit by habit, and from there to UMA switch by switch.\nShapley value: \
         the average over all orders.\n",
    );
    let many = s.start_dates > 1;
    if many {
        let _ = writeln!(
            text,
            "{} start dates: mean (lowest to highest), and how often above zero.",
            s.start_dates
        );
    }
    for p in &s.better_practice {
        let _ = writeln!(text, "\nBetter practice, typical to best: {}", figure_title(p.figure));
        for h in &p.habits {
            let error = h
                .sampling_error
                .map_or_else(String::new, |e| format!("  +/- {}", TERMINAL.dollars(Some(e), 0)));
            let (shapley, ladder) = (amount(p.figure, h.shapley.mean), amount(p.figure, h.ladder.mean));
            let _ = writeln!(text, "  {:<20}{shapley:>12}  ladder {ladder:>12}{error}", h.habit.as_str());
        }
        let _ = writeln!(text, "  {:<20}{:>12}", "typical to best", amount(p.figure, p.total.mean));
        let one_manager = s.worth.iter().find(|w| w.figure == p.figure && w.equal == Equal::RiskAversion);
        if let Some(w) = one_manager {
            let _ = writeln!(text, "  {:<20}{:>12}", "best to UMA", amount(p.figure, w.total.mean));
            let both = p.total.mean + w.total.mean;
            let _ = writeln!(text, "  {:<20}{:>12}", "typical to UMA", amount(p.figure, both));
        }
    }
    for w in &s.worth {
        let _ = writeln!(text, "\n{}, {}", figure_title(w.figure), title(w.equal));
        let row = |text: &mut String, name: &str, spread: &Spread, ladder: Option<&Spread>| {
            let range = if many {
                let (low, high) = (amount(w.figure, spread.low), amount(w.figure, spread.high));
                format!("  ({low} to {high}, {:.0}%)", spread.ahead * 100.0)
            } else {
                String::new()
            };
            let ladder =
                ladder.map_or(String::new(), |l| format!("  ladder {:>12}", amount(w.figure, l.mean)));
            let _ = writeln!(text, "  {name:<18}{:>12}{ladder}{range}", amount(w.figure, spread.mean));
        };
        for x in &w.switches {
            row(&mut text, x.switch.as_str(), &x.shapley, Some(&x.ladder));
        }
        row(&mut text, "UMA less best SMA", &w.total, None);
    }
    let unmatched = s.runs.iter().filter(|r| !r.matched).count();
    if unmatched > 0 {
        let _ = writeln!(
            text,
            "\n{unmatched} runs could not be brought to SMA's tracking error (to 1%); see runs.csv."
        );
    }
    if let Some(ruin) = ruin(s) {
        let _ = writeln!(text, "\n{ruin}");
    }
    let _ = writeln!(text, "\nWork            orders  transfers   tickets     tasks     hours");
    for w in &s.workload {
        let _ = writeln!(
            text,
            "  {:<12}{:>8}{:>11}{:>10}{:>10}{:>10}",
            Setups::default().name(w.setup),
            w.orders,
            w.transfers,
            w.tickets,
            w.tasks,
            TERMINAL.number(w.hours, 1)
        );
    }
    text
}

/// One row for each run.
pub(super) fn csv(s: &CompareSummary) -> Result<Vec<u8>, Failure> {
    let failed = |e: csv::Error| Failure::Environment(e.to_string());
    let mut csv = csv::Writer::from_writer(Vec::new());
    let header = "start,end,equal,setup,matched,kept,liquidated,tax_alpha_kept,tax_alpha_liquidated,tracking_error,\
                  pre_tax_return,risk_aversion,worst_gap,orders,transfers,tickets,tasks,ruin,paid_out,setup_liquidated,setup_kept";
    csv.write_record(header.split(',')).map_err(failed)?;
    let rate = |x: Option<f64>| x.map(|x| x.to_string()).unwrap_or_default();
    let money = |x: i64| unisleeve_core::units::Money::from_raw(x).to_string();
    for r in &s.runs {
        let f = &r.figures;
        csv.write_record([
            r.start.to_string(),
            r.end.to_string(),
            if r.equal == Equal::TrackingError { "tracking_error" } else { "risk_aversion" }.to_owned(),
            r.name.clone(),
            r.matched.to_string(),
            money(f.kept),
            money(f.liquidated),
            rate(f.tax_alpha_kept),
            rate(f.tax_alpha_liquidated),
            rate(f.tracking_error),
            rate(f.pre_tax_return),
            f.risk_aversion.to_string(),
            f.worst_gap.to_string(),
            f.orders.to_string(),
            f.transfers.to_string(),
            f.tickets.to_string(),
            f.tasks.to_string(),
            f.ruin.map(|d| d.to_string()).unwrap_or_default(),
            money(f.paid_out),
            money(f.setup_liquidated),
            money(f.setup_kept),
        ])
        .map_err(failed)?;
    }
    csv.into_inner().map_err(|e| Failure::Environment(e.to_string()))
}
