//! The problem's data.

use thiserror::Error;

use super::Curve;
use super::curve::{Direction, Segment};
use unisleeve_numeric::lanes::{LANES, all_finite, dot};

/// One row of `low <= C u <= high`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Name, for messages and shadow prices.
    pub name: String,
    /// Coefficient of each security.
    pub coefficients: Vec<f64>,
    /// Least that the row may come to; may be infinite.
    pub low: f64,
    /// Most that the row may come to; may be infinite.
    pub high: f64,
}

impl Row {
    /// A row that must come to `target`.
    pub fn equal(name: impl Into<String>, coefficients: Vec<f64>, target: f64) -> Self {
        Self { name: name.into(), coefficients, low: target, high: target }
    }

    /// A row that must stay within bounds.
    pub fn within(name: impl Into<String>, coefficients: Vec<f64>, low: f64, high: f64) -> Self {
        Self { name: name.into(), coefficients, low, high }
    }

    /// What trades come to.
    pub fn value(&self, u: &[f64]) -> f64 {
        dot(&self.coefficients, u)
    }

    /// By how much a value is outside of the bounds: negative is below.
    pub fn miss(&self, value: f64) -> f64 {
        if value > self.high {
            value - self.high
        } else if value < self.low {
            value - self.low
        } else {
            0.0
        }
    }
}

/// The data of one solve; see the module's head for the symbols.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Problem {
    /// `γ`, above zero.
    pub risk_aversion: f64,
    /// K.
    pub factors: usize,
    /// `G`, row by row (n × K).
    pub exposures: Vec<f64>,
    /// `d`, zero or above.
    pub specific: Vec<f64>,
    /// `a`.
    pub active: Vec<f64>,
    /// `c` and the bounds.
    pub curves: Vec<Curve>,
    /// `C` and `b`.
    pub rows: Vec<Row>,
}

/// By how much the price of a row's slack rises for each unit of it.
const SLACK_BEND: f64 = 0.01;

/// Why a problem has no solution.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ProblemError {
    /// A number that is not finite or has the wrong sign, or a list of the wrong length.
    #[error("the problem's {what} are malformed: expected {expected}")]
    Malformed {
        /// Which data.
        what: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// A row that no trade within the bounds can meet.
    #[error("{row}: asked for {asked:.6} of the value, possible are {low:.6} to {high:.6}")]
    Infeasible {
        /// The row.
        row: String,
        /// Its bound that is out of reach.
        asked: f64,
        /// Least it can come to.
        low: f64,
        /// Most it can come to.
        high: f64,
    },
    /// The rows can be met one by one but not together, or the method did not converge.
    #[error("{row}: missed by {residual:e} of the value after {steps} steps; the rows conflict")]
    Unsolved {
        /// The row missed most.
        row: String,
        /// By how much.
        residual: f64,
        /// Steps taken.
        steps: u32,
    },
}

impl Problem {
    /// Gives a row slack: it may be missed at `price` a unit. The slack is a column of its own behind the securities, without
    /// exposures, that trades either way; [`SLACK_BEND`] keeps the problem strictly convex in it. Risk must be filled in.
    pub fn soften(&mut self, row: usize, price: f64) {
        // No wider than trades can push the row: a bound on all trades is a bound on the dual.
        let mut widest = 1.0 + self.rows[row].miss(0.0).abs();
        for (c, curve) in self.rows[row].coefficients.iter().zip(&self.curves) {
            widest += c.abs() * curve.sell_limit();
        }
        self.active.push(0.0);
        self.exposures.resize(self.exposures.len() + self.factors, 0.0);
        self.specific.push(SLACK_BEND / self.risk_aversion);
        self.curves.push(Curve::new(&[Segment { width: widest, cost: price }], price, widest));
        for (r, row_of_all) in self.rows.iter_mut().enumerate() {
            row_of_all.coefficients.push(if r == row { 1.0 } else { 0.0 });
        }
    }

    /// Number of securities.
    pub fn len(&self) -> usize {
        self.active.len()
    }

    /// Whether there is nothing to trade.
    pub fn is_empty(&self) -> bool {
        self.active.is_empty()
    }

