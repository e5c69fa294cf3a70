//! From typical to the best practice of separate managers: the worth of each habit, over start dates.

use rayon::prelude::*;
use serde::Serialize;
use unisleeve_core::mandates::{Config, Habit};
use unisleeve_core::market::Market;
use unisleeve_core::study::StudyError;
use unisleeve_core::study::practice::BetterPractice;

use super::spread::Spread;

const MONEY: f64 = 10_000.0;

/// What a habit is worth: what it takes off UMA's setup effect, in dollars.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct HabitWorth {
    pub habit: Habit,
    pub ladder: Spread,
    pub shapley: Spread,
    /// Standard error of the mean Shapley value from the sampling of orders; `None` if all sets were run.
    pub sampling_error: Option<f64>,
    /// Shapley value by start date.
    pub by_start: Vec<f64>,
}

/// The step from typical to the best practice at one ending.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct BetterPracticeWorth {
    /// `setup_liquidated` or `setup_kept`.
    pub figure: &'static str,
    /// Sum of the habits: UMA's setup effect over typical managers less that over the best.
    pub total: Spread,
    pub habits: Vec<HabitWorth>,
}

/// One start date: ladder, Shapley values and their errors by ending, in ten-thousandths of a dollar.
#[derive(Debug)]
pub(super) struct PracticeRun {
    acting: Vec<Habit>,
    /// Liquidated and kept.
    endings: [unisleeve_core::study::practice::HabitValues; 2],
}

/// Runs the sets of habits of one start date. `pairs` is the number of antithetic pairs of orders.
pub(super) fn run(config: &Config, market: &Market, pairs: usize) -> Result<PracticeRun, StudyError> {
    let practice = BetterPractice::new(config, market, pairs)?;
    let figures: Result<Vec<[i64; 2]>, StudyError> =
        (0..practice.sets()).into_par_iter().map(|at| practice.run(at)).collect();
    let figures = figures?;
    let of = |ending: usize| practice.values(&figures.iter().map(|f| f[ending]).collect::<Vec<_>>());
    Ok(PracticeRun { acting: practice.acting().to_vec(), endings: [of(0), of(1)] })
}

/// Summarizes the start dates. All have the same acting habits.
pub(super) fn worth(runs: &[PracticeRun]) -> Vec<BetterPracticeWorth> {
    let Some(first) = runs.first() else { return Vec::new() };
    let dollars = |x: i64| x as f64 / MONEY;
    let figure = |(ending, figure): (usize, &'static str)| {
        let habit = |(i, habit): (usize, &Habit)| {
            let values: Vec<_> = runs.iter().map(|r| &r.endings[ending]).collect();
            let shapley: Vec<f64> = values.iter().map(|v| dollars(v.shapley.values[i])).collect();
            let ladder: Vec<f64> = values.iter().map(|v| dollars(v.ladder[i])).collect();
            let errors: Option<Vec<f64>> =
                values.iter().map(|v| v.shapley.errors.as_ref().map(|e| e[i] / MONEY)).collect();
            // Errors of start dates are independent draws of orders.
            let sampling_error = errors.map(|e| e.iter().map(|x| x * x).sum::<f64>().sqrt() / e.len() as f64);
            Some(HabitWorth {
                habit: *habit,
                ladder: Spread::of(&ladder)?,
                shapley: Spread::of(&shapley)?,
                sampling_error,
                by_start: shapley,
            })
        };
        let total = |r: &PracticeRun| dollars(r.endings[ending].shapley.values.iter().sum());
        Some(BetterPracticeWorth {
            figure,
            total: Spread::of(&runs.iter().map(total).collect::<Vec<_>>())?,
            habits: first.acting.iter().enumerate().filter_map(habit).collect(),
        })
    };
    [(0, "setup_liquidated"), (1, "setup_kept")].into_iter().filter_map(figure).collect()
}
