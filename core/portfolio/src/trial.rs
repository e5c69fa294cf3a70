//! One solve of a portfolio, and the mix of two.

use super::bound::Prices;
use super::model::Model;
use super::plan::{Figures, Plan};

/// A solve: a plan with its figures and multipliers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trial {
    pub plan: Plan,
    pub figures: Figures,
    pub prices: Prices,
}

/// The two ends of a search: the solve that keeps the limit, and the nearest one that breaks it.
#[derive(Debug, Clone)]
pub(super) struct Ends {
    pub kept: Trial,
    pub broken: Option<Trial>,
}

/// The lowest aversion. It stands for none where only a cap is given.
pub(super) const LEAST_AVERSION: f64 = 1e-6;

/// Bisection steps of a mix.
const HALVINGS: u32 = 60;

/// Mixes the two ends, as close to the one that breaks the limit as the limit allows.
pub(super) fn mixed(ends: Ends, is_convex: bool, keeps: &dyn Fn(&Plan) -> bool, model: &Model) -> Ends {
    let Ends { mut kept, broken } = ends;
    if let (Some(other), true) = (&broken, is_convex) {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..HALVINGS {
            let part = 0.5 * (low + high);
            if keeps(&kept.plan.mix(&other.plan, part)) {
                low = part;
            } else {
                high = part;
            }
        }
        let plan = kept.plan.mix(&other.plan, low);
        // Both ends are nearly optimal for the multipliers between them. If they are further apart, the mix
        // can be worse.
        if plan.objective(model) < kept.plan.objective(model) {
            kept.figures = plan.figures(model);
            kept.plan = plan;
        }
    }
    Ends { kept, broken }
}
