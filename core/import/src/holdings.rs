//! Reads current holdings from a broker's file: the lots that a household starts from, without their history.
//!
//! | file | lots |
//! |---|---|
//! | Schwab, positions (CSV) | one for each position, without a date |
//! | Fidelity, positions (CSV) | the same |
//! | Interactive Brokers, Flex statement (XML, CSV) | the open lots |
//! | any other table of lots (CSV) | one for each row, with or without a date |
//!
//! Unlike an import of trades, a row with a fault does not stop the others: the user sees which rows are
//! missing, and decides. A basis is taken as reported, including disallowed losses in it, because the next
//! sale is taxed on that basis.

use super::detect::{self, Csv};
use super::fault::ImportFault;
use super::held::Holdings;
use super::{ImportOptions, flex, ibkr, positions, table, text};

/// What can be read, for messages.
const KNOWN: &str = "expected positions of Schwab or Fidelity, an IBKR Flex statement with open lots (XML or CSV), or a \
                     table with the columns symbol, quantity, basis and acquired";

/// Reads holdings from any of these files: positions of Schwab or Fidelity, a Flex statement with open lots,
/// or a CSV table with the columns symbol, quantity, basis and, optionally, acquired.
///
/// ```
/// use unisleeve_import::{ImportOptions, holdings};
/// let file = b"symbol,quantity,basis,acquired\nABC,10,$100.00,2020-01-02\nABC,ten,1,2020-01-02\n";
/// let read = holdings(file, &ImportOptions::default()).unwrap();
/// assert_eq!(read.lots[0].acquired.unwrap().to_string(), "2020-01-02");
/// assert_eq!(read.faults[0].line, Some(3));
/// ```
///
/// # Errors
/// If the file as a whole can't be read or is none of these. Faults of single rows are in
/// [`Holdings::faults`].
pub fn holdings(bytes: &[u8], options: &ImportOptions) -> Result<Holdings, ImportFault> {
    let mut read = read(bytes, options)?;
    read.faults.sort_by_key(|f| f.line);
    Ok(read)
}

fn read(bytes: &[u8], options: &ImportOptions) -> Result<Holdings, ImportFault> {
    let text = text::decode(bytes)?;
    if detect::is_xml(text) {
        detect::xml(text, KNOWN)?;
        return Ok(ibkr::holdings(flex::xml(text)?, options, Vec::new()));
    }
    let records = table::records(text)?;
    match detect::csv(&records) {
        Ok(Csv::Ibkr) => {
            let mut faults = Vec::new();
            let entries = flex::csv(&records, &mut faults);
            return Ok(ibkr::holdings(entries, options, faults));
        }
        Ok(Csv::Schwab | Csv::Fidelity) => {
            return Err(ImportFault::file(
                "lists lots that were sold, and none that is held: export Positions instead",
            ));
        }
        Ok(Csv::Ishares(_)) => {
            return Err(ImportFault::file(format!("lists the members of an index: {KNOWN}")));
        }
        // Files without lots and unknown files may still be positions.
        Err(_) => {}
    }
    if let Some(fault) = detect::flex_without_level(&records) {
        return Err(fault);
    }
    let header = positions::header(&records)?;
    let header = header.ok_or_else(|| ImportFault::file(format!("is not known: {KNOWN}")))?;
    Ok(positions::read(header, &records, options))
}

#[cfg(test)]
mod tests {
    use super::super::held::Source;
    use super::super::record::LeftOut;
    use super::super::{Action, Content, import};
    use super::*;
    use unisleeve_units::Money;

    const XML: &str = include_str!("fixtures/flex.xml");
    const CSV: &str = include_str!("fixtures/flex.csv");

    fn refused(file: &[u8]) -> String {
        holdings(file, &ImportOptions::default()).unwrap_err().to_string()
    }

