//! Maryland, without the tax of the counties: brackets up to 6.5% and 2% more on capital gains of high
//! incomes (Chapter 604 of 2025, House Bill 352).
//!
//! Tax-General 10-105 (brackets from 2025), 10-217 (standard deduction), 10-211 (exemptions, which fall in
//! steps); Form 502. The 2% are due on net capital gain if adjusted gross income exceeds $350,000 (House Bill
//! 352; instructions of 2025, capital gains surtax): the threshold is a step, and all the gain of the year is
//! taxed. Short-term gain counts as capital gain. The deduction for 2026 is that of 2025 indexed.
//!
//! Not modeled: county and city tax (2.25% to 3.3%), itemized deductions and their phase-out, exceptions of
//! the 2% (homes, retirement accounts, livestock), subtractions such as that for two earners, credits.

use super::schedule::{By, Scale, in_year};
use super::{StateInput, each, filers, schedule};
use crate::FilingStatus;
use unisleeve_units::Money;

/// Adjusted gross income above which gains pay [`GAINS`] more.
const GAINS_ABOVE: i32 = 350_000;
/// Additional rate on net capital gain, in millionths.
const GAINS: i64 = 20_000;

const RATES: Scale = By([
    &[
        (0, 20_000),
        (1_000, 30_000),
        (2_000, 40_000),
        (3_000, 47_500),
        (100_000, 50_000),
        (125_000, 52_500),
        (150_000, 55_000),
        (250_000, 57_500),
        (500_000, 62_500),
        (1_000_000, 65_000),
    ],
    &[
        (0, 20_000),
        (1_000, 30_000),
        (2_000, 40_000),
        (3_000, 47_500),
        (150_000, 50_000),
        (175_000, 52_500),
        (225_000, 55_000),
        (300_000, 57_500),
        (600_000, 62_500),
        (1_200_000, 65_000),
    ],
    &[
        (0, 20_000),
        (1_000, 30_000),
        (2_000, 40_000),
        (3_000, 47_500),
        (150_000, 50_000),
        (175_000, 52_500),
        (225_000, 55_000),
        (300_000, 57_500),
        (600_000, 62_500),
        (1_200_000, 65_000),
    ],
    &[
        (0, 20_000),
        (1_000, 30_000),
        (2_000, 40_000),
        (3_000, 47_500),
        (100_000, 50_000),
        (125_000, 52_500),
        (150_000, 55_000),
        (250_000, 57_500),
        (500_000, 62_500),
        (1_000_000, 65_000),
    ],
]);

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let standard = in_year(year, [By([3_350, 6_700, 6_700, 3_350]), By([3_400, 6_850, 6_850, 3_400])]);
    let persons = filers(status).saturating_add(input.dependents);
    let allowed = standard.dollars(status) + each(exemption(status, input.magi), persons);
    let mut tax = schedule(RATES.of(status), input.taxable(input.income(), allowed));
    if input.magi > Money::whole(GAINS_ABOVE) {
        tax.add(input.all_capital_gain(), GAINS);
    }
    tax.rounded()
}

/// Exemption of one person, in dollars.
fn exemption(status: FilingStatus, gross: Money) -> i32 {
    let bounds = match status {
        FilingStatus::Single | FilingStatus::Separate => [100_000, 125_000, 150_000],
        FilingStatus::Joint | FilingStatus::Head => [150_000, 175_000, 200_000],
    };
    let passed = bounds.iter().filter(|b| gross > Money::whole(**b)).count();
    [3_200, 1_600, 800, 0][passed]
}

#[cfg(test)]
mod tests {
    use super::*;
    use FilingStatus::{Joint, Single};

    #[test]
    fn exemptions_fall_in_steps() {
        for (status, gross, expected) in [
            (Single, 100_000, 3_200),
            (Single, 100_001, 1_600),
            (Single, 125_001, 800),
            (Single, 150_001, 0),
            (Joint, 150_000, 3_200),
            (Joint, 200_000, 800),
            (Joint, 200_001, 0),
        ] {
            assert_eq!(exemption(status, Money::whole(gross)), expected, "{status:?} {gross}");
        }
    }

    #[test]
    fn gains_pay_two_percent_more_above_350_000() {
        let of = |wages: i32, gain: i32| {
            let input = StateInput {
                magi: Money::whole(wages + gain),
                pref_income: Money::whole(gain),
                ..StateInput::default()
            };
            tax(2025, Joint, &input)
        };
        assert_eq!(of(300_000, 50_000), of(350_000, 0));
        assert_eq!(of(400_000, 50_000) - of(450_000, 0), Money::whole(1_000));
    }
}
