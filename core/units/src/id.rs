//! Identifiers: typed indices into the lists that define accounts, securities, lots and the like.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub $inner);

        impl $name {
            /// The position in the defining list.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(
    /// A security of the market.
    SecurityId(u32)
);
id!(
    /// An account of the household.
    AccountId(u16)
);
id!(
    /// A sleeve: a part of the household's policy. Sleeves hold lots.
    SleeveId(u16)
);
id!(
    /// A mandate of a setup.
    MandateId(u16)
);
id!(
    /// A pocket: the cash of one mandate in one account.
    PocketId(u16)
);
id!(
    /// A purchase. If a partial replacement splits a lot, both parts keep this identifier, because their
    /// shares come from the same purchase.
    LotId(u32)
);

/// The index of a trade in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TradeIndex(pub u32);

impl AccountId {
    /// The household's main account, taxable: what flows in and out goes through it.
    pub const MAIN: Self = Self(0);

    /// Of the entry at this position of `household.accounts`: they follow the main account.
    pub fn beside_main(position: usize) -> Self {
        Self(position as u16 + 1)
    }

    /// Whether it is the main account.
    pub fn is_main(self) -> bool {
        self == Self::MAIN
    }
}
