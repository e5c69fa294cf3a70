//! The comparison of UMA and SMA in words: who is ahead, by how much, how certain that is, and which part of
//! it is not tax.

use serde::Serialize;
use unisleeve_core::study::{Difference, Summary};

use super::household::list;
use crate::render::format::{dollars, more_basis_points, more_dollars, percent};
use crate::render::svg::range_strip;

/// One figure and its range.
#[derive(Debug, Serialize)]
pub(super) struct Card {
    title: &'static str,
    /// The figure with its sign.
    value: String,
    /// Name of the setup that is ahead.
    who: &'static str,
    range: String,
    strip: Option<String>,
    /// Whether the figure reflects luck and risk rather than tax.
    luck: bool,
}

/// The headline of the report.
#[derive(Debug, Serialize)]
pub(super) struct HeadlineView {
    /// Who is ahead, as a sentence.
    verdict: String,
    cards: Vec<Card>,
    /// How certain the result is, and which part of it is not tax.
    caveats: Vec<String>,
    /// The tracking errors, as a sentence.
    tracking: String,
}

/// Builds the headline; `None` if UMA or SMA did not run.
pub(super) fn headline(summary: &Summary) -> Option<HeadlineView> {
    let h = summary.headline.as_ref()?;
    let wealth = [h.wealth_before_liquidation, h.wealth_after_liquidation];
    let cards = vec![
        card("After-tax wealth before liquidation", wealth[0], more_dollars, false),
        card("After-tax wealth after liquidation", wealth[1], more_dollars, false),
        card(
            "Tax alpha before liquidation, a year",
            h.tax_alpha_before_liquidation,
            more_basis_points,
            false,
        ),
        card("Tax alpha after liquidation, a year", h.tax_alpha_after_liquidation, more_basis_points, false),
        card("Pre-tax return, a year (not tax)", h.pre_tax_return, more_basis_points, true),
    ];
    Some(HeadlineView {
        verdict: verdict(summary, wealth),
        cards,
        caveats: caveats(summary),
        tracking: tracking(summary),
    })
}

fn finite(d: Option<Difference>) -> Option<Difference> {
    d.filter(|d| [d.value, d.low, d.high].iter().all(|x| x.is_finite()))
}

fn card(title: &'static str, d: Option<Difference>, write: fn(Option<f64>) -> String, luck: bool) -> Card {
    let d = finite(d);
    let range = d.filter(|d| d.low < d.high);
    let who = match d {
        None => "not defined",
        Some(_) if write(d.map(|d| d.value)) == write(Some(0.0)) => "UMA and SMA level",
        Some(d) if d.value > 0.0 => "UMA ahead",
        Some(_) => "SMA ahead",
    };
    Card {
        title,
        value: write(d.map(|d| d.value)),
        who,
        range: range
            .map_or_else(String::new, |d| format!("{} to {}", write(Some(d.low)), write(Some(d.high)))),
        strip: range.and_then(|d| range_strip(d.value, d.low, d.high)),
        luck,
    }
}

fn verdict(summary: &Summary, [before, after]: [Option<Difference>; 2]) -> String {
    let ahead = |d: Option<Difference>| {
        let d = finite(d)?;
        let amount = dollars(Some(d.value.abs()));
        Some(match d.value {
            _ if amount == "$0" => "UMA and SMA are level".to_owned(),
            v if v > 0.0 => format!("UMA is {amount} ahead of SMA"),
            _ => format!("SMA is {amount} ahead of UMA"),
        })
    };
    let part = |d: Option<Difference>, sma: fn(&unisleeve_core::study::ArmSummary) -> f64| {
        let d = finite(d)?;
        let base = summary.arms.get("sma").map(sma).filter(|s| *s > 0.0)?;
        Some(format!(" ({} of what SMA leaves)", percent(Some(d.value.abs() / base), 1)))
    };
    let of_before = part(before, |a| a.measures.wealth_before_liquidation.to_f64()).unwrap_or_default();
    let of_after = part(after, |a| a.measures.wealth_after_liquidation.to_f64()).unwrap_or_default();
    let differ = summary.headline.as_ref().is_some_and(|h| h.paid_out.0 != h.paid_out.1);
    let paid = if differ { ", what was paid out included" } else { "" };
    match (ahead(before), ahead(after)) {
        (Some(b), Some(a)) => {
            format!(
                "After tax{paid}, {b}{of_before} before liquidation. With everything sold on the last day, {a}{of_after}."
            )
        }
        (Some(b), None) => format!("After tax{paid}, {b}{of_before} before liquidation."),
        _ => "After-tax wealth is not defined for both UMA and SMA.".to_owned(),
    }
}

