//! Histories of trades as text, read and booked as the command does.

use unisleeve_core::books::history::{Fault, Owner, Settings, Statement, book, parse_trades};
use unisleeve_core::tax::{FilingStatus, LotMethod, PriorPurchases, TaxRates};
use unisleeve_core::units::AccountKind;

/// All columns that a history may have.
pub const HEADER: &str = "date,account,action,symbol,quantity,amount,lot,acquired,symbol2,ratio,price,holding_start,account2,kind,ex_date,cash_in_lieu,term,replaced";

/// The command's settings without options.
pub fn settings() -> Settings {
    Settings {
        method: LotMethod::Fifo,
        rates: TaxRates { short: 0.408, long: 0.238 },
        status: FilingStatus::Single,
        prior: PriorPurchases::Count,
        accounts: None,
        identical: Vec::new(),
        dividend_kinds: Vec::new(),
        exempt: Vec::new(),
        averaged: None,
    }
}

/// Adds accounts to the settings. It must list every account that the history names.
pub fn with_accounts(settings: Settings, accounts: &[(&str, AccountKind)]) -> Settings {
    let owner = |kind| Owner { kind, owner: String::new() };
    let list = accounts.iter().map(|(name, kind)| ((*name).to_owned(), owner(*kind))).collect();
    Settings { accounts: Some(list), ..settings }
}

/// A file with the [`HEADER`] and these rows.
pub fn file<T: AsRef<str>>(rows: &[T]) -> String {
    let mut text = format!("{HEADER}\n");
    for row in rows {
        text.push_str(row.as_ref());
        text.push('\n');
    }
    text
}

/// Reads and books a file's bytes, and passes the statement to a function.
///
/// # Errors
/// The faults of the history.
pub fn booked<T>(
    bytes: &[u8],
    settings: &Settings,
    look: impl FnOnce(&Statement<'_>) -> T,
) -> Result<T, Vec<Fault>> {
    let (history, faults) = parse_trades(bytes, settings.accounts.as_ref());
    book(&history, settings, faults).map(|s| look(&s))
}
