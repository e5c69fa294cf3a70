//! The optimization problem of a rebalance as a file for bug reports. Numbers keep every bit.

use serde::{Deserialize, Serialize};

use unisleeve_solver::{Curve, Gains, Problem, ProblemError, Row, Segment};

/// A problem, with symbols as in the documentation of the crate. Amounts are fractions of the portfolio
/// value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProblemFile {
    /// `γ`.
    pub risk_aversion: f64,
    /// K, the number of factors.
    pub factors: usize,
    /// Security and account of each variable.
    pub names: Vec<String>,
    /// `a`, holdings minus benchmark.
    pub active: Vec<f64>,
    /// `d`, annual specific variances.
    pub specific: Vec<f64>,
    /// `G`, with K numbers for each variable.
    pub exposures: Vec<Vec<f64>>,
    /// `c`, the cost curves.
    pub curves: Vec<CurveFile>,
    /// `C` and its bounds.
    pub rows: Vec<RowFile>,
    /// The security of each variable, from zero; empty where each is one by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub securities: Vec<u32>,
    /// Largest tracking error, annual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<f64>,
    /// Largest net gain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gains: Option<f64>,
    /// Smallest trade.
    #[serde(default, skip_serializing_if = "is_default")]
    pub least: f64,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Cost curve of one variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurveFile {
    /// `[width, cost of each dollar]` of each segment of selling.
    pub sell: Vec<(f64, f64)>,
    /// Gain of each dollar of each segment; empty where gains do not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gains: Vec<f64>,
    /// Cost of each dollar bought.
    pub buy_cost: f64,
    /// Largest weight that may be bought.
    pub buy_limit: f64,
}

/// A constraint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowFile {
    /// Its name.
    pub name: String,
    /// Lower bound; `None` where there is none.
    pub low: Option<f64>,
    /// Upper bound; `None` where there is none.
    pub high: Option<f64>,
    /// Coefficient of each variable.
    pub coefficients: Vec<f64>,
    /// Coefficient of each variable's magnitude; empty where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gross: Vec<f64>,
}

impl ProblemFile {
    /// Converts to the solver's problem.
    ///
    /// # Errors
    /// When lists have the wrong length, numbers are out of range, or a row can't be met by itself.
    pub fn problem(&self) -> Result<Problem, ProblemError> {
        let curve = |c: &CurveFile| {
            let segment = |(j, (width, cost)): (usize, &(f64, f64))| Segment {
                width: *width,
                cost: *cost,
                gain: c.gains.get(j).copied().unwrap_or(0.0),
            };
            let sell: Vec<Segment> = c.sell.iter().enumerate().map(segment).collect();
            Curve::new(&sell, c.buy_cost, c.buy_limit)
        };
        let row = |r: &RowFile| {
            let (low, high) = (r.low.unwrap_or(f64::NEG_INFINITY), r.high.unwrap_or(f64::INFINITY));
            Row::within(r.name.clone(), r.coefficients.clone(), low, high).with_gross(r.gross.clone())
        };
        if self.exposures.iter().any(|g| g.len() != self.factors) {
            let expected = "one finite number for each security and factor";
            return Err(ProblemError::Malformed { what: "exposures", expected });
        }
        let problem = Problem {
            risk_aversion: self.risk_aversion,
            factors: self.factors,
            exposures: self.exposures.concat(),
            specific: self.specific.clone(),
            active: self.active.clone(),
            curves: self.curves.iter().map(curve).collect(),
            rows: self.rows.iter().map(row).collect(),
            securities: self.securities.clone(),
            cap: self.cap,
            gains: self.gains.map(|most| Gains { most, price: f64::INFINITY }),
            least: self.least,
        };
        problem.check()?;
        Ok(problem)
    }

    /// Builds the file from a problem.
    pub(super) fn new(names: Vec<String>, p: &Problem) -> Self {
        let finite = |x: f64| x.is_finite().then_some(x);
        let exposures = (0..p.len()).map(|i| p.exposures[i * p.factors..(i + 1) * p.factors].to_vec());
        let curve = |c: &Curve| {
            let segments: Vec<Segment> = c.segments().map(|(s, _)| s).collect();
            let has_gains = segments.iter().any(|s| s.gain != 0.0);
            CurveFile {
                sell: segments.iter().map(|s| (s.width, s.cost)).collect(),
                gains: segments.iter().filter(|_| has_gains).map(|s| s.gain).collect(),
                buy_cost: c.buy_cost(),
                buy_limit: c.buy_limit(),
            }
        };
        let row = |r: &Row| RowFile {
            name: r.name.clone(),
            low: finite(r.low),
            high: finite(r.high),
            coefficients: r.coefficients.clone(),
            gross: r.gross.clone(),
        };
        Self {
            risk_aversion: p.risk_aversion,
            factors: p.factors,
            names,
            active: p.active.clone(),
            specific: p.specific.clone(),
            exposures: exposures.collect(),
            curves: p.curves.iter().map(curve).collect(),
            rows: p.rows.iter().map(row).collect(),
            securities: p.securities.clone(),
            cap: p.cap,
            gains: p.gains.map(|g| g.most),
            least: p.least,
        }
    }
}
