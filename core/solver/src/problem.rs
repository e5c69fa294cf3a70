//! The data of a problem.

use thiserror::Error;

use super::Curve;
use super::curve::{Segment, Side};
use unisleeve_numeric::lanes::{LANES, all_finite, dot};

/// One row of `low <= C u <= high`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Name, for messages and shadow prices.
    pub name: String,
    /// Coefficient of each security.
    pub coefficients: Vec<f64>,
    /// Lower bound; may be negative infinity.
    pub low: f64,
    /// Upper bound; may be infinity.
    pub high: f64,
}

impl Row {
    /// An equality row.
    pub fn equal(name: impl Into<String>, coefficients: Vec<f64>, target: f64) -> Self {
        Self { name: name.into(), coefficients, low: target, high: target }
    }

    /// A row with a lower and an upper bound.
    pub fn within(name: impl Into<String>, coefficients: Vec<f64>, low: f64, high: f64) -> Self {
        Self { name: name.into(), coefficients, low, high }
    }

    /// Value of the row for trades.
    pub fn value(&self, u: &[f64]) -> f64 {
        dot(&self.coefficients, u)
    }

    /// Distance of a value from the bounds; negative below them.
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

/// The data of one solve. The crate's documentation explains the symbols. Amounts are fractions of the
/// portfolio value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Problem {
    /// `γ`: risk aversion times the horizon in years, above zero.
    pub risk_aversion: f64,
    /// K, the number of factors.
    pub factors: usize,
    /// `G`, row by row (n × K).
    pub exposures: Vec<f64>,
    /// `d`: specific variances, annual, zero or above.
    pub specific: Vec<f64>,
    /// `a`: holdings minus benchmark.
    pub active: Vec<f64>,
    /// `c` with the bounds of the trades, one curve for each security.
    pub curves: Vec<Curve>,
    /// `C` with its bounds.
    pub rows: Vec<Row>,
}

/// Increase of the price of a row's slack per unit of slack.
const SLACK_BEND: f64 = 0.01;

/// Why a problem has no solution.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ProblemError {
    /// A number that is not finite or has the wrong sign, or a list of the wrong length.
    #[error("the problem's {what} are malformed: expected {expected}")]
    Malformed {
        /// The data that are wrong.
        what: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// A row that can't be met by any trade within the bounds.
    #[error("{row}: asked for {asked:.6} of the value, possible are {low:.6} to {high:.6}")]
    Infeasible {
        /// The row.
        row: String,
        /// The bound that is out of reach.
        asked: f64,
        /// Smallest possible value of the row.
        low: f64,
        /// Largest possible value of the row.
        high: f64,
    },
    /// The rows can each be met but not together, or the method did not converge.
    #[error("{row}: missed by {residual:e} of the value after {steps} steps; the rows conflict")]
    Unsolved {
        /// The row with the largest violation.
        row: String,
        /// Its violation, as a fraction of the value.
        residual: f64,
        /// Steps taken.
        steps: u32,
    },
}

impl Problem {
    /// Gives a row slack: it may be missed at a cost of `price` per unit. The slack is one more column after
    /// the securities. It has no exposures and may trade in both directions. `SLACK_BEND` keeps the problem
    /// strictly convex in it. The risk aversion must be set before.
    pub fn soften(&mut self, row: usize, price: f64) {
        // The slack is no larger than trades can move the row, so that trades, and with them the dual, stay
        // bounded.
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

    /// Checks shapes and signs, and that each row can be met by itself.
    ///
    /// # Errors
    /// The first fault found.
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
            // Also false where a bound is NaN.
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

    /// Smallest and largest value of a row within the bounds of the trades.
    pub fn reach(&self, row: &Row) -> (f64, f64) {
        self.reach_with(row, |_| Side::Either)
    }

    /// The same with each name on its side. Sums in lanes, as in all long sums.
    pub(super) fn reach_with(&self, row: &Row, side: impl Fn(usize) -> Side) -> (f64, f64) {
        let (mut low, mut high) = ([0.0; LANES], [0.0; LANES]);
        for (i, (c, curve)) in row.coefficients.iter().zip(&self.curves).enumerate() {
            let buy = if side(i) == Side::Sell { 0.0 } else { c * curve.buy_limit() };
            let sell = if side(i) == Side::Buy { 0.0 } else { -c * curve.sell_limit() };
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

    /// An upper bound of the objective for trades within their bounds. `exposure` is a buffer.
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
            // The cost is convex on each side of zero, so it is largest at an end.
            cost += curve.cost(-sell).abs() + curve.cost(buy).abs();
        }
        for y in exposure.iter() {
            risk += y * y;
        }
        1.0 + 0.5 * self.risk_aversion * risk + cost
    }

    /// Largest violation of a row, in magnitude, and the row.
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
