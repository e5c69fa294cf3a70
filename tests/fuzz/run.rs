//! What both the fuzz targets and the test of the corpus do with bytes. Each returns whether they were accepted.

use std::path::Path;

use unisleeve::failure::Failure;
use unisleeve::fuzz;
use unisleeve::readers::{load_config, load_market};
use unisleeve_core::books::history::{self, Settings, parse_accounts, parse_trades};
use unisleeve_core::import::{Content, ImportOptions, holdings, membership_csv, securities_csv, trades_csv};
use unisleeve_core::mandates::{Config, DataConfig, IndexConfig, PriceBasis, PriceFile, sample_config};
use unisleeve_core::portfolio;
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
        dividend_kinds: Vec::new(),
        exempt: Vec::new(),
        averaged: None,
    };
    let (history, faults) = parse_trades(bytes, None);
    // Rows that could be read are booked even beside faults.
    let Ok(statement) = history::book(&history, &settings, faults) else { return false };
    assert!(statement.open_lots.iter().all(|l| l.quantity.is_positive()));
    assert!(statement.sales().all(|s| s.recognized == s.gain + s.disallowed));
    true
}

/// Bytes as a broker's or an index provider's file. Returns whether they were one.
pub(crate) fn import(bytes: &[u8]) -> bool {
    let held = holdings(bytes, &ImportOptions::default()).is_ok_and(|read| !read.lots.is_empty());
    imported_trades(bytes) || held
}

fn imported_trades(bytes: &[u8]) -> bool {
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

/// Prices beside what is read, for readers that need some.
const PRICES: &str = "date,symbol,close\n2020-01-02,A,10\n2020-01-02,B,20\n2020-01-03,A,11\n2020-01-03,B,19\n\
                      2020-01-06,A,11\n2020-01-06,B,18\n";

/// Bytes as a file named `input` in a folder of its own, which has prices too; in memory where the system has a place for it.
fn in_a_folder(bytes: &[u8], read: impl FnOnce(&Path) -> Result<(), Failure>) -> bool {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let folder = folder.expect("a folder");
    for (name, content) in [("input", bytes), ("prices.csv", PRICES.as_bytes())] {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    is_accepted(read(folder.path()))
}

fn is_accepted(answer: Result<(), Failure>) -> bool {
    match answer {
        Ok(()) => true,
        Err(Failure::Input(messages)) => {
            // Each is a line of its own on standard error.
            assert!(!messages.is_empty() && messages.iter().all(|m| !m.is_empty()), "{messages:?}");
            false
        }
        Err(Failure::Environment(message)) => panic!("the input is to blame, not the environment: {message}"),
    }
}

fn market(bytes: &[u8], name: &str, more: impl FnOnce(&mut DataConfig)) -> bool {
    let day = |d| chrono::NaiveDate::from_ymd_opt(2020, 1, d).expect("a date");
    let prices = vec![PriceFile { file: name.to_owned(), basis: PriceBasis::Raw, ..PriceFile::default() }];
    let mut data = DataConfig { prices, ..DataConfig::default() };
    more(&mut data);
    let config = Config { start: day(2), end: day(31), policy: Vec::new(), ..Config::default() };
    in_a_folder(bytes, |folder| load_market(&config, &data, folder, None).map(|_| ()))
}

/// Bytes as a price file: long or wide, CSV, gzip or Parquet.
pub(crate) fn prices(bytes: &[u8]) -> bool {
    market(bytes, "input", |_| ())
}

/// Bytes as a file of an index: weights, spans or caps.
pub(crate) fn membership(bytes: &[u8]) -> bool {
    market(bytes, "prices.csv", |data| {
        data.indices = vec![IndexConfig { name: "index".to_owned(), files: vec!["input".to_owned()] }];
    })
}

/// Bytes as securities.csv.
pub(crate) fn securities(bytes: &[u8]) -> bool {
    market(bytes, "prices.csv", |data| data.securities = vec!["input".to_owned()])
}

/// Bytes as a configuration.
pub(crate) fn config(bytes: &[u8]) -> bool {
    in_a_folder(bytes, |folder| load_config(&folder.join("input")).map(|_| ()))
}

/// Bytes as an allocation model of the default configuration.
pub(crate) fn model(bytes: &[u8]) -> bool {
    in_a_folder(bytes, |folder| {
        let config = folder.join("config.toml");
        std::fs::write(&config, "model = \"input\"\n").expect("a file");
        load_config(&config).map(|_| ())
    })
}

/// Bytes as a grid of a sweep.
pub(crate) fn grid(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    is_accepted(fuzz::grid(text))
}

/// Bytes as a book, as its clients and as its policies.
pub(crate) fn book(bytes: &[u8]) -> bool {
    let config = sample_config();
    let mut accepted = false;
    in_a_folder(bytes, |folder| {
        let file = folder.join("input");
        let read =
            [fuzz::book(&file, config.start), fuzz::clients(&file), fuzz::policies(&file, &config.policy)];
        accepted = read.iter().any(Result::is_ok);
        read.into_iter().try_for_each(|r| r.map(|_| ()))
    });
    accepted
}

/// Bytes as a portfolio to rebalance.
pub(crate) fn portfolio(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| portfolio::read(text).is_ok())
}

/// Bytes as the figures of a tax year.
pub(crate) fn tax(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    is_accepted(fuzz::tax(text))
}
