//! Reads tables of holdings: positions exported by Schwab and Fidelity, and other tables of lots. They differ
//! in column names, and in the rows that are not securities.
//!
//! A broker's positions have a basis but no dates. Rows of cash and of money market funds for cash
//! (`SPAXX**`) add to cash; totals are skipped. Options, bonds and pending activity are left out and counted.
//! So are accounts whose `kind` column says `ira`, `roth`, `hsa` or `401k`, because their lots are not taxed.
//! If only a label or title states the kind, it becomes the account's name.

use std::collections::BTreeMap;

use super::fault::ImportFault;
use super::held::{HeldLot, Holdings, Source};
use super::left_out::Named;
use super::row::{Column, SourceRow, fold};
use super::table::{Record, header_at, rows, sections, title};
use super::value::{US_DATE, price, us_date};
use super::{ImportOptions, account, symbol};
use unisleeve_units::Money;

const CLIENT: Column = Column::new("client", &["client"]);
const ACCOUNT: Column = Column::new("account", &["accountnumber", "account"]);
const ACCOUNT_NAME: Column = Column::new("Account Name", &["accountname"]);
const KIND: Column = Column::new("kind", &["kind"]);
const SYMBOL: Column = Column::new("symbol", &["symbol", "ticker"]);
const DESCRIPTION: Column = Column::new("description", &["description"]);
const QUANTITY: Column = Column::new("quantity", &["quantity", "qtyquantity", "shares"]);
const BASIS: Column = Column::new("basis", &["costbasistotal", "costbasis", "basis"]);
const ACQUIRED: Column = Column::new("acquired", &["acquired", "dateacquired", "opendate", "date"]);
const HOLDING: Column = Column::new("holding_start", &["holdingstart"]);
const FIDELITY_VALUE: Column = Column::new("Current Value", &["currentvalue"]);
const SCHWAB_VALUE: Column = Column::new("Mkt Val (Market Value)", &["mktvalmarketvalue"]);
const VALUE: Column = Column::new("value", &["currentvalue", "mktvalmarketvalue", "marketvalue", "value"]);
const PRICE: Column = Column::new("price", &["lastprice", "price"]);
const TYPE: Column = Column::new("Security Type", &["securitytype", "assettype"]);

/// Whether a record is the header of a table of positions.
fn is_header(record: &Record) -> bool {
    record.names(SYMBOL) && record.names(QUANTITY)
}

/// The first header of a table of positions; `None` if there is none.
///
/// # Errors
/// If only the basis column is missing.
pub(super) fn header(records: &[Record]) -> Result<Option<&Record>, ImportFault> {
    let header = header_at(records, is_header).and_then(|at| records.get(at));
    match header {
        Some(header) if !header.names(BASIS) => {
            let expected =
                "no column of the cost basis in the header: expected symbol, quantity and cost basis";
            Err(ImportFault::line(header.line, expected))
        }
        found => Ok(found),
    }
}

/// Reads the records of a file. `header` is its first header; an export of all accounts has a section for
/// each account.
pub(super) fn read(header: &Record, records: &[Record], options: &ImportOptions) -> Holdings {
    let source = if header.names(FIDELITY_VALUE) {
        Source::FidelityPositions
    } else if header.names(SCHWAB_VALUE) || header.names(TYPE) {
        Source::SchwabPositions
    } else {
        Source::Lots
    };
    let (mut faults, mut lots, mut cash) = (Vec::new(), Vec::new(), None);
    let mut left_out = Named::default();
    let title = title(records, is_header);
    for section in sections(records, is_header) {
        let account = account::of_table(section.label, title, &options.account, &mut BTreeMap::new());
        for row in &rows(section.header, section.records, &[], &mut faults) {
            match what(row) {
                What::Nothing => {}
                What::LeftOut(what) => left_out.add(what, None),
                What::Cash => {
                    let column = if row.text(VALUE).is_empty() { QUANTITY } else { VALUE };
                    if let Some(dollars) = row.money(column, &mut faults) {
                        let sum = cash.unwrap_or(Money::ZERO).raw().saturating_add(dollars.raw());
                        cash = Some(Money::from_raw(sum));
                    }
                }
                What::Lot => lots.extend(lot(row, &account, &mut faults)),
            }
        }
    }
    if lots.is_empty() && faults.is_empty() {
        faults.push(ImportFault::file("holds no position in a stock or fund: expected at least one"));
    }
    Holdings { source, lots, cash, left_out: left_out.list(), faults }
}

