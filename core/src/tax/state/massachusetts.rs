//! Massachusetts: 5%, 8.5% on short-term gain, and 4% more above a threshold.
//!
//! General Laws chapter 62, section 4(a)(1) (short-term gain, 8.5% since 2023: chapter 50 of the Acts of 2023), 4(b)
//! and (c) (5%, long-term gain of securities included), 4(d) (4% surtax). The threshold is the same in every filing
//! status: $1,083,150 for 2025 (Form 1 instructions, 2025), $1,107,750 for 2026 (Department of Revenue, "4% Surtax on
//! Taxable Income", threshold by year). Gains and losses net across the terms (Schedule B and Schedule D). Not modelled:
//! exemptions, the $2,000 limit on losses against interest and dividends (the federal deduction stays), 12% on
//! collectibles.

use crate::tax::brackets::Exact;
use crate::tax::{Carryforward, net};
use crate::units::Money;

/// Tax on the base, of which `short` and `long` are the net results of the year.
pub(super) fn tax(year: i32, base: Money, short: Money, long: Money) -> Money {
    let threshold = Money::whole(if year == 2025 { 1_083_150 } else { 1_107_750 });
    let netted = net(short, long, Carryforward::default(), Money::ZERO);
    let mut tax = Exact::default();
    tax.add(base, 50_000);
    tax.add(netted.taxed_short.min(base), 35_000);
    tax.add((base - threshold).max(Money::ZERO), 40_000);
    tax.rounded()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn m(x: i32) -> Money {
        Money::whole(x)
    }

    #[test]
    fn short_term_gain_and_the_surtax() {
        assert_eq!(tax(2026, m(100_000), m(0), m(40_000)), m(5_000));
        assert_eq!(tax(2026, m(100_000), m(20_000), m(0)), m(5_700));
        // A long-term loss reduces the short-term gain.
        assert_eq!(tax(2026, m(100_000), m(20_000), m(-15_000)), m(5_175));
        assert_eq!(tax(2026, m(100_000), m(-20_000), m(15_000)), m(5_000));
        // 9% above the threshold, 12.5% for short-term gain.
        assert_eq!(tax(2026, m(1_207_750), m(0), m(0)), m(64_387) + Money::from_raw(5_000));
        assert_eq!(tax(2025, m(1_183_150), m(0), m(0)) - tax(2025, m(1_083_150), m(0), m(0)), m(9_000));
    }
}
