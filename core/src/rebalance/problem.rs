//! The problem's data.

use thiserror::Error;

use super::Curve;

/// One row of `C u = b`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Name, for messages and shadow prices.
    pub name: String,
    /// Coefficient of each security.
    pub coefficients: Vec<f64>,
    /// What the row must come to.
    pub target: f64,
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
    /// `d`, above zero.
    pub specific: Vec<f64>,
    /// `a`.
    pub active: Vec<f64>,
    /// `c` and the bounds.
    pub curves: Vec<Curve>,
    /// `C` and `b`.
    pub rows: Vec<Row>,
}

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
    #[error("{row}: asked for {target:.6} of the value, possible are {low:.6} to {high:.6}")]
    Infeasible {
        /// The row.
        row: String,
        /// Its target.
        target: f64,
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
        if self.exposures.len() != n * self.factors || !self.exposures.iter().all(|x| x.is_finite()) {
            return malformed("exposures", "one finite number for each security and factor");
        }
        if self.specific.len() != n || !self.specific.iter().all(|d| *d > 0.0 && d.is_finite()) {
            return malformed("specific variances", "one number above zero for each security");
        }
        if self.curves.len() != n || !self.active.iter().all(|x| x.is_finite()) {
            return malformed("positions", "one finite weight and one curve for each security");
        }
        for row in &self.rows {
            if row.coefficients.len() != n || !row.target.is_finite() {
                return malformed("rows", "one coefficient for each security and a finite target");
            }
            let (mut low, mut high) = (0.0, 0.0);
            for (c, curve) in row.coefficients.iter().zip(&self.curves) {
                let (buy, sell) = (c * curve.buy_limit(), -c * curve.sell_limit());
                low += if buy < sell { buy } else { sell };
                high += if buy > sell { buy } else { sell };
            }
            if row.target < low - 1e-9 || row.target > high + 1e-9 {
                return Err(ProblemError::Infeasible {
                    row: row.name.clone(),
                    target: row.target,
                    low,
                    high,
                });
            }
        }
        Ok(())
    }

    /// Value of the objective at a trade.
    pub fn objective(&self, u: &[f64]) -> f64 {
        let (mut risk, mut cost) = (0.0, 0.0);
        for k in 0..self.factors {
            let mut y = 0.0;
            for i in 0..self.len() {
                y += self.exposures[i * self.factors + k] * (self.active[i] + u[i]);
            }
            risk += y * y;
        }
        for i in 0..self.len() {
            let x = self.active[i] + u[i];
            risk += self.specific[i] * x * x;
            cost += self.curves[i].cost(u[i]);
        }
        0.5 * self.risk_aversion * risk + cost
    }

    /// By how much the rows are missed, the largest magnitude and its row.
    pub fn residual(&self, u: &[f64]) -> (f64, Option<&Row>) {
        let mut worst = (0.0, None);
        for row in &self.rows {
            let mut r = -row.target;
            for (c, x) in row.coefficients.iter().zip(u) {
                r += c * x;
            }
            if r.abs() > worst.0 {
                worst = (r.abs(), Some(row));
            }
        }
        worst
    }
}
