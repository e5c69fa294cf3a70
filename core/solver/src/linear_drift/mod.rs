//! Rebalancing without a risk model: each dollar of drift from the benchmark's weights has a price.
//!
//! In fractions of the value, for each account and security `b` bought and `z` sold of each lot, `u = b - Σ z`, `h` half the
//! spread, `a` a security's weight less the benchmark's, `p` the price of drift:
//!
//! ```text
//! min   Σ h (b + Σ z) + Σ tax z + p Σ over securities |a + Σ over accounts u|
//! s.t.  low <= Σ (net u + gross (b + Σ z)) <= high     each row: cash, turnover, bands, caps
//!       Σ gain z <= budget
//!       0 <= b <= limit,  0 <= z <= the lot
//!       a security is bought or sold, in all accounts alike
//! ```
//!
//! All but the last line is a linear program (`program`). A lot at a loss makes the last line bite: sold and bought back, it
//! would save tax at no drift. Such a security gets the convex hull of its two sides (Balas 1979, disjunctive programming):
//! with a part `y` of it selling and the rest buying,
//!
//! ```text
//! |a + Σ u| becomes |a y - Σ z| + |a (1 - y) + Σ b|,   z <= y × the lot,   b <= (1 - y) × limit
//! ```
//!
//! At a vertex at most as many securities as there are rows stay in parts (Shapley and Folkman); `branch` splits on those.

mod branch;
mod program;

pub(super) use branch::solve;

use super::lp::LpError;

/// A lot that may be sold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lot {
    /// Its weight.
    pub width: f64,
    /// Tax of each dollar sold.
    pub tax: f64,
    /// What each dollar sold counts against the budget of gains.
    pub gain: f64,
}

/// Trades of one security in one account.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trade {
    pub security: usize,
    /// Half the spread: what a dollar traded costs.
    pub half: f64,
    /// Weight that may be bought at most.
    pub buy_limit: f64,
    pub lots: Vec<Lot>,
}

/// `low <= Σ over members of (net × u + gross × what is bought and sold) <= high`; either bound may be infinite.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bounds {
    /// `(trade, net, gross)`.
    pub members: Vec<(usize, f64, f64)>,
    pub low: f64,
    pub high: f64,
}

/// The problem at the head of this file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DriftProblem {
    /// `p`, dollars of cost that a dollar of drift is worth.
    pub price: f64,
    /// `a` of each security.
    pub active: Vec<f64>,
    pub trades: Vec<Trade>,
    pub rows: Vec<Bounds>,
    pub budget: Option<f64>,
}

/// What is bought by each trade, and sold of each of its lots, as weights.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Traded {
    pub bought: Vec<f64>,
    pub sold: Vec<Vec<f64>>,
}

/// The best plan found; no plan costs less than `lower_bound`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DriftSolution {
    pub traded: Traded,
    pub objective: f64,
    pub lower_bound: f64,
    /// What a unit of each row costs at the plan's sides: above zero at an upper bound, below at a lower one.
    pub row_prices: Vec<f64>,
    /// What a unit of the budget is worth.
    pub gain_price: f64,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoPlan {
    /// Rows and budget can't be met together, even if a security were bought and sold at once.
    Infeasible,
    /// No sides were found that meet them.
    NoSides {
        /// Programs solved.
        nodes: u32,
    },
    /// The linear programs' method failed.
    Failed(LpError),
}

impl DriftProblem {
    /// What each security drifts from its weight.
    pub(super) fn drifts(&self, traded: &Traded) -> Vec<f64> {
        let mut drifts = self.active.clone();
        for (t, (bought, sold)) in self.trades.iter().zip(traded.bought.iter().zip(&traded.sold)) {
            drifts[t.security] += bought;
            for z in sold {
                drifts[t.security] -= z;
            }
        }
        drifts
    }

    /// The objective.
    pub(super) fn cost(&self, traded: &Traded) -> f64 {
        let mut sum = 0.0;
        for x in self.drifts(traded) {
            sum += self.price * x.abs();
        }
        for (t, (bought, sold)) in self.trades.iter().zip(traded.bought.iter().zip(&traded.sold)) {
            sum += t.half * bought;
            for (lot, z) in t.lots.iter().zip(sold) {
                sum += (t.half + lot.tax) * z;
            }
        }
        sum
    }
}