    /// Checks shapes, signs and that each row can be met by itself.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), ProblemError> {
        let n = self.len();
        let malformed = |what, expected| Err(ProblemError::Malformed { what, expected });
        if !(self.risk_aversion > 0.0 && self.risk_aversion.is_finite()) {
            return malformed("risk aversion", "a number above zero");
        }
        if self.exposures.len() != n * self.factors || !all_finite(&self.exposures) {
            return malformed("exposures", "one finite number for each security and factor");
        }
        if self.specific.len() != n || !self.specific.iter().all(|d| *d >= 0.0 && d.is_finite()) {
            return malformed("specific variances", "one number of at least zero for each security");
        }
        if self.curves.len() != n || !self.active.iter().all(|x| x.is_finite()) {
            return malformed("positions", "one finite weight and one curve for each security");
        }
        for row in &self.rows {
            let finite = all_finite(&row.coefficients);
            // Also false where a bound is not a number.
            let ordered = row.low <= row.high && row.low < f64::INFINITY && row.high > f64::NEG_INFINITY;
            if row.coefficients.len() != n || !finite || !ordered {
                return malformed("rows", "one finite coefficient for each security, and bounds in order");
            }
            let (low, high) = self.reach(row);
            let asked = if row.low > high + 1e-9 {
                row.low
            } else if row.high < low - 1e-9 {
                row.high
            } else {
                continue;
            };
            return Err(ProblemError::Infeasible { row: row.name.clone(), asked, low, high });
        }
        Ok(())
    }

    /// Least and most that a row can come to within the bounds of the trades.
    pub fn reach(&self, row: &Row) -> (f64, f64) {
        self.reach_with(row, |_| Direction::Either)
    }

    /// The same with each name on its side; in strands, as everywhere where a sum is long.
    pub(super) fn reach_with(&self, row: &Row, side: impl Fn(usize) -> Direction) -> (f64, f64) {
        let (mut low, mut high) = ([0.0; LANES], [0.0; LANES]);
        for (i, (c, curve)) in row.coefficients.iter().zip(&self.curves).enumerate() {
            let buy = if side(i) == Direction::Sell { 0.0 } else { c * curve.buy_limit() };
            let sell = if side(i) == Direction::Buy { 0.0 } else { -c * curve.sell_limit() };
            low[i % LANES] += if buy < sell { buy } else { sell };
            high[i % LANES] += if buy > sell { buy } else { sell };
        }
        (low.iter().sum(), high.iter().sum())
    }

    /// Value of the objective at a trade.
    pub fn objective(&self, u: &[f64]) -> f64 {
        let (mut risk, mut cost) = (0.0, 0.0);
        let mut exposure = vec![0.0; self.factors];
        for i in 0..self.len() {
            let x = self.active[i] + u[i];
            for (y, g) in exposure.iter_mut().zip(&self.exposures[i * self.factors..(i + 1) * self.factors]) {
                *y += g * x;
            }
            risk += self.specific[i] * x * x;
            cost += self.curves[i].cost(u[i]);
        }
        for y in exposure {
            risk += y * y;
        }
        0.5 * self.risk_aversion * risk + cost
    }

    /// More than the objective of any trades within their bounds; `exposure` is room for the factors.
    pub(super) fn most(&self, exposure: &mut Vec<f64>) -> f64 {
        let (mut risk, mut cost) = (0.0, 0.0);
        exposure.clear();
        exposure.resize(self.factors, 0.0);
        for (i, curve) in self.curves.iter().enumerate() {
            let (sell, buy) = (curve.sell_limit(), curve.buy_limit());
            let largest = self.active[i].abs() + sell + buy;
            for (y, g) in exposure.iter_mut().zip(&self.exposures[i * self.factors..(i + 1) * self.factors]) {
                *y += g.abs() * largest;
            }
            risk += self.specific[i] * largest * largest;
            // Convex on either side of zero: dearest at an end.
            cost += curve.cost(-sell).abs() + curve.cost(buy).abs();
        }
        for y in exposure.iter() {
            risk += y * y;
        }
        1.0 + 0.5 * self.risk_aversion * risk + cost
    }

    /// By how much the rows are missed, the largest magnitude and its row.
    pub fn residual(&self, u: &[f64]) -> (f64, Option<&Row>) {
        let mut worst = (0.0, None);
        for row in &self.rows {
            let r = row.miss(row.value(u));
            if r.abs() > worst.0 {
                worst = (r.abs(), Some(row));
            }
        }
        worst
    }
}
