//! Fidelity, closed lots: one row for each lot sold. Two orders of columns are in use.
//!
//! Fidelity reports one cost basis, which includes losses that Fidelity disallowed. There is no unadjusted
//! basis. If the reported gain differs from proceeds less basis on a losing sale, the sale was washed. A
//! missing gain (`--` in both columns) counts as zero, so a losing sale without one counts as washed.
//!
//! Such a file is imported unless one of its lots may be the replacement (see [`super::wash`]).
//! `Date Acquired` is taken as the date of purchase. A security without a ticker is identified by its CUSIP.

use std::collections::BTreeMap;

use super::fault::ImportFault;
use super::left_out::Named;
use super::lots::{ClosedLot, Origin, trades};
use super::row::{Column, SourceRow};
use super::table::{Record, rows, sections, title};
use super::value::{US_DATE, shares, us_date};
use super::{ImportOptions, Imported, Kind, account, symbol, wash};
use unisleeve_units::{Money, Shares};

pub(super) const SYMBOL: Column = Column::new("Symbol(CUSIP)", &["symbolcusip"]);
const DESCRIPTION: Column = Column::new("Security Description", &["securitydescription"]);
const QUANTITY: Column = Column::new("Quantity", &["quantity"]);
pub(super) const ACQUIRED: Column = Column::new("Date Acquired", &["dateacquired"]);
pub(super) const SOLD: Column = Column::new("Date Sold", &["datesold"]);
const PROCEEDS: Column = Column::new("Proceeds", &["proceeds"]);
const BASIS: Column = Column::new("Cost Basis", &["costbasis"]);
const SHORT: Column = Column::new("Short Term Gain/Loss", &["shorttermgainloss"]);
const LONG: Column = Column::new("Long Term Gain/Loss", &["longtermgainloss"]);

/// Tolerance for the gain against proceeds less basis: all three are rounded to the cent.
const ROUNDING: Money = Money::from_raw(200);

/// Whether a record is the header of a table of closed lots.
pub(super) fn is_header(record: &Record) -> bool {
    record.names(SYMBOL) && (record.names(ACQUIRED) || record.names(SOLD))
}

