//! The policy mix that every arm is measured against: the sleeves' indices at their policy weights, brought back to them
//! on the arms' calendar, without tax or cost.

use crate::market::View;
use crate::setup::Setup;
use crate::units::SecurityId;

/// The policy mix as it drifts between rebalancing days.
#[derive(Debug, Clone)]
pub(super) struct Benchmark {
    weights: Vec<f64>,
    /// Value in dollars.
    pub value: f64,
}

impl Benchmark {
    /// At policy weights, worth nothing yet.
    pub(super) fn new(setup: &Setup) -> Self {
        Self { weights: setup.sleeves.iter().map(|s| s.weight).collect(), value: 0.0 }
    }

    /// Earns the session's return and returns it.
    pub(super) fn earn(&mut self, view: &View<'_>, setup: &Setup) -> f64 {
        let mut total = 0.0;
        for (w, sleeve) in self.weights.iter_mut().zip(&setup.sleeves) {
            *w *= 1.0 + view.index_return(sleeve.index).unwrap_or(0.0);
            total += *w;
        }
        for w in &mut self.weights {
            *w /= total;
        }
        self.value *= total;
        total - 1.0
    }

    /// Back to policy weights.
    pub(super) fn rebalance(&mut self, setup: &Setup) {
        self.weights = setup.sleeves.iter().map(|s| s.weight).collect();
    }

    /// Active weights over a universe: `holdings[i]` less the benchmark's weight of `universe[i]`.
    pub(super) fn active(
        &self,
        view: &View<'_>,
        setup: &Setup,
        universe: &[SecurityId],
        mut holdings: Vec<f64>,
    ) -> Vec<f64> {
        for (w, sleeve) in self.weights.iter().zip(&setup.sleeves) {
            for (security, weight) in view.index_weights(sleeve.index) {
                if let Some(i) = universe.iter().position(|s| *s == security) {
                    holdings[i] -= w * weight;
                }
            }
        }
        holdings
    }
}
