//! Arkansas: half of a net long-term gain is exempt, and all of it above $10,000,000 (Arkansas Code
//! 26-51-815(b)).
//!
//! Rates: 26-51-201; for 2025 the card "Indexed Tax Brackets", for 2026 the statute as amended by Act 1 of
//! the first extraordinary session of 2026 (3.7% instead of 3.9%). Net income above $94,700 has a schedule of
//! its own, less an adjustment that falls by $10 for every $100 of income; in 2026 it starts $2.66 below the
//! end of the other one. Standard deduction (26-51-430): $2,470 a person in 2025, indexed to $2,520 ($5,050
//! joint) for 2026. A credit of $29 for each filer and dependent, and one more for a head of household
//! (26-51-501). Form AR1000F.
//!
//! The tax tables go in steps of $100; this module does not round, so amounts may differ by two dollars.
//!
//! Not modeled: the tables for low income, itemized deductions, other credits.

use super::schedule::{By, excess, in_year, steps};
use super::{Bracket, StateInput, dollars, each, schedule};
use crate::FilingStatus;
use unisleeve_units::Money;

/// Gain above this amount is exempt in full.
const FULLY_EXEMPT: i32 = 10_000_000;
/// Net income above which the second schedule applies.
const HIGH: i32 = 94_700;
const LOW_2025: [Bracket; 5] =
    [(0, 0), (5_600, 20_000), (11_200, 30_000), (16_000, 34_000), (26_400, 39_000)];
const LOW_2026: [Bracket; 5] =
    [(0, 0), (5_600, 20_000), (11_200, 30_000), (16_000, 34_000), (26_400, 37_000)];
const HIGH_2025: [Bracket; 2] = [(0, 20_000), (4_700, 39_000)];
const HIGH_2026: [Bracket; 2] = [(0, 20_000), (4_700, 37_000)];

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let gain = input.net_capital_gain();
    let exempt = gain - gain.min(Money::whole(FULLY_EXEMPT)).fraction(1, 2);
    let standard = in_year(year, [By([2_470, 4_940, 2_470, 2_470]), By([2_520, 5_050, 2_520, 2_520])]);
    let taxable = input.taxable(input.income(), standard.dollars(status) + exempt);
    let credit = By([29, 58, 58, 29]).dollars(status) + each(29, input.dependents);
    (scheduled(year, taxable) - credit).max(Money::ZERO)
}

fn scheduled(year: i32, taxable: Money) -> Money {
    let above = excess(taxable, Money::whole(HIGH));
    if above.is_zero() {
        return schedule(&in_year(year, [LOW_2025, LOW_2026]), taxable).rounded();
    }
    let first = in_year(year, [310, 290]);
    let adjustment = dollars(first - 10 * (steps(above, 100) - 1).min(first / 10));
    schedule(&in_year(year, [HIGH_2025, HIGH_2026]), taxable).rounded() - adjustment
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The card of 2025 prints a rate and what is taken off: 3.9% less $419.96 at $26,400 and above, and
    /// less $399.30 in the first step above $94,700, less $89.30 from $97,801 on. The card rounds the
    /// brackets to whole dollars first, so it differs by a few cents.
    #[test]
    fn the_indexed_brackets_of_2025() {
        for (taxable, cents_off) in [
            (50_000, 41_996),
            (94_701, 39_930),
            (94_801, 38_930),
            (97_750, 9_930),
            (97_801, 8_930),
            (400_000, 8_930),
        ] {
            let printed = Money::whole(taxable).fraction(39, 1_000) - Money::from_raw(cents_off * 100);
            let tax = scheduled(2025, Money::whole(taxable));
            assert!((tax - printed).abs() < Money::ONE, "{taxable}: {tax} {printed}");
        }
    }

    #[test]
    fn half_of_a_gain_is_exempt_and_all_above_ten_million() {
        let of = |gain: i32| {
            let input = StateInput {
                magi: Money::whole(100_000 + gain),
                pref_income: Money::whole(gain),
                ..StateInput::default()
            };
            tax(2025, FilingStatus::Joint, &input)
        };
        assert_eq!(of(210_000) - of(200_000), Money::whole(195));
        assert_eq!(of(12_000_000), of(10_000_000));
    }
}
