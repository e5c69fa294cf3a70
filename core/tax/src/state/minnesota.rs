//! Minnesota: gains are ordinary income; net investment income above $1,000,000 pays 1% more.
//!
//! Minnesota Statutes 290.06, subdivision 2c (brackets); 290.0123 (standard deduction: 3% of adjusted gross
//! income above a first threshold and 10% above a second one are taken off it, up to 80%; 80% in any case
//! above a third); 290.0121 (exemption of dependents, 2% less for each $2,500 above a threshold); 290.033
//! (1% on net investment income above $1,000,000); 290.091 (alternative minimum tax of 6.75%). Form M1 and
//! the department's indexed amounts for 2025 and 2026.
//!
//! Not modeled: itemized deductions, credits (such as the marriage credit of two earners).

use super::schedule::{By, Scale, excess, in_year, steps};
use super::{StateInput, each, schedule};
use crate::FilingStatus;
use crate::brackets::Exact;
use unisleeve_units::{Money, Rate};

const RATES_2025: Scale = By([
    &[(0, 53_500), (32_570, 68_000), (106_990, 78_500), (198_630, 98_500)],
    &[(0, 53_500), (47_620, 68_000), (189_180, 78_500), (330_410, 98_500)],
    &[(0, 53_500), (40_100, 68_000), (161_130, 78_500), (264_050, 98_500)],
    &[(0, 53_500), (23_810, 68_000), (94_590, 78_500), (165_205, 98_500)],
]);
const RATES_2026: Scale = By([
    &[(0, 53_500), (33_310, 68_000), (109_430, 78_500), (203_150, 98_500)],
    &[(0, 53_500), (48_700, 68_000), (193_480, 78_500), (337_930, 98_500)],
    &[(0, 53_500), (41_010, 68_000), (164_800, 78_500), (270_060, 98_500)],
    &[(0, 53_500), (24_350, 68_000), (96_740, 78_500), (168_965, 98_500)],
]);

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let gross = input.income();
    let allowed = standard(year, status, input.magi) + exemptions(year, status, input);
    let taxable = input.taxable(gross, allowed);
    let basic = schedule(in_year(year, [RATES_2025, RATES_2026]).of(status), taxable).rounded();
    let minimum = if input.state_taxable.is_some() { Money::ZERO } else { minimum_tax(year, status, gross) };
    let mut investment = Exact::default();
    investment.add(excess(input.net_investment_income, Money::whole(1_000_000)), 10_000);
    basic.max(minimum) + investment.rounded()
}

/// Standard deduction after its reduction.
fn standard(year: i32, status: FilingStatus, gross: Money) -> Money {
    let (amount, first, second, third) = in_year(
        year,
        [
            (
                By([14_950, 29_900, 22_500, 14_950]),
                By([238_950, 238_950, 238_950, 119_475]),
                330_300,
                1_083_150,
            ),
            (
                By([15_300, 30_600, 23_000, 15_300]),
                By([244_400, 244_400, 244_400, 122_200]),
                337_800,
                1_107_750,
            ),
        ],
    );
    let second = if status == FilingStatus::Separate { second / 2 } else { second };
    let amount = amount.dollars(status);
    let most = amount.at(Rate::from_raw(800_000));
    if gross > Money::whole(third) {
        return amount - most;
    }
    let (first, second) = (first.dollars(status), Money::whole(second));
    let mut lost = Exact::default();
    lost.add(excess(gross.min(second), first), 30_000);
    lost.add(excess(gross, second), 100_000);
    amount - lost.rounded().min(most)
}

fn exemptions(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let (amount, start) = in_year(
        year,
        [
            (5_200, By([239_050, 358_550, 298_800, 179_275])),
            (5_300, By([244_500, 366_700, 305_600, 183_350])),
        ],
    );
    let step = By([2_500, 2_500, 2_500, 1_250]).of(status);
    let lost = steps(excess(input.magi, start.dollars(status)), step).min(50);
    each(amount, input.dependents).at(Rate::from_raw(1_000_000 - 20_000 * lost))
}

/// Tentative minimum tax: 6.75% of adjusted gross income less an exemption, which falls by a quarter of the
/// income above its start.
fn minimum_tax(year: i32, status: FilingStatus, gross: Money) -> Money {
    let amount = in_year(year, [By([71_540, 95_390, 71_540, 47_700]), By([73_100, 97_470, 73_100, 48_740])]);
    let start = By([112_500, 150_000, 112_500, 75_000]).dollars(status);
    let lost = excess(gross, start).fraction(1, 4);
    excess(gross, excess(amount.dollars(status), lost)).at(Rate::from_raw(67_500))
}

#[cfg(test)]
mod tests {
    use super::*;
    use FilingStatus::{Joint, Separate, Single};

    fn m(x: i32) -> Money {
        Money::whole(x)
    }

    #[test]
    fn the_standard_deduction_is_reduced() {
        assert_eq!(standard(2025, Joint, m(238_950)), m(29_900));
        assert_eq!(standard(2025, Joint, m(330_300)), m(29_900) - Money::from_raw(27_405_000));
        assert_eq!(standard(2025, Joint, m(1_000_000)), m(5_980));
        assert_eq!(standard(2025, Single, m(1_083_151)), m(2_990));
        assert_eq!(standard(2026, Separate, m(168_900)), m(15_300 - 1_401));
    }

    #[test]
    fn dependents_lose_two_percent_a_step() {
        let of = |gross| {
            let input = StateInput { magi: m(gross), dependents: 1, ..StateInput::default() };
            exemptions(2025, Joint, &input)
        };
        assert_eq!(of(358_550), m(5_200));
        assert_eq!(of(358_551), m(5_096));
        assert_eq!(of(500_000), m(0));
    }

    #[test]
    fn investment_income_above_a_million_pays_one_percent_more() {
        let of = |investment: i32| {
            let input = StateInput {
                magi: m(3_000_000),
                net_investment_income: m(investment),
                ..StateInput::default()
            };
            tax(2025, Joint, &input)
        };
        assert_eq!(of(1_000_000), of(0));
        assert_eq!(of(1_500_000) - of(0), m(5_000));
    }
}
