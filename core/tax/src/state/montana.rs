//! Montana: net long-term gain has lower rates, 3% and 4.1% instead of 4.7% and 5.9% (5.65% in 2026).
//!
//! Montana Code 15-30-2103 (rates; House Bill 337 of 2025 for 2026), on federal taxable income (15-30-2120).
//! The gain is stacked on other income: 3% applies as far as the first bracket has room. Qualified dividends
//! are ordinary income. Form 2.
//!
//! Not modeled: additions, subtractions and credits.

use super::schedule::{By, Scale, excess, in_year};
use super::{StateInput, schedule};
use crate::FilingStatus;
use unisleeve_units::Money;

const RATES_2025: Scale = By([
    &[(0, 47_000), (21_100, 59_000)],
    &[(0, 47_000), (42_200, 59_000)],
    &[(0, 47_000), (31_700, 59_000)],
    &[(0, 47_000), (21_100, 59_000)],
]);
const RATES_2026: Scale = By([
    &[(0, 47_000), (47_500, 56_500)],
    &[(0, 47_000), (95_000, 56_500)],
    &[(0, 47_000), (71_250, 56_500)],
    &[(0, 47_000), (47_500, 56_500)],
]);

/// Rates on net long-term gain below and above the start of the second bracket, in millionths.
const GAIN_RATES: [i64; 2] = [30_000, 41_000];

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let brackets = in_year(year, [RATES_2025, RATES_2026]).of(status);
    let taxable = input.taxable(input.federal_taxable(), Money::ZERO);
    let gain = input.net_capital_gain().min(taxable);
    let ordinary = taxable - gain;
    let room = excess(Money::whole(brackets[1].0), ordinary).min(gain);
    let mut tax = schedule(brackets, ordinary);
    tax.add(room, GAIN_RATES[0]);
    tax.add(gain - room, GAIN_RATES[1]);
    tax.rounded()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_fill_the_first_bracket_at_three_percent() {
        let of = |ordinary: i32, gain: i32| {
            let input = StateInput {
                ordinary_taxable: Money::whole(ordinary),
                pref_income: Money::whole(gain),
                ..StateInput::default()
            };
            tax(2025, FilingStatus::Joint, &input)
        };
        // 4.7% of 32,200, then 3% of 10,000 and 4.1% of 20,000.
        assert_eq!(of(32_200, 30_000), Money::parse("2633.4").unwrap().value);
        assert_eq!(of(132_200, 30_000) - of(132_200, 0), Money::whole(1_230));
    }
}