    /// The open lots of a statement are the lots that an import of its trades transfers in.
    #[test]
    fn open_lots_are_those_of_the_trades() {
        for file in [XML, CSV] {
            let imported = import(file.as_bytes(), &ImportOptions::default()).unwrap();
            let Content::Trades(rows) = &imported.content else { panic!("{imported:?}") };
            let transfers: Vec<_> = rows
                .iter()
                .filter(|r| r.action == Action::TransferIn)
                .map(|r| {
                    (r.account.clone(), r.symbol.clone(), r.quantity, r.amount, r.acquired, r.holding_start)
                })
                .collect();
            let read = holdings(file.as_bytes(), &ImportOptions::default()).unwrap();
            let lots: Vec<_> = read
                .lots
                .iter()
                .map(|l| {
                    (l.account.clone(), l.symbol.clone(), l.quantity, l.basis, l.acquired, l.holding_start)
                })
                .collect();
            assert_eq!(lots, transfers);
            assert_eq!((lots.len(), read.faults.len(), read.source), (2, 0, Source::IbkrFlex));
            assert!(read.left_out.contains(&LeftOut::rows("lots that were sold", 1)), "{:?}", read.left_out);
        }
    }

    #[test]
    fn a_lot_is_worth_what_the_statement_says() {
        let of = |attribute: &str| {
            let file = XML.replace("position=\"50\"", &format!("position=\"50\" {attribute}"));
            holdings(file.as_bytes(), &ImportOptions::default()).unwrap().lots[0].value
        };
        assert_eq!(of("positionValue=\"2500.50\""), Money::from_f64(2_500.5));
        assert_eq!(of("markPrice=\"51.01\""), Money::from_f64(2_550.5));
        assert_eq!(of("markPrice=\"x\""), None);
        assert_eq!(of("positionValue=\"0\""), None);
    }

    #[test]
    fn a_bad_row_leaves_the_others() {
        let file = XML.replace("position=\"50\"", "position=\"fifty\"");
        let read = holdings(file.as_bytes(), &ImportOptions::default()).unwrap();
        assert_eq!(read.lots.iter().map(|l| l.symbol.as_str()).collect::<Vec<_>>(), ["ZED.B"]);
        assert_eq!(read.faults.iter().map(|f| f.line).collect::<Vec<_>>(), [Some(7)]);
    }

    /// A basis that may include a disallowed loss is a fault for an import of trades, but not for holdings.
    #[test]
    fn a_basis_with_a_disallowed_loss_is_the_basis() {
        let file = XML.replace("symbol=\"YAK\"", "symbol=\"QQA\"");
        assert!(import(file.as_bytes(), &ImportOptions::default()).is_err());
        assert_eq!(holdings(file.as_bytes(), &ImportOptions::default()).unwrap().faults, []);
    }

    #[test]
    fn what_holds_nothing_says_why() {
        for (file, part) in [
            (include_str!("fixtures/schwab.csv"), "lists lots that were sold"),
            (include_str!("fixtures/fidelity.csv"), "lists lots that were sold"),
            (include_str!("fixtures/ishares.csv"), "members of an index"),
            ("accountId,symbol,openDateTime,position\n", "without levelOfDetail"),
            ("<!doctype html><html></html>", "is a web page: expected positions"),
            ("symbol,quantity\nA,1\n", "no column of the cost basis"),
            ("a,b\n1,2\n", "is not known: expected positions"),
            ("", "is empty"),
        ] {
            let sentence = refused(file.as_bytes());
            assert!(sentence.contains(part), "{file}: {sentence}");
        }
        assert!(refused(b"\xff\xfes\0").contains("UTF-16"));
        assert!(refused(b"PK\x03\x04\0\0").contains("NUL"));
        let sold = XML.replace("levelOfDetail=\"LOT\"", "levelOfDetail=\"SUMMARY\"");
        let read = holdings(sold.as_bytes(), &ImportOptions::default()).unwrap();
        assert!(read.faults[0].to_string().contains("only lots that were sold"), "{:?}", read.faults);
    }
}
