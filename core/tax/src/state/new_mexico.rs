//! New Mexico: up to $2,500 of net capital gain are deducted (NMSA 7-2-34, since 2025 without the former 40%
//! for other gains); $1,250 if married filing separately.
//!
//! Brackets of 2025, not indexed: 7-2-7 (House Bill 252 of 2024). Taxable income starts from federal taxable
//! income (7-2-2). An exemption of up to $2,500 a person for low and middle income: 7-2-5.8. $4,000 for each
//! dependent after the first on a joint return or for a head of household: 7-2-39. Form PIT-1.
//!
//! Not modeled: the 40% deduction for the sale of a New Mexico business, rebates and credits.

use super::schedule::{By, Scale, excess};
use super::{StateInput, each, filers, schedule};
use crate::FilingStatus;
use unisleeve_units::{Money, Rate};

const RATES: Scale = By([
    &[(0, 15_000), (5_500, 32_000), (16_500, 43_000), (33_500, 47_000), (66_500, 49_000), (210_000, 59_000)],
    &[(0, 15_000), (8_000, 32_000), (25_000, 43_000), (50_000, 47_000), (100_000, 49_000), (315_000, 59_000)],
    &[(0, 15_000), (8_000, 32_000), (25_000, 43_000), (50_000, 47_000), (100_000, 49_000), (315_000, 59_000)],
    &[(0, 15_000), (4_000, 32_000), (12_500, 43_000), (25_000, 47_000), (50_000, 49_000), (157_500, 59_000)],
]);

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(status: FilingStatus, input: &StateInput) -> Money {
    let gain = input.net_capital_gain().min(By([2_500, 2_500, 2_500, 1_250]).dollars(status));
    let dependents = each(By([0, 4_000, 4_000, 0]).of(status), input.dependents.saturating_sub(1));
    let allowed = gain + dependents + low_income(status, input);
    schedule(RATES.of(status), input.taxable(input.federal_taxable(), allowed)).rounded()
}

/// Exemption for low and middle income.
fn low_income(status: FilingStatus, input: &StateInput) -> Money {
    let limit = By([36_667, 55_000, 55_000, 27_500]).dollars(status);
    if input.magi > limit {
        return Money::ZERO;
    }
    let start = By([20_000, 30_000, 30_000, 15_000]).dollars(status);
    let rate = Rate::from_raw(By([150_000, 100_000, 100_000, 200_000]).of(status));
    let one = Money::whole(2_500) - excess(input.magi, start).at(rate);
    let persons = filers(status).saturating_add(input.dependents);
    one.max(Money::ZERO).fraction(persons, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_and_a_half_thousand_of_gain_are_free() {
        let of = |gain: i32| {
            let input = StateInput {
                ordinary_taxable: Money::whole(118_500),
                pref_income: Money::whole(gain),
                magi: Money::whole(150_000 + gain),
                ..StateInput::default()
            };
            tax(FilingStatus::Joint, &input)
        };
        assert_eq!(of(2_500), of(0));
        assert_eq!(of(12_500) - of(2_500), Money::whole(490));
    }

    #[test]
    fn the_exemption_for_low_income_ends() {
        let of = |magi| {
            let input = StateInput { magi: Money::whole(magi), ..StateInput::default() };
            low_income(FilingStatus::Joint, &input)
        };
        assert_eq!(of(30_000), Money::whole(5_000));
        assert_eq!(of(45_000), Money::whole(2_000));
        assert_eq!(of(55_001), Money::ZERO);
    }
}
