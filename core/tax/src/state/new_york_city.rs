//! New York City: the state's tax and the city's on the same taxable income.
//!
//! City rates: Tax Law 1304, with the surcharge of 1304-B (Administrative Code 11-1701, 11-1704.1); Form
//! IT-201-I, New York City tax rate schedules. The school tax credits reduce the city's tax (Tax Law
//! 606(ggg)): $63, or $125 on a joint return, up to an income of $250,000; and a rate reduction of 0.171% and
//! 0.228% of city taxable income up to $500,000. Both end at once above their limit. Unchanged in 2026.
//!
//! Not modeled: the household credit, the credit that ends the tax at low income, other credits.

use super::schedule::{By, Scale};
use super::{StateInput, new_york, schedule};
use crate::FilingStatus;
use unisleeve_units::Money;

const RATES: Scale = By([
    &[(0, 30_780), (12_000, 37_620), (25_000, 38_190), (50_000, 38_760)],
    &[(0, 30_780), (21_600, 37_620), (45_000, 38_190), (90_000, 38_760)],
    &[(0, 30_780), (14_400, 37_620), (30_000, 38_190), (60_000, 38_760)],
    &[(0, 30_780), (12_000, 37_620), (25_000, 38_190), (50_000, 38_760)],
]);

/// Rate reduction of the school tax credit.
const REDUCTION: Scale = By([
    &[(0, 1_710), (12_000, 2_280)],
    &[(0, 1_710), (21_600, 2_280)],
    &[(0, 1_710), (14_400, 2_280)],
    &[(0, 1_710), (12_000, 2_280)],
]);

/// State and city tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    new_york::tax(year, status, input) + city(status, input)
}

/// The city's tax after the school tax credits.
fn city(status: FilingStatus, input: &StateInput) -> Money {
    let taxable = new_york::taxable(status, input);
    let tax = schedule(RATES.of(status), taxable).rounded();
    let (fixed_to, reduced_to) = (Money::whole(250_000), Money::whole(500_000));
    let mut credit = Money::ZERO;
    if input.magi <= fixed_to {
        credit += By([63, 125, 63, 63]).dollars(status);
    }
    if input.magi <= reduced_to && taxable <= reduced_to {
        credit += schedule(REDUCTION.of(status), taxable).rounded();
    }
    (tax - credit).max(Money::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use FilingStatus::{Head, Joint, Single};

    /// Form IT-201-I, New York City tax rate schedules: the tax at the start of each bracket, in whole
    /// dollars.
    #[test]
    fn schedules_as_printed() {
        for (status, taxable, printed) in [
            (Joint, 21_600, 665),
            (Joint, 45_000, 1_545),
            (Joint, 90_000, 3_264),
            (Single, 12_000, 369),
            (Single, 50_000, 1_813),
            (Head, 60_000, 2_176),
        ] {
            let tax = schedule(RATES.of(status), Money::whole(taxable)).rounded();
            assert!((tax - Money::whole(printed)).abs() <= Money::ONE, "{status:?} {taxable}: {tax}");
        }
    }

    #[test]
    fn the_school_tax_credit_ends() {
        let of = |magi: i32| city(Joint, &StateInput { magi: Money::whole(magi), ..StateInput::default() });
        assert_eq!(of(250_001) - of(250_000), Money::parse("125.0365").unwrap().value);
        assert!(of(500_001) - of(500_000) > Money::whole(1_000));
    }
}