fn caveats(summary: &Summary) -> Vec<String> {
    let Some(h) = summary.headline.as_ref() else { return Vec::new() };
    let mut caveats = Vec::new();
    if let Some(d) = finite(h.pre_tax_return) {
        let than = match more_basis_points(Some(d.value)).as_str() {
            "0.0 bp" => "the same in both".to_owned(),
            _ if d.value > 0.0 => {
                format!("{} a year higher in UMA", more_basis_points(Some(d.value)).replace('+', ""))
            }
            _ => format!("{} a year higher in SMA", more_basis_points(Some(-d.value)).replace('+', "")),
        };
        caveats.push(format!(
            "Most of a difference in wealth on one path can be pre-tax luck: the arms hold slightly different stocks. \
             Here the pre-tax return was {than}. Tax alpha leaves that out; wealth does not."
        ));
    }
    let figures = [
        ("wealth before liquidation", finite(h.wealth_before_liquidation)),
        ("wealth after liquidation", finite(h.wealth_after_liquidation)),
        ("tax alpha before liquidation", finite(h.tax_alpha_before_liquidation)),
        ("tax alpha after liquidation", finite(h.tax_alpha_after_liquidation)),
    ];
    if figures.iter().any(|(_, d)| d.is_some_and(|d| d.low < d.high)) {
        caveats.push(
            "Each figure is the median of five runs whose risk aversion differs by a few percent, with their range. The \
             range shows how far luck alone moves the figure and is not a confidence interval."
                .to_owned(),
        );
        if let Some(d) = figures[0].1 {
            let ahead = if d.middle_run < 0.0 { "SMA" } else { "UMA" };
            caveats.push(format!(
                "The table of arms and the charts show the middle one of these runs: in it, {ahead} is {} ahead before \
                 liquidation.",
                dollars(Some(d.middle_run.abs()))
            ));
        }
    }
    let named = |holds: fn(Difference) -> bool| {
        let names: Vec<String> = figures
            .iter()
            .filter(|(_, d)| d.is_some_and(holds))
            .map(|(name, _)| (*name).to_owned())
            .collect();
        (!names.is_empty()).then(|| list(&names))
    };
    if let Some(names) = named(|d| d.low < d.high && d.value >= d.high) {
        caveats
            .push(format!("At the top of its range: {names}. No neighboring run is more favorable to UMA."));
    }
    if let Some(names) = named(|d| d.low < d.high && d.value <= d.low) {
        caveats.push(format!(
            "At the bottom of its range: {names}. No neighboring run is less favorable to UMA."
        ));
    }
    if let Some(names) = named(|d| d.low < 0.0 && d.high > 0.0) {
        caveats.push(format!("The range spans zero for {names}: who is ahead there is not settled."));
    }
    let (uma, sma) = h.paid_out;
    if uma != sma {
        caveats.push(format!(
            "The two paid out different amounts: UMA {}, SMA {}. Differences of wealth count what was left and what had been \
             paid out, each dollar as it was paid, with nothing earned on it.",
            dollars(Some(uma.to_f64())),
            dollars(Some(sma.to_f64()))
        ));
    }
    for (arm, name) in [("uma", "UMA"), ("sma", "SMA")] {
        if let Some(day) = summary.arms.get(arm).and_then(|a| a.ruin) {
            caveats.push(format!(
                "{name} could not pay what was asked of it on {}.",
                crate::render::format::date(day)
            ));
        }
    }
    caveats
}

/// A sentence about the tracking errors.
fn tracking(summary: &Summary) -> String {
    let (uma, sma) = summary.headline.as_ref().map_or((None, None), |h| h.tracking_error);
    format!(
        "Compared at equal risk aversion. Realized tracking errors: UMA {}, SMA {} a year; the arm with the larger one had \
         more room to harvest.",
        percent(uma, 2),
        percent(sma, 2)
    )
}
