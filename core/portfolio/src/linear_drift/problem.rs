//! The problem in drift, and its solution.

use unisleeve_solver::lp::LpError;

/// A lot that may be sold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lot {
    /// Weight of the lot.
    pub width: f64,
    /// Tax on each dollar sold.
    pub tax: f64,
    /// Amount that each dollar sold counts against the gains budget.
    pub gain: f64,
}

/// Trades of one security in one account.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trade {
    pub security: usize,
    /// Half the spread: the cost of each dollar traded.
    pub half: f64,
    /// Largest weight that may be bought.
    pub buy_limit: f64,
    pub lots: Vec<Lot>,
}

/// `low <= Σ over members of (net × u + gross × (b + Σ z)) <= high`. Either bound may be infinite.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bounds {
    /// `(trade, net, gross)`.
    pub members: Vec<(usize, f64, f64)>,
    pub low: f64,
    pub high: f64,
}

/// The problem stated at the top of this module.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DriftProblem {
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
pub(crate) struct Traded {
    pub bought: Vec<f64>,
    pub sold: Vec<Vec<f64>>,
}

/// The best plan found. No plan costs less than `lower_bound`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DriftSolution {
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
pub(crate) enum NoPlan {
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
    pub(crate) fn drifts(&self, traded: &Traded) -> Vec<f64> {
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
    pub(crate) fn cost(&self, traded: &Traded) -> f64 {
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
