//! Converts a broker's file to holdings and messages.

use serde::Serialize;
use tsify::Tsify;
use unisleeve_core::import::{HeldLot, ImportFault, ImportOptions, LeftOut, holdings};
use unisleeve_core::units::Money;

/// Longest file in bytes. It fits about fifty thousand lots.
pub const LONGEST: usize = 4_000_000;
/// Longest file name that a message quotes, in characters.
const LONGEST_NAME: usize = 60;

/// The contents of a broker's file.
#[derive(Debug, Clone, PartialEq, Serialize, Tsify)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub struct Holdings {
    /// Kind of file, such as `Schwab positions`.
    pub source: String,
    /// Lots in the file's order, or positions where the file does not list lots.
    pub lots: Vec<Lot>,
    /// Cash in all accounts in dollars; null where the file lists none.
    #[tsify(type = "number | null")]
    pub cash: Option<f64>,
    /// What was left out on purpose, in sentences.
    pub notes: Vec<String>,
    /// Rows that can't be read, one sentence each, in line order.
    pub faults: Vec<String>,
}

/// A lot that is held.
#[derive(Debug, Clone, PartialEq, Serialize, Tsify)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub struct Lot {
    /// Line in the file, from 1.
    pub line: u32,
    /// Account.
    pub account: String,
    /// Ticker in normalized form, such as `BRK.B`.
    pub symbol: String,
    /// Shares, to 1/1,000,000.
    pub quantity: f64,
    /// Cost basis of all shares in dollars, to 1/10,000.
    pub basis: f64,
    /// Day on which the holding period began, such as `2016-05-02`; null where the file gives no date.
    #[tsify(type = "string | null")]
    pub acquired: Option<String>,
    /// Market value of the lot in dollars; null where the file does not give it.
    #[tsify(type = "number | null")]
    pub value: Option<f64>,
}

/// Reads a file. `name` is the file's name in messages.
///
/// # Errors
/// Returns a sentence when the file as a whole can't be read. Faults of single rows are in `faults`.
pub fn import(bytes: &[u8], name: &str) -> Result<Holdings, String> {
    let name = shown(name);
    if bytes.len() > LONGEST {
        return Err(format!("{name} is longer than {LONGEST} bytes: expected a broker's export."));
    }
    let read = holdings(bytes, &ImportOptions::default()).map_err(|fault| sentence(&name, &fault))?;
    if let ([], [fault]) = (read.lots.as_slice(), read.faults.as_slice())
        && fault.line.is_none()
    {
        return Err(sentence(&name, fault));
    }
    Ok(Holdings {
        source: read.source.title().to_owned(),
        lots: read.lots.iter().map(lot).collect(),
        cash: read.cash.map(Money::to_f64),
        notes: read.left_out.iter().map(note).collect(),
        faults: read.faults.iter().map(|fault| sentence(&name, fault)).collect(),
    })
}

fn lot(lot: &HeldLot) -> Lot {
    Lot {
        line: u32::try_from(lot.line).unwrap_or(u32::MAX),
        account: lot.account.clone(),
        symbol: lot.symbol.clone(),
        quantity: lot.quantity.to_f64(),
        basis: lot.basis.to_f64(),
        acquired: lot.holding_start.or(lot.acquired).map(|day| day.to_string()),
        value: lot.value.map(Money::to_f64),
    }
}

fn note(left_out: &LeftOut) -> String {
    let rows = if left_out.rows == 1 { "row" } else { "rows" };
    format!("Left out: {} ({} {rows}).", left_out.what, left_out.rows)
}

fn sentence(name: &str, fault: &ImportFault) -> String {
    match fault.line {
        Some(line) => format!("{name}, line {line}: {fault}."),
        // These faults describe the file itself, such as `is empty`.
        None => format!("{name} {fault}."),
    }
}

fn shown(name: &str) -> String {
    let all = name.chars().filter(|c| !c.is_control());
    let mut short: String = all.clone().take(LONGEST_NAME).collect();
    if all.count() > LONGEST_NAME {
        short.push_str("...");
    }
    if short.trim().is_empty() { "The file".to_owned() } else { short }
}

#[cfg(test)]
mod tests {
    use unisleeve_core::import::{Action, Content};

    use super::*;

