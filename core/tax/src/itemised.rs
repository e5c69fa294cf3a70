//! The overall limit on itemized deductions: a dollar deducted in the top bracket saves 35 cents instead of
//! 37 (IRC 68 as amended by P.L. 119-21, section 70111). It applies from 2026; from 2018 to 2025 there was no
//! limit. The limit of earlier years (3% of adjusted gross income above a threshold, at most 80% of the
//! deductions) depends on income alone unless the 80% bind, so one more deduction loses nothing to it.
//!
//! Deductions are reduced by 2/37 of the smaller of two amounts: the deductions themselves, and taxable
//! income (with the deductions added back) above the start of the 37% bracket. The limit applies after all
//! other limits on deductions.

use super::Law;
use unisleeve_units::Money;

/// First year of the limit.
const FIRST_YEAR: i32 = 2026;

/// The part of one more deduction that is lost to the limit. Dollars, zero or positive.
///
/// `taxable` is taxable income before that deduction. The household's other itemized deductions don't matter:
/// if taxable income reaches the top bracket, they are already reduced in full; if it does not, one more
/// deduction adds nothing to the reduction.
///
/// ```
/// use unisleeve_tax::itemised::reduction;
/// use unisleeve_tax::{FilingStatus, Law};
/// use unisleeve_units::Money;
///
/// let law = Law::of(2026, FilingStatus::Single).unwrap();
/// // All of the 37,000 falls in the 37% bracket, which starts at 640,600.
/// // 35,000 is deductible: 37% of 35,000 is 35% of 37,000.
/// assert_eq!(reduction(&law, Money::whole(37_000), Money::whole(900_000)), Money::whole(2_000));
/// let law = Law::of(2025, FilingStatus::Single).unwrap();
/// assert_eq!(reduction(&law, Money::whole(37_000), Money::whole(900_000)), Money::ZERO);
/// ```
pub fn reduction(law: &Law, deduction: Money, taxable: Money) -> Money {
    if law.year < FIRST_YEAR {
        return Money::ZERO;
    }
    let at_the_top = (taxable - law.top_bracket()).max(Money::ZERO);
    deduction.max(Money::ZERO).min(at_the_top).fraction(2, 37)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FilingStatus;

    /// Section 68 as written, applied to all deductions of the household.
    fn statute(law: &Law, deductions: Money, taxable: Money) -> Money {
        let above = (taxable + deductions - law.top_bracket()).max(Money::ZERO);
        deductions.min(above).fraction(2, 37)
    }

    #[test]
    fn other_deductions_drop_out() {
        let law = Law::of(2026, FilingStatus::Joint).unwrap();
        let more = Money::whole(74_000);
        for others in [0, 10_000, 300_000].map(Money::whole) {
            // The bracket starts at 768,700: 800,000 is 31,300 above it and 700,000 is below.
            for taxable in [700_000, 768_700, 800_000, 2_000_000].map(Money::whole) {
                let with = statute(&law, others + more, taxable - more);
                let without = statute(&law, others, taxable);
                let gap = reduction(&law, more, taxable) - (with - without);
                assert!(gap.abs() <= Money::from_raw(1), "{others} {taxable}: {gap}");
            }
        }
        let part = reduction(&law, more, Money::whole(800_000));
        assert_eq!(part, Money::whole(31_300).fraction(2, 37));
    }
}
