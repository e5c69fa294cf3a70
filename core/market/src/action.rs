//! What companies do to their shares at the open of a session, before it pays anything.

use unisleeve_units::{Price, Ratio, SecurityId};

/// A corporate action. Those of one session happen in the order of the variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// New shares for old.
    Split {
        /// Company.
        security: SecurityId,
        /// New shares for an old one.
        ratio: Ratio,
    },
    /// Shares of another company handed out.
    SpinOff {
        /// Company.
        security: SecurityId,
        /// What is handed out.
        child: SecurityId,
        /// Its shares for one of the company's (after a split of the day).
        ratio: Ratio,
        /// Dollars that they are worth, for one share of the company.
        value: Price,
        /// Whether the child has prices of its own afterwards. Where it has not it is sold the same day at `value`.
        is_priced: bool,
    },
    /// No price follows: holders are paid out at the last close.
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

    /// Where it comes among the actions of a session.
    pub(super) fn order(&self) -> (u8, SecurityId) {
        let kind = match self {
            Self::Split { .. } => 0,
            Self::SpinOff { .. } => 1,
            Self::Delisting { .. } => 2,
        };
        (kind, self.security())
    }
}
