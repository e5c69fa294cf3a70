//! Alabama: the federal income tax is deducted (Constitution, article XI, section 211.02; Form 40,
//! line 12), so a gain costs more where the federal rate on it is low. Gains are ordinary income.
//!
//! Rates: 40-18-5. Standard deduction, falling with adjusted gross income from $25,500 on: 40-18-15(b), Form
//! 40 instructions (standard deduction chart). Exemptions: 40-18-19. The federal tax includes the net
//! investment income tax, as on the worksheet of Form 40, line 12. Nothing is indexed: 2026 is as 2025.
//!
//! Social Security and Medicare contributions are an itemized deduction (40-18-15(a)(3)a; Schedule A, line
//! 5), which is taken where it exceeds the standard deduction. What is not net investment income counts as
//! one person's wages.
//!
//! Not modeled: other itemized deductions, credits, the occupational taxes of cities.

use super::schedule::{By, Scale, excess, in_year};
use super::{StateInput, dollars, each, schedule};
use crate::FilingStatus;
use crate::brackets::Exact;
use unisleeve_units::Money;

const RATES: Scale = By([
    &[(0, 20_000), (500, 40_000), (3_000, 50_000)],
    &[(0, 20_000), (1_000, 40_000), (6_000, 50_000)],
    &[(0, 20_000), (500, 40_000), (3_000, 50_000)],
    &[(0, 20_000), (500, 40_000), (3_000, 50_000)],
]);

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let gross = input.income();
    let personal = By([1_500, 3_000, 3_000, 1_500]).dollars(status);
    let federal = (input.federal_tax + input.niit).max(Money::ZERO);
    let wages = excess(input.magi, input.net_investment_income.max(Money::ZERO));
    let deduction = standard(status, gross).max(contributions(year, status, wages));
    let allowed = deduction + personal + each(dependent(gross), input.dependents) + federal;
    schedule(RATES.of(status), input.taxable(gross, allowed)).rounded()
}

/// Standard deduction: the largest amount less a step for each $500 ($250) above the start.
fn standard(status: FilingStatus, gross: Money) -> Money {
    let most = By([3_000, 8_500, 5_200, 4_250]).dollars(status);
    let least = By([2_500, 5_000, 2_500, 2_500]).dollars(status);
    let start = By([25_500, 25_500, 25_500, 12_750]).dollars(status);
    let step = By([500, 500, 500, 250]).dollars(status);
    let lost = By([25, 175, 135, 88]).of(status);
    let whole_steps = excess(gross, start).raw() / step.raw();
    (most - dollars(i64::from(lost).saturating_mul(whole_steps))).max(least)
}

/// An employee's contributions to Social Security and Medicare (IRC 3101, with the additional 0.9%; the base
/// of Social Security is published for each year).
fn contributions(year: i32, status: FilingStatus, wages: Money) -> Money {
    let base = Money::whole(in_year(year, [176_100, 184_500]));
    let additional_above = By([200_000, 250_000, 200_000, 125_000]).dollars(status);
    let mut sum = Exact::default();
    sum.add(wages.min(base), 62_000);
    sum.add(wages, 14_500);
    sum.add(excess(wages, additional_above), 9_000);
    sum.rounded()
}

/// Exemption of a dependent.
fn dependent(gross: Money) -> i32 {
    match gross {
        g if g <= Money::whole(50_000) => 1_000,
        g if g <= Money::whole(100_000) => 500,
        _ => 300,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FilingStatus::{Head, Joint, Separate, Single};

    /// Ends of the chart in the instructions of Form 40.
    #[test]
    fn the_standard_deduction_falls_to_its_least() {
        for (status, gross, expected) in [
            (Single, 25_999, 3_000),
            (Single, 26_000, 2_975),
            (Single, 35_500, 2_500),
            (Joint, 25_500, 8_500),
            (Joint, 30_000, 6_925),
            (Joint, 35_500, 5_000),
            (Head, 35_500, 2_500),
            (Separate, 12_750, 4_250),
            (Separate, 400_000, 2_500),
        ] {
            assert_eq!(standard(status, Money::whole(gross)), Money::whole(expected), "{status:?} {gross}");
        }
    }

    #[test]
    fn contributions_of_an_employee() {
        let of = |status, wages| contributions(2025, status, Money::whole(wages));
        assert_eq!(of(Joint, 100_000), Money::whole(7_650));
        // 6.2% of 176,100, 1.45% of 300,000 and 0.9% of 50,000.
        assert_eq!(of(Joint, 300_000), Money::parse("15718.2").unwrap().value);
        assert_eq!(of(Single, 300_000) - of(Joint, 300_000), Money::whole(450));
    }

    #[test]
    fn federal_tax_is_deducted() {
        let input = StateInput {
            magi: Money::whole(150_000),
            net_investment_income: Money::whole(150_000),
            federal_tax: Money::whole(20_000),
            niit: Money::whole(1_000),
            ..StateInput::default()
        };
        // 5% of 150,000 - 5,000 - 3,000 - 21,000, less what the lower brackets save (80).
        assert_eq!(tax(2025, Joint, &input), Money::whole(5_970));
    }
}
