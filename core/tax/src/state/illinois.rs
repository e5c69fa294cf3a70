//! Illinois: 4.95% of adjusted gross income less exemptions, gains included (35 ILCS 5/201(b)(5.4), since
//! July 2017; Form IL-1040 instructions, 2025). The statute sets no end date, so the rate for 2026 is the
//! same.
//!
//! Exemptions: $2,850 for each filer and dependent in 2025 (35 ILCS 5/204(b), (c)); none if adjusted gross
//! income exceeds $250,000, or $500,000 on a joint return (204(g)). The indexed amount for 2026 was not
//! available; $2,925 is used instead.
//!
//! Not modeled: additional exemptions for the elderly and the blind, the exemption of retirement income, the
//! property tax credit and the earned income credit.

use super::{StateInput, each, filers};
use crate::FilingStatus;
use unisleeve_units::{Money, Rate};

/// Tax rate.
const RATE: Rate = Rate::from_raw(49_500);

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let limit = Money::whole(if status == FilingStatus::Joint { 500_000 } else { 250_000 });
    let one = if year == 2025 { 2_850 } else { 2_925 };
    let exempt = if input.magi > limit {
        Money::ZERO
    } else {
        each(one, filers(status).saturating_add(input.dependents))
    };
    input.taxable(input.income(), exempt).at(RATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exemptions_end_at_the_limit() {
        let of = |status, magi, dependents| {
            tax(2025, status, &StateInput { magi: Money::whole(magi), dependents, ..StateInput::default() })
        };
        let cents = |x: i64| Money::from_raw(x * 100);
        assert_eq!(of(FilingStatus::Joint, 150_000, 0), cents(714_285));
        assert_eq!(of(FilingStatus::Head, 150_000, 1), cents(714_285));
        assert_eq!(of(FilingStatus::Single, 250_000, 0), cents(1_223_392) + Money::from_raw(50));
        assert_eq!(of(FilingStatus::Single, 250_001, 0), cents(1_237_504) + Money::from_raw(95));
        assert_eq!(of(FilingStatus::Joint, 500_001, 2), cents(2_475_004) + Money::from_raw(95));
    }
}
