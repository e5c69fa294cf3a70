//! The portfolio is left at death.
//!
//! The heirs' basis is market value, above or below the old basis (IRC 1014(a)), and their term is long (IRC
//! 1223(9)). So a sale on the same day has no gain. Losses carried forward expire with the person who had
//! them (Rev. Rul. 74-175).
//!
//! This assumes that one person owned everything, in a state without community property: a surviving spouse's
//! half keeps its basis and its half of the carryforward. Retirement accounts get no new basis (1014(c)).
//! Estate tax is not modeled.

use serde::Serialize;

use super::{Parcel, Position};
use unisleeve_units::Money;

/// A portfolio at its owner's death. Amounts in dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct StepUp {
    /// Wealth of the heirs. Accrued tax is paid with the last return.
    pub wealth: Money,
    /// Unrealized gains that are never taxed.
    pub gain_erased: Money,
    /// Unrealized losses that are never used, positive.
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
