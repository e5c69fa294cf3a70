//! Maine: gains are ordinary income. The standard deduction and the exemption fall to zero as income rises,
//! so a dollar in between pays more than the bracket's rate.
//!
//! 36 M.R.S. 5111 (brackets), 5124-C (standard deduction and its phase-out: over $75,000, $150,000 on a joint
//! return), 5126-A (exemption of each filer, over $125,000); Form 1040ME, 2025 and 2026 rate schedules. From
//! 2026, 2% more on taxable income above $1,000,000, or $1,500,000 on a joint return or for a head of
//! household, or $750,000 if married filing separately (5111(7), L.D. 2212 of 2026). The exemption for 2026
//! ($5,250) is that of 2025 ($5,150) indexed.
//!
//! Not modeled: itemized deductions, the dependent exemption tax credit, credits for low income.

use super::schedule::{By, Scale, excess, in_year, phased_out};
use super::{StateInput, each, filers, schedule};
use crate::FilingStatus;
use unisleeve_units::Money;

const RATES_2025: Scale = By([
    &[(0, 58_000), (26_800, 67_500), (63_450, 71_500)],
    &[(0, 58_000), (53_600, 67_500), (126_900, 71_500)],
    &[(0, 58_000), (40_200, 67_500), (95_150, 71_500)],
    &[(0, 58_000), (26_800, 67_500), (63_450, 71_500)],
]);
const RATES_2026: Scale = By([
    &[(0, 58_000), (27_400, 67_500), (64_850, 71_500)],
    &[(0, 58_000), (54_850, 67_500), (129_750, 71_500)],
    &[(0, 58_000), (41_100, 67_500), (97_300, 71_500)],
    &[(0, 58_000), (27_400, 67_500), (64_850, 71_500)],
]);

/// Rate of 5111(7), in millionths.
const SURCHARGE: i64 = 20_000;

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let gross = input.income();
    let taxable = input.taxable(gross, deduction(year, status, gross) + exemption(year, status, gross));
    let mut tax = schedule(in_year(year, [RATES_2025, RATES_2026]).of(status), taxable);
    if year > 2025 {
        let threshold = By([1_000_000, 1_500_000, 1_500_000, 750_000]).dollars(status);
        tax.add(excess(taxable, threshold), SURCHARGE);
    }
    tax.rounded()
}

fn deduction(year: i32, status: FilingStatus, gross: Money) -> Money {
    let (amount, start) = in_year(
        year,
        [
            (By([15_000, 30_000, 22_500, 15_000]), By([100_000, 200_050, 150_000, 100_000])),
            (By([15_700, 31_400, 23_550, 15_700]), By([102_250, 204_550, 153_400, 102_250])),
        ],
    );
    let width = By([75_000, 150_000, 112_500, 75_000]).of(status);
    phased_out(amount.dollars(status), excess(gross, start.dollars(status)), width)
}

fn exemption(year: i32, status: FilingStatus, gross: Money) -> Money {
    let (amount, start) = in_year(
        year,
        [
            (5_150, By([333_450, 400_100, 366_750, 200_050])),
            (5_250, By([341_000, 409_150, 375_050, 204_575])),
        ],
    );
    let width = By([125_000, 125_000, 125_000, 62_500]).of(status);
    phased_out(each(amount, filers(status)), excess(gross, start.dollars(status)), width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use FilingStatus::{Joint, Separate, Single};

    #[test]
    fn deductions_and_exemptions_phase_out() {
        let m = Money::whole;
        assert_eq!(deduction(2025, Single, m(100_000)), m(15_000));
        assert_eq!(deduction(2025, Single, m(137_500)), m(7_500));
        assert_eq!(deduction(2025, Single, m(175_000)), m(0));
        assert_eq!(deduction(2025, Joint, m(350_050)), m(0));
        assert_eq!(exemption(2025, Joint, m(462_600)), m(5_150));
        assert_eq!(exemption(2025, Separate, m(262_550)), m(0));
    }

    #[test]
    fn two_percent_more_from_2026() {
        let of = |year, gross: i32| {
            tax(year, Single, &StateInput { magi: Money::whole(gross), ..StateInput::default() })
        };
        assert_eq!(of(2025, 1_300_000) - of(2025, 1_200_000), Money::whole(7_150));
        assert_eq!(of(2026, 1_300_000) - of(2026, 1_200_000), Money::whole(9_150));
    }
}
