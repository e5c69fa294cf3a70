//! Settings of a booking.

use super::{AccountList, DividendKind};
use unisleeve_tax::{FilingStatus, LotMethod, PriorPurchases, TaxRates};

/// Settings for booking a history.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Method that chooses lots for sales that name none.
    pub method: LotMethod,
    /// Tax rates by term, used by the min-tax method.
    pub rates: TaxRates,
    /// Filing status. It sets how much net loss can be deducted from other income in a year.
    pub status: FilingStatus,
    /// Whether shares bought before those sold count as replacement shares.
    pub prior: PriorPurchases,
    /// Kinds of the accounts; `None` makes all accounts taxable.
    pub accounts: Option<AccountList>,
    /// Substantially identical securities: `(symbol, name of its group)`.
    pub identical: Vec<(String, String)>,
    /// Kind of a symbol's dividends, for rows that state none.
    pub dividend_kinds: Vec<(String, DividendKind)>,
    /// Symbols that the wash sale rule does not cover.
    pub exempt: Vec<String>,
    /// Symbols of funds whose shares leave at average cost where no lots are named (Reg. 1.1012-1(e)), the oldest
    /// first; `None` without that method.
    pub averaged: Option<Vec<String>>,
}
