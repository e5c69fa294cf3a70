//! New York: gains are ordinary income (Tax Law 601(a) to (c)). Above an adjusted gross income of $107,650
//! the supplemental tax recaptures the benefit of the lower brackets (601(d) and following).
//!
//! 2025: Form IT-201-I, rate schedules and tax computation worksheets. 2026: the same brackets, with the five
//! lowest rates lower by 0.1 percentage points (Laws of 2025, S3009-C). The statute and the worksheets round
//! their constants to whole dollars and their fractions to 4 decimals, and the tax tables go in steps of $50.
//! This module does not round, so amounts may differ by a dollar or two. Federal modified adjusted gross
//! income less exempt interest serves as New York's; the standard deduction (614) and $1,000 for each
//! dependent (616) are subtracted.
//!
//! Not modeled: Yonkers, other addition and subtraction modifications, itemized deductions,
//! credits.

use super::{Bracket, StateInput, each, schedule};
use crate::FilingStatus;
use crate::brackets::Exact;
use unisleeve_units::Money;

/// Rates of the first five brackets, in millionths; they fell in 2026.
const LOW_2025: [i64; 5] = [40_000, 45_000, 52_500, 55_000, 60_000];
const LOW_2026: [i64; 5] = [39_000, 44_000, 51_500, 54_000, 59_000];
/// Rates of the other brackets, in millionths.
const HIGH: [i64; 4] = [68_500, 96_500, 103_000, 109_000];
/// Adjusted gross income above which the recapture starts.
const RECAPTURE_FROM: i32 = 107_650;
/// Range of adjusted gross income, in dollars, over which each step of the recapture phases in.
const PHASE_IN: i32 = 50_000;

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    scheduled(year, status, taxable(status, input), input.income())
}

/// Taxable income, which is New York City's as well.
pub(super) fn taxable(status: FilingStatus, input: &StateInput) -> Money {
    let standard = Money::whole(match status {
        FilingStatus::Single | FilingStatus::Separate => 8_000,
        FilingStatus::Joint => 16_050,
        FilingStatus::Head => 11_200,
    });
    input.taxable(input.income(), standard + each(1_000, input.dependents))
}

/// Tax on taxable income `base` of a household with adjusted gross income `agi`.
fn scheduled(year: i32, status: FilingStatus, base: Money, agi: Money) -> Money {
    let brackets = brackets(year, status);
    let mut tax = schedule(&brackets, base);
    // Adjusted gross income is never below taxable income.
    tax += recapture(&brackets, base, agi.max(base));
    tax.rounded()
}

fn brackets(year: i32, status: FilingStatus) -> [Bracket; 9] {
    let bottoms: [i32; 9] = match status {
        FilingStatus::Single | FilingStatus::Separate => {
            [0, 8_500, 11_700, 13_900, 80_650, 215_400, 1_077_550, 5_000_000, 25_000_000]
        }
        FilingStatus::Joint => {
            [0, 17_150, 23_600, 27_900, 161_550, 323_200, 2_155_350, 5_000_000, 25_000_000]
        }
        FilingStatus::Head => [0, 12_800, 17_650, 20_900, 107_650, 269_300, 1_616_450, 5_000_000, 25_000_000],
    };
    let low = if year == 2025 { LOW_2025 } else { LOW_2026 };
    core::array::from_fn(|i| (bottoms[i], if i < low.len() { low[i] } else { HIGH[i - low.len()] }))
}

