//! What both the fuzz targets and the test of the corpus do with bytes.

use unisleeve_core::history::{Settings, book, parse_accounts, parse_trades};
use unisleeve_core::import::{Content, ImportOptions, membership_csv, securities_csv, trades_csv};
use unisleeve_core::tax::{FilingStatus, LotMethod, PriorPurchases, TaxRates};

/// Bytes as TRADES.csv, and as an accounts file. Returns whether they were booked.
pub(crate) fn trades(bytes: &[u8]) -> bool {
    let settings = Settings {
        method: LotMethod::MinTax,
        rates: TaxRates { short: 0.408, long: 0.238 },
        status: FilingStatus::Single,
        prior: PriorPurchases::Count,
        accounts: parse_accounts(bytes).ok(),
        identical: vec![("X".to_owned(), "g".to_owned()), ("Y".to_owned(), "g".to_owned())],
    };
    let (history, faults) = parse_trades(bytes, None);
    // Rows that could be read are booked even beside faults.
    let Ok(statement) = book(&history, &settings, faults) else { return false };
    assert!(statement.open_lots.iter().all(|l| l.quantity.is_positive()));
    assert!(statement.sales().all(|s| s.recognized == s.gain + s.disallowed));
    true
}

/// Bytes as a broker's or an index provider's file. Returns whether they were one.
pub(crate) fn import(bytes: &[u8]) -> bool {
    let Ok(imported) = unisleeve_core::import::import(bytes, &ImportOptions::default()) else { return false };
    match &imported.content {
        Content::Trades(rows) => {
            // What an importer writes, the ledger reads.
            let (history, faults) = parse_trades(trades_csv(rows).as_bytes(), None);
            assert!(faults.is_empty() || rows.is_empty(), "{faults:?}");
            assert_eq!(history.rows.len(), rows.len());
        }
        Content::Index { date, members } => {
            let _ = (membership_csv(*date, members), securities_csv(members));
        }
    }
    true
}
