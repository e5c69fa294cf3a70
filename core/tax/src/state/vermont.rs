//! Vermont: up to $5,000 of net long-term gain are excluded, and at least 3% of high incomes is due.
//!
//! 32 V.S.A. 5811(21) (exclusion of $5,000, at most 40% of federal taxable income; the exclusion of 40% is
//! not for publicly traded securities), 5822 (brackets; 3% of adjusted gross income above $150,000 if that is
//! more, less interest on US obligations), standard deduction and exemptions of 5811(21)(C). Form IN-111. The
//! brackets, the deduction and the exemption of 2026 are those of 2025 indexed.
//!
//! Not modeled: the child care contribution (of employers and the self-employed), other exclusions, credits.

use super::schedule::{By, Scale, in_year};
use super::{StateInput, each, filers, schedule};
use crate::FilingStatus;
use unisleeve_units::{Money, Rate};

const RATES_2025: Scale = By([
    &[(0, 33_500), (49_400, 66_000), (119_700, 76_000), (249_700, 87_500)],
    &[(0, 33_500), (82_500, 66_000), (199_450, 76_000), (304_000, 87_500)],
    &[(0, 33_500), (66_200, 66_000), (171_000, 76_000), (276_850, 87_500)],
    &[(0, 33_500), (41_250, 66_000), (99_725, 76_000), (152_000, 87_500)],
]);
const RATES_2026: Scale = By([
    &[(0, 33_500), (50_500, 66_000), (122_400, 76_000), (255_350, 87_500)],
    &[(0, 33_500), (84_350, 66_000), (203_950, 76_000), (310_850, 87_500)],
    &[(0, 33_500), (67_700, 66_000), (174_850, 76_000), (283_100, 87_500)],
    &[(0, 33_500), (42_150, 66_000), (101_950, 76_000), (155_400, 87_500)],
]);

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let (standard, one) = in_year(
        year,
        [(By([7_650, 15_300, 11_450, 7_650]), 5_300), (By([7_800, 15_600, 11_700, 7_800]), 5_400)],
    );
    let exempt = each(one, filers(status).saturating_add(input.dependents));
    let taxable = input.taxable(input.income(), standard.dollars(status) + exempt + excluded(input));
    let tax = schedule(in_year(year, [RATES_2025, RATES_2026]).of(status), taxable).rounded();
    if input.magi < Money::whole(150_000) || input.state_taxable.is_some() {
        return tax;
    }
    tax.max(input.magi.at(Rate::from_raw(30_000)) - input.us_interest)
}

/// Net long-term gain that is excluded.
fn excluded(input: &StateInput) -> Money {
    let most = (input.ordinary_taxable + input.pref_income).max(Money::ZERO).at(Rate::from_raw(400_000));
    input.net_capital_gain().min(Money::whole(5_000)).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_thousand_of_gain_are_excluded() {
        let of = |gain: i32| {
            let input = StateInput {
                ordinary_taxable: Money::whole(68_500),
                pref_income: Money::whole(gain),
                magi: Money::whole(100_000 + gain),
                ..StateInput::default()
            };
            tax(2025, FilingStatus::Joint, &input)
        };
        assert_eq!(of(5_000), of(0));
        // 74,100 of 82,500 at 3.35%: 8,400 more at that rate, then 6.6%.
        assert_eq!(of(15_000) - of(5_000), Money::parse("387").unwrap().value);
    }

    #[test]
    fn at_least_three_percent_of_high_incomes() {
        let input = StateInput {
            magi: Money::whole(160_000),
            us_interest: Money::whole(1_000),
            dependents: 20,
            ..StateInput::default()
        };
        assert_eq!(tax(2025, FilingStatus::Joint, &input), Money::whole(3_800));
    }
}
