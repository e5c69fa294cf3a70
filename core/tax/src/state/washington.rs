//! Washington: no income tax, but an excise tax on long-term gains above a standard deduction.
//!
//! RCW 82.87.040 as amended by chapter 421, Laws of 2025 (ESSB 5813): 7%, and from 2025 9.9% on taxable gain
//! above $1,000,000. Both apply after the standard deduction (Department of Revenue, special notice "New
//! tiered rates for Washington's capital gains tax"). A couple has one deduction, whether they file jointly
//! or separately (82.87.060). It is indexed (82.87.150): $278,000 for 2025 (Department of Revenue, capital
//! gains tax). The amount for 2026 was not available, so that of 2025 is used. The base is the federal net
//! long-term capital gain, without short-term results (82.87.020).
//!
//! Not modeled: exemptions by kind of asset, charitable donations, spouses who file separately and share one
//! deduction.

use super::{Bracket, schedule};
use unisleeve_units::Money;

/// Standard deduction, in dollars.
const DEDUCTION: i32 = 278_000;

/// Rates on gain after the deduction.
const BRACKETS: [Bracket; 2] = [(0, 70_000), (1_000_000, 99_000)];

/// Tax on the net long-term gain for 2025 and 2026, in dollars.
pub(super) fn tax(net_long: Money) -> Money {
    schedule(&BRACKETS, net_long - Money::whole(DEDUCTION)).rounded()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_term_gain_above_the_deduction() {
        for (net_long, expected) in
            [(-5_000, 0), (278_000, 0), (378_000, 7_000), (1_278_000, 70_000), (1_378_000, 79_900)]
        {
            assert_eq!(tax(Money::whole(net_long)), Money::whole(expected));
        }
    }
}
