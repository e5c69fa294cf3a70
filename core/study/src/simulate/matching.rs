//! Finds the risk aversion at which UMA has the realized tracking error of SMA, on average over the first
//! paths. Tracking error is roughly inversely proportional to the square root of risk aversion.
//!
//! The search requests one round of runs at a time. The caller may share the runs out among threads or
//! workers; the result is the same.

use serde::Serialize;

use unisleeve_mandates::ArmKind;

/// Largest number of rounds, and the relative difference to SMA's tracking error that is close enough.
const ROUNDS: usize = 5;
const NEAR: f64 = 0.005;

/// Runs to do: one arm on each of the first paths.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Round {
    /// `uma`, or the arm that it is matched to: `sma`, or the first that runs where that one does not.
    pub arm: &'static str,
    /// Risk aversion to run with.
    pub risk_aversion: f64,
    /// Number of paths, from path 0 on.
    pub paths: u64,
}

/// State of the search.
#[derive(Debug, Clone)]
pub struct Matching {
    round: Option<Round>,
    left: usize,
    /// UMA's starting value. It is the result where a path has no tracking error.
    first: f64,
    /// The best trial so far: relative error and risk aversion.
    best: (f64, f64),
    target: f64,
}

impl Matching {
    /// A search on the first `paths` paths. `sma` is the risk aversion of the arm to match, `uma` the one that
    /// UMA starts from.
    pub(super) fn new(arm: ArmKind, sma: f64, uma: f64, paths: u64) -> Self {
        let round = Round { arm: arm.as_str(), risk_aversion: sma, paths };
        Self { round: Some(round), left: ROUNDS, first: uma, best: (f64::INFINITY, uma), target: 0.0 }
    }

    /// The runs to do next. `None` when the search is over.
    pub fn round(&self) -> Option<Round> {
        self.round
    }

    /// The best risk aversion found for UMA.
    pub fn risk_aversion(&self) -> f64 {
        self.best.1
    }

    /// Takes the realized tracking errors of a round, in the order of the paths.
    pub fn take(&mut self, errors: &[Option<f64>]) {
        let Some(round) = self.round.take() else { return };
        let sum = errors.iter().try_fold(0.0, |sum, e| e.map(|e| sum + e));
        let mean = sum.map(|sum| sum / errors.len() as f64);
        let uma = ArmKind::Uma.as_str();
        if round.arm != uma {
            if let Some(target) = mean.filter(|t| *t > 0.0) {
                self.target = target;
                self.round = Some(Round { arm: uma, risk_aversion: self.first, ..round });
            }
            return;
        }
        let Some(found) = mean else {
            self.best.1 = self.first;
            return;
        };
        let ratio = found / self.target;
        let off = (ratio - 1.0).abs();
        if off < self.best.0 {
            self.best = (off, round.risk_aversion);
        }
        self.left -= 1;
        if off >= NEAR && self.left > 0 {
            self.round = Some(Round { risk_aversion: round.risk_aversion * (ratio * ratio), ..round });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where tracking error follows the square root law exactly, the first step finds the answer.
    #[test]
    fn the_root_law_is_solved_at_once() {
        let mut m = Matching::new(ArmKind::Sma, 25.0, 25.0, 2);
        assert_eq!(m.round().map(|r| (r.arm, r.paths)), Some(("sma", 2)));
        m.take(&[Some(0.01), Some(0.03)]);
        let mut rounds = 0;
        while let Some(r) = m.round() {
            let error = 0.05 / r.risk_aversion.sqrt();
            m.take(&[Some(error), Some(error)]);
            rounds += 1;
        }
        assert_eq!(rounds, 2);
        assert!((m.risk_aversion() - 6.25).abs() < 1e-9);
    }

    #[test]
    fn a_path_without_tracking_error_ends_the_search_where_it_began() {
        let mut m = Matching::new(ArmKind::Sma, 25.0, 30.0, 1);
        m.take(&[None]);
        assert_eq!((m.round(), m.risk_aversion().to_bits()), (None, 30.0_f64.to_bits()));
        let mut m = Matching::new(ArmKind::Sma, 25.0, 30.0, 1);
        m.take(&[Some(0.01)]);
        m.take(&[Some(0.02)]);
        m.take(&[None]);
        assert_eq!((m.round(), m.risk_aversion().to_bits()), (None, 30.0_f64.to_bits()));
    }

    #[test]
    fn a_search_that_never_comes_near_ends() {
        let mut m = Matching::new(ArmKind::Sma, 25.0, 25.0, 1);
        let mut rounds = 0;
        while m.round().is_some() {
            m.take(&[Some(if rounds == 0 { 0.01 } else { 0.02 })]);
            rounds += 1;
        }
        assert_eq!((rounds, m.risk_aversion().to_bits()), (1 + ROUNDS, 25.0_f64.to_bits()));
    }
}
