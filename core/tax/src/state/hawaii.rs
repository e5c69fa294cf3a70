//! Hawaii: a net long-term gain is taxed at 7.25% at most (Hawaii Revised Statutes 235-51(f), Form N-11, tax
//! on capital gains worksheet).
//!
//! Brackets of 2025 and 2026: 235-51 as amended by Act 46 of 2024. Standard deduction (235-2.4): $4,400,
//! $8,800 or $6,424 in 2025; $8,000, $16,000 or $12,000 in 2026. Exemptions of $1,144 a person (235-54).
//!
//! The state's own income tax is an itemized deduction below an adjusted gross income of $100,000 (single,
//! separate), $150,000 (head of household) or $200,000 (joint) (235-2.4(k)(2); instructions of Form N-11,
//! worksheet A-2), less 3% of income above $166,800 ($83,400; worksheet for the limitation). It is taken
//! where it exceeds the standard deduction. The tax withheld counts: that of a single filer on the same
//! income.
//!
//! Not modeled: other itemized deductions; the refundable credits for low income.

use super::schedule::{By, Scale, excess, in_year};
use super::{StateInput, each, filers, schedule};
use crate::FilingStatus;
use unisleeve_units::Money;

/// Most that a net long-term gain pays, in millionths.
const GAIN_RATE: i64 = 72_500;

const RATES: Scale = By([
    &[
        (0, 14_000),
        (9_600, 32_000),
        (14_400, 55_000),
        (19_200, 64_000),
        (24_000, 68_000),
        (36_000, 72_000),
        (48_000, 76_000),
        (125_000, 79_000),
        (175_000, 82_500),
        (225_000, 90_000),
        (275_000, 100_000),
        (325_000, 110_000),
    ],
    &[
        (0, 14_000),
        (19_200, 32_000),
        (28_800, 55_000),
        (38_400, 64_000),
        (48_000, 68_000),
        (72_000, 72_000),
        (96_000, 76_000),
        (250_000, 79_000),
        (350_000, 82_500),
        (450_000, 90_000),
        (550_000, 100_000),
        (650_000, 110_000),
    ],
    &[
        (0, 14_000),
        (14_400, 32_000),
        (21_600, 55_000),
        (28_800, 64_000),
        (36_000, 68_000),
        (54_000, 72_000),
        (72_000, 76_000),
        (187_500, 79_000),
        (262_500, 82_500),
        (337_500, 90_000),
        (412_500, 100_000),
        (487_500, 110_000),
    ],
    &[
        (0, 14_000),
        (9_600, 32_000),
        (14_400, 55_000),
        (19_200, 64_000),
        (24_000, 68_000),
        (36_000, 72_000),
        (48_000, 76_000),
        (125_000, 79_000),
        (175_000, 82_500),
        (225_000, 90_000),
        (275_000, 100_000),
        (325_000, 110_000),
    ],
]);

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let standard = in_year(year, [By([4_400, 8_800, 6_424, 4_400]), By([8_000, 16_000, 12_000, 8_000])]);
    let exempt = each(1_144, filers(status).saturating_add(input.dependents));
    let single = in_year(year, [4_400, 8_000]);
    let deduction = standard.dollars(status).max(state_tax_deduction(status, input.income(), single));
    let taxable = input.taxable(input.income(), deduction + exempt);
    let rates = RATES.of(status);
    let regular = schedule(rates, taxable);
    // The gain takes the flat rate only above the start of the first bracket that is dearer.
    let cheap = By([48_000, 96_000, 72_000, 48_000]).dollars(status).min(taxable);
    let ordinary = (taxable - input.net_capital_gain()).max(cheap);
    let mut alternative = schedule(rates, ordinary);
    alternative.add(taxable - ordinary, GAIN_RATE);
    alternative.rounded().min(regular.rounded())
}

/// The itemized deduction for the tax withheld; `single` is the standard deduction of a single filer.
fn state_tax_deduction(status: FilingStatus, gross: Money, single: i32) -> Money {
    if gross >= By([100_000, 200_000, 150_000, 100_000]).dollars(status) {
        return Money::ZERO;
    }
    let withheld = schedule(RATES.of(FilingStatus::Single), excess(gross, Money::whole(single))).rounded();
    let limited_above = By([166_800, 166_800, 166_800, 83_400]).dollars(status);
    let lost = excess(gross, limited_above).fraction(3, 100).min(withheld.fraction(4, 5));
    withheld - lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_term_gain_pays_seven_and_a_quarter_percent_at_most() {
        let of = |wages: i32, gain: i32| {
            let input = StateInput {
                magi: Money::whole(wages + gain),
                pref_income: Money::whole(gain),
                ..StateInput::default()
            };
            tax(2025, FilingStatus::Joint, &input)
        };
        assert_eq!(of(1_000_000, 100_000) - of(1_000_000, 0), Money::whole(7_250));
        assert_eq!(of(1_100_000, 0) - of(1_000_000, 0), Money::whole(11_000));
        // Below the bracket of 7.6% the schedule is cheaper.
        let small = of(40_000, 10_000) - of(40_000, 0);
        assert!(small < Money::whole(725), "{small}");
    }

    #[test]
    fn state_tax_is_deducted_up_to_a_limit() {
        let of = |gross| state_tax_deduction(FilingStatus::Joint, Money::whole(gross), 4_400);
        // Single tax on 145,600.
        assert_eq!(of(150_000), Money::parse("10018.6").unwrap().value);
        assert_eq!(of(176_800), Money::parse("11835.8").unwrap().value);
        assert_eq!(of(200_000), Money::ZERO);
    }

    /// Act 46: the tax at the starts of the brackets of 2025, single.
    #[test]
    fn the_schedule_of_act_46() {
        for (taxable, printed) in
            [(9_600, 134), (14_400, 288), (24_000, 859), (48_000, 2_539), (325_000, 25_966)]
        {
            let tax = schedule(RATES.of(FilingStatus::Single), Money::whole(taxable)).rounded();
            assert!((tax - Money::whole(printed)).abs() <= Money::ONE, "{taxable}: {tax}");
        }
    }
}
