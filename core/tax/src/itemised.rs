//! The overall limit on itemised deductions: a dollar deducted in the top bracket saves 35 cents, not 37 (IRC 68 as
//! amended by P.L. 119-21, section 70111; from 2026 on, none from 2018 to 2025).
//!
//! The deductions otherwise allowed are reduced by 2/37 of the lesser of their amount and of what taxable income, with the
//! deductions added back, has above the start of the 37% bracket. It comes after every other limit on a deduction.

use super::Law;
use unisleeve_units::Money;

/// First year with the limit.
const FIRST_YEAR: i32 = 2026;

/// What of a further deduction is lost to the limit; zero or positive.
///
/// `taxable` is taxable income before that deduction. The household's other itemised deductions drop out: where taxable
/// income reaches the top bracket they are already reduced in full, and where it does not, one more deduction adds nothing
/// to the reduction.
///
/// ```
/// use unisleeve_tax::itemised::reduction;
/// use unisleeve_tax::{FilingStatus, Law};
/// use unisleeve_units::Money;
///
/// let law = Law::of(2026, FilingStatus::Single).unwrap();
/// // All of 37,000 falls into the 37% bracket, which starts at 640,600: 35,000 count, at 37% worth 35% of 37,000.
/// assert_eq!(reduction(&law, 2026, Money::whole(37_000), Money::whole(900_000)), Money::whole(2_000));
/// assert_eq!(reduction(&law, 2025, Money::whole(37_000), Money::whole(900_000)), Money::ZERO);
/// ```
pub fn reduction(law: &Law, year: i32, deduction: Money, taxable: Money) -> Money {
    if year < FIRST_YEAR {
        return Money::ZERO;
    }
    let at_the_top = (taxable - law.top_bracket()).max(Money::ZERO);
    deduction.max(Money::ZERO).min(at_the_top).fraction(2, 37)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FilingStatus;

    /// Section 68 as written, for the household's whole deductions.
    fn statute(law: &Law, deductions: Money, taxable: Money) -> Money {
        let above = (taxable + deductions - law.top_bracket()).max(Money::ZERO);
        deductions.min(above).fraction(2, 37)
    }

    #[test]
    fn other_deductions_drop_out() {
        let law = Law::of(2026, FilingStatus::Joint).unwrap();
        let more = Money::whole(74_000);
        for others in [0, 10_000, 300_000].map(Money::whole) {
            // 768,700 starts the bracket; 800,000 is 31,300 above it, 700,000 below.
            for taxable in [700_000, 768_700, 800_000, 2_000_000].map(Money::whole) {
                let with = statute(&law, others + more, taxable - more);
                let without = statute(&law, others, taxable);
                let gap = reduction(&law, 2026, more, taxable) - (with - without);
                assert!(gap.abs() <= Money::from_raw(1), "{others} {taxable}: {gap}");
            }
        }
        let part = reduction(&law, 2026, more, Money::whole(800_000));
        assert_eq!(part, Money::whole(31_300).fraction(2, 37));
    }
}