/// The supplemental tax. Each bracket has a step that recaptures what the lower brackets save compared with
/// the bracket's rate on all income. The steps of lower brackets apply in full. The bracket's own step phases
/// in over the first $50,000 of adjusted gross income above the bracket's start (for the lowest step, above
/// $107,650). The top step depends on adjusted gross income alone.
fn recapture(brackets: &[Bracket; 9], base: Money, agi: Money) -> Exact {
    let start = Money::whole(RECAPTURE_FROM);
    if agi <= start {
        return Exact::default();
    }
    let last_below = |limit: Money| brackets.iter().rposition(|(b, _)| Money::whole(*b) < limit).unwrap_or(0);
    // How much more a flat rate of bracket `i` costs than the schedule, on income up to that bracket's start.
    let benefit = |i: usize| {
        let (bottom, rate) = brackets[i];
        let part = base.min(Money::whole(bottom));
        let mut flat = Exact::default();
        flat.add(part, rate);
        flat -= schedule(brackets, part);
        flat
    };
    let top = brackets.len() - 1;
    let first = brackets.iter().rposition(|(b, _)| *b <= RECAPTURE_FROM).unwrap_or(0);
    let own = last_below(base).max(first);
    let (below, step) = if agi > Money::whole(brackets[top].0) {
        (benefit(own.min(top - 1)), top)
    } else if own == first {
        (Exact::default(), own)
    } else {
        (benefit(own - 1), own)
    };
    let from = Money::whole(brackets[step].0).max(start);
    let excess = (agi - from).max(Money::ZERO).min(Money::whole(PHASE_IN));
    let mut own_part = benefit(step);
    own_part -= below;
    let mut taken = own_part.share(excess, Money::whole(PHASE_IN));
    taken += below;
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use FilingStatus::{Head, Joint, Separate, Single};

    fn m(x: i32) -> Money {
        Money::whole(x)
    }

    /// The amounts printed in the rate schedules, in whole dollars.
    #[test]
    fn schedules_as_printed() {
        for (status, base, printed) in [
            (Joint, 27_900, 1_202),
            (Joint, 161_550, 8_553),
            (Joint, 323_200, 18_252),
            (Joint, 2_155_350, 143_754),
            (Single, 13_900, 600),
            (Single, 80_650, 4_271),
            (Single, 215_400, 12_356),
        ] {
            let tax = schedule(&brackets(2025, status), m(base)).rounded();
            assert!((tax - m(printed)).abs() <= m(1), "{status:?} {base}: {tax}");
        }
    }

    /// The recapture bases and incremental benefits printed in the worksheets and in 601(d-4), in whole
    /// dollars: the amount recaptured once a step is complete.
    #[test]
    fn recapture_constants_as_printed() {
        for (year, status, base, printed) in [
            (2025, Joint, 150_000, 333),
            (2025, Joint, 300_000, 333 + 807),
            (2025, Joint, 2_000_000, 1_140 + 2_747),
            (2025, Joint, 4_000_000, 3_887 + 60_350),
            (2025, Joint, 20_000_000, 64_237 + 32_500),
            (2025, Single, 200_000, 568),
            (2025, Single, 1_000_000, 568 + 1_831),
            (2025, Separate, 4_000_000, 2_399 + 30_172),
            (2025, Head, 250_000, 787),
            (2025, Head, 1_000_000, 787 + 2_289),
            (2026, Joint, 150_000, 333),
            (2026, Joint, 2_000_000, 1_140 + 3_071),
            (2026, Joint, 4_000_000, 4_211 + 60_350),
            (2026, Single, 200_000, 567),
            (2026, Single, 1_000_000, 567 + 2_047),
            (2026, Head, 1_000_000, 787 + 2_559),
        ] {
            let taken = recapture(&brackets(year, status), m(base), m(base + 100_000)).rounded();
            assert!((taken - m(printed)).abs() <= m(2), "{year} {status:?} {base}: {taken}");
        }
    }

    #[test]
    fn steps_phase_in_and_end_in_a_flat_rate() {
        // Joint, with income in the 5.5% bracket: half of the step applies at 25,000 above 107,650.
        let table = brackets(2025, Joint);
        let half = recapture(&table, m(120_000), m(132_650)).rounded();
        assert_eq!(half, Money::from_raw(1_662_500));
        assert_eq!(recapture(&table, m(100_000), m(107_650)).rounded(), Money::ZERO);
        // A complete step gives the bracket's rate on all income.
        assert_eq!(scheduled(2025, Joint, m(150_000), m(157_650)), m(8_250));
        assert_eq!(scheduled(2026, Single, m(1_000_000), m(1_000_000)), m(68_500));
        assert_eq!(scheduled(2026, Joint, m(30_000_000), m(30_000_000)), m(3_270_000));
        assert_eq!(scheduled(2026, Joint, m(1_000_000), m(25_050_000)), m(109_000));
        // Little taxable income with a high adjusted gross income.
        assert_eq!(scheduled(2025, Joint, m(10_000), m(400_000)), m(550));
    }

    #[test]
    fn the_standard_deduction_and_dependents() {
        let of = |status, magi, dependents| {
            tax(2025, status, &StateInput { magi: m(magi), dependents, ..StateInput::default() })
        };
        // 5.5% of (60,000 - 16,050 - 2,000 - 27,900), plus 1,202 on 27,900 (1,202.25 without rounding).
        assert_eq!(of(Joint, 60_000, 2), scheduled(2025, Joint, m(41_950), m(60_000)));
        assert_eq!(of(Single, 60_000, 0), scheduled(2025, Single, m(52_000), m(60_000)));
        assert_eq!(of(Head, 60_000, 1), scheduled(2025, Head, m(47_800), m(60_000)));
        assert_eq!(of(Separate, 7_000, 0), m(0));
    }
}
