//! Utah: 4.5% (2025) or 4.45% (2026) of income, less a credit that falls as income rises (Utah Code
//! 59-10-104, 59-10-1018). Gains are ordinary income.
//!
//! The taxpayer tax credit is 6% of the federal deduction and of $2,111 for each dependent, less 1.3% of
//! income above $18,213 ($36,426 on a joint return, $27,320 for a head of household). No tax is due if
//! federal adjusted gross income does not exceed the federal standard deduction (59-10-104.1). Form TC-40.
//! The amounts of the credit for 2026 are those of 2025 indexed.
//!
//! Not modeled: other credits; the part of itemized deductions that is state tax, which the credit leaves
//! out.

use super::schedule::{By, excess, in_year};
use super::{StateInput, each};
use crate::FilingStatus;
use unisleeve_units::{Money, Rate};

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let deduction = input.federal_deduction();
    if input.state_taxable.is_none() && input.magi <= deduction {
        return Money::ZERO;
    }
    let taxable = input.taxable(input.income(), Money::ZERO);
    let tax = taxable.at(Rate::from_raw(in_year(year, [45_000, 44_500])));
    (tax - credit(year, status, taxable, deduction, input.dependents)).max(Money::ZERO)
}

/// The taxpayer tax credit.
fn credit(year: i32, status: FilingStatus, taxable: Money, deduction: Money, dependents: u32) -> Money {
    let (one, start) = in_year(
        year,
        [(2_111, By([18_213, 36_426, 27_320, 18_213])), (2_159, By([18_626, 37_252, 27_939, 18_626]))],
    );
    let full = (deduction + each(one, dependents)).at(Rate::from_raw(60_000));
    let lost = excess(taxable, start.dollars(status)).at(Rate::from_raw(13_000));
    excess(full, lost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credit_falls_by_1_3_percent() {
        let joint = FilingStatus::Joint;
        let of = |taxable| credit(2025, joint, Money::whole(taxable), Money::whole(31_500), 0);
        assert_eq!(of(36_426), Money::whole(1_890));
        assert_eq!(of(136_426), Money::whole(590));
        assert_eq!(of(190_000), Money::ZERO);
        let input = StateInput {
            ordinary_taxable: Money::whole(368_500),
            magi: Money::whole(400_000),
            ..StateInput::default()
        };
        assert_eq!(tax(2025, joint, &input), Money::whole(18_000));
        assert_eq!(tax(2026, joint, &input), Money::whole(17_800));
    }
}
