//! The data of a problem.

use thiserror::Error;

use super::Curve;
use super::curve::Direction;
use unisleeve_numeric::lanes::{LANES, all_finite, dot};

/// One row of `low <= C u + D |u| <= high`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Name, for messages and shadow prices.
    pub name: String,
    /// `C`: coefficient of each trade.
    pub coefficients: Vec<f64>,
    /// `D`: coefficient of each trade's magnitude, such as half the spread in a cash row. Empty for a row
    /// that counts net trades alone.
    pub gross: Vec<f64>,
    /// Lower bound; may be negative infinity.
    pub low: f64,
    /// Upper bound; may be infinity.
    pub high: f64,
    /// Cost of missing the row by one unit; infinite for a row that must be met.
    pub price: f64,
}

/// Distance of a value from the range between two bounds; negative below it.
pub fn beyond(value: f64, low: f64, high: f64) -> f64 {
    if value > high {
        value - high
    } else if value < low {
        value - low
    } else {
        0.0
    }
}

impl Row {
    /// An equality row.
    pub fn equal(name: impl Into<String>, coefficients: Vec<f64>, target: f64) -> Self {
        Self::within(name, coefficients, target, target)
    }

    /// A row with a lower and an upper bound.
    pub fn within(name: impl Into<String>, coefficients: Vec<f64>, low: f64, high: f64) -> Self {
        Self { name: name.into(), coefficients, gross: Vec::new(), low, high, price: f64::INFINITY }
    }

    /// The same row with coefficients of the trades' magnitudes.
    pub fn with_gross(self, gross: Vec<f64>) -> Self {
        Self { gross, ..self }
    }

    /// The same row with slack at a price.
    pub fn at_price(self, price: f64) -> Self {
        Self { price, ..self }
    }

    /// Value of the row for trades.
    pub fn value(&self, u: &[f64]) -> f64 {
        let mut sum = dot(&self.coefficients, u);
        for (g, u) in self.gross.iter().zip(u) {
            sum += g * u.abs();
        }
        sum
    }

    /// Coefficients of a dollar bought and of a dollar sold of one trade, the latter with its sign: a sale
    /// changes the row by `-sell` for each dollar.
    pub(super) fn of(&self, trade: usize) -> (f64, f64) {
        let (c, g) = (self.coefficients[trade], self.gross.get(trade).copied().unwrap_or(0.0));
        (c + g, c - g)
    }

    /// Whether the row must be met.
    pub fn is_hard(&self) -> bool {
        self.price == f64::INFINITY
    }

    /// Distance of a value from the bounds; negative below them.
    pub fn miss(&self, value: f64) -> f64 {
        beyond(value, self.low, self.high)
    }
}

/// A limit on the net gain that the sales realize.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gains {
    /// Largest net gain, a fraction of the portfolio value.
    pub most: f64,
    /// Cost of a dollar of gain beyond it; infinite for a limit that must be kept.
    pub price: f64,
}

