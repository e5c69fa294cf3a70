//! Colorado: 4.4% of federal taxable income (C.R.S. 39-22-104(1.7); 2025 and 2026: no reduction for excess
//! revenue). Gains are ordinary income.
//!
//! From a federal adjusted gross income of $300,000 on, the federal deduction above a limit is added back
//! (39-22-104(3)(p.5) and (p.7); Form DR 0104, additions): $12,000, or $16,000 on a joint return, in 2025;
//! $1,000, or $2,000, from 2026 (Proposition MM). This is a step, not a phase-in: the tax rises at once at
//! $300,000.
//!
//! In 2025 each filer gets $19 to $59 of excess revenue back, by adjusted gross income (39-22-2003; Form DR
//! 0104, sales tax refund). Colorado pays it out; here the tax does not fall below zero. None is known for
//! 2026.
//!
//! Not modeled: the subtraction for assets acquired before 1994, the alternative minimum tax, credits.

use super::schedule::{By, excess, in_year};
use super::{StateInput, each, filers};
use crate::FilingStatus;
use unisleeve_units::{Money, Rate};

const RATE: Rate = Rate::from_raw(44_000);
/// Adjusted gross income from which the deduction is limited.
const LIMITED_FROM: i32 = 300_000;

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let limit = in_year(year, [By([12_000, 16_000, 12_000, 12_000]), By([1_000, 2_000, 1_000, 1_000])]);
    let added = if input.magi >= Money::whole(LIMITED_FROM) {
        excess(input.federal_deduction(), limit.dollars(status))
    } else {
        Money::ZERO
    };
    let tax = input.taxable(input.federal_taxable() + added, Money::ZERO).at(RATE);
    excess(tax, refund(year, status, input.magi))
}

/// Refund of excess revenue.
fn refund(year: i32, status: FilingStatus, gross: Money) -> Money {
    if year != 2025 {
        return Money::ZERO;
    }
    let passed =
        [52_000, 105_000, 168_000, 233_000, 299_000].iter().filter(|b| gross > Money::whole(**b)).count();
    each([19, 25, 29, 35, 37, 59][passed], filers(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deduction_is_limited_from_300_000_on() {
        let of = |year, magi: i32| {
            let input = StateInput {
                ordinary_taxable: Money::whole(magi - 31_500),
                magi: Money::whole(magi),
                ..StateInput::default()
            };
            tax(year, FilingStatus::Joint, &input)
        };
        assert_eq!(of(2025, 299_999), Money::parse("11695.956").unwrap().value);
        assert_eq!(of(2025, 300_000), Money::whole(12_378));
        assert_eq!(of(2026, 300_000), Money::whole(13_112));
    }
}
