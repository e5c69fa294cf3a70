//! Runs UMA and SMA from start dates a year apart. All runs have the same length. Tax alpha fades with age,
//! so runs of different lengths would compare ages rather than dates.

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Serialize;
use unisleeve_core::mandates::Config;
use unisleeve_core::market::Market;
use unisleeve_core::study::compare::{Comparison, Figures};
use unisleeve_core::study::difference::{DifferenceRow, PathDifference, bootstrap, one_run};
use unisleeve_core::study::{MATCH, Scope, StudyError, study};

use super::difference::Difference;
use super::windows as window;

/// Both setups from one start date, at the same risk aversion. Wealth in the figures is in ten-thousandths of a
/// dollar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Pair {
    /// Whether UMA's realized tracking error is SMA's to within 1%.
    pub matched: bool,
    pub uma: Figures,
    pub sma: Figures,
    pub uma_less_sma: Difference,
    /// UMA minus each setup with separate managers, split, by ending.
    pub difference: Vec<DifferenceRow<f64>>,
}

/// The runs from one start date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Vintage {
    pub start: NaiveDate,
    pub end: NaiveDate,
    #[serde(flatten)]
    pub pair: Option<Pair>,
    /// Why there are no figures.
    pub error: Option<String>,
}

/// The runs from all start dates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Vintages {
    /// Length of each run in years.
    pub years: u32,
    pub start_dates: Vec<Vintage>,
}

/// Runs the vintages, each as its own study. `None` if fewer than two fit into the configuration's dates.
pub(crate) fn vintages(config: &Config, market: &Market, years: u32) -> Option<Vintages> {
    let last = market.dates().last().map_or(config.end, |d| config.end.min(*d));
    let windows = if years > 0 { window::windows(config.start, last, years, 12) } else { Vec::new() };
    let vintage = |(start, end): (NaiveDate, NaiveDate)| {
        let done = pair(&window::between(config.clone(), (start, end)), market);
        let error = done.as_ref().err().map(ToString::to_string);
        Vintage { start, end, pair: done.ok().flatten(), error }
    };
    (windows.len() > 1)
        .then(|| Vintages { years, start_dates: windows.into_par_iter().map(vintage).collect() })
}

impl Vintages {
    /// 95% interval of the setup effect of a split, in dollars over the whole run that it belongs to: the
    /// interval of the effect in basis points a year over the start dates, by block bootstrap. `None` with
    /// fewer than five start dates, or too few that do not overlap.
    pub(crate) fn interval(&self, of: &PathDifference) -> Option<[f64; 2]> {
        const LEAST: usize = 5;
        let like = |d: &&DifferenceRow<f64>| (d.against, d.ending) == (of.against, of.ending);
        let pairs = self.start_dates.iter().filter_map(|v| v.pair.as_ref());
        let effects: Vec<f64> =
            pairs.filter_map(|p| p.difference.iter().find(like)).map(|d| d.bp_a_year).collect();
        if effects.len() < LEAST {
            return None;
        }
        // Start dates are a year apart.
        let interval = bootstrap::interval(&effects, self.years as usize)?;
        Some(interval.map(|bp| bp / 10_000.0 * of.dollar_years))
    }
}

fn pair(config: &Config, market: &Market) -> Result<Option<Pair>, StudyError> {
    let study = study(config, market, Scope::EqualGamma, &mut |_| {})?;
    let (Some(comparison), Some(uma), Some(sma)) =
        (Comparison::ladder(&study, config)?, study.arm("uma"), study.arm("sma"))
    else {
        return Ok(None);
    };
    let (uma, sma) = (comparison.figures(uma), comparison.figures(sma));
    let errors = uma.tracking_error.zip(sma.tracking_error);
    Ok(Some(Pair {
        matched: errors.is_some_and(|(uma, sma)| (uma / sma - 1.0).abs() < MATCH),
        uma,
        sma,
        uma_less_sma: Difference::between(&uma, &sma),
        difference: one_run(&study.differences, &|_| None),
    }))
}
