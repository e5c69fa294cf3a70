//! Faults of a portfolio, and reasons why it can't be rebalanced.

use core::fmt;

use thiserror::Error;

use unisleeve_solver::ProblemError;

/// One fault of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortfolioFault {
    /// Path of the key, such as `securities[2].lots[0].basis`.
    pub key: String,
    /// The value found.
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

/// A bound that must be relaxed.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxation {
    /// The constraint.
    pub row: String,
    /// The requested bound, as a weight.
    pub asked: f64,
    /// The bound that suffices together with the other relaxations, as a weight.
    pub possible: f64,
    /// Constraints in conflict with it.
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
    /// Constraints that can't hold together, with the smallest relaxation that suffices.
    #[error("the constraints can't hold together; {} must give", .0.len())]
    Infeasible(Vec<Relaxation>),
    /// The tracking error can't be brought down to the cap.
    #[error("max_tracking_error: {cap} can't be met{}: the least tracking error that the other constraints allow is {least:.6}", beside(.against))]
    TrackingError {
        /// The cap, annual.
        cap: f64,
        /// The smallest possible tracking error.
        least: f64,
        /// Constraints in conflict with the cap.
        against: Vec<String>,
    },
    /// The net gain realized can't be brought down to the budget.
    #[error(
        "gains_budget: {budget}: the least net gain that the other constraints allow is {least:.2} dollars"
    )]
    Gains {
        /// The budget in dollars.
        budget: f64,
        /// The smallest possible net gain in dollars.
        least: f64,
    },
    /// Cap and budget can't be met together.
    #[error(
        "max_tracking_error: {cap} and gains_budget: {budget} can't both be met: within the budget the least tracking error that the other constraints allow is {least:.6}"
    )]
    CapAndBudget {
        /// The cap.
        cap: f64,
        /// The budget in dollars.
        budget: f64,
        /// The smallest tracking error possible within the budget.
        least: f64,
    },
    /// No plan was found, but it was not proved that there is none.
    #[error("no plan that meets every constraint was found, and it was not proved that there is none{}", between(*.cap))]
    Undecided {
        /// With a cap on tracking error: the cap, the smallest tracking error not proved impossible, and the
        /// smallest found. The last is infinite where no plan meets the other constraints.
        cap: Option<(f64, f64, f64)>,
    },
    /// A constraint can't be met in whole shares.
    #[error("{row}: missed by {missed:.2} dollars in whole shares; a wider band, or no rounding, would do")]
    Rounding {
        /// The constraint missed by the largest amount.
        row: String,
        /// Amount missed, in dollars.
        missed: f64,
    },
    /// Without the orders below the smallest trade the constraints can't be met.
    #[error(
        "min_trade: {least}: without the {dropped} orders below it the constraints can't be met: {because}"
    )]
    LeastTrade {
        /// The smallest trade, in dollars.
        least: f64,
        /// Number of orders dropped.
        dropped: usize,
        /// What can't be met.
        because: String,
    },
    /// The solver failed.
    #[error(transparent)]
    Unsolved(#[from] ProblemError),
}

/// Names the constraints in conflict with a cap.
fn beside(against: &[String]) -> String {
    if against.is_empty() { String::new() } else { format!(" beside {}", against.join(", ")) }
}

/// States the range of the smallest tracking error.
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
    /// One sentence for each fault.
    pub fn messages(&self) -> Vec<String> {
        match self {
            Self::Faults(faults) => faults.iter().map(ToString::to_string).collect(),
            Self::Infeasible(rows) => rows.iter().map(ToString::to_string).collect(),
            other => vec![other.to_string()],
        }
    }
}
