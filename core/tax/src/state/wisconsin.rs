//! Wisconsin: 30% of a net long-term gain is subtracted (Wis. Stat. 71.05(6)(b)9), and the standard deduction
//! falls as income rises.
//!
//! 71.06 (brackets; 2025: the second bracket widened by Act 15 of 2025), 71.05(22) (sliding standard
//! deduction), 71.05(23) (exemption of $700 a person). Form 1, indexed amounts of 2025 and 2026.
//!
//! Wisconsin allows $500 of net capital loss where the federal return allows $3,000 (71.05(10)(c)): the rest
//! is added back.
//!
//! Not modeled: the itemized deduction credit, the married couple credit of two earners, the property tax and
//! other credits.

use super::schedule::{By, Scale, excess, in_year};
use super::{StateInput, each, filers, schedule};
use crate::FilingStatus;
use unisleeve_units::{Money, Rate};

const RATES_2025: Scale = By([
    &[(0, 35_000), (14_680, 44_000), (50_480, 53_000), (323_290, 76_500)],
    &[(0, 35_000), (19_580, 44_000), (67_300, 53_000), (431_060, 76_500)],
    &[(0, 35_000), (14_680, 44_000), (50_480, 53_000), (323_290, 76_500)],
    &[(0, 35_000), (9_790, 44_000), (33_650, 53_000), (215_530, 76_500)],
]);
const RATES_2026: Scale = By([
    &[(0, 35_000), (15_110, 44_000), (51_950, 53_000), (332_720, 76_500)],
    &[(0, 35_000), (20_150, 44_000), (69_260, 53_000), (443_630, 76_500)],
    &[(0, 35_000), (15_110, 44_000), (51_950, 53_000), (332_720, 76_500)],
    &[(0, 35_000), (10_080, 44_000), (34_630, 53_000), (221_820, 76_500)],
]);

/// Part of a net long-term gain that is not taxed.
const SUBTRACTED: Rate = Rate::from_raw(300_000);

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let added = excess(input.deducted_loss(status), By([500, 500, 500, 250]).dollars(status));
    let gross = input.income() + added - input.net_capital_gain().at(SUBTRACTED);
    let exempt = each(700, filers(status).saturating_add(input.dependents));
    let taxable = input.taxable(gross, standard(year, status, gross) + exempt);
    schedule(in_year(year, [RATES_2025, RATES_2026]).of(status), taxable).rounded()
}

/// The sliding standard deduction. A head of household has never less than a single filer.
fn standard(year: i32, status: FilingStatus, gross: Money) -> Money {
    let (most, start) = in_year(
        year,
        [
            (By([13_560, 25_110, 17_520, 11_930]), By([19_550, 28_210, 19_550, 13_390])),
            (By([13_960, 25_840, 18_030, 12_280]), By([20_120, 29_040, 20_120, 13_780])),
        ],
    );
    let rate = Rate::from_raw(By([120_000, 197_780, 225_150, 197_780]).of(status));
    let left = excess(most.dollars(status), excess(gross, start.dollars(status)).at(rate));
    if status == FilingStatus::Head { left.max(standard(year, FilingStatus::Single, gross)) } else { left }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FilingStatus::{Head, Joint, Single};

    #[test]
    fn the_standard_deduction_slides_to_zero() {
        let m = Money::whole;
        assert_eq!(standard(2025, Single, m(19_550)), m(13_560));
        assert_eq!(standard(2025, Single, m(119_550)), m(1_560));
        assert_eq!(standard(2025, Single, m(132_550)), m(0));
        assert_eq!(standard(2025, Joint, m(78_210)), m(15_221));
        assert_eq!(standard(2025, Head, m(80_000)), standard(2025, Single, m(80_000)));
    }

    #[test]
    fn thirty_percent_of_a_gain_is_subtracted() {
        let of = |gain: i32| {
            let input = StateInput {
                magi: Money::whole(400_000 + gain),
                pref_income: Money::whole(gain),
                ..StateInput::default()
            };
            tax(2025, Single, &input)
        };
        assert_eq!(of(20_000) - of(10_000), Money::parse("535.5").unwrap().value);
    }
}
