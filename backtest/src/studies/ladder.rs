//! The ladder from a study's best SMA to its UMA: the switches are turned on one after another.

use rayon::prelude::*;
use serde::Serialize;
use unisleeve_core::mandates::{Config, Switch, Switches};
use unisleeve_core::study::compare::{Comparison, Figures, rungs};
use unisleeve_core::study::{Study, StudyError};

use super::difference::Difference;
use super::run_row::{Equal, RunRow};

/// What a switch adds to the switches before it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Step {
    pub switch: Switch,
    /// False if the switch can't make a difference in this household.
    pub acts: bool,
    #[serde(flatten)]
    pub worth: Difference,
}

/// The steps from the best SMA to UMA.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Ladder {
    /// One step for each switch, in order, at equal risk aversion.
    pub steps: Vec<Step>,
    /// What matching UMA to SMA's realized tracking error would add to the total; `None` if no match was tried.
    pub equal_tracking_error: Option<Difference>,
    /// UMA minus SMA: the sum of the steps.
    pub total: Difference,
    /// The runs between the steps, from SMA to UMA. Wealth is in ten-thousandths of a dollar.
    pub runs: Vec<RunRow>,
}

/// Runs the sets of switches between SMA and UMA. The study already has those two.
pub(crate) fn ladder(study: &Study, config: &Config) -> Result<Option<Ladder>, StudyError> {
    let (Some(comparison), Some(sma), Some(uma)) =
        (Comparison::ladder(study, config)?, study.arm("sma_best"), study.arm("uma"))
    else {
        return Ok(None);
    };
    let equal_te = study.arm("uma_equal_te").map(|a| comparison.figures(a));
    let sets = comparison.distinct();
    let last = sets.len() - 1;
    let run = |at: usize| match at {
        _ if at == last => Ok(comparison.figures(uma)),
        0 => Ok(comparison.figures(sma)),
        _ => comparison.run(at, None).map(|(figures, _)| figures),
    };
    let figures: Vec<Figures> = (0..=last).into_par_iter().map(run).collect::<Result<_, StudyError>>()?;
    let rungs = rungs().map(|r| &figures[comparison.position(r)]);
    let step = |(switch, pair): (Switch, &[&Figures])| Step {
        switch,
        acts: comparison.acting().has(switch),
        worth: Difference::between(pair[1], pair[0]),
    };
    let row = |(set, f): (&Switches, &Figures)| RunRow::new(study.span, Equal::RiskAversion, *set, *f, true);
    let mut runs: Vec<RunRow> = sets.iter().zip(&figures).map(row).collect();
    let matched = study.matched.zip(equal_te);
    runs.extend(matched.map(|(m, f)| RunRow::new(study.span, Equal::TrackingError, Switches::ALL, f, m)));
    Ok(Some(Ladder {
        steps: Switch::ALL.into_iter().zip(rungs.windows(2)).map(step).collect(),
        equal_tracking_error: equal_te.map(|f| Difference::between(&f, rungs[7])),
        total: Difference::between(rungs[7], rungs[0]),
        runs,
    }))
}
