//! South Carolina: 44% of a net long-term gain is deducted (S.C. Code 12-6-1150).
//!
//! 2025: 12-6-510 (0%, 3% and 6%) on federal taxable income, to which the rise of the federal standard
//! deduction by Public Law 119-21 is added back, as the state had not followed it (Form SC1040 instructions,
//! 2025). 2026 (12-6-510(C) and 12-6-1140(15), House Bill 4216): 1.99% up to $30,000 and 5.21% above, on
//! adjusted gross income less a deduction of $15,000, $30,000 or $22,500, which falls to zero between $40,000
//! and $95,000 ($80,000 and $190,000; $60,000 and $142,500) in steps of $10. $4,930 for each dependent
//! (12-6-1140(13)), in 2026 $5,040 (indexed).
//!
//! Not modeled: deductions for young children, two earners and retirement income; credits.

use super::schedule::{By, excess, in_year, phased_out};
use super::{Bracket, StateInput, each, schedule};
use crate::FilingStatus;
use unisleeve_units::{Money, Rate};

const RATES_2025: &[Bracket] = &[(0, 0), (3_560, 30_000), (17_830, 60_000)];
const RATES_2026: &[Bracket] = &[(0, 19_900), (30_000, 52_100)];
/// Part of a net long-term gain that is deducted.
const DEDUCTED: Rate = Rate::from_raw(440_000);

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let (start, allowed) = if year == 2025 {
        (input.federal_taxable() + added_back(status, input), Money::ZERO)
    } else {
        (input.income(), adjusted_deduction(status, input.magi))
    };
    let gain = input.net_capital_gain().at(DEDUCTED);
    let dependents = each(in_year(year, [4_930, 5_040]), input.dependents);
    let taxable = input.taxable(start, allowed + gain + dependents);
    schedule(in_year(year, [RATES_2025, RATES_2026]), taxable).rounded()
}

/// Rise of the federal standard deduction of 2025 by Public Law 119-21, if that deduction was taken.
fn added_back(status: FilingStatus, input: &StateInput) -> Money {
    let standard = By([15_750, 31_500, 23_625, 15_750]).dollars(status);
    let rise = By([750, 1_500, 1_125, 750]).dollars(status);
    if input.federal_deduction() > standard { Money::ZERO } else { rise.min(input.federal_deduction()) }
}

/// The deduction of 2026 after its phase-out.
fn adjusted_deduction(status: FilingStatus, gross: Money) -> Money {
    let amount = By([15_000, 30_000, 22_500, 15_000]).dollars(status);
    let start = By([40_000, 80_000, 60_000, 40_000]).dollars(status);
    let width = By([55_000, 110_000, 82_500, 55_000]).of(status);
    let lost = amount - phased_out(amount, excess(gross, start), width);
    let step = Money::whole(10).raw();
    amount - Money::from_raw(lost.raw() / step * step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use FilingStatus::{Joint, Single};

    #[test]
    fn the_deduction_of_2026_phases_out() {
        assert_eq!(adjusted_deduction(Single, Money::whole(40_000)), Money::whole(15_000));
        assert_eq!(adjusted_deduction(Single, Money::whole(67_500)), Money::whole(7_500));
        assert_eq!(adjusted_deduction(Single, Money::whole(95_000)), Money::ZERO);
        assert_eq!(adjusted_deduction(Joint, Money::whole(80_020)), Money::whole(30_000));
        assert_eq!(adjusted_deduction(Joint, Money::whole(80_040)), Money::whole(29_990));
    }

    #[test]
    fn forty_four_percent_of_a_gain_is_deducted() {
        let of = |year, gain: i32| {
            let input = StateInput {
                ordinary_taxable: Money::whole(168_500),
                pref_income: Money::whole(gain),
                magi: Money::whole(200_000 + gain),
                ..StateInput::default()
            };
            tax(year, Joint, &input)
        };
        assert_eq!(of(2025, 10_000) - of(2025, 0), Money::whole(336));
        assert_eq!(of(2026, 10_000) - of(2026, 0), Money::parse("291.76").unwrap().value);
        // 170,000: 3% of 14,270 and 6% of 152,170.
        assert_eq!(of(2025, 0), Money::parse("9558.3").unwrap().value);
    }
}
