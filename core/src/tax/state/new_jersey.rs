//! New Jersey: gains are taxed as other income is (N.J.S.A. 54A:2-1 and 54A:5-1(c)).
//!
//! Brackets: NJ-1040 instructions, 2025, Tax Rate Schedules; they are not indexed and the same since 2020, so 2026 is
//! the same. A net capital loss offsets no other income (54A:5-2) and is not carried: where the net results are given
//! and sum to a loss, the federal deduction is added back. A gain reduced by losses of earlier years stays reduced,
//! because the input does not say by how much. New Jersey taxes gross income: exclusions, exemptions and the property
//! tax deduction are not modelled, and federal deductions are inside the base.

use super::{Bracket, StateInput, schedule};
use crate::tax::{Carryforward, FilingStatus, net};
use crate::units::Money;

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

/// Tax, 2025 and 2026.
pub(super) fn tax(status: FilingStatus, input: &StateInput) -> Money {
    let limit = Money::whole(if status == FilingStatus::Separate { 1_500 } else { 3_000 });
    let deducted = match (input.net_short, input.net_long) {
        (Some(short), Some(long)) => net(short, long, Carryforward::default(), limit).ordinary_offset,
        _ => Money::ZERO,
    };
    let base = StateInput { ordinary_taxable: input.ordinary_taxable + deducted, ..*input }.base();
    match status {
        FilingStatus::Single | FilingStatus::Separate => schedule(&TABLE_A, base),
        FilingStatus::Joint | FilingStatus::Head => schedule(&TABLE_B, base),
    }
    .rounded()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn m(x: i32) -> Money {
        Money::whole(x)
    }

    /// The schedules give the tax as a rate on all of it less a fixed amount.
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
            let input = StateInput { ordinary_taxable: m(base), ..StateInput::default() };
            let expected = f64::from(base) * rate - less;
            assert!((tax(status, &input).to_f64() - expected).abs() < 1e-4, "{status:?} {base}");
        }
    }

    #[test]
    fn a_net_loss_saves_nothing() {
        let tax = |input: &StateInput| tax(FilingStatus::Single, input);
        let without = StateInput { ordinary_taxable: m(100_000), ..StateInput::default() };
        let with = StateInput {
            ordinary_taxable: m(97_000),
            net_short: Some(m(-9_000)),
            net_long: Some(m(2_000)),
            ..without
        };
        assert_eq!(tax(&with), tax(&without));
    }
}