/// Imports the records of a file.
pub(super) fn import(records: &[Record], options: &ImportOptions) -> Result<Imported, Vec<ImportFault>> {
    let required = [SYMBOL, QUANTITY, ACQUIRED, SOLD, PROCEEDS, BASIS];
    let (mut faults, mut lots, mut labels) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut left_out = Named::default();
    let title = title(records, is_header);
    for section in sections(records, is_header) {
        let named = account::of_table(section.label, title, &options.account, &mut labels);
        let rows = rows(section.header, section.records, &required, &mut faults);
        if required.iter().any(|c| !section.header.names(*c)) {
            continue;
        }
        for row in &rows {
            if is_option(row) {
                left_out.add("options", None);
            } else if is_short(row) {
                left_out.add("short lots", Some(row.text(SYMBOL)));
            } else {
                let account = account::of_row(row).unwrap_or_else(|| named.clone());
                lots.extend(read(row, account, &mut faults));
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
    let rows = trades(&lots, &[]);
    let imported = Imported::of_lots(Kind::FidelityClosedLots, rows, &labels, &lots, Vec::new());
    Ok(left_out.list().into_iter().fold(imported, Imported::leaving_out))
}

/// Whether a lot is short: sold before it was bought, or with a negative quantity.
fn is_short(row: &SourceRow) -> bool {
    let day = |column| us_date(row.text(column));
    let backwards = day(SOLD).zip(day(ACQUIRED)).is_some_and(|(sold, acquired)| sold < acquired);
    backwards || shares(row.text(QUANTITY)).is_some_and(Shares::is_negative)
}

/// Whether a row is an option. Fidelity describes options as `CALL (AAPL) ...` and `PUT (AAPL) ...`.
fn is_option(row: &SourceRow) -> bool {
    let (ticker, _) = split(row.text(SYMBOL));
    let description = row.text(DESCRIPTION);
    symbol::is_option(ticker) || description.starts_with("CALL (") || description.starts_with("PUT (")
}

/// Splits `AAPL(037833100)` into ticker and CUSIP.
fn split(text: &str) -> (&str, Option<&str>) {
    match text.split_once('(').and_then(|(ticker, rest)| Some((ticker, rest.strip_suffix(')')?))) {
        Some((ticker, cusip)) => (ticker.trim(), Some(cusip.trim())),
        None => (text, None),
    }
}

fn ticker(text: &str) -> Option<String> {
    match split(text) {
        ("" | "undefined", Some(cusip)) => symbol::normalise(cusip),
        (ticker, _) => symbol::normalise(ticker),
    }
}

fn read(row: &SourceRow, account: String, faults: &mut Vec<ImportFault>) -> Option<ClosedLot> {
    let symbol = ticker(row.text(SYMBOL));
    if symbol.is_none() {
        faults.push(row.fault(SYMBOL, "expected a ticker and a CUSIP such as AAPL(037833100)"));
    }
    let quantity = row.quantity(QUANTITY, faults);
    let opened = row.date(ACQUIRED, faults, US_DATE, us_date);
    let closed = row.date(SOLD, faults, US_DATE, us_date);
    let proceeds = row.amount(PROCEEDS, faults);
    let cost = row.amount(BASIS, faults);
    let before = faults.len();
    let gains = [SHORT, LONG].map(|column| row.optional_money(column, faults));
    if faults.len() > before {
        return None;
    }
    let (cost, proceeds) = (cost?, proceeds?);
    let reported = match gains {
        [None, None] => Money::ZERO,
        [short, long] => short.unwrap_or_default() + long.unwrap_or_default(),
    };
    let missing = reported - (proceeds - cost);
    Some(ClosedLot {
        line: row.line,
        account,
        symbol: symbol?,
        quantity: quantity?,
        opened: opened?,
        origin: Origin::default(),
        closed: closed?,
        cost,
        may_be_adjusted: true,
        proceeds,
        disallowed: (proceeds < cost && missing > ROUNDING).then_some(missing),
    })
}

#[cfg(test)]
mod tests {
    use super::super::record::LeftOut;
    use super::super::{Content, ImportOptions, import, trades_csv};
    use super::*;

    const FILE: &str = include_str!("fixtures/fidelity.csv");
    const EXPECTED: &str = "date,account,action,symbol,quantity,amount,lot,acquired\n\
        2016-11-23,x,buy,ZEDB,10.500000,100.0000,ZEDB@2016-11-23,\n\
        2024-01-03,x,buy,000000BN3,5000.000000,4900.0000,000000BN3@2024-01-03,\n\
        2025-01-02,x,buy,QQA,50.000000,2500.0000,QQA@2025-01-02,\n\
        2025-02-03,x,sell,QQA,30.000000,1200.0000,QQA@2025-01-02,\n\
        2025-02-04,x,sell,QQA,20.000000,820.0000,QQA@2025-01-02,\n\
        2025-03-04,x,sell,ZEDB,10.500000,900.0000,ZEDB@2016-11-23,\n\
        2025-03-04,x,sell,000000BN3,5000.000000,5000.0000,000000BN3@2024-01-03,\n";

    fn options() -> ImportOptions {
        ImportOptions { account: "x".to_owned(), ..ImportOptions::default() }
    }

    fn trades_of(file: &str) -> String {
        let imported = import(file.as_bytes(), &options()).unwrap();
        assert_eq!(imported.left_out, [LeftOut::rows("options", 1)]);
        let Content::Trades(rows) = &imported.content else { panic!("{imported:?}") };
        trades_csv(rows)
    }

    fn faults_of(file: &str) -> Vec<(Option<u64>, String)> {
        let faults = import(file.as_bytes(), &options()).unwrap_err();
        faults.into_iter().map(|f| (f.line, f.to_string())).collect()
    }

    /// The other order of columns, with ISO dates and newer column names.
    fn other_order() -> String {
        let mut out =
            "Symbol(CUSIP),Security description,Date acquired,Date sold,Quantity,Cost basis,Proceeds,\
                       Short-term gain/loss,Long-term gain/loss\n"
                .to_owned();
        for line in FILE.lines().skip(1) {
            let record: Vec<String> = super::super::table::records(line)
                .unwrap()
                .into_iter()
                .flat_map(|r| r.cells)
                .map(|c| format!("\"{c}\""))
                .collect();
            match record.as_slice() {
                [a, b, c, d, e, f, g, rest @ ..] => {
                    out.push_str(&[a, b, d, e, c, g, f].map(String::as_str).join(","));
                    out.push(',');
                    out.push_str(&rest.join(","));
                }
                _ => out.push_str(line),
            }
            out.push('\n');
        }
        out.replace("11/23/2016", "2016-11-23").replace("\"-\"", "\"--\"")
    }

    #[test]
    fn both_orders_of_columns_read_the_same() {
        assert_eq!(trades_of(FILE), EXPECTED);
        assert_eq!(trades_of(&other_order()), EXPECTED);
        assert_eq!(trades_of(&format!("\u{feff}{}", FILE.replace('\n', "\r\n"))), EXPECTED);
    }

    /// Line 2 lost 300, all disallowed; a lot bought seven days later may contain that loss.
    #[test]
    fn a_possible_replacement_is_a_fault() {
        let washed = FILE.replace("($300.00)", "$0.00");
        let imported = import(washed.as_bytes(), &options()).unwrap();
        assert_eq!(imported.disallowed_by_broker, Some(Money::whole(300)));
        let row = "QQA(000000QA1),QUILL,30,02/10/2025,09/03/2025,\"$1,500.00\",\"$1,530.00\",-$30.00,-,";
        let with = washed.replace("ZEDB(", &format!("{row}\nZEDB("));
        let faults = faults_of(&with);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].0, Some(4));
        assert!(
            faults[0].1.starts_with("Cost Basis: 1530.0000: may hold the loss disallowed on line 2"),
            "{faults:?}"
        );
        assert!(faults[0].1.contains("--basis-unadjusted"));
        // A lot bought in March is too late to replace it.
        assert!(import(with.replace("02/10/2025", "03/06/2025").as_bytes(), &options()).is_ok());
        // A loss that is not reported may also be disallowed.
        assert_eq!(faults_of(&with.replace("$0.00", "--")).len(), 1);
        let options = ImportOptions { basis_unadjusted: true, ..options() };
        assert!(import(with.as_bytes(), &options).is_ok());
    }

    /// If the export has account columns, they give the account's name and kind.
    #[test]
    fn accounts_are_those_of_the_rows() {
        let with = |line: &str, account: &str| format!("{account},{line}\n");
        let mut file = with(FILE.lines().next().unwrap(), "Account Number,Account Name");
        for (line, account) in FILE.lines().skip(1).zip(["X1,ROTH IRA", "X2,Joint WROS"]) {
            file.push_str(&with(line, account));
        }
        let imported = import(file.as_bytes(), &ImportOptions::default()).unwrap();
        let kinds: Vec<_> = imported.accounts.iter().map(|a| (a.account.as_str(), a.kind)).collect();
        assert_eq!(kinds, [("X1 ROTH IRA", "roth"), ("X2 Joint WROS", "taxable")]);
    }

    #[test]
    fn a_short_lot_is_left_out() {
        let file = FILE.replace("11/23/2016,03/04/2025", "03/04/2025,11/23/2016");
        let imported = import(file.as_bytes(), &options()).unwrap();
        let left_out = [LeftOut::rows("options", 1), LeftOut::rows("short lots of ZEDB(000000ZB2)", 1)];
        assert_eq!(imported.left_out, left_out);
    }

    #[test]
    fn every_bad_cell_is_a_fault_of_its_line() {
        let file = FILE
            .replace(
                "QQA(000000QA1),\"QUILL & ARROW INC, CLASS A\",20",
                "(),\"QUILL & ARROW INC, CLASS A\",0",
            )
            .replace("11/23/2016", "Various")
            .replace("$100.00,--", "--,--")
            .replace("--,$800.00", "--,$8OO.00");
        let messages: Vec<String> =
            faults_of(&file).into_iter().map(|(line, text)| format!("{}: {text}", line.unwrap())).collect();
        let expected = [
            "3: Symbol(CUSIP): (): expected a ticker",
            "3: Quantity: 0.00000: expected more than zero",
            "4: Date Acquired: Various: expected a date",
            "4: Cost Basis: --: expected dollars",
            "4: Long Term Gain/Loss: $8OO.00: expected dollars",
        ];
        assert_eq!(messages.len(), expected.len(), "{messages:#?}");
        for (message, want) in messages.iter().zip(expected) {
            assert!(message.starts_with(want), "{message}");
        }
    }
}
