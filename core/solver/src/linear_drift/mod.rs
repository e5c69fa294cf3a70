//! Rebalancing without a risk model: each dollar of drift from the benchmark's weights has a price.
//!
//! Amounts are fractions of the portfolio value. For each account and security, `b` is bought, `z` is sold of
//! each lot and `u = b - Σ z`. `h` is half the spread, `a` a security's weight less the benchmark's, and `p`
//! the price of drift:
//!
//! ```text
//! min   Σ h (b + Σ z) + Σ tax z + p Σ over securities |a + Σ over accounts u|
//! s.t.  low <= Σ (net u + gross (b + Σ z)) <= high     each row: cash, turnover, bands, caps
//!       Σ gain z <= budget
//!       0 <= b <= limit,  0 <= z <= the lot
//!       a security is bought or sold, in all accounts alike
//! ```
//!
//! Without the last line this is a linear program (`program`). The last line matters for a lot at a loss:
//! selling it and buying it back would save tax without drift. Such a security gets the convex hull of its
//! two sides (Balas 1979, disjunctive programming). With a fraction `y` of it selling and the rest buying,
//!
//! ```text
//! |a + Σ u| becomes |a y - Σ z| + |a (1 - y) + Σ b|,   z <= y × the lot,   b <= (1 - y) × limit
//! ```
//!
//! At a vertex at most as many securities as there are rows have a fraction between 0 and 1 (Shapley and
//! Folkman). `branch` splits on those.

mod branch;
mod program;

pub(super) use branch::solve;

use super::lp::LpError;

/// A lot that may be sold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lot {
    /// Weight of the lot.
    pub width: f64,
    /// Tax on each dollar sold.
    pub tax: f64,
    /// Amount that each dollar sold counts against the gains budget.
    pub gain: f64,
}

/// Trades of one security in one account.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trade {
    pub security: usize,
    /// Half the spread: the cost of each dollar traded.
    pub half: f64,
    /// Largest weight that may be bought.
    pub buy_limit: f64,
    pub lots: Vec<Lot>,
}

/// `low <= Σ over members of (net × u + gross × (b + Σ z)) <= high`. Either bound may be infinite.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bounds {
    /// `(trade, net, gross)`.
    pub members: Vec<(usize, f64, f64)>,
    pub low: f64,
    pub high: f64,
}

/// The problem stated at the top of this module.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DriftProblem {
    /// `p`: the cost that one dollar of drift is worth, in dollars.
    pub price: f64,
    /// `a` of each security.
    pub active: Vec<f64>,
    pub trades: Vec<Trade>,
    pub rows: Vec<Bounds>,
    pub budget: Option<f64>,
}

/// Weights bought by each trade, and sold of each of its lots.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Traded {
    pub bought: Vec<f64>,
    pub sold: Vec<Vec<f64>>,
}

/// The best plan found. No plan costs less than `lower_bound`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DriftSolution {
    pub traded: Traded,
    pub objective: f64,
    pub lower_bound: f64,
    /// Shadow price of each row at the plan's sides: above zero at an upper bound, below zero at a lower one.
    pub row_prices: Vec<f64>,
    /// Shadow price of the gains budget.
    pub gain_price: f64,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoPlan {
    /// Rows and budget can't be met together, even if securities could be bought and sold at once.
    Infeasible,
    /// No sides were found that meet rows and budget.
    NoSides {
        /// Number of linear programs solved.
        nodes: u32,
    },
    /// The linear programming solver failed.
    Failed(LpError),
}

impl DriftProblem {
    /// Drift of each security: its weight less the benchmark's, after the trades.
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

    /// The objective value of trades.
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
