//! California: gains are ordinary income (Revenue and Taxation Code 17041), with 1% more on taxable income above
//! $1,000,000 in every filing status (17043, the Behavioral Health Services Tax).
//!
//! Brackets: Franchise Tax Board, 2025 California Tax Rate Schedules (Form 540 booklet, schedules X, Y and Z). Those of
//! 2026 were not to be had, so 2025 stands in for it.

use super::{Bracket, schedule};
use crate::tax::FilingStatus;
use crate::units::Money;

/// Rates of 17041, lowest first.
const RATES: [i64; 9] = [10_000, 20_000, 40_000, 60_000, 80_000, 93_000, 103_000, 113_000, 123_000];

/// Taxable income above which 17043 adds 1%; not indexed, the same in every status.
const MILLION: [Bracket; 2] = [(0, 0), (1_000_000, 10_000)];

/// Tax on the base, 2025 and 2026.
pub(super) fn tax(status: FilingStatus, base: Money) -> Money {
    let bottoms: [i32; 9] = match status {
        // Schedule X.
        FilingStatus::Single | FilingStatus::Separate => {
            [0, 11_079, 26_264, 41_452, 57_542, 72_724, 371_479, 445_771, 742_953]
        }
        // Schedule Y: twice schedule X (17045).
        FilingStatus::Joint => [0, 22_158, 52_528, 82_904, 115_084, 145_448, 742_958, 891_542, 1_485_906],
        // Schedule Z.
        FilingStatus::Head => [0, 22_173, 52_530, 67_716, 83_805, 98_990, 505_208, 606_251, 1_010_417],
    };
    let brackets: [Bracket; 9] = core::array::from_fn(|i| (bottoms[i], RATES[i]));
    let mut tax = schedule(&brackets, base);
    tax += schedule(&MILLION, base);
    tax.rounded()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The schedules print the tax at each bottom, rounded to the cent; here in hundredths of a cent.
    #[test]
    fn schedule_x_as_printed() {
        for (base, printed) in
            [(11_079, 1_107_900), (26_264, 4_144_900), (41_452, 10_220_100), (72_724, 32_019_700)]
        {
            let tax = tax(FilingStatus::Single, Money::whole(base));
            assert!((tax.raw() - printed).abs() <= 50, "{base}: {tax}");
        }
    }

    #[test]
    fn one_percent_more_above_a_million() {
        let at = |x| tax(FilingStatus::Joint, Money::whole(x));
        assert_eq!(at(1_100_000) - at(1_000_000), Money::whole(12_300));
        assert_eq!(at(2_100_000) - at(2_000_000), Money::whole(13_300));
        let head = |x| tax(FilingStatus::Head, Money::whole(x));
        assert_eq!(head(1_010_417) - head(1_000_000), Money::parse("1281.291").unwrap().value);
    }
}
