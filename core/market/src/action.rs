//! Corporate actions, booked at the open of a session before its distributions.

use unisleeve_units::{Price, Ratio, SecurityId};

/// A corporate action. Actions of one session are booked in the order of the variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A share split.
    Split {
        /// Company.
        security: SecurityId,
        /// New shares for each old share.
        ratio: Ratio,
    },
    /// Shares of another company handed out to holders.
    SpinOff {
        /// The parent company.
        security: SecurityId,
        /// The company whose shares are handed out.
        child: SecurityId,
        /// Child shares for each parent share, after any split of the same session.
        ratio: Ratio,
        /// Value in dollars of what one parent share receives.
        value: Price,
        /// Whether the child has prices of its own afterwards. A child without prices is sold the same day at
        /// `value`.
        is_priced: bool,
    },
    /// The end of a listing. Holders are paid the last close.
    Delisting {
        /// Company.
        security: SecurityId,
    },
}

impl Action {
    /// The company that acts.
    pub fn security(&self) -> SecurityId {
        match *self {
            Self::Split { security, .. } | Self::SpinOff { security, .. } | Self::Delisting { security } => {
                security
            }
        }
    }

    /// Sort key among the actions of one session.
    pub(super) fn order(&self) -> (u8, SecurityId) {
        let kind = match self {
            Self::Split { .. } => 0,
            Self::SpinOff { .. } => 1,
            Self::Delisting { .. } => 2,
        };
        (kind, self.security())
    }
}
