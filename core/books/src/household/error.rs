//! Why the ledger refuses a booking.

use thiserror::Error;
use unisleeve_units::{LIMIT, Money, Price, Shares};

/// Why the ledger refuses a booking. A refused booking changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LedgerError {
    /// The piece holds fewer shares than requested, or is not in the pocket's account.
    #[error("sale of {requested} shares from a lot that holds {available}")]
    NotHeld {
        /// Shares requested.
        requested: Shares,
        /// Shares available.
        available: Shares,
    },
    /// The pocket holds less cash than requested.
    #[error("payment of {requested} from a balance of {available}")]
    NoCash {
        /// Dollars requested.
        requested: Money,
        /// Dollars available.
        available: Money,
    },
    /// The quantity or the price is not above zero.
    #[error("quantity {quantity} at price {price}: both must be above zero")]
    NotPositive {
        /// Shares.
        quantity: Shares,
        /// Price.
        price: Price,
    },
    /// Sums would leave the range in which they are exact.
    #[error("the amounts booked exceed {LIMIT} dollars or shares in total")]
    TooLarge,
}
