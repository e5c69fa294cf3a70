//! Tax alpha: the difference between an arm's and the shadow portfolio's after-tax returns, less the same
//! difference before tax.
//!
//! `(after-tax of portfolio - after-tax of shadow) - (pre-tax of portfolio - pre-tax of shadow)`, with
//! daily-linked time-weighted returns, annualized (CFA Institute, GIPS guidance on after-tax performance).
//! Tax counts when it accrues.

use serde::Serialize;

use super::{Liquidation, after_tax_return, pre_tax_return};
use unisleeve_books::journal::Mark;

/// Tax alpha, an annual fraction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct TaxAlpha {
    /// With accrued tax subtracted and nothing sold.
    pub before_liquidation: Option<f64>,
    /// With everything sold on the last day.
    pub after_liquidation: Option<f64>,
}

/// Tax alpha of an arm against the shadow portfolio, from the marks and liquidation of each.
pub fn tax_alpha(arm: (&[Mark], &Liquidation), shadow: (&[Mark], &Liquidation)) -> TaxAlpha {
    let difference = |a: Option<f64>, b: Option<f64>| Some(a? - b?);
    let pre = difference(pre_tax_return(arm.0), pre_tax_return(shadow.0));
    let before = difference(after_tax_return(arm.0, None), after_tax_return(shadow.0, None));
    let after = difference(after_tax_return(arm.0, Some(arm.1)), after_tax_return(shadow.0, Some(shadow.1)));
    TaxAlpha { before_liquidation: difference(before, pre), after_liquidation: difference(after, pre) }
}
