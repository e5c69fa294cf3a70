//! Idaho: 5.3% of taxable income above an amount that is free (Idaho Code 63-3024, House Bill 40 of 2025).
//! Gains are ordinary income: the deduction of 60% (63-3022H) is for real property and business assets in
//! Idaho, not for securities.
//!
//! Idaho taxable income is federal taxable income. $10 for the permanent building fund (63-3082) are added
//! where there is any. A credit of $155 for each filer and dependent (63-3024A, House Bill 231 of 2025)
//! reduces the tax; here not below zero, although Idaho pays it out. Form 40. The free amount for 2026
//! ($4,920, or $9,840) is that of 2025 ($4,811, or $9,622) indexed.
//!
//! Not modeled: additions for itemized deductions, other credits.

use super::schedule::{By, Scale, in_year};
use super::{StateInput, each, filers, schedule};
use crate::FilingStatus;
use unisleeve_units::Money;

const RATES_2025: Scale = By([
    &[(0, 0), (4_811, 53_000)],
    &[(0, 0), (9_622, 53_000)],
    &[(0, 0), (9_622, 53_000)],
    &[(0, 0), (4_811, 53_000)],
]);
const RATES_2026: Scale = By([
    &[(0, 0), (4_920, 53_000)],
    &[(0, 0), (9_840, 53_000)],
    &[(0, 0), (9_840, 53_000)],
    &[(0, 0), (4_920, 53_000)],
]);

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let taxable = input.taxable(input.federal_taxable(), Money::ZERO);
    if taxable.is_zero() {
        return Money::ZERO;
    }
    let tax = schedule(in_year(year, [RATES_2025, RATES_2026]).of(status), taxable).rounded();
    let credit = each(155, filers(status).saturating_add(input.dependents));
    (tax + Money::whole(10) - credit).max(Money::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_point_three_percent_with_the_fund_and_the_credit() {
        let input = StateInput { ordinary_taxable: Money::whole(109_622), ..StateInput::default() };
        assert_eq!(tax(2025, FilingStatus::Joint, &input), Money::whole(5_300 + 10 - 310));
        assert_eq!(tax(2025, FilingStatus::Joint, &StateInput::default()), Money::ZERO);
    }
}
