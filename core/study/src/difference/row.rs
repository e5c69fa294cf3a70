//! The parts of a difference, and the entries of `difference` in result files.

use serde::Serialize;

use unisleeve_units::Money;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Everything is sold on the last day, and taxed.
    Liquidated,
    /// Nothing is sold; only accrued tax is due.
    Kept,
}

impl Ending {
    /// Both endings, in the order of files.
    pub const ALL: [Self; 2] = [Self::Liquidated, Self::Kept];

    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Liquidated => "liquidated",
            Self::Kept => "kept",
        }
    }
}

/// UMA minus a setup with separate managers on one path, in dollars at the end; costs to UMA are negative.
///
/// `total = tax + fees + costs + cash + classes + names + unpaid`, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PathDifference {
    /// The arm that UMA is compared with: `sma_best`, `sma` or `sma_typical`.
    pub against: &'static str,
    /// How the run ends.
    pub ending: Ending,
    /// Difference in after-tax wealth plus what was paid out.
    pub total: Money,
    /// Tax, with what the tax of more or less gain would be in any setup taken out.
    pub tax: Money,
    /// Fees, expense ratios of funds included.
    pub fees: Money,
    /// Spreads, commissions and market impact.
    pub costs: Money,
    /// Cash that lay idle.
    pub cash: Money,
    /// Weights of asset classes.
    pub classes: Money,
    /// Names held within the asset classes.
    pub names: Money,
    /// What one arm paid out and the other could not.
    pub unpaid: Money,
    /// What the difference in realized tracking error is worth at the household's risk aversion. It is not a
    /// part of the total.
    pub risk: Money,
    /// The setup effect in basis points a year of the average value.
    pub bp_a_year: f64,
    /// Average value of both arms times years, in dollars: what basis points a year count on.
    pub dollar_years: f64,
}

impl PathDifference {
    /// The setup effect: tax, fees and costs, in dollars.
    pub fn setup(&self) -> Money {
        self.tax + self.fees + self.costs
    }

    /// The parts of the total, in the order of files.
    pub fn parts(&self) -> [Money; 7] {
        [self.tax, self.fees, self.costs, self.cash, self.classes, self.names, self.unpaid]
    }

    /// Other holdings: asset classes and names, in dollars.
    pub fn holdings(&self) -> Money {
        self.classes + self.names
    }
}

/// What may be said of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The 95% interval of the setup effect holds zero.
    NoMeasurableBenefit,
    /// It excludes zero, but the effect is below 15% of what the two held differently.
    NotSeparable,
    /// One manager is worth more.
    Benefit,
    /// One manager is worth less.
    Cost,
    /// One path, which gives no interval.
    OnePath,
}

/// UMA minus a setup with separate managers. `T` is dollars (`f64`) for one run, and statistics over the paths
/// for many.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct DifferenceRow<T> {
    /// `sma_best`, `sma` or `sma_typical`.
    pub against: &'static str,
    /// How the runs end.
    pub ending: Ending,
    /// All parts together, dollars.
    pub total: T,
    /// The setup effect: tax, fees and costs, dollars.
    pub setup: T,
    /// Tax, dollars.
    pub tax: T,
    /// Fees, dollars.
    pub fees: T,
    /// Trading costs, dollars.
    pub costs: T,
    /// Idle cash, dollars.
    pub cash: T,
    /// Weights of asset classes, dollars.
    pub classes: T,
    /// Names, dollars.
    pub names: T,
    /// What one arm paid out and the other could not, dollars.
    pub unpaid: T,
    /// What the difference in risk is worth, beside the total, dollars.
    pub risk: T,
    /// The setup effect in basis points a year of the average value.
    pub bp_a_year: T,
    /// 95% interval of the setup effect, dollars. `None` where there are too few paths or start dates.
    pub setup_interval: Option<[f64; 2]>,
    /// What may be said, as a code.
    pub verdict_code: Verdict,
    /// What may be said, as a sentence.
    pub verdict: String,
}
