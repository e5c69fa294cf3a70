//! New Jersey: gains are taxed like other income (N.J.S.A. 54A:2-1 and 54A:5-1(c)).
//!
//! Brackets: NJ-1040 instructions, 2025, Tax Rate Schedules. They are not indexed and have not changed since
//! 2020, so 2026 uses the same. New Jersey taxes gross income: federal adjusted gross income serves for it,
//! less exemptions of $1,000 for each filer and $1,500 for each dependent (54A:3-1). No tax is due on a gross
//! income up to $10,000, or $20,000 on a joint return or for a head of household (54A:2-4).
//!
//! A net capital loss offsets no other income (54A:5-2) and does not carry forward. If the net results are
//! given and sum to a loss, the federal deduction is added back. A gain reduced by losses of earlier years
//! stays reduced, because the input does not say by how much.
//!
//! Not modeled: exemptions for the elderly, the blind, veterans and students; exclusions, including that of
//! retirement income; the property tax deduction; credits. Adjustments that only the federal return allows
//! are not reversed.

use super::{Bracket, StateInput, each, filers, schedule};
use crate::FilingStatus;
use unisleeve_units::Money;

/// Table A: unmarried, or married filing separately.
const TABLE_A: [Bracket; 7] = [
    (0, 14_000),
    (20_000, 17_500),
    (35_000, 35_000),
    (40_000, 55_250),
    (75_000, 63_700),
    (500_000, 89_700),
    (1_000_000, 107_500),
];

/// Table B: married filing jointly, or head of household.
const TABLE_B: [Bracket; 8] = [
    (0, 14_000),
    (20_000, 17_500),
    (50_000, 24_500),
    (70_000, 35_000),
    (80_000, 55_250),
    (150_000, 63_700),
    (500_000, 89_700),
    (1_000_000, 107_500),
];

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(status: FilingStatus, input: &StateInput) -> Money {
    let (threshold, table) = match status {
        FilingStatus::Single | FilingStatus::Separate => (10_000, TABLE_A.as_slice()),
        FilingStatus::Joint | FilingStatus::Head => (20_000, TABLE_B.as_slice()),
    };
    let gross = input.income() + input.deducted_loss(status);
    if input.state_taxable.is_none() && gross <= Money::whole(threshold) {
        return Money::ZERO;
    }
    let exempt = each(1_000, filers(status)) + each(1_500, input.dependents);
    schedule(table, input.taxable(gross, exempt)).rounded()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn m(x: i32) -> Money {
        Money::whole(x)
    }

    /// The schedules print the tax as a rate on all taxable income less a fixed amount.
    #[test]
    fn tables_as_printed() {
        for (status, base, rate, less) in [
            (FilingStatus::Single, 60_000, 0.055_25, 1_492.50),
            (FilingStatus::Single, 400_000, 0.0637, 2_126.25),
            (FilingStatus::Separate, 2_000_000, 0.1075, 32_926.25),
            (FilingStatus::Joint, 120_000, 0.055_25, 2_775.00),
            (FilingStatus::Joint, 900_000, 0.0897, 17_042.50),
            (FilingStatus::Head, 1_500_000, 0.1075, 34_842.50),
        ] {
            let input = StateInput { state_taxable: Some(m(base)), ..StateInput::default() };
            let expected = f64::from(base) * rate - less;
            assert!((tax(status, &input).to_f64() - expected).abs() < 1e-4, "{status:?} {base}");
        }
    }

    #[test]
    fn a_net_loss_saves_nothing() {
        let tax = |input: &StateInput| tax(FilingStatus::Single, input);
        let without = StateInput { magi: m(100_000), ..StateInput::default() };
        let with =
            StateInput { magi: m(97_000), net_short: Some(m(-9_000)), net_long: Some(m(2_000)), ..without };
        assert_eq!(tax(&with), tax(&without));
    }

    #[test]
    fn exemptions_and_the_filing_threshold() {
        let of = |status, magi, dependents| {
            tax(status, &StateInput { magi: m(magi), dependents, ..StateInput::default() })
        };
        assert_eq!(of(FilingStatus::Joint, 400_000, 0), Money::parse("21310.1").unwrap().value);
        assert_eq!(of(FilingStatus::Head, 400_000, 1), Money::parse("21278.25").unwrap().value);
        assert_eq!(of(FilingStatus::Joint, 20_000, 0), m(0));
        assert_eq!(of(FilingStatus::Single, 20_000, 0), m(266));
    }
}
