//! Rhode Island: gains are ordinary income. The standard deduction and the exemptions fall to zero in five
//! steps above $254,250 (2025) or $261,000 (2026) of adjusted gross income.
//!
//! R.I. Gen. Laws 44-30-2.6; Division of Taxation, RI-1040 instructions of 2025 and Advisory 2025-22 for
//! 2026. The brackets are the same in every filing status. Form RI-1040.
//!
//! Not modeled: credits and modifications.

use super::schedule::{By, Scale, excess, in_year, steps};
use super::{StateInput, each, filers, schedule};
use crate::FilingStatus;
use unisleeve_units::Money;

const RATES_2025: Scale = By([&[(0, 37_500), (79_900, 47_500), (181_650, 59_900)]; 4]);
const RATES_2026: Scale = By([&[(0, 37_500), (82_050, 47_500), (186_450, 59_900)]; 4]);

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let gross = input.income();
    let rates = in_year(year, [RATES_2025, RATES_2026]).of(status);
    schedule(rates, input.taxable(gross, allowed(year, status, gross, input.dependents))).rounded()
}

/// Standard deduction and exemptions that are left at this income.
fn allowed(year: i32, status: FilingStatus, gross: Money, dependents: u32) -> Money {
    let (standard, one, start, step) = in_year(
        year,
        [
            (By([10_900, 21_800, 16_350, 10_900]), 5_100, 254_250, 7_250),
            (By([11_200, 22_400, 16_800, 11_200]), 5_250, 261_000, 7_450),
        ],
    );
    let full = standard.dollars(status) + each(one, filers(status).saturating_add(dependents));
    let lost = steps(excess(gross, Money::whole(start)), step).min(5);
    full.fraction(5 - u32::try_from(lost).unwrap_or(5), 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use FilingStatus::{Joint, Single};

    #[test]
    fn five_steps_to_nothing() {
        let of = |gross| allowed(2025, Joint, Money::whole(gross), 0);
        assert_eq!(of(254_250), Money::whole(32_000));
        assert_eq!(of(254_251), Money::whole(25_600));
        assert_eq!(of(283_250), Money::whole(6_400));
        assert_eq!(of(283_251), Money::ZERO);
        assert_eq!(allowed(2026, Single, Money::whole(100_000), 1), Money::whole(21_700));
    }
}
