//! What is known of a security beside its prices.

use unisleeve_core::market::Security;
use unisleeve_core::setup::PriceBasis;
use unisleeve_core::units::IncomeKind;

/// What is known of a security beside its prices.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub security: Security,
    /// What its closes contain, where that is not what its file says.
    pub basis: Option<PriceBasis>,
    /// How its dividends are taxed where the prices don't say.
    pub dividend_kind: Option<IncomeKind>,
    /// Securities of one group are substantially identical.
    pub identical_group: String,
}

/// How a distribution is taxed, by its word.
pub(crate) fn income_kind(word: &str) -> Option<IncomeKind> {
    match word {
        "qualified" => Some(IncomeKind::QualifiedDividend),
        "ordinary" => Some(IncomeKind::OrdinaryDividend),
        "interest" => Some(IncomeKind::Interest),
        _ => None,
    }
}
