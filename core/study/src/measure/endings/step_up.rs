//! Left at death: the heirs' basis is market value (IRC 1014(a)), above or below the old one, and their term is long (IRC
//! 1223(9)), so that a sale on the same day brings no gain. The losses carried forward die with the one who had them (Rev.
//! Rul. 74-175).
//!
//! Taken as if one person owned everything in a state without community property: a surviving spouse's half keeps its basis
//! and its half of the carryforward. Retirement accounts get no new basis (1014(c)). Estate tax is not modelled.

use serde::Serialize;

use super::{Parcel, Position};
use unisleeve_units::Money;

/// A portfolio at its owner's death.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct StepUp {
    /// What the heirs have; accrued tax falls on the last return.
    pub wealth: Money,
    /// Unrealised gains that are never taxed.
    pub gain_erased: Money,
    /// Unrealised losses that are never used, positive.
    pub loss_erased: Money,
    /// Short-term carryforward lost.
    pub carry_short_lost: Money,
    /// Long-term carryforward lost.
    pub carry_long_lost: Money,
}

pub(super) fn step_up(position: &Position, parcels: &[Parcel]) -> StepUp {
    StepUp {
        wealth: position.wealth(),
        gain_erased: parcels.iter().map(|p| p.gain().max(Money::ZERO)).sum(),
        loss_erased: parcels.iter().map(|p| (-p.gain()).max(Money::ZERO)).sum(),
        carry_short_lost: position.carried_out.short,
        carry_long_lost: position.carried_out.long,
    }
}
