//! Shares received by gift whose market value was below the donor's basis (IRC 1015(a); Reg. 1.1015-1; Pub. 551).
//!
//! A gain is figured from the donor's basis, a loss from the market value on the day of the gift; between the two there is
//! neither. The donor's holding period counts with the donor's basis only (IRC 1223(2)).

use chrono::NaiveDate;

use unisleeve_units::Money;

/// The second basis of such shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gift {
    /// Market value on the day of the gift, below the basis.
    pub value: Money,
    /// The day of the gift: the holding period of a loss starts with it.
    pub date: NaiveDate,
}

/// Which basis a sale of shares received by gift uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiftBasis {
    /// The donor's: the proceeds are above it.
    Donor,
    /// The market value: the proceeds are below it.
    Value,
    /// The proceeds themselves: they lie between.
    Neither,
}

/// The basis for shares with the donor's `basis` and a market `value` at the gift, sold for `net` proceeds.
pub fn gift_basis(basis: Money, value: Money, net: Money) -> GiftBasis {
    if net >= basis {
        GiftBasis::Donor
    } else if net <= value {
        GiftBasis::Value
    } else {
        GiftBasis::Neither
    }
}