/// The data of one solve. The crate's documentation explains the symbols. Amounts are fractions of the
/// portfolio value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Problem {
    /// `γ`: risk aversion times the horizon in years. Above zero; zero is allowed under a cap.
    pub risk_aversion: f64,
    /// K, the number of factors.
    pub factors: usize,
    /// `G`, row by row (n × K).
    pub exposures: Vec<f64>,
    /// `d`: specific variances, annual, zero or above. Zero for a security that several trades share: its
    /// variance is a factor of its own then.
    pub specific: Vec<f64>,
    /// `a`: holdings minus benchmark.
    pub active: Vec<f64>,
    /// `c` with the bounds of the trades, one curve for each trade.
    pub curves: Vec<Curve>,
    /// `C` and `D` with their bounds.
    pub rows: Vec<Row>,
    /// The security of each trade, from zero. Trades of one security are all on the same side. Empty where
    /// each trade is a security by itself.
    pub securities: Vec<u32>,
    /// Largest tracking error, annual.
    pub cap: Option<f64>,
    /// Limit on the net gain.
    pub gains: Option<Gains>,
    /// Smallest trade other than none; zero where any is allowed.
    pub least: f64,
}

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
    /// Number of trades.
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
        let is_capped = self.cap.is_some();
        if !(self.risk_aversion > 0.0 || is_capped && self.risk_aversion == 0.0)
            || !self.risk_aversion.is_finite()
        {
            return malformed("risk aversion", "a number above zero");
        }
        if self.cap.is_some_and(|cap| !(cap > 0.0 && cap.is_finite())) {
            return malformed("cap", "a number above zero");
        }
        if self.gains.is_some_and(|g| !g.most.is_finite() || g.price.is_nan() || g.price <= 0.0) {
            return malformed("gains", "a finite limit at a price above zero");
        }
        if !(self.least >= 0.0 && self.least.is_finite()) {
            return malformed("smallest trade", "a number of at least zero");
        }
        if !self.securities.is_empty() && self.securities.len() != n {
            return malformed("securities", "one for each trade, or none");
        }
        if self.exposures.len() != n * self.factors || !all_finite(&self.exposures) {
            return malformed("exposures", "one finite number for each trade and factor");
        }
        if self.specific.len() != n || !self.specific.iter().all(|d| *d >= 0.0 && d.is_finite()) {
            return malformed("specific variances", "one number of at least zero for each trade");
        }
        if self.curves.len() != n || !self.active.iter().all(|x| x.is_finite()) {
            return malformed("positions", "one finite weight and one curve for each trade");
        }
        for row in &self.rows {
            let finite = all_finite(&row.coefficients) && all_finite(&row.gross) && row.price > 0.0;
            // Also false where a bound is NaN.
            let ordered = row.low <= row.high && row.low < f64::INFINITY && row.high > f64::NEG_INFINITY;
            let is_long = row.coefficients.len() == n && (row.gross.is_empty() || row.gross.len() == n);
            if !is_long || !finite || !ordered {
                return malformed("rows", "one finite coefficient for each trade, and bounds in order");
            }
            if !row.is_hard() {
                continue;
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
        self.reach_with(row, |_| Direction::Either)
    }

    /// The same with each name on its side. Sums in lanes, as in all long sums.
    pub(super) fn reach_with(&self, row: &Row, side: impl Fn(usize) -> Direction) -> (f64, f64) {
        let (mut low, mut high) = ([0.0; LANES], [0.0; LANES]);
        for (i, curve) in self.curves.iter().enumerate() {
            let (per_bought, per_sold) = row.of(i);
            let side = side(i);
            let can = |d: Direction| side == Direction::Either || side == d;
            let buy = if can(Direction::Buy) { per_bought * curve.buy_limit() } else { 0.0 };
            let sell = if can(Direction::Sell) { -per_sold * curve.sell_limit() } else { 0.0 };
            let (mut least, mut most) = if buy < sell { (buy, sell) } else { (sell, buy) };
            if side != Direction::Sell && side != Direction::Buy || self.least == 0.0 {
                least = if least < 0.0 { least } else { 0.0 };
                most = if most > 0.0 { most } else { 0.0 };
            } else {
                // A name that must trade moves the row by its smallest size at least.
                let by = if side == Direction::Buy { per_bought } else { -per_sold } * self.least;
                let far = if side == Direction::Buy { buy } else { sell };
                (least, most) = if by < far { (by, far) } else { (far, by) };
            }
            low[i % LANES] += least;
            high[i % LANES] += most;
        }
        (low.iter().sum(), high.iter().sum())
    }

    /// The security of a trade.
    pub(super) fn security(&self, trade: usize) -> usize {
        self.securities.get(trade).map_or(trade, |s| *s as usize)
    }

    /// Annual variance of `a + u`.
    pub fn variance(&self, u: &[f64]) -> f64 {
        let (k, mut sum) = (self.factors, 0.0);
        let mut exposure = vec![0.0; k];
        for i in 0..self.len() {
            let x = self.active[i] + u[i];
            for (y, g) in exposure.iter_mut().zip(&self.exposures[i * k..(i + 1) * k]) {
                *y += g * x;
            }
            sum += self.specific[i] * x * x;
        }
        for y in exposure {
            sum += y * y;
        }
        sum
    }

    /// Value of the objective at trades whose sales take the cheapest segments first: risk, costs, and the
    /// price of rows and gains that are missed.
    pub fn objective(&self, u: &[f64]) -> f64 {
        let (mut cost, mut gain) = (0.0, 0.0);
        for (curve, u) in self.curves.iter().zip(u) {
            cost += curve.cost(*u);
            gain += curve.gain(*u);
        }
        0.5 * self.risk_aversion * self.variance(u) + cost + self.penalty(u, gain)
    }

    /// An upper bound of the objective for trades within their bounds. `exposure` is a buffer.
    pub(super) fn most(&self, exposure: &mut Vec<f64>) -> f64 {
        let (mut risk, mut cost, mut gain) = (0.0, 0.0, 0.0);
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
            gain += if self.gains.is_some() { curve.gain(-sell).abs() } else { 0.0 };
        }
        for y in exposure.iter() {
            risk += y * y;
        }
        for row in self.rows.iter().filter(|r| !r.is_hard()) {
            let (low, high) = self.reach(row);
            let (below, above) = (row.miss(low).abs(), row.miss(high).abs());
            cost += row.price * if below > above { below } else { above };
        }
        if let Some(g) = self.gains.filter(|g| g.price < f64::INFINITY) {
            cost += g.price * (gain + g.most.abs());
        }
        1.0 + 0.5 * self.risk_aversion * risk + cost
    }

    /// What missed rows and the gain beyond its limit cost, as far as they have a price.
    pub(super) fn penalty(&self, u: &[f64], gain: f64) -> f64 {
        let mut sum = 0.0;
        for row in self.rows.iter().filter(|r| !r.is_hard()) {
            sum += row.price * row.miss(row.value(u)).abs();
        }
        match self.gains {
            Some(g) if g.price < f64::INFINITY && gain > g.most => sum + g.price * (gain - g.most),
            _ => sum,
        }
    }

    /// Largest violation of a row that must be met, in magnitude, and the row.
    pub fn residual(&self, u: &[f64]) -> (f64, Option<&Row>) {
        let mut worst = (0.0, None);
        for row in self.rows.iter().filter(|r| r.is_hard()) {
            let r = row.miss(row.value(u));
            if r.abs() > worst.0 {
                worst = (r.abs(), Some(row));
            }
        }
        worst
    }
}
