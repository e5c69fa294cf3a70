//! Charles Schwab, "Realized Gain/Loss - Lot Details": one row for each lot closed. An export of all accounts
//! has a section for each account: a label, a header, and rows.
//!
//! A purchase gets the *unadjusted* cost basis and a sale its proceeds. `Disallowed Loss` is not booked,
//! because the ledger computes wash sales from these purchases and sales (see [`super::wash`]). The adjusted
//! basis is used in two cases: if there is no unadjusted one, or if it is lower on a sale that was not
//! washed. A disallowed loss would raise the basis, so a lower one has another cause (a return of capital),
//! which the ledger can't find by itself.
//!
//! `Opened Date` is taken as the date of purchase. Short lots are left out, and are named and counted.

use std::collections::BTreeMap;

use super::fault::ImportFault;
use super::left_out::Named;
use super::lots::{ClosedLot, Origin, trades};
use super::row::{Column, SourceRow};
use super::table::{Record, rows, sections, title};
use super::value::{US_DATE, shares, us_date};
use super::{ImportOptions, Imported, Kind, account, symbol, wash};
use unisleeve_units::{Money, Shares};

const SYMBOL: Column = Column::new("Symbol", &["symbol"]);
pub(super) const CLOSED: Column = Column::new("Closed Date", &["closeddate"]);
pub(super) const OPENED: Column = Column::new("Opened Date", &["openeddate"]);
const QUANTITY: Column = Column::new("Quantity", &["quantity"]);
pub(super) const PROCEEDS: Column = Column::new("Proceeds", &["proceeds"]);
const BASIS: Column = Column::new("Cost Basis (CB)", &["costbasiscb", "costbasis"]);
const UNADJUSTED: Column = Column::new("Unadjusted Cost Basis", &["unadjustedcostbasis"]);
const WASH: Column = Column::new("Wash Sale?", &["washsale"]);
const DISALLOWED: Column = Column::new("Disallowed Loss", &["disallowedloss"]);

/// Whether a record is the header of a table of closed lots.
pub(super) fn is_header(record: &Record) -> bool {
    record.names(CLOSED) && record.names(OPENED)
}

/// Imports the records of a file.
pub(super) fn import(records: &[Record], options: &ImportOptions) -> Result<Imported, Vec<ImportFault>> {
    let required = [SYMBOL, CLOSED, OPENED, QUANTITY, PROCEEDS, BASIS];
    let (mut faults, mut lots, mut labels) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut left_out = Named::default();
    let (mut without_unadjusted, mut lowered) = (0_u64, 0_u64);
    let title = title(records, is_header);
    for section in sections(records, is_header) {
        let named = account::of_table(section.label, title, &options.account, &mut labels);
        let rows = rows(section.header, section.records, &required, &mut faults);
        if required.iter().any(|c| !section.header.names(*c)) {
            continue;
        }
        for row in &rows {
            let symbol = row.text(SYMBOL);
            if symbol::is_option(symbol) {
                left_out.add("options", None);
            } else if is_short(row) {
                left_out.add("short lots", Some(symbol));
            } else {
                let account = account::of_row(row).unwrap_or_else(|| named.clone());
                let Some((lot, basis)) = read(row, account, &mut faults) else { continue };
                without_unadjusted += u64::from(basis == Basis::NoUnadjusted);
                lowered += u64::from(basis == Basis::Lowered);
                lots.push(lot);
            }
        }
    }
    if !options.basis_unadjusted {
        faults.extend(wash::counted_twice(&lots, &[], BASIS.name));
    }
    if lots.is_empty() && faults.is_empty() {
        faults.push(ImportFault::file("holds no closed lot: expected at least one"));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut notes = Vec::new();
    if without_unadjusted > 0 {
        notes.push(format!(
            "{without_unadjusted} lots have no unadjusted cost basis: their cost basis is used"
        ));
    }
    if lowered > 0 {
        notes.push(format!(
            "{lowered} lots have a cost basis below the unadjusted one (a return of capital): the lower one is used"
        ));
    }
    let imported = Imported::of_lots(Kind::SchwabRealizedLots, trades(&lots, &[]), &labels, &lots, notes);
    Ok(left_out.list().into_iter().fold(imported, Imported::leaving_out))
}

/// Whether a lot is short: sold before it was bought, or with a negative quantity.
fn is_short(row: &SourceRow) -> bool {
    let day = |column| us_date(row.text(column));
    let backwards = day(CLOSED).zip(day(OPENED)).is_some_and(|(closed, opened)| closed < opened);
    backwards || shares(row.text(QUANTITY)).is_some_and(Shares::is_negative)
}

/// Source of a lot's cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis {
    Unadjusted,
    NoUnadjusted,
    Lowered,
}