    const XML: &str = include_str!("../../../core/import/src/fixtures/flex.xml");
    const SCHWAB: &str = include_str!("../../../core/import/src/fixtures/schwab_positions.csv");
    const LOTS: &str = include_str!("../../../core/import/src/fixtures/lots.csv");

    /// `web/test/package.mjs` compares WebAssembly with the same expected file.
    #[test]
    fn files_read_as_in_the_browser() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        #[serde(untagged)]
        enum Wanted {
            Failure { failure: String },
            Read(Holdings),
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../core/import/src/fixtures/");
        let expected: std::collections::BTreeMap<String, Wanted> =
            serde_json::from_str(include_str!("holdings.json")).unwrap();
        for (name, wanted) in &expected {
            let found = match import(&std::fs::read(format!("{folder}{name}")).unwrap(), name) {
                Ok(read) => Wanted::Read(read),
                Err(failure) => Wanted::Failure { failure },
            };
            assert_eq!(found, *wanted, "{name}");
        }
        assert_eq!(expected.len(), 8);
    }

    /// The command `unisleeve import` books as transfers the same lots that the page offers.
    #[test]
    fn lots_are_those_that_the_command_transfers_in() {
        let trades = unisleeve_core::import::import(XML.as_bytes(), &ImportOptions::default()).unwrap();
        let Content::Trades(rows) = trades.content else { panic!("no trades") };
        let expected: Vec<_> = rows
            .iter()
            .filter(|r| r.action == Action::TransferIn)
            .map(|r| {
                let since = r.holding_start.or(r.acquired).map(|d| d.to_string());
                (r.account.clone(), r.symbol.clone(), r.quantity.to_f64(), r.amount.to_f64(), since)
            })
            .collect();
        let found: Vec<_> = import(XML.as_bytes(), "flex.xml")
            .unwrap()
            .lots
            .into_iter()
            .map(|l| (l.account, l.symbol, l.quantity, l.basis, l.acquired))
            .collect();
        assert_eq!(found, expected);
        assert_eq!(found[0].4.as_deref(), Some("2025-01-09"));
    }

    #[test]
    fn positions_have_values_and_cash_and_no_dates() {
        let read = import(SCHWAB.as_bytes(), "positions.csv").unwrap();
        assert_eq!((read.source.as_str(), read.cash), ("Schwab positions", Some(12_345.67)));
        assert_eq!(read.notes, ["Left out: bonds (1 row).", "Left out: options (1 row)."]);
        let lots: Vec<_> = read.lots.iter().map(|l| (l.line, l.value, l.acquired.clone())).collect();
        assert_eq!(lots, [(4, Some(216_000.0), None), (5, Some(5_050.0), None)]);
        assert_eq!(read.faults, Vec::<String>::new());
    }

    #[test]
    fn bad_rows_are_sentences_and_the_others_are_there() {
        let read = import(LOTS.replace(",300,", ",many,").as_bytes(), "lots.csv").unwrap();
        assert_eq!(
            read.faults,
            ["lots.csv, line 4: quantity: many: expected a number of shares with at most 6 decimals."]
        );
        assert_eq!(read.lots.len(), 3);
    }

    #[test]
    fn a_file_that_is_none_gets_one_sentence() {
        let long = vec![b'a'; LONGEST + 1];
        for (bytes, part) in [
            (&b""[..], "x.csv is empty: expected a broker's export."),
            (b"PK\x03\x04\0", "x.csv holds NUL characters"),
            (b"\x89PNG\r\n", "x.csv, line 1: not UTF-8"),
            (b"\xff\xfes\0", "x.csv is UTF-16: expected UTF-8"),
            (b"<!DOCTYPE html><html>", "x.csv is a web page: expected positions"),
            (b"hello", "x.csv is not known"),
            (b"symbol,quantity,basis\n", "x.csv holds no position"),
            (long.as_slice(), "x.csv is longer than 4000000 bytes"),
        ] {
            let sentence = import(bytes, "x.csv").unwrap_err();
            assert!(sentence.starts_with(part) && sentence.ends_with('.'), "{sentence}");
        }
        assert!(import(b"", "\n").unwrap_err().starts_with("The file is empty"));
        assert!(import(b"", &"ü".repeat(1_000)).unwrap_err().len() < 300);
    }
}
