//! Facts about a security that its prices do not give.

use unisleeve_core::mandates::PriceBasis;
use unisleeve_core::market::Security;
use unisleeve_core::units::IncomeKind;

#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub security: Security,
    /// What the closes contain, if it differs from the file's setting.
    pub basis: Option<PriceBasis>,
    /// How dividends are taxed if the price file does not say.
    pub dividend_kind: Option<IncomeKind>,
    /// Securities with the same group are substantially identical.
    pub identical_group: String,
    /// Whether the wash-sale rule leaves it alone.
    pub is_exempt: bool,
}

/// Parses the tax treatment of a distribution.
pub(crate) fn income_kind(word: &str) -> Option<IncomeKind> {
    match word {
        "qualified" => Some(IncomeKind::QualifiedDividend),
        "ordinary" => Some(IncomeKind::OrdinaryDividend),
        "interest" => Some(IncomeKind::Interest),
        _ => None,
    }
}
