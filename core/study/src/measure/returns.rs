//! Daily time-weighted returns. Flows count at the end of their session.

use super::Liquidation;
use unisleeve_books::journal::Mark;

/// Pre-tax return of each session after the first: `(value - flow + tax paid) / value before - 1`. Payments to and from
/// the tax authority are flows. None where the portfolio was empty before.
pub fn pre_tax_returns(marks: &[Mark]) -> Vec<Option<f64>> {
    marks
        .windows(2)
        .map(|w| {
            let before = w[0].value.to_f64();
            (before > 0.0).then(|| (w[1].value - w[1].flow + w[1].tax_paid).to_f64() / before - 1.0)
        })
        .collect()
}

/// After-tax return of each session after the first, on value less accrued tax: tax counts when it accrues, its payment
/// is no flow. None where there was nothing before.
pub fn after_tax_returns(marks: &[Mark]) -> Vec<Option<f64>> {
    marks
        .windows(2)
        .map(|w| {
            let before = w[0].wealth().to_f64();
            (before > 0.0).then(|| (w[1].wealth() - w[1].flow).to_f64() / before - 1.0)
        })
        .collect()
}

/// Product of `1 + r`; none when a return is missing.
pub fn linked(returns: &[Option<f64>]) -> Option<f64> {
    let mut growth = 1.0;
    for r in returns {
        growth *= 1.0 + (*r)?;
    }
    Some(growth)
}

/// Years from the first mark to the last, of 365.25 days.
pub fn years(marks: &[Mark]) -> Option<f64> {
    let days = (marks.last()?.date - marks.first()?.date).num_days();
    (days > 0).then(|| days as f64 / 365.25)
}

/// Yearly rate of a growth over some years; none for a growth that is not above zero.
pub fn annualised(growth: f64, years: f64) -> Option<f64> {
    (growth > 0.0 && years > 0.0).then(|| libm::pow(growth, 1.0 / years) - 1.0)
}

/// Pre-tax time-weighted return a year: daily returns linked and annualised.
pub fn pre_tax_return(marks: &[Mark]) -> Option<f64> {
    annualised(linked(&pre_tax_returns(marks))?, years(marks)?)
}

/// After-tax time-weighted return a year, the last value being less the liquidation's tax where one is given.
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
