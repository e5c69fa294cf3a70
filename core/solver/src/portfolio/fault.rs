//! What is wrong with a portfolio, and why it can't be rebalanced.

use core::fmt;

use thiserror::Error;

use super::super::ProblemError;

/// One thing that is wrong with the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortfolioFault {
    /// Path of the key, such as `securities[2].lots[0].basis`.
    pub key: String,
    /// What stands there.
    pub value: String,
    /// What was expected.
    pub expected: String,
}

impl fmt::Display for PortfolioFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key.is_empty() {
            return write!(f, "{}: expected {}", self.value, self.expected);
        }
        write!(f, "{}: {}: expected {}", self.key, self.value, self.expected)
    }
}

/// A bound that would have to give.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxation {
    /// The constraint.
    pub row: String,
    /// The bound asked for, a weight.
    pub asked: f64,
    /// The bound that would do together with the other relaxations.
    pub possible: f64,
    /// Constraints that stand against it.
    pub against: Vec<String>,
}

impl fmt::Display for Relaxation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (side, way) = if self.possible > self.asked { ("most", "raised") } else { ("least", "lowered") };
        write!(f, "{}: at {side} {:.6} of the value", self.row, self.asked)?;
        if self.against.is_empty() {
            write!(f, " is out of reach")?;
        } else {
            write!(f, " conflicts with {}", self.against.join(", "))?;
        }
        write!(
            f,
            ": it would have to be {way} by {:.6} to {:.6}",
            (self.possible - self.asked).abs(),
            self.possible
        )
    }
}

/// Why a portfolio can't be rebalanced.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PortfolioError {
    /// Faults of the input.
    #[error("the portfolio has {} faults", .0.len())]
    Faults(Vec<PortfolioFault>),
    /// Constraints that can't hold together, with the least relaxation that would do.
    #[error("the constraints can't hold together; {} must give", .0.len())]
    Infeasible(Vec<Relaxation>),
    /// The tracking error can't be brought down to the cap.
    #[error("max_tracking_error: {cap} can't be met{}: the least tracking error that the other constraints allow is {least:.6}", beside(.against))]
    TrackingError {
        /// The cap.
        cap: f64,
        /// Least that is possible.
        least: f64,
        /// Constraints that stand against it.
        against: Vec<String>,
    },
    /// The net gain realised can't be brought down to the budget.
    #[error(
        "gains_budget: {budget}: the least net gain that the other constraints allow is {least:.2} dollars"
    )]
    Gains {
        /// The budget in dollars.
        budget: f64,
        /// Least that is possible.
        least: f64,
    },
    /// Tracking error and net gain can't both be met.
    #[error(
        "max_tracking_error: {cap} and gains_budget: {budget} can't both be met: within the budget the least tracking error that the other constraints allow is {least:.6}"
    )]
    CapAndBudget {
        /// The cap.
        cap: f64,
        /// The budget in dollars.
        budget: f64,
        /// Least tracking error that is possible within it.
        least: f64,
    },
    /// No plan was found, and none was proved to be impossible.
    #[error("no plan that meets every constraint was found, and it was not proved that there is none{}", between(*.cap))]
    Undecided {
        /// A cap of the tracking error, the least that is not proved impossible, and the least that was found; the last is
        /// infinite where no plan meets the other constraints.
        cap: Option<(f64, f64, f64)>,
    },
    /// Whole shares can't meet a constraint.
    #[error("{row}: missed by {missed:.2} dollars in whole shares; a wider band, or no rounding, would do")]
    Rounding {
        /// The constraint missed most.
        row: String,
        /// By how many dollars.
        missed: f64,
    },
    /// Without the orders below the least trade the constraints can't be met.
    #[error(
        "min_trade: {least}: without the {dropped} orders below it the constraints can't be met: {because}"
    )]
    LeastTrade {
        /// The least trade in dollars.
        least: f64,
        /// Orders dropped.
        dropped: usize,
        /// What can't be met.
        because: String,
    },
    /// The method failed.
    #[error(transparent)]
    Unsolved(#[from] ProblemError),
}

/// What a cap stands beside.
fn beside(against: &[String]) -> String {
    if against.is_empty() { String::new() } else { format!(" beside {}", against.join(", ")) }
}

/// Between which tracking errors the least one is.
fn between(cap: Option<(f64, f64, f64)>) -> String {
    match cap {
        Some((cap, least, found)) if found.is_finite() => format!(
            " (max_tracking_error: {cap}; the least tracking error is between {least:.6} and {found:.6})"
        ),
        Some((cap, least, _)) => {
            format!(" (max_tracking_error: {cap}; the least tracking error is at least {least:.6})")
        }
        None => String::new(),
    }
}

impl PortfolioError {
    /// One sentence for each thing that is wrong.
    pub fn messages(&self) -> Vec<String> {
        match self {
            Self::Faults(faults) => faults.iter().map(ToString::to_string).collect(),
            Self::Infeasible(rows) => rows.iter().map(ToString::to_string).collect(),
            other => vec![other.to_string()],
        }
    }
}