/// What a row of a table is.
enum What {
    Lot,
    Cash,
    LeftOut(&'static str),
    /// A total, or a repeated header.
    Nothing,
}

fn what(row: &SourceRow) -> What {
    let (symbol, description) = (row.text(SYMBOL), row.text(DESCRIPTION));
    let kind = row.text(KIND).to_ascii_lowercase();
    match fold(symbol).as_str() {
        "symbol" | "accounttotal" | "positionstotal" | "total" => return What::Nothing,
        "pendingactivity" => return What::LeftOut("pending activity"),
        _ if matches!(kind.as_str(), "ira" | "roth" | "hsa" | "401k") => {
            return What::LeftOut("rows of retirement accounts");
        }
        // CASH is also the ticker of a stock; that row has a basis.
        "cash" | "cashcashinvestments" if row.text(BASIS).is_empty() => return What::Cash,
        _ if symbol.ends_with("**") => return What::Cash,
        _ => {}
    }
    let class = row.text(TYPE);
    if symbol::is_option(symbol)
        || class.eq_ignore_ascii_case("option")
        || description.starts_with("CALL (")
        || description.starts_with("PUT (")
    {
        What::LeftOut("options")
    } else if class.eq_ignore_ascii_case("fixed income") {
        What::LeftOut("bonds")
    } else {
        What::Lot
    }
}

fn lot(row: &SourceRow, given: &str, faults: &mut Vec<ImportFault>) -> Option<HeldLot> {
    let before = faults.len();
    let symbol = row.symbol(SYMBOL, faults);
    let quantity = row.quantity(QUANTITY, faults);
    // A short position has a negative basis too; report only one fault.
    let basis = quantity.and_then(|_| row.amount(BASIS, faults));
    let mut date = |column| {
        if row.text(column).is_empty() { None } else { row.date(column, faults, US_DATE, us_date) }
    };
    let (acquired, holding_start) = (date(ACQUIRED), date(HOLDING));
    let value = row.optional_money(VALUE, faults);
    if !matches!(row.text(KIND), "" | "taxable") {
        faults.push(row.fault(KIND, "expected taxable, ira, roth, hsa or 401k"));
    }
    let (symbol, quantity, basis) = (symbol?, quantity?, basis?);
    let priced = || price(row.text(PRICE)).map(|price| Money::of(quantity, price));
    // A name often states the account's kind: `ROTH IRA`.
    let names = [CLIENT, ACCOUNT, ACCOUNT_NAME].map(|column| row.text(column));
    let account = names.into_iter().filter(|n| !n.is_empty()).collect::<Vec<_>>().join(" ");
    let lot = HeldLot {
        line: row.line,
        account: if account.is_empty() { given.to_owned() } else { account },
        symbol,
        quantity,
        basis,
        acquired,
        holding_start: holding_start.filter(|day| Some(*day) != acquired),
        value: value.or_else(priced).filter(|value| value.is_positive()),
    };
    (faults.len() == before).then_some(lot)
}

#[cfg(test)]
mod tests {
    use super::super::holdings::holdings;
    use super::super::record::LeftOut;
    use super::*;

    const SCHWAB: &str = include_str!("fixtures/schwab_positions.csv");
    const FIDELITY: &str = include_str!("fixtures/fidelity_positions.csv");
    const LOTS: &str = include_str!("fixtures/lots.csv");

    fn read(file: &str) -> Holdings {
        holdings(file.as_bytes(), &ImportOptions::default()).unwrap()
    }

    fn lines(read: &Holdings) -> Vec<String> {
        assert_eq!(read.faults, []);
        let day = |date: Option<chrono::NaiveDate>| date.map(|d| d.to_string()).unwrap_or_default();
        let dollars = |value: Option<Money>| value.map(|v| v.to_string()).unwrap_or_default();
        let line = |l: &HeldLot| {
            let (acquired, value) = (day(l.acquired), dollars(l.value));
            format!("{} {} {} {} {acquired} {value}", l.account, l.symbol, l.quantity, l.basis)
        };
        read.lots.iter().map(line).collect()
    }

    #[test]
    fn schwab_positions() {
        let found = read(SCHWAB);
        assert_eq!(
            lines(&found),
            [
                "taxable QQA 1200.000000 24000.0000  216000.0000",
                "taxable ZED.B 50.500000 5100.2500  5050.0000"
            ]
        );
        assert_eq!((found.source, found.cash), (Source::SchwabPositions, Money::from_f64(12_345.67)));
        assert_eq!(found.left_out, [LeftOut::rows("bonds", 1), LeftOut::rows("options", 1)]);
    }

