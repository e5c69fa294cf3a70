//! Names of securities, accounts, sleeves, mandates and lots in tables.

use unisleeve_core::market::Market;
use unisleeve_core::study::StudyArm;
use unisleeve_core::units::SecurityId;

pub(crate) fn symbol(market: &Market, security: SecurityId) -> &str {
    market.securities().get(security.index()).map_or("", |s| s.symbol.as_str())
}

pub(crate) fn account(arm: &StudyArm, index: usize) -> &str {
    arm.result.accounts.get(index).map_or("", |a| a.name.as_str())
}

pub(crate) fn sleeve(arm: &StudyArm, index: usize) -> &str {
    // All phases of a setup have the same sleeves.
    let first = arm.result.setup.phases.first();
    first.and_then(|p| p.sleeves.get(index)).map_or("", |s| s.name.as_str())
}

pub(crate) fn mandate(arm: &StudyArm, index: usize) -> &str {
    arm.result.setup.mandates.get(index).map_or("", |m| m.name.as_str())
}

pub(crate) fn lot_name(id: u32) -> String {
    format!("L{}", id + 1)
}
