//! Combinations of sides solved so far, the best plan among them, and the tree that bounds the others.

use super::bound::Prices;
use super::branch::Tree;
use super::model::Model;
use super::terms::Direction;
use super::trial::Trial;

/// Combinations of sides solved so far; see the module's documentation.
#[derive(Debug)]
pub(super) struct Tried<'a> {
    model: &'a Model,
    pub tree: Tree<'a>,
    sides: Vec<Vec<Direction>>,
    /// Combinations that gave no plan.
    failed: Vec<Vec<Direction>>,
    pub best: Option<(f64, Trial, Vec<Direction>)>,
}

/// A row may be missed by this weight.
const FEASIBLE: f64 = 1e-9;

impl<'a> Tried<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self { model, tree: Tree::new(model), sides: Vec::new(), failed: Vec::new(), best: None }
    }

    /// Gap between the best plan and the bound; infinite before there is a plan.
    pub(super) fn gap(&self) -> f64 {
        self.best.as_ref().map_or(f64::INFINITY, |b| b.0 - self.tree.bound())
    }

    /// Raises the bounds by new multipliers.
    pub(super) fn learn(&mut self, prices: &Prices) {
        self.tree.learn(prices);
    }

    /// Solves with fixed sides unless this was done before, and keeps the plan if it is the best. Returns
    /// whether a plan was found.
    pub(super) fn add(
        &mut self,
        sides: &[Direction],
        solve: impl FnOnce(&[Direction]) -> Option<Trial>,
    ) -> bool {
        if self.sides.iter().chain(&self.failed).any(|s| s == sides) {
            return false;
        }
        let keeps_rows = |trial: &Trial| {
            let trades = trial.plan.trades();
            self.model.bands.iter().all(|b| b.miss(self.model.row(b, &trades)).abs() <= FEASIBLE)
        };
        let Some(trial) = solve(sides).filter(keeps_rows) else {
            self.failed.push(sides.to_vec());
            return false;
        };
        self.sides.push(sides.to_vec());
        self.learn(&trial.prices);
        let objective = trial.plan.objective(self.model);
        if self.best.as_ref().is_none_or(|b| objective < b.0) {
            self.best = Some((objective, trial, sides.to_vec()));
        }
        true
    }

    /// Adds another plan for sides that were tried before. It replaces the best plan if it is better.
    pub(super) fn again(&mut self, sides: &[Direction], trial: Trial) {
        self.sides.retain(|s| s != sides);
        self.failed.retain(|s| s != sides);
        self.add(sides, |_| Some(trial));
    }

    /// Allows sides that gave no plan to be tried again by another method.
    pub(super) fn try_again(&mut self) {
        self.failed.clear();
    }

    /// The sides to solve next in order to close the gap.
    pub(super) fn split(&mut self) -> Option<Vec<Direction>> {
        let (objective, _, now) = self.best.as_ref()?;
        self.tree.split(*objective, now)
    }
}