    #[test]
    fn fidelity_positions() {
        let found = read(FIDELITY);
        assert_eq!(
            lines(&found),
            [
                "X00000001 Individual - TOD QQA 100.000000 9000.0000  18000.0000",
                "X00000001 Individual - TOD ZED.B 10.000000 1500.0000  1200.5000",
                "X00000002 ROTH IRA QQA 5.000000 800.0000  900.0000"
            ]
        );
        assert_eq!((found.source, found.cash), (Source::FidelityPositions, Money::from_f64(2_500.0)));
        assert_eq!(found.left_out, [LeftOut::rows("options", 1), LeftOut::rows("pending activity", 1)]);
        assert_eq!(lines(&read(&format!("\u{feff}{}", FIDELITY.replace('\n', "\r\n")))), lines(&found));
    }

    #[test]
    fn accounts_are_named_after_their_titles_and_labels() {
        let titled = read(&SCHWAB.replace("Example_Account", "Roth Contributory IRA"));
        assert!(titled.lots.iter().all(|l| l.account == "Roth Contributory IRA ...001"), "{titled:?}");
        let (title, table) = SCHWAB.split_once("\n\n").unwrap();
        let sections =
            format!("{title}\n\n\"Joint ...1\",\"\"\n{table}\n\n\"HSA Brokerage ...2\",\"\"\n{table}");
        let found = read(&sections);
        let accounts: Vec<&str> = found.lots.iter().map(|l| l.account.as_str()).collect();
        assert_eq!(accounts, ["Joint ...1", "Joint ...1", "HSA Brokerage ...2", "HSA Brokerage ...2"]);
        assert_eq!(found.cash, Money::from_f64(24_691.34));
        assert_eq!(found.left_out, [LeftOut::rows("bonds", 2), LeftOut::rows("options", 2)]);
    }

    #[test]
    fn a_table_of_one_s_own() {
        let found = read(LOTS);
        assert_eq!(
            lines(&found),
            [
                "Joint QQA 1200.000000 24000.0000 2016-05-02 216000.0000",
                "Joint QQA 100.000000 17500.0000 2026-03-16 18000.0000",
                "Joint ZED.B 300.000000 31500.0000 2015-09-14 30000.0000",
                "Joint YAK 400.000000 58000.0000 2021-03-08 60000.0000"
            ]
        );
        assert_eq!((found.source, found.cash), (Source::Lots, Money::from_f64(25_000.0)));
        // The columns of a file with several clients, and those that the page accepts as text.
        let book = "client,account,kind,symbol,quantity,basis,acquired\nA,a,taxable,QQA,1,2,2020-01-02\nA,r,roth,QQA,1,2,\n";
        let found = read(book);
        assert_eq!(lines(&found), ["A a QQA 1.000000 2.0000 2020-01-02 "]);
        assert_eq!(found.left_out, [LeftOut::rows("rows of retirement accounts", 1)]);
        assert_eq!(
            lines(&read("symbol,shares,price,basis,date\nQQA,3,1.5,2,3/8/2021\n")),
            ["taxable QQA 3.000000 2.0000 2021-03-08 4.5000"]
        );
    }

    #[test]
    fn every_bad_cell_is_a_fault_of_its_line_and_the_rest_is_read() {
        let file = "symbol,quantity,basis,acquired,value,kind\n\
            QQA,1,2,2020-01-02,3,\nQQA,ten,2,2020-01-02,3,\nQQA,-1,-2,2020-01-02,3,\n?,1,--,2020-13-02,x,\n\
            QQA,1,2,2020-01-02,3,trust\nQQA,1\n";
        let read = read(file);
        let faults: Vec<_> = read.faults.iter().map(|f| format!("{}: {f}", f.line.unwrap())).collect();
        let expected = [
            "3: quantity: ten: expected a number",
            "4: quantity: -1: a short position",
            "5: symbol: ?: expected a ticker",
            "5: basis: --: expected dollars",
            "5: acquired: 2020-13-02: expected a date",
            "5: value: x: expected dollars",
            "6: kind: trust: expected taxable",
            "7: 2 fields: expected 6",
        ];
        assert_eq!(faults.len(), expected.len(), "{faults:#?}");
        for (fault, want) in faults.iter().zip(expected) {
            assert!(fault.starts_with(want), "{fault}");
        }
        assert_eq!(read.lots.len(), 1);
    }

    #[test]
    fn positions_without_a_position() {
        for file in ["symbol,quantity,basis\n", "symbol,quantity,basis\nCASH,5,\n"] {
            assert!(read(file).faults[0].to_string().starts_with("holds no position"));
        }
    }
}
