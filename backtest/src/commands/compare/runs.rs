//! Runs all start dates with all sets of switches on all cores. The order of the results does not depend on
//! the threads.

use chrono::NaiveDate;
use indicatif::ProgressBar;
use rayon::prelude::*;
use unisleeve_core::mandates::{Config, Switches};
use unisleeve_core::market::Market;
use unisleeve_core::study::StudyError;
use unisleeve_core::study::compare::{Comparison, Figures};

use super::args::CompareArgs;
use super::practice;
use super::practice::PracticeRun;
use crate::studies::run_row::{Equal, RunRow};
use crate::studies::windows as window;

/// Why nothing could be compared.
#[derive(Debug)]
pub(super) enum RunsError {
    Study(StudyError),
    Window(String),
}

impl From<StudyError> for RunsError {
    fn from(e: StudyError) -> Self {
        Self::Study(e)
    }
}

/// The runs of one start date at one kind of equality. Sets of switches with the same effect share one run.
#[derive(Debug)]
pub(super) struct Vintage {
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub equal: Equal,
    /// Index into `distinct` and `figures` for each of the 128 sets.
    pub position: Vec<usize>,
    pub distinct: Vec<Switches>,
    pub figures: Vec<(Figures, bool)>,
}

impl Vintage {
    /// A figure of each of the 128 sets.
    pub(super) fn of<T: Copy>(&self, figure: impl Fn(&Figures) -> T) -> [T; 128] {
        std::array::from_fn(|bits| figure(&self.figures[self.position[bits]].0))
    }
}

/// The runs of all start dates.
#[derive(Debug)]
pub(super) struct Runs {
    pub vintages: Vec<Vintage>,
    pub start_dates: usize,
    /// Switches that have an effect in this household.
    pub acting: Switches,
    /// From typical to the best practice, by start date. Empty if this step is left out.
    pub practice: Vec<PracticeRun>,
}

impl Runs {
    pub(super) fn rows(&self) -> Vec<RunRow> {
        let rows = |v: &Vintage| {
            let each = v.distinct.iter().zip(&v.figures);
            let row = |(set, (figures, matched)): (&Switches, &(Figures, bool))| {
                RunRow::new((v.start, v.end), v.equal, *set, *figures, *matched)
            };
            each.map(row).collect::<Vec<_>>()
        };
        self.vintages.iter().flat_map(rows).collect()
    }
}

/// First and last date of each run.
fn windows(
    config: &Config,
    market: &Market,
    args: &CompareArgs,
) -> Result<Vec<(NaiveDate, NaiveDate)>, RunsError> {
    let Some(years) = args.years else { return Ok(vec![(config.start, config.end)]) };
    if years == 0 || args.step == 0 {
        return Err(RunsError::Window("--years and --step: expected numbers above zero".to_owned()));
    }
    let last = market.dates().last().copied().unwrap_or(config.end).min(config.end);
    let windows = window::windows(config.start, last, years, args.step);
    if windows.is_empty() {
        let (start, years) = (config.start, years);
        return Err(RunsError::Window(format!(
            "--years {years}: from {start} the prices reach to {last}: expected fewer years"
        )));
    }
    Ok(windows)
}

/// Runs every distinct set of switches for each start date.
pub(super) fn run_all(
    config: &Config,
    market: &Market,
    args: &CompareArgs,
    bar: &ProgressBar,
) -> Result<Runs, RunsError> {
    let windows = windows(config, market, args)?;
    let start_dates = windows.len();
    let (mut vintages, mut practice) = (Vec::new(), Vec::new());
    let mut acting = Switches::NONE;
    for (at, (start, end)) in windows.into_iter().enumerate() {
        bar.set_message(format!("start date {} of {start_dates}", at + 1));
        let config = window::between(config.clone(), (start, end));
        let comparison = Comparison::new(&config, market, &mut |_| {})?;
        acting = comparison.acting();
        let count = comparison.distinct().len();
        let position: Vec<usize> =
            (0..128).map(|bits| comparison.position(Switches::from_bits(bits))).collect();
        let run = |equal, te: Option<f64>| {
            let figures: Result<Vec<_>, StudyError> =
                (0..count).into_par_iter().map(|at| comparison.run(at, te)).collect();
            Ok::<_, StudyError>(Vintage {
                start,
                end,
                equal,
                position: position.clone(),
                distinct: comparison.distinct().to_vec(),
                figures: figures?,
            })
        };
        let same_gamma = run(Equal::RiskAversion, None)?;
        if !args.quick {
            let sma = same_gamma.figures[position[0]].0.tracking_error;
            vintages.push(run(Equal::TrackingError, sma)?);
        }
        vintages.push(same_gamma);
        if args.orders > 0 {
            practice.push(practice::run(&config, market, args.orders)?);
        }
    }
    Ok(Runs { vintages, start_dates, acting, practice })
}
