//! Washington: no income tax; an excise on long-term gains above a standard deduction.
//!
//! RCW 82.87.040 as amended by chapter 421, Laws of 2025 (ESSB 5813): 7%, and 9.9% on taxable gain above $1,000,000
//! from 2025, both on what is left after the standard deduction (Department of Revenue, special notice "New tiered
//! rates for Washington's capital gains tax"). The deduction is one for a couple, filing together or apart (82.87.060);
//! indexed by 82.87.150, $278,000 for 2025 (Department of Revenue, capital gains tax). That of 2026 was not to be had,
//! so 2025 stands in for it. The base is the federal net long-term capital gain, without short-term results
//! (82.87.020). Not modelled: exemptions by kind of asset, charitable donations, spouses who file apart and share one
//! deduction.

use super::{Bracket, schedule};
use unisleeve_units::Money;

/// Standard deduction.
const DEDUCTION: i32 = 278_000;

/// Rates on gain after the deduction.
const BRACKETS: [Bracket; 2] = [(0, 70_000), (1_000_000, 99_000)];

/// Tax on the net long-term gain, 2025 and 2026.
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