fn read(row: &SourceRow, account: String, faults: &mut Vec<ImportFault>) -> Option<(ClosedLot, Basis)> {
    let symbol = row.symbol(SYMBOL, faults);
    let closed = row.date(CLOSED, faults, US_DATE, us_date);
    let opened = row.date(OPENED, faults, US_DATE, us_date);
    let quantity = row.quantity(QUANTITY, faults);
    let proceeds = row.amount(PROCEEDS, faults);
    let basis = row.amount(BASIS, faults);
    let before = faults.len();
    let unadjusted = if row.text(UNADJUSTED).is_empty() { None } else { row.amount(UNADJUSTED, faults) };
    let loss = row.optional_money(DISALLOWED, faults).map(Money::abs).filter(|l| l.is_positive());
    let washed = match row.text(WASH).to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" => true,
        "" | "no" | "n" | "false" => false,
        _ => {
            faults.push(row.fault(WASH, "expected Yes or No"));
            false
        }
    } || loss.is_some();
    let (basis, bad) = (basis?, faults.len() > before);
    let (cost, source) = match unadjusted {
        None => (basis, Basis::NoUnadjusted),
        Some(unadjusted) if basis < unadjusted && !washed => (basis, Basis::Lowered),
        Some(unadjusted) => (unadjusted, Basis::Unadjusted),
    };
    let lot = ClosedLot {
        line: row.line,
        account,
        symbol: symbol?,
        quantity: quantity?,
        opened: opened?,
        origin: Origin::default(),
        closed: closed?,
        cost,
        may_be_adjusted: source == Basis::NoUnadjusted,
        proceeds: proceeds?,
        disallowed: washed.then(|| loss.unwrap_or_default()),
    };
    (!bad).then_some((lot, source))
}

#[cfg(test)]
mod tests {
    use super::super::record::LeftOut;
    use super::super::{Content, ImportOptions, import, trades_csv};
    use super::*;

    const FILE: &str = include_str!("fixtures/schwab.csv");

    fn trades_of(file: &str) -> String {
        let imported = import(file.as_bytes(), &ImportOptions::default()).unwrap();
        let Content::Trades(rows) = &imported.content else { panic!("{imported:?}") };
        trades_csv(rows)
    }

    fn faults_of(file: &str) -> Vec<(Option<u64>, String)> {
        let faults = import(file.as_bytes(), &ImportOptions::default()).unwrap_err();
        faults.into_iter().map(|f| (f.line, f.to_string())).collect()
    }

    /// The loss of 1,000 was disallowed and is part of the second lot's adjusted basis of 5,200. Neither is
    /// booked: the purchases are booked at what was paid, 5,000 and 4,200, and the ledger finds the wash sale
    /// from the dates.
    #[test]
    fn purchases_stand_at_what_was_paid() {
        assert_eq!(
            trades_of(FILE),
            "date,account,action,symbol,quantity,amount,lot,acquired\n\
             2016-11-23,taxable,buy,ZED.B,1250.500000,23100.0000,ZED.B@2016-11-23,\n\
             2025-01-02,taxable,buy,QQA,100.000000,5000.0000,QQA@2025-01-02,\n\
             2025-02-03,taxable,sell,QQA,100.000000,4000.0000,QQA@2025-01-02,\n\
             2025-02-10,taxable,buy,QQA,100.000000,4200.0000,QQA@2025-02-10,\n\
             2025-03-04,taxable,sell,ZED.B,1250.500000,103450.0100,ZED.B@2016-11-23,\n\
             2025-06-02,taxable,sell,QQA,100.000000,4500.0000,QQA@2025-02-10,\n"
        );
        let imported = import(FILE.as_bytes(), &ImportOptions::default()).unwrap();
        assert_eq!(imported.kind, Kind::SchwabRealizedLots);
        assert_eq!(imported.disallowed_by_broker, Some(Money::whole(1_000)));
        assert!(imported.notes[0].contains("1 sales, 1000.0000 in all"), "{:?}", imported.notes);
    }

    #[test]
    fn marks_line_endings_and_title_rows_change_nothing() {
        let expected = trades_of(FILE);
        let crlf = FILE.replace('\n', "\r\n");
        let no_title = FILE.split_once('\n').unwrap().1.to_owned();
        for file in [
            format!("\u{feff}{FILE}"),
            crlf,
            no_title,
            FILE.replace('\n', "\n\n"),
            FILE.replace("\"\"\n", "\"\",\n"),
        ] {
            assert_eq!(trades_of(&file), expected);
        }
    }

