//! Time-weighted returns by session. Flows count at the end of their session.

use super::Liquidation;
use unisleeve_books::journal::Mark;

/// Pre-tax return of each session after the first: `(value - flow + tax paid) / value before - 1`. Payments
/// to and from the tax authority are treated as flows. `None` where the portfolio was empty before.
pub fn pre_tax_returns(marks: &[Mark]) -> Vec<Option<f64>> {
    marks
        .windows(2)
        .map(|w| {
            let before = w[0].value.to_f64();
            (before > 0.0).then(|| (w[1].value - w[1].flow + w[1].tax_paid).to_f64() / before - 1.0)
        })
        .collect()
}

/// After-tax return of each session after the first, on value less accrued tax. Tax counts when it accrues,
/// so its payment is not a flow. `None` where nothing was left before.
pub fn after_tax_returns(marks: &[Mark]) -> Vec<Option<f64>> {
    marks
        .windows(2)
        .map(|w| {
            let before = w[0].wealth().to_f64();
            (before > 0.0).then(|| (w[1].wealth() - w[1].flow).to_f64() / before - 1.0)
        })
        .collect()
}

/// Product of `1 + r`. `None` where a return is missing.
pub fn linked(returns: &[Option<f64>]) -> Option<f64> {
    let mut growth = 1.0;
    for r in returns {
        growth *= 1.0 + (*r)?;
    }
    Some(growth)
}

/// Years of 365.25 days from the first mark to the last. `None` where that is zero.
pub fn years(marks: &[Mark]) -> Option<f64> {
    let days = (marks.last()?.date - marks.first()?.date).num_days();
    (days > 0).then(|| days as f64 / 365.25)
}

/// Annual rate of growth over a number of years. `None` where the growth factor is not above zero.
pub fn annualised(growth: f64, years: f64) -> Option<f64> {
    (growth > 0.0 && years > 0.0).then(|| libm::pow(growth, 1.0 / years) - 1.0)
}

/// Pre-tax time-weighted return a year: linked daily returns, annualized.
pub fn pre_tax_return(marks: &[Mark]) -> Option<f64> {
    annualised(linked(&pre_tax_returns(marks))?, years(marks)?)
}

/// After-tax time-weighted return a year. With a liquidation, its tax is subtracted from the final value.
pub fn after_tax_return(marks: &[Mark], liquidation: Option<&Liquidation>) -> Option<f64> {
    let growth = linked(&after_tax_returns(marks))?;
    let kept = match (liquidation, marks.last()) {
        (Some(l), Some(m)) => {
            let wealth = m.wealth().to_f64();
            if wealth <= 0.0 {
                return None;
            }
            (wealth - l.tax.to_f64()) / wealth
        }
        _ => 1.0,
    };
    annualised(growth * kept, years(marks)?)
}
