//! Oregon: gains are ordinary income. Federal income tax is subtracted up to a limit.
//!
//! ORS 316.037 (brackets), 316.695 (standard deduction, subtraction of federal tax: at most $8,500 in 2025
//! and $8,750 in 2026, in five steps down to nothing between $125,000 and $145,000 of adjusted gross income,
//! $250,000 and $290,000 on a joint return or for a head of household), 316.085 (credit of $256 a person up
//! to $100,000, or $200,000). Form OR-40. The standard deduction and the credit for 2026 are those of 2025
//! indexed.
//!
//! Not modeled: the credit of surplus revenue ("kicker", in 2025 9.863% of the tax of 2024, which the input
//! does not know), itemized deductions, the taxes of Portland and Multnomah County, other credits.

use super::schedule::{By, Scale, in_year};
use super::{StateInput, each, filers, schedule};
use crate::FilingStatus;
use unisleeve_units::Money;

const RATES_2025: Scale = By([
    &[(0, 47_500), (4_400, 67_500), (11_100, 87_500), (125_000, 99_000)],
    &[(0, 47_500), (8_800, 67_500), (22_200, 87_500), (250_000, 99_000)],
    &[(0, 47_500), (8_800, 67_500), (22_200, 87_500), (250_000, 99_000)],
    &[(0, 47_500), (4_400, 67_500), (11_100, 87_500), (125_000, 99_000)],
]);
const RATES_2026: Scale = By([
    &[(0, 47_500), (4_550, 67_500), (11_400, 87_500), (125_000, 99_000)],
    &[(0, 47_500), (9_100, 67_500), (22_800, 87_500), (250_000, 99_000)],
    &[(0, 47_500), (9_100, 67_500), (22_800, 87_500), (250_000, 99_000)],
    &[(0, 47_500), (4_550, 67_500), (11_400, 87_500), (125_000, 99_000)],
]);

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let standard = in_year(year, [By([2_835, 5_670, 4_560, 2_835]), By([2_895, 5_795, 4_660, 2_895])]);
    let federal = input.federal_tax.max(Money::ZERO).min(federal_limit(year, status, input.magi));
    let taxable = input.taxable(input.income(), standard.dollars(status) + federal);
    let tax = schedule(in_year(year, [RATES_2025, RATES_2026]).of(status), taxable).rounded();
    let credited_to = By([100_000, 200_000, 200_000, 100_000]).dollars(status);
    let persons = if input.magi <= credited_to { filers(status).saturating_add(input.dependents) } else { 0 };
    (tax - each(in_year(year, [256, 262]), persons)).max(Money::ZERO)
}

/// Largest subtraction of federal tax.
fn federal_limit(year: i32, status: FilingStatus, gross: Money) -> Money {
    let most = in_year(year, [8_500, 8_750]);
    let most = if status == FilingStatus::Separate { most / 2 } else { most };
    let (start, step) = match status {
        FilingStatus::Single | FilingStatus::Separate => (125_000, 5_000),
        FilingStatus::Joint | FilingStatus::Head => (250_000, 10_000),
    };
    let passed = (0..5).filter(|i| gross >= Money::whole(start + step * i)).count();
    Money::whole(most).fraction(5 - u32::try_from(passed).unwrap_or(5), 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use FilingStatus::{Joint, Separate, Single};

    /// Publication OR-40-FY, federal tax liability limits.
    #[test]
    fn limits_of_the_federal_tax_subtraction() {
        for (year, status, gross, expected) in [
            (2025, Single, 124_999, 8_500),
            (2025, Single, 125_000, 6_800),
            (2025, Single, 144_999, 1_700),
            (2025, Single, 145_000, 0),
            (2025, Joint, 265_000, 5_100),
            (2025, Separate, 130_000, 2_550),
            (2026, Joint, 200_000, 8_750),
            (2026, Joint, 300_000, 0),
        ] {
            let limit = federal_limit(year, status, Money::whole(gross));
            assert_eq!(limit, Money::whole(expected), "{year} {status:?} {gross}");
        }
    }

    #[test]
    fn the_federal_tax_is_subtracted() {
        let input = StateInput {
            magi: Money::whole(150_000),
            federal_tax: Money::whole(15_000),
            ..StateInput::default()
        };
        // 4.75% of 8,800, 6.75% of 13,400 and 8.75% of 113,630, less two credits of 256.
        assert_eq!(tax(2025, Joint, &input), Money::parse("10753.125").unwrap().value);
    }
}