    /// Without an unadjusted basis, the 1,000 can't be separated from the cost.
    #[test]
    fn an_adjusted_basis_that_would_count_a_loss_twice_is_a_fault() {
        let file = FILE.replace("\"$4,200.00\"", "\"\"");
        let faults = faults_of(&file);
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].0, Some(4));
        assert!(
            faults[0].1.starts_with("Cost Basis (CB): 5200.0000: may hold the loss disallowed on line 3"),
            "{faults:?}"
        );
        let options = ImportOptions { basis_unadjusted: true, ..ImportOptions::default() };
        let imported = import(file.as_bytes(), &options).unwrap();
        assert!(
            imported.notes.iter().any(|n| n.starts_with("1 lots have no unadjusted")),
            "{:?}",
            imported.notes
        );
    }

    #[test]
    fn a_basis_lowered_by_something_else_is_kept() {
        let file = FILE.replace("\"$23,100.00\",\"$80", "\"$23,000.00\",\"$80");
        assert!(trades_of(&file).contains("buy,ZED.B,1250.500000,23000.0000"));
    }

    #[test]
    fn every_bad_cell_is_a_fault_of_its_line() {
        let file = FILE
            .replace("\"01/02/2025\",\"100\"", "\"13/02/2025\",\"0\"")
            .replace("\"$4,500.00\"", "\"$4,50.00\"")
            .replace("\"1,250.5\"", "\"\"")
            .replace("\"No\",\"--\"", "\"Perhaps\",\"--\"");
        let faults = faults_of(&file);
        let expected = [
            (3, "Opened Date: 13/02/2025: expected a date such as 01/31/2025"),
            (3, "Quantity: 0: expected more than zero"),
            (4, "Proceeds: $4,50.00: expected dollars"),
            (5, "Quantity: empty: expected a number of shares"),
            (5, "Wash Sale?: Perhaps: expected Yes or No"),
        ];
        assert_eq!(faults.len(), expected.len(), "{faults:#?}");
        for ((line, message), (want_line, want)) in faults.iter().zip(expected) {
            assert_eq!(*line, Some(want_line));
            assert!(message.starts_with(want), "{message}");
        }
    }

    /// Accounts keep their names in the file, and the kind is taken from the label.
    #[test]
    fn all_accounts_are_a_section_each() {
        let (title, table) = FILE.split_once('\n').unwrap();
        let rows: Vec<&str> = table.lines().collect();
        let label = |name: &str| format!("\"{name}\",\"\",\"\"");
        let title = title.replace("Example_Account", "All_Accounts");
        let file = [
            title.as_str(),
            &label("Individual 401(k) ...111"),
            rows[0],
            rows[2],
            "\"\",\"\"",
            &label("HSA Brokerage ...222"),
            rows[0],
            "\"There are no transactions available for your search criteria. Please revise your search criteria.\",\"\"",
            "\"\",\"\"",
            &label("Individual ...333"),
            rows[0],
            rows[3],
        ]
        .join("\n");
        assert_eq!(
            trades_of(&file),
            "date,account,action,symbol,quantity,amount,lot,acquired\n\
             2016-11-23,Individual ...333,buy,ZED.B,1250.500000,23100.0000,ZED.B@2016-11-23,\n\
             2025-02-10,Individual 401(k) ...111,buy,QQA,100.000000,4200.0000,QQA@2025-02-10,\n\
             2025-03-04,Individual ...333,sell,ZED.B,1250.500000,103450.0100,ZED.B@2016-11-23,\n\
             2025-06-02,Individual 401(k) ...111,sell,QQA,100.000000,4500.0000,QQA@2025-02-10,\n"
        );
        let imported = import(file.as_bytes(), &ImportOptions::default()).unwrap();
        assert_eq!(
            super::super::accounts_csv(&imported.accounts),
            "account,kind\nIndividual ...333,taxable\nIndividual 401(k) ...111,401k\n"
        );
        assert!(
            imported.notes[0].contains("\"Individual 401(k) ...111\" is of the kind 401k"),
            "{imported:?}"
        );
        // A row that can't be read is a fault of its line, in any section.
        let faults = faults_of(&file.replace("1,250.5", "many"));
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].0, Some(12));
    }

    #[test]
    fn a_title_tells_the_kind_too() {
        let file = FILE.replace("Example_Account", "Rollover_IRA");
        let kinds = |account: &str| {
            let options = ImportOptions { account: account.to_owned(), ..ImportOptions::default() };
            let imported = import(file.as_bytes(), &options).unwrap();
            super::super::accounts_csv(&imported.accounts)
        };
        assert_eq!(kinds("taxable"), "account,kind\nRollover_IRA,ira\n");
        assert_eq!(kinds("mine"), "account,kind\nmine,ira\n");
    }

    #[test]
    fn shorts_options_and_missing_columns() {
        for short in [
            FILE.replace("\"02/03/2025\",\"01/02/2025\"", "\"01/02/2025\",\"02/03/2025\""),
            FILE.replace("\"01/02/2025\",\"100\"", "\"01/02/2025\",\"-100\""),
        ] {
            let imported = import(short.as_bytes(), &ImportOptions::default()).unwrap();
            assert_eq!(imported.left_out, [LeftOut::rows("short lots of QQA", 1)]);
            assert_eq!(trades_of(&short).matches(",sell,").count(), 2);
        }
        let option = FILE.replace("\"ZED/B\"", "\"ZED 06/20/2025 100.00 C\"");
        let imported = import(option.as_bytes(), &ImportOptions::default()).unwrap();
        assert_eq!(imported.left_out, [LeftOut::rows("options", 1)]);
        let missing = FILE.replace("\"Proceeds\"", "\"Received\"");
        assert_eq!(faults_of(&missing), [(Some(2), "no column \"Proceeds\" in the header".to_owned())]);
        let header = FILE.lines().take(2).collect::<Vec<_>>().join("\n");
        assert!(faults_of(&header)[0].1.contains("no closed lot"));
    }
}
