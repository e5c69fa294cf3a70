//! Facts about a security that its prices do not give.

use unisleeve_core::mandates::PriceBasis;
use unisleeve_core::market::Security;
use unisleeve_core::units::IncomeKind;

/// Facts about a security that its prices do not give.
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
