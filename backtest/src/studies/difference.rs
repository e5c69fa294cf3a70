//! The difference of two runs in the compared figures.

use serde::Serialize;
use unisleeve_core::study::compare::Figures;

const MONEY: f64 = 10_000.0;

/// Dollars, or annual rates as fractions. A rate is `None` if it is undefined in either run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Difference {
    /// The setup effect with everything sold at the end.
    pub setup_liquidated: f64,
    /// The setup effect with nothing sold at the end.
    pub setup_kept: f64,
    /// After-tax wealth before liquidation, plus what was paid out.
    pub kept: f64,
    /// After-tax wealth after liquidation, plus what was paid out.
    pub liquidated: f64,
    /// Tax alpha before liquidation, a year.
    pub tax_alpha_kept: Option<f64>,
    /// Tax alpha after liquidation, a year.
    pub tax_alpha_liquidated: Option<f64>,
    /// Pre-tax return a year. This part comes from luck and risk, not from tax.
    pub pre_tax_return: Option<f64>,
}

impl Difference {
    /// `a` minus `b`. Dollars are subtracted as integers in ten-thousandths, so that the steps add up exactly
    /// to the total.
    pub(crate) fn between(a: &Figures, b: &Figures) -> Self {
        let rate = |a: Option<f64>, b: Option<f64>| Some(a? - b?);
        Self {
            // A run's figure is UMA's effect over it, so the better run has the smaller one.
            setup_liquidated: (b.setup_liquidated - a.setup_liquidated) as f64 / MONEY,
            setup_kept: (b.setup_kept - a.setup_kept) as f64 / MONEY,
            kept: (a.kept_and_paid() - b.kept_and_paid()) as f64 / MONEY,
            liquidated: (a.liquidated_and_paid() - b.liquidated_and_paid()) as f64 / MONEY,
            tax_alpha_kept: rate(a.tax_alpha_kept, b.tax_alpha_kept),
            tax_alpha_liquidated: rate(a.tax_alpha_liquidated, b.tax_alpha_liquidated),
            pre_tax_return: rate(a.pre_tax_return, b.pre_tax_return),
        }
    }
}
