//! Runs UMA and SMA from start dates a year apart. All runs have the same length. Tax alpha fades with age,
//! so runs of different lengths would compare ages rather than dates.

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Serialize;
use unisleeve_core::mandates::{Config, Switches};
use unisleeve_core::market::Market;
use unisleeve_core::study::StudyError;
use unisleeve_core::study::compare::{Comparison, Figures};

use super::difference::Difference;
use super::windows as window;

/// Both setups from one start date. Wealth in the figures is in ten-thousandths of a dollar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Pair {
    /// Whether UMA matches SMA's realized tracking error to within 1%.
    pub matched: bool,
    pub uma: Figures,
    pub sma: Figures,
    pub uma_less_sma: Difference,
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
        Vintage { start, end, pair: done.ok(), error }
    };
    (windows.len() > 1)
        .then(|| Vintages { years, start_dates: windows.into_par_iter().map(vintage).collect() })
}

fn pair(config: &Config, market: &Market) -> Result<Pair, StudyError> {
    let comparison = Comparison::ends(config, market)?;
    let (sma, _) = comparison.run(comparison.position(Switches::NONE), None)?;
    let (uma, matched) = comparison.run(comparison.position(Switches::ALL), sma.tracking_error)?;
    Ok(Pair { matched, uma, sma, uma_less_sma: Difference::between(&uma, &sma) })
}
