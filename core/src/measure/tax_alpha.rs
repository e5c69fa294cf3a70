//! Tax alpha: the after-tax return above the shadow portfolio's, less the same before tax.
//!
//! `(after-tax of portfolio - after-tax of shadow) - (pre-tax of portfolio - pre-tax of shadow)`, each a daily-linked
//! time-weighted return, annualised (CFA Institute, GIPS guidance on after-tax performance). Tax counts when it
//! accrues.

use serde::Serialize;

use super::{Liquidation, after_tax_returns, annualised, linked, pre_tax_returns, years};
use crate::journal::Mark;

/// Tax alpha a year as a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TaxAlpha {
    /// On value less accrued tax.
    pub before_liquidation: Option<f64>,
    /// With everything sold on the last day.
    pub after_liquidation: Option<f64>,
}

/// Tax alpha of an arm against the shadow portfolio, each with its liquidation.
pub fn tax_alpha(arm: (&[Mark], &Liquidation), shadow: (&[Mark], &Liquidation)) -> TaxAlpha {
    let difference = |a: Option<f64>, b: Option<f64>| Some(a? - b?);
    let pre = difference(pre_tax(arm.0), pre_tax(shadow.0));
    let before = difference(after_tax(arm.0, None), after_tax(shadow.0, None));
    let after = difference(after_tax(arm.0, Some(arm.1)), after_tax(shadow.0, Some(shadow.1)));
    TaxAlpha { before_liquidation: difference(before, pre), after_liquidation: difference(after, pre) }
}

fn pre_tax(marks: &[Mark]) -> Option<f64> {
    annualised(linked(&pre_tax_returns(marks))?, years(marks)?)
}

/// After-tax return a year, the last value being less the liquidation's tax where one is given.
fn after_tax(marks: &[Mark], liquidation: Option<&Liquidation>) -> Option<f64> {
    let growth = linked(&after_tax_returns(marks))?;
    let kept = match (liquidation, marks.last()) {
        (Some(l), Some(m)) => {
            let wealth = (m.value - m.accrued_tax).to_f64();
            if wealth <= 0.0 {
                return None;
            }
            (wealth - l.tax.to_f64()) / wealth
        }
        _ => 1.0,
    };
    annualised(growth * kept, years(marks)?)
}
