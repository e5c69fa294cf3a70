//! Shares received by gift when their market value was below the donor's basis (IRC 1015(a); Reg. 1.1015-1;
//! Pub. 551).
//!
//! A gain is measured from the donor's basis and a loss from the market value on the day of the gift.
//! Proceeds between the two give neither a gain nor a loss. The donor's holding period counts only with the
//! donor's basis (IRC 1223(2)).

use chrono::NaiveDate;

use unisleeve_units::Money;

/// The second basis of shares received by gift below the donor's basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gift {
    /// Market value on the day of the gift, below the donor's basis.
    pub value: Money,
    /// Day of the gift. The holding period of a loss starts here.
    pub date: NaiveDate,
}

/// Which basis a sale of shares received by gift uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiftBasis {
    /// The donor's basis: proceeds are at or above it.
    Donor,
    /// The market value at the gift: proceeds are at or below it.
    Value,
    /// The proceeds, so that there is no gain or loss: they lie in between.
    Neither,
}

/// The basis to use when shares with the donor's `basis` and a market `value` at the gift are sold for `net`
/// proceeds. All three are dollars for the same number of shares.
pub fn gift_basis(basis: Money, value: Money, net: Money) -> GiftBasis {
    if net >= basis {
        GiftBasis::Donor
    } else if net <= value {
        GiftBasis::Value
    } else {
        GiftBasis::Neither
    }
}
