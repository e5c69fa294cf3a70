//! The linear program for given sides: fixed, open, or open with a convex hull.

use super::{DriftProblem, Traded};
use unisleeve_solver::lp::{LinearProgram, LpError, LpSolver, Simplex};

/// Weights are in basis points and costs in thousandths. This keeps the simplex method's tolerances far below
/// a cent.
const WEIGHTS: f64 = 1e4;
const COSTS: f64 = 1e3;
/// Trades below this weight count as zero.
pub(super) const NOTHING: f64 = 1e-11;

/// What a security may do in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Buy,
    Sell,
    /// Buy and sell, both at once.
    Both,
    /// Convex hull: a fraction sells and the rest buys.
    Parts,
}

/// The program, and the positions of its variables and rows.
pub(super) struct Program {
    lp: LinearProgram,
    /// Variables of each trade: the purchase, and the sale of each lot.
    trades: Vec<(usize, Vec<usize>)>,
    /// Position of each row's equality; `None` for rows that can't bind.
    rows: Vec<Option<usize>>,
    budget: Option<usize>,
}

impl Program {
    pub(super) fn new(problem: &DriftProblem, sides: &[Direction]) -> Self {
        let mut lp = LinearProgram::default();
        let mut trades: Vec<(usize, Vec<usize>)> = Vec::new();
        for t in &problem.trades {
            let side = sides[t.security];
            let limit = if side == Direction::Sell { 0.0 } else { WEIGHTS * t.buy_limit };
            let buy = lp.variable(COSTS * t.half, limit);
            let sell = t.lots.iter().map(|lot| {
                let limit = if side == Direction::Buy { 0.0 } else { WEIGHTS * lot.width };
                lp.variable(COSTS * (t.half + lot.tax), limit)
            });
            trades.push((buy, sell.collect()));
        }
        let mut program = Self { lp, trades, rows: Vec::new(), budget: None };
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); sides.len()];
        for (i, t) in problem.trades.iter().enumerate() {
            members[t.security].push(i);
        }
        for (security, members) in members.iter().enumerate() {
            program.drift(problem, security, members, sides[security] == Direction::Parts);
        }
        for row in &problem.rows {
            let mut terms = Vec::new();
            for (t, net, gross) in &row.members {
                let (buy, sell) = &program.trades[*t];
                terms.push((*buy, net + gross));
                terms.extend(sell.iter().map(|z| (*z, gross - net)));
            }
            let at = program.within(terms, WEIGHTS * row.low, WEIGHTS * row.high);
            program.rows.push(at);
        }
        if let Some(budget) = problem.budget {
            let mut terms = Vec::new();
            for (t, (_, sell)) in problem.trades.iter().zip(&program.trades) {
                terms.extend(sell.iter().zip(&t.lots).map(|(z, lot)| (*z, lot.gain)));
            }
            program.budget = program.within(terms, f64::NEG_INFINITY, WEIGHTS * budget);
        }
        program
    }

    /// Adds the cost of a security's drift.
    fn drift(&mut self, problem: &DriftProblem, security: usize, members: &[usize], in_parts: bool) {
        let active = problem.active[security];
        let (mut buys, mut sells) = (Vec::new(), Vec::new());
        let mut reach = active.abs();
        for i in members {
            let (buy, sell) = &self.trades[*i];
            buys.push((*buy, problem.trades[*i].buy_limit));
            sells.extend(sell.iter().zip(&problem.trades[*i].lots).map(|(z, lot)| (*z, lot.width)));
        }
        for (_, limit) in buys.iter().chain(&sells) {
            reach += limit;
        }
        let bought = buys.iter().map(|(b, _)| (*b, 1.0));
        let sold = sells.iter().map(|(z, _)| (*z, -1.0));
        let price = COSTS * problem.price;
        let reach = WEIGHTS * reach;
        if !in_parts {
            self.absolute(bought.chain(sold).collect(), -WEIGHTS * active, price, reach);
            return;
        }
        // The fraction that sells.
        let part = self.lp.variable(0.0, WEIGHTS);
        self.absolute(sold.chain([(part, active)]).collect(), 0.0, price, reach);
        self.absolute(bought.chain([(part, -active)]).collect(), -WEIGHTS * active, price, reach);
        for (z, width) in sells {
            let rest = self.lp.variable(0.0, WEIGHTS * width);
            self.lp.equalities.push((vec![(z, 1.0), (part, -width), (rest, 1.0)], 0.0));
        }
        for (b, limit) in buys {
            let rest = self.lp.variable(0.0, WEIGHTS * limit);
            self.lp.equalities.push((vec![(b, 1.0), (part, limit), (rest, 1.0)], WEIGHTS * limit));
        }
    }

    /// Adds a cost per unit of the distance between a sum and its target.
    fn absolute(&mut self, mut terms: Vec<(usize, f64)>, target: f64, price: f64, reach: f64) {
        terms.push((self.lp.variable(price, reach), -1.0));
        terms.push((self.lp.variable(price, reach), 1.0));
        self.lp.equalities.push((terms, target));
    }

    /// Keeps a sum within bounds. Returns the row's position, or `None` where the sum can't leave the bounds.
    fn within(&mut self, mut terms: Vec<(usize, f64)>, low: f64, high: f64) -> Option<usize> {
        let (mut least, mut most) = (0.0, 0.0);
        for (v, c) in &terms {
            let end = c * self.lp.variables[*v].1;
            if end < 0.0 {
                least += end;
            } else {
                most += end;
            }
        }
        let (target, width, sign) = match (low > least, high < most) {
            (false, false) => return None,
            (true, true) => (low, high - low, -1.0),
            (true, false) => (low, most - low, -1.0),
            (false, true) => (high, high - least, 1.0),
        };
        terms.push((self.lp.variable(0.0, if width > 0.0 { width } else { 0.0 }), sign));
        self.lp.equalities.push((terms, target));
        Some(self.lp.equalities.len() - 1)
    }

    /// The minimal cost and the trades that reach it.
    pub(super) fn minimise(&self) -> Result<(f64, Traded), LpError> {
        let found = Simplex.minimise(&self.lp)?;
        let mut cost = 0.0;
        for (x, (c, _)) in found.iter().zip(&self.lp.variables) {
            cost += x * c;
        }
        let of = |v: &usize| {
            let weight = found[*v] / WEIGHTS;
            if weight > NOTHING { weight } else { 0.0 }
        };
        let traded = Traded {
            bought: self.trades.iter().map(|(b, _)| of(b)).collect(),
            sold: self.trades.iter().map(|(_, z)| z.iter().map(of).collect()).collect(),
        };
        Ok((cost / (WEIGHTS * COSTS), traded))
    }

    /// Shadow prices of the rows and of the budget.
    pub(super) fn prices(&self) -> Result<(Vec<f64>, f64), LpError> {
        let found = Simplex.prices(&self.lp)?;
        let of = |row: &Option<usize>| row.map_or(0.0, |r| -found[r] / COSTS);
        Ok((self.rows.iter().map(of).collect(), of(&self.budget)))
    }
}
