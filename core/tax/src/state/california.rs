//! California: gains are ordinary income (Revenue and Taxation Code 17041). Taxable income above $1,000,000
//! pays 1% more in every filing status (17043, the Behavioral Health Services Tax).
//!
//! Brackets: Franchise Tax Board, 2025 California Tax Rate Schedules (Form 540 booklet, schedules X, Y and
//! Z). Federal adjusted gross income serves as California's; the standard deduction (17073.5) is subtracted.
//! Exemption credits of $153 for each filer and $475 for each dependent (17054) reduce the tax before the 1%.
//! Each credit falls by $6 for every $2,500 ($1,250 if married filing separately), or part of it, of federal
//! adjusted gross income above a threshold (17054.1). Figures for 2026 were not available: they are those of
//! 2025 indexed by 2.27%, as policyengine-us projects them.
//!
//! Not modeled: itemized deductions, the alternative minimum tax, other credits and adjustments.

use super::schedule::{By, excess, in_year, steps};
use super::{Bracket, StateInput, dollars, filers, schedule};
use crate::FilingStatus;
use unisleeve_units::Money;

/// Rates of 17041 in millionths, lowest first.
const RATES: [i64; 9] = [10_000, 20_000, 40_000, 60_000, 80_000, 93_000, 103_000, 113_000, 123_000];

/// The extra 1% of 17043 on taxable income above $1,000,000; not indexed, the same in every filing status.
const MILLION: [Bracket; 2] = [(0, 0), (1_000_000, 10_000)];

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let standard = in_year(year, [By([5_706, 11_412, 11_412, 5_706]), By([5_835, 11_671, 11_671, 5_835])]);
    let taxable = input.taxable(input.income(), standard.dollars(status));
    let before = schedule(&brackets(year, status), taxable).rounded();
    let more = schedule(&MILLION, taxable).rounded();
    (before - credits(year, status, input)).max(Money::ZERO) + more
}

/// Exemption credits after the phase-out, in dollars.
fn credits(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let (filer, dependent, threshold) = in_year(
        year,
        [
            (153, 475, By([252_203, 504_411, 378_310, 252_203])),
            (156, 486, By([257_919, 515_842, 386_884, 257_919])),
        ],
    );
    let step = if status == FilingStatus::Separate { 1_250 } else { 2_500 };
    let lost = 6 * steps(excess(input.magi, threshold.dollars(status)), step);
    let each = |credit: i64, persons: u32| dollars((credit - lost).max(0) * i64::from(persons));
    each(filer, filers(status)) + each(dependent, input.dependents)
}

fn brackets(year: i32, status: FilingStatus) -> [Bracket; 9] {
    let bottoms: [i32; 9] = match (in_year(year, [false, true]), status) {
        // Schedule X.
        (false, FilingStatus::Single | FilingStatus::Separate) => {
            [0, 11_079, 26_264, 41_452, 57_542, 72_724, 371_479, 445_771, 742_953]
        }
        // Schedule Y: twice the amounts of schedule X (17045).
        (false, FilingStatus::Joint) => {
            [0, 22_158, 52_528, 82_904, 115_084, 145_448, 742_958, 891_542, 1_485_906]
        }
        // Schedule Z.
        (false, FilingStatus::Head) => {
            [0, 22_173, 52_530, 67_716, 83_805, 98_990, 505_208, 606_251, 1_010_417]
        }
        (true, FilingStatus::Single | FilingStatus::Separate) => {
            [0, 11_330, 26_859, 42_391, 58_846, 74_372, 379_898, 455_873, 759_790]
        }
        (true, FilingStatus::Joint) => {
            [0, 22_660, 53_718, 84_783, 117_692, 148_744, 759_796, 911_747, 1_519_581]
        }
        (true, FilingStatus::Head) => {
            [0, 22_676, 53_720, 69_251, 85_704, 101_233, 516_657, 619_990, 1_033_316]
        }
    };
    core::array::from_fn(|i| (bottoms[i], RATES[i]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The schedules print the tax at each bracket's start, rounded to the cent; the test compares in
    /// hundredths of a cent.
    #[test]
    fn schedule_x_as_printed() {
        for (base, printed) in
            [(11_079, 1_107_900), (26_264, 4_144_900), (41_452, 10_220_100), (72_724, 32_019_700)]
        {
            let tax = schedule(&brackets(2025, FilingStatus::Single), Money::whole(base)).rounded();
            assert!((tax.raw() - printed).abs() <= 50, "{base}: {tax}");
        }
    }

    #[test]
    fn one_percent_more_above_a_million() {
        let of = |status, taxable| {
            let magi = Money::whole(10_000_000);
            tax(
                2025,
                status,
                &StateInput { magi, state_taxable: Some(Money::whole(taxable)), ..StateInput::default() },
            )
        };
        let at = |x| of(FilingStatus::Joint, x);
        assert_eq!(at(1_100_000) - at(1_000_000), Money::whole(12_300));
        assert_eq!(at(2_100_000) - at(2_000_000), Money::whole(13_300));
        let head = |x| of(FilingStatus::Head, x);
        assert_eq!(head(1_010_417) - head(1_000_000), Money::parse("1281.291").unwrap().value);
    }

    /// Worksheet of Form 540, line 32: $6 for each $2,500 or part of it.
    #[test]
    fn exemption_credits_are_phased_out() {
        use FilingStatus::{Head, Joint, Separate, Single};
        let of = |status, magi, dependents| {
            credits(
                2025,
                status,
                &StateInput { magi: Money::whole(magi), dependents, ..StateInput::default() },
            )
        };
        for (status, magi, dependents, expected) in [
            (Single, 252_203, 0, 153),
            (Single, 252_204, 0, 147),
            (Single, 257_204, 1, 135 + 457),
            (Separate, 253_454, 0, 141),
            (Joint, 504_411, 2, 306 + 950),
            (Joint, 569_000, 1, 319),
            (Head, 400_000, 1, 99 + 421),
            (Single, 900_000, 5, 0),
        ] {
            assert_eq!(of(status, magi, dependents), Money::whole(expected), "{status:?} {magi}");
        }
    }
}
