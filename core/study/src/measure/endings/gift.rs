//! The portfolio is given to a person, who sells on the same day and pays flat rates of their own.
//!
//! The donee's basis is the donor's. Where market value at the gift is lower, losses count from market value
//! instead, and a price between the two brings neither gain nor loss (IRC 1015(a); Publication 551). The
//! donor's holding period comes with the donor's basis (IRC 1223(2)). Each lot is taxed on its own, so losses
//! are not passed on and offset nothing. The donor's carryforward stays with the donor and has no value for
//! the donee.
//!
//! Gift tax, which may add to the basis (1015(d)), and the tax on a child's unearned income are not modeled.

use serde::Serialize;

use super::Parcel;
use unisleeve_tax::TaxRates;
use unisleeve_tax::gift::{GiftBasis, gift_basis};
use unisleeve_units::{Money, Term};

/// A portfolio after it was given to a person. Amounts in dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct GiftEnding {
    /// Wealth left in the family: value less the donor's accrued tax, fees owed and the donee's tax.
    pub wealth: Money,
    /// The donee's tax.
    pub tax: Money,
    /// The donee's short-term gain.
    pub gain_short: Money,
    /// The donee's long-term gain.
    pub gain_long: Money,
    /// Unrealized losses that the donee can't use, positive.
    pub loss_not_passed_on: Money,
}

/// Gain of a sale on the day of the gift; never negative.
fn donee_gain(value: Money, basis: Money) -> Money {
    match gift_basis(basis, value, value) {
        GiftBasis::Donor => value - basis,
        GiftBasis::Value | GiftBasis::Neither => Money::ZERO,
    }
}

pub(super) fn gift(wealth: Money, parcels: &[Parcel], donee: TaxRates) -> GiftEnding {
    let gain = |of: Term| -> Money {
        parcels.iter().filter(|p| p.term == of).map(|p| donee_gain(p.value, p.basis)).sum()
    };
    let (gain_short, gain_long) = (gain(Term::Short), gain(Term::Long));
    let at = |m: Money, rate: f64| Money::from_f64(m.to_f64() * rate).unwrap_or(Money::ZERO);
    let tax = at(gain_short, donee.short) + at(gain_long, donee.long);
    GiftEnding {
        wealth: wealth - tax,
        tax,
        gain_short,
        gain_long,
        loss_not_passed_on: parcels.iter().map(|p| (-p.gain()).max(Money::ZERO)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{m, position, terms};
    use super::*;
    use crate::measure::endings::{EndingTerms, endings};

    /// Publication 551: a sale at market value, below the donor's basis, has neither gain nor loss.
    #[test]
    fn no_loss_passes() {
        for (value, gain) in [(12_000, 2_000), (10_000, 0), (8_000, 0)] {
            assert_eq!(donee_gain(m(value), m(10_000)), m(gain), "{value}");
        }
    }

    #[test]
    fn at_the_donees_own_rates() {
        let position = position(&[(100, 1_000, 60_000, true), (10, 100, 3_000, true)], 0);
        let donee = TaxRates { short: 0.1, long: 0.0 };
        let (e, _) = endings(&position, &EndingTerms { donee, ..terms() });
        assert_eq!((e.gift.tax, e.gift.wealth), (m(0), m(101_000)));
        assert_eq!((e.gift.gain_long, e.gift.loss_not_passed_on), (m(40_000), m(2_000)));
    }
}
