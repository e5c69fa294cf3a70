//! Whether one manager pays, for each setting of a sweep over futures: the setup effect after selling everything
//! against each setup with separate managers, corrected for the number of figures that are looked at.
//!
//! Futures are independent draws, so each figure has a t interval and a p-value. Runs over overlapping dates
//! have neither, and get no verdict here.

use serde::Serialize;
use unisleeve_core::mandates::ArmKind;
use unisleeve_core::study::simulate::Paired;

use super::differences::of_arm;
use super::figures::figure;
use super::journal::Done;
use super::plan::Plan;
use crate::render::format::{MISSING, number};
use crate::render::setups::Setups;
use crate::studies::holm::{holm, p_value};

/// Level of the corrected p-value.
const LEVEL: f64 = 0.05;
/// Part of other holdings below which a setup effect can't be told from them.
const SEPARABLE: f64 = 0.15;

/// What may be said of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Pays {
    /// Not different from zero after the correction.
    NoMeasurableBenefit,
    /// Different from zero, but small beside what the two held differently.
    NotSeparable,
    /// One manager is worth more.
    Benefit,
    /// One manager is worth less.
    Cost,
}

impl Pays {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::NoMeasurableBenefit => "no measurable benefit",
            Self::NotSeparable => "not separable from what they held",
            Self::Benefit => "one manager pays",
            Self::Cost => "separate managers do better",
        }
    }
}

/// The setup effect of one setting against one setup.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct PrimaryFigure {
    /// The setting as text.
    pub settings: String,
    /// `sma_best`, `sma` or `sma_typical`.
    pub against: &'static str,
    /// Number of futures.
    pub paths: usize,
    /// Setup effect in basis points a year: mean and 95% interval, not corrected.
    pub bp_a_year: f64,
    pub bp_interval: Option<[f64; 2]>,
    /// Setup effect in dollars at the end: mean and 95% interval, not corrected.
    pub setup: f64,
    pub setup_interval: Option<[f64; 2]>,
    /// Means of idle cash, and of asset classes and names, in dollars.
    pub cash: f64,
    pub holdings: f64,
    /// Share of the futures in which the setup effect is above zero.
    pub ahead: f64,
    /// p-value of no effect, and the same corrected for all figures of the sweep (Holm 1979).
    pub p: Option<f64>,
    pub p_corrected: Option<f64>,
    pub verdict: Pays,
}

/// The figures of all settings. Empty unless the sweep runs over futures.
pub(super) fn primary(plan: &Plan, done: &[Done]) -> Vec<PrimaryFigure> {
    if plan.grid.futures.is_none() {
        return Vec::new();
    }
    let mut figures: Vec<PrimaryFigure> = done
        .chunks(plan.windows())
        .flat_map(|runs| ArmKind::SEPARATE.map(|kind| one(plan, runs, kind)))
        .flatten()
        .collect();
    let corrected = holm(&figures.iter().map(|f| f.p).collect::<Vec<_>>());
    for (figure, p) in figures.iter_mut().zip(corrected) {
        figure.p_corrected = p;
        figure.verdict = match p {
            Some(p) if p < LEVEL => {
                if figure.setup.abs() < SEPARABLE * figure.holdings.abs() {
                    Pays::NotSeparable
                } else if figure.setup > 0.0 {
                    Pays::Benefit
                } else {
                    Pays::Cost
                }
            }
            _ => Pays::NoMeasurableBenefit,
        };
    }
    figures
}

fn one(plan: &Plan, runs: &[Done], kind: ArmKind) -> Option<PrimaryFigure> {
    let draws = |name: &str| -> Vec<f64> {
        let Some(at) = figure(name) else { return Vec::new() };
        runs.iter().filter_map(|d| of_arm(d, kind.as_str(), at)).collect()
    };
    let mean = |name: &str| Some(Paired::of(&draws(name), false)?.mean);
    let points = draws("difference_bp_a_year");
    let (bp, setup) = (Paired::of(&points, false)?, Paired::of(&draws("difference_setup"), false)?);
    Some(PrimaryFigure {
        settings: plan.settings(plan.combination(runs.first()?.run)),
        against: kind.as_str(),
        paths: bp.count,
        bp_a_year: bp.mean,
        bp_interval: bp.interval,
        setup: setup.mean,
        setup_interval: setup.interval,
        cash: mean("difference_cash")?,
        holdings: mean("difference_classes")? + mean("difference_names")?,
        ahead: setup.ahead,
        p: p_value(&points),
        p_corrected: None,
        verdict: Pays::NoMeasurableBenefit,
    })
}

/// Head and rows of the table of these figures.
pub(super) fn rows(figures: &[PrimaryFigure], setups: Setups) -> ([&'static str; 8], Vec<Vec<String>>) {
    let head = [
        "Setting",
        "UMA against",
        "bp a year",
        "95% interval",
        "Dollars at the end",
        "Idle cash",
        "p, corrected",
        "Verdict",
    ];
    let dollars = |x: f64| number(x, 0);
    let row = |f: &PrimaryFigure| {
        let interval = |i: Option<[f64; 2]>| {
            i.map_or_else(|| MISSING.to_owned(), |[a, b]| format!("{} to {}", number(a, 1), number(b, 1)))
        };
        vec![
            f.settings.replace("case=", "").replace('"', ""),
            setups.name(f.against).to_owned(),
            number(f.bp_a_year, 1),
            interval(f.bp_interval),
            dollars(f.setup),
            dollars(f.cash),
            f.p_corrected.map_or_else(|| MISSING.to_owned(), |p| format!("{p:.3}")),
            f.verdict.words().to_owned(),
        ]
    };
    (head, figures.iter().map(row).collect())
}
