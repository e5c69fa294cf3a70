//! Interactive Brokers, Flex query: open lots (`OpenPosition`, `levelOfDetail` `LOT`) and closed lots (`Lot`,
//! or `Trade` with `CLOSED_LOT`), as XML or CSV.
//!
//! - An open lot becomes a `transfer_in` on the report date, with basis `costBasisMoney` and purchase date
//!   `openDateTime`. If `holdingPeriodDateTime` is a different day, it becomes the `holding_start`.
//! - A closed lot becomes a `buy` for `cost` and a `sell` for `cost` plus `fifoPnlRealized`, which is net of
//!   commissions. `buySell` is the side of the closing trade: BUY closed a short lot. A negative quantity
//!   counts as long only with SELL.
//! - If the holding period of a lot starts before its purchase, the lot replaced shares in a wash sale, so
//!   its basis may include a disallowed loss. Flex does not say which sale that was; every losing sale in the
//!   file is a candidate (see [`super::wash`]).
//! - Only long lots of stocks and funds in US dollars are imported. Options, bonds, short lots and lots in
//!   other currencies are left out, and are named and counted.
//! - If a purchase was sold in part, the part still held stays in the same lot (see [`super::lots`]).
//! - The account's kind comes from its alias or from `AccountInformation`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::fault::ImportFault;
use super::flex::{ACCOUNT, ACCOUNT_KIND, Entry, SYMBOL};
use super::held::{HeldLot, Holdings, Source};
use super::left_out::Named;
use super::lots::{ClosedLot, OpenLot, Origin, same_unit_cost, trades};
use super::record::LeftOut;
use super::row::{Column, SourceRow};
use super::value::{FLEX_DATE, flex_date, money, price, shares};
use super::{ImportOptions, Imported, Kind, account, symbol, wash};
use unisleeve_units::{Money, Shares};

const CURRENCY: Column = Column::new("currency", &["currency", "currencyprimary"]);
const CATEGORY: Column = Column::new("assetCategory", &["assetcategory", "assetclass"]);
const REPORTED: Column = Column::new("reportDate", &["reportdate", "todate"]);
const POSITION: Column = Column::new("position", &["position", "quantity"]);
const BASIS: Column = Column::new("costBasisMoney", &["costbasismoney"]);
const VALUE: Column = Column::new("positionValue", &["positionvalue"]);
const MARK: Column = Column::new("markPrice", &["markprice"]);
const OPENED: Column = Column::new("openDateTime", &["opendatetime"]);
const HOLDING: Column = Column::new("holdingPeriodDateTime", &["holdingperioddatetime"]);
const QUANTITY: Column = Column::new("quantity", &["quantity"]);
const COST: Column = Column::new("cost", &["cost", "costbasis"]);
const GAIN: Column = Column::new("fifoPnlRealized", &["fifopnlrealized"]);
const SIDE: Column = Column::new("buySell", &["buysell"]);
/// Side of an open position: `Long` or `Short`.
const POSITION_SIDE: Column = Column::new("side", &["side"]);
const ORDER: Column = Column::new("originatingOrderID", &["originatingorderid", "origorderid"]);
const TRANSACTION: Column =
    Column::new("originatingTransactionID", &["originatingtransactionid", "origtransactionid"]);
const CLOSED: Column = Column::new("tradeDate", &["tradedate", "datetime", "whenrealized"]);

/// The lots in a statement.
struct Statement {
    open: Vec<OpenLot>,
    closed: Vec<ClosedLot>,
    /// Descriptions of accounts, by account name.
    labels: BTreeMap<String, String>,
    /// Rows that are not lots, counted by kind.
    left_out: Vec<LeftOut>,
    faults: Vec<ImportFault>,
}

/// Converts the entries of a statement to lots. `faults` holds the faults found while reading it.
fn statement(entries: Vec<Entry>, options: &ImportOptions, mut faults: Vec<ImportFault>) -> Statement {
    let (mut open, mut closed, mut labels) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut left_out = Named::default();
    let mut found = false;
    for entry in entries {
        let row = match &entry {
            Entry::Open(row) | Entry::Closed(row) => row,
            Entry::Account(row) => {
                label(row, &mut labels);
                continue;
            }
            Entry::Other(what) => {
                left_out.add(what, None);
                continue;
            }
        };
        found = true;
        label(row, &mut labels);
        if let Some(what) = other_asset(row) {
            left_out.add(&what, None);
        } else if let Some(what) = foreign(row).or_else(|| short(&entry)) {
            left_out.add(&what, Some(row.text(SYMBOL)));
        } else if matches!(entry, Entry::Open(_)) {
            open.extend(read_open(row, options, &mut faults));
        } else {
            closed.extend(read_closed(row, options, &mut faults));
        }
    }
    if !found && faults.is_empty() {
        faults.push(ImportFault::file(
            "a Flex statement without lots: expected levelOfDetail LOT or CLOSED_LOT (add Lot to Open Positions, or \
             Closed Lots to Trades, in the query)",
        ));
    } else if open.is_empty() && closed.is_empty() && faults.is_empty() {
        faults.push(ImportFault::file(
            "holds no long lot of a stock or fund in US dollars: expected at least one",
        ));
    }
    Statement { open, closed, labels, left_out: left_out.list(), faults }
}

/// Adds a row's description of its account.
fn label(row: &SourceRow, labels: &mut BTreeMap<String, String>) {
    let account = row.text(ACCOUNT);
    let said = ACCOUNT_KIND.map(|column| row.text(column));
    for text in said.into_iter().filter(|t| !t.is_empty() && !account.is_empty()) {
        let label = labels.entry(account.to_owned()).or_insert_with(|| account.to_owned());
        // Every row repeats the same alias.
        if !label.contains(text) {
            label.push(' ');
            label.push_str(text);
        }
    }
}

/// Describes a lot that is not in US dollars; `None` for one that is, or without a currency.
fn foreign(row: &SourceRow) -> Option<String> {
    let currency = row.text(CURRENCY);
    let foreign = !currency.is_empty() && !currency.eq_ignore_ascii_case("USD");
    foreign.then(|| format!("lots in {}", super::fault::shown(currency)))
}

/// Describes a short lot: one closed by a purchase, or with a negative quantity and no side that says
/// otherwise.
fn short(entry: &Entry) -> Option<String> {
    let negative = |row: &SourceRow, column| shares(row.text(column)).is_some_and(Shares::is_negative);
    let is_short = match entry {
        Entry::Open(row) => row.text(POSITION_SIDE).eq_ignore_ascii_case("short") || negative(row, POSITION),
        Entry::Closed(row) => match row.text(SIDE) {
            "" => negative(row, QUANTITY),
            side => side.to_ascii_uppercase().starts_with("BUY"),
        },
        Entry::Account(_) | Entry::Other(_) => false,
    };
    is_short.then(|| "short lots".to_owned())
}

/// The open lots as holdings. A basis that includes a disallowed loss is right here, because nothing adds
/// that loss again.
pub(super) fn holdings(entries: Vec<Entry>, options: &ImportOptions, faults: Vec<ImportFault>) -> Holdings {
    let Statement { open, closed, labels, mut left_out, mut faults } = statement(entries, options, faults);
    if open.is_empty() && faults.is_empty() {
        faults.push(ImportFault::file(
            "holds only lots that were sold: expected Open Positions with levelOfDetail LOT",
        ));
    }
    let held = |lot: OpenLot| HeldLot {
        line: lot.line,
        // The label also tells what kind of account it is.
        account: match labels.get(&lot.account).filter(|label| account::kind_of(label).is_some()) {
            Some(label) => label.clone(),
            None => lot.account,
        },
        symbol: lot.symbol,
        quantity: lot.quantity,
        basis: lot.basis,
        acquired: Some(lot.opened),
        holding_start: lot.holding_start,
        value: lot.value,
    };
    if !closed.is_empty() {
        left_out.push(LeftOut::rows("lots that were sold", closed.len() as u64));
    }
    let lots = open.into_iter().map(held).collect();
    Holdings { source: Source::IbkrFlex, lots, cash: None, left_out, faults }
}

/// Converts the entries of a statement to trades. `faults` holds the faults found while reading it.
pub(super) fn import(
    entries: Vec<Entry>,
    options: &ImportOptions,
    faults: Vec<ImportFault>,
) -> Result<Imported, Vec<ImportFault>> {
    let Statement { open, mut closed, labels, left_out, mut faults } = statement(entries, options, faults);
    if !options.basis_unadjusted {
        faults.extend(wash::counted_twice(&closed, &open, "cost basis"));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    // Flex does not report disallowed losses. All losing sales were marked as disallowed only for the check
    // above.
    for lot in &mut closed {
        lot.disallowed = None;
    }
    let rows = trades(&closed, &open);
    let imported = Imported::of_lots(Kind::IbkrFlex, rows, &labels, &closed, apart(&closed, &open));
    Ok(left_out.into_iter().fold(imported, Imported::leaving_out))
}

/// A note on open lots from purchases that were sold in part, if they can't be booked in the same lot.
fn apart(closed: &[ClosedLot], open: &[OpenLot]) -> Vec<String> {
    let mut sold: BTreeMap<(&str, &str, NaiveDate), Vec<&ClosedLot>> = BTreeMap::new();
    for lot in closed {
        sold.entry((&lot.account, &lot.symbol, lot.opened)).or_default().push(lot);
    }
    let lines: Vec<String> = open
        .iter()
        .filter(|lot| {
            let day = sold.get(&(lot.account.as_str(), lot.symbol.as_str(), lot.opened));
            day.into_iter().flatten().any(|other| {
                let booked_as_one = lot.holding_start.is_none()
                    && same_unit_cost((lot.quantity, lot.basis), (other.quantity, other.cost));
                lot.origin.same(&other.origin) == Some(true) && !booked_as_one
            })
        })
        .map(|lot| lot.line.to_string())
        .collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let some = lines.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
    vec![format!(
        "{} open lots (line {some}) are of purchases that were sold in part, at another basis a share: they are booked \
         as lots of their own, which the ledger may take for replacements of what was sold",
        lines.len()
    )]
}

/// Describes a row that is not a stock or fund.
fn other_asset(row: &SourceRow) -> Option<String> {
    match row.text(CATEGORY).to_ascii_uppercase().as_str() {
        "STK" | "FUND" | "ETF" => None,
        "" => symbol::is_option(row.text(SYMBOL)).then(|| "options".to_owned()),
        other => Some(format!("asset category {}", super::fault::shown(other))),
    }
}

/// Account and ticker of a row; a fault if its currency is not USD.
fn account_and_symbol(
    row: &SourceRow,
    options: &ImportOptions,
    faults: &mut Vec<ImportFault>,
) -> Option<(String, String)> {
    let currency = row.text(CURRENCY);
    if !currency.eq_ignore_ascii_case("USD") {
        faults.push(row.fault(CURRENCY, "expected USD: other currencies are not modelled"));
    }
    let symbol = row.symbol(SYMBOL, faults)?;
    if row.text(ACCOUNT).contains(char::is_control) {
        faults.push(row.fault(ACCOUNT, "expected a name without control characters"));
        return None;
    }
    let account = match row.text(ACCOUNT) {
        "" => options.account.clone(),
        account => account.to_owned(),
    };
    Some((account, symbol))
}

/// What distinguishes the lot's purchase from others on the same day.
fn origin(row: &SourceRow) -> Origin {
    // Zeros mean none: an id of zero, or midnight as an unknown time.
    let id = |column| Some(row.text(column)).filter(|t| t.bytes().any(|b| b.is_ascii_digit() && b != b'0'));
    let time = row.text(OPENED).split_once([';', ',', ' ', 'T']).map(|(_, time)| time.trim());
    let time = time.filter(|t| t.bytes().any(|b| b.is_ascii_digit() && b != b'0'));
    let text = |t: Option<&str>| t.unwrap_or_default().to_owned();
    Origin { order: text(id(ORDER)), transaction: text(id(TRANSACTION)), time: text(time) }
}

/// Date of purchase, and the start of the holding period if it is another day.
fn opened(row: &SourceRow, faults: &mut Vec<ImportFault>) -> Option<(NaiveDate, Option<NaiveDate>)> {
    let opened = row.date(OPENED, faults, FLEX_DATE, flex_date);
    let holding = if row.text(HOLDING).is_empty() {
        None
    } else {
        Some(row.date(HOLDING, faults, FLEX_DATE, flex_date)?)
    };
    let opened = opened?;
    Some((opened, holding.filter(|h| *h != opened)))
}

fn read_open(row: &SourceRow, options: &ImportOptions, faults: &mut Vec<ImportFault>) -> Option<OpenLot> {
    let before = faults.len();
    let named = account_and_symbol(row, options, faults);
    let quantity = row.quantity(POSITION, faults);
    let dates = opened(row, faults);
    let reported = row.date(REPORTED, faults, FLEX_DATE, flex_date);
    // A short position has a negative basis too; report only one fault.
    let basis = quantity.and_then(|_| row.amount(BASIS, faults));
    if let (Some((opened, _)), Some(reported)) = (dates, reported)
        && opened > reported
    {
        faults.push(row.fault(OPENED, format!("expected a day up to the report date {reported}")));
    }
    if let (Some((_, Some(start))), Some(reported)) = (dates, reported)
        && start > reported
    {
        faults.push(row.fault(HOLDING, format!("expected a day up to the report date {reported}")));
    }
    let ((account, symbol), (opened, holding_start)) = (named?, dates?);
    let lot = OpenLot {
        line: row.line,
        account,
        symbol,
        quantity: quantity?,
        reported: reported?,
        opened,
        origin: origin(row),
        holding_start,
        basis: basis?,
        value: value(row, quantity?),
    };
    (faults.len() == before).then_some(lot)
}

/// Market value of a lot. A value that can't be read counts as absent, because it is not booked.
fn value(row: &SourceRow, quantity: Shares) -> Option<Money> {
    let marked = || price(row.text(MARK)).map(|mark| Money::of(quantity, mark));
    money(row.text(VALUE)).or_else(marked).filter(|value| value.is_positive())
}

fn read_closed(row: &SourceRow, options: &ImportOptions, faults: &mut Vec<ImportFault>) -> Option<ClosedLot> {
    let before = faults.len();
    let named = account_and_symbol(row, options, faults);
    let sold = match row.text(SIDE) {
        "" => false,
        side if side.to_ascii_uppercase().starts_with("SELL") => true,
        _ => {
            faults.push(row.fault(SIDE, "expected SELL or BUY"));
            return None;
        }
    };
    // Statements differ in the sign of the quantity sold. Since the side is known, the sign has no meaning.
    let negative = sold && shares(row.text(QUANTITY)).is_some_and(Shares::is_negative);
    let (quantity, cost) = if negative {
        (shares(row.text(QUANTITY)).map(Shares::abs), row.money(COST, faults).map(Money::abs))
    } else {
        let quantity = row.quantity(QUANTITY, faults);
        (quantity, quantity.and_then(|_| row.amount(COST, faults)))
    };
    let gain = row.money(GAIN, faults);
    let dates = opened(row, faults);
    let closed = row.date(CLOSED, faults, FLEX_DATE, flex_date);
    if let (Some(cost), Some(gain)) = (cost, gain)
        && (cost + gain).is_negative()
    {
        faults.push(row.fault(GAIN, format!("a loss above the cost of {cost}: expected at most the cost")));
    }
    if let (Some((opened, _)), Some(closed)) = (dates, closed)
        && closed < opened
    {
        faults.push(row.fault(CLOSED, format!("before it was opened on {opened}: expected a later day")));
    }
    let ((account, symbol), (opened, holding)) = (named?, dates?);
    let (cost, gain) = (cost?, gain?);
    let lot = ClosedLot {
        line: row.line,
        account,
        symbol,
        quantity: quantity?,
        opened,
        origin: origin(row),
        closed: closed?,
        cost,
        may_be_adjusted: holding.is_some_and(|h| h < opened),
        proceeds: cost + gain,
        disallowed: gain.is_negative().then_some(-gain),
    };
    (faults.len() == before).then_some(lot)
}

#[cfg(test)]
mod tests {
    use super::super::{Content, ImportOptions, import, trades_csv};
    use super::*;

    const XML: &str = include_str!("fixtures/flex.xml");
    const CSV: &str = include_str!("fixtures/flex.csv");
    const EXPECTED: &str = "date,account,action,symbol,quantity,amount,lot,acquired,holding_start\n\
        2024-01-03,U0000001,buy,YAK,10.000000,1000.0000,YAK@2024-01-03,,\n\
        2025-03-03,U0000001,sell,YAK,10.000000,899.5000,YAK@2024-01-03,,\n\
        2025-06-30,U0000001,transfer_in,QQA,50.000000,2100.1234,QQA@2025-02-10,2025-02-10,2025-01-09\n\
        2025-06-30,U0000001,transfer_in,ZED.B,20.500000,1100.0000,ZED.B@2024-05-10,2024-05-10,\n";

    fn trades_of(file: &str) -> String {
        let imported = import(file.as_bytes(), &ImportOptions::default()).unwrap();
        let Content::Trades(rows) = &imported.content else { panic!("{imported:?}") };
        trades_csv(rows)
    }

    fn faults_of(file: &str) -> Vec<(Option<u64>, String)> {
        let faults = import(file.as_bytes(), &ImportOptions::default()).unwrap_err();
        faults.into_iter().map(|f| (f.line, f.to_string())).collect()
    }

    #[test]
    fn xml_and_csv_read_the_same() {
        assert_eq!(trades_of(XML), EXPECTED);
        assert_eq!(trades_of(CSV), EXPECTED);
        assert_eq!(trades_of(&format!("\u{feff}{}", XML.replace('\n', "\r\n"))), EXPECTED);
        // With records that frame the file, the account and sections, and with another section in between.
        let framed = CSV.replace("\"ClientAccountID\",\"CurrencyPrimary\",\"AssetClass\",\"Symbol\",\"Q", "\"EOS\",\"POST\"\n\
            \"ClientAccountID\",\"Cash\"\n\"U0000001\",\"12\"\n\"ClientAccountID\",\"CurrencyPrimary\",\"AssetClass\",\"Symbol\",\"Q");
        assert_eq!(trades_of(&format!("\"BOF\",\"U0000001\"\n{framed}\"EOF\"\n")), EXPECTED);
        let imported = import(XML.as_bytes(), &ImportOptions::default()).unwrap();
        let left_out: Vec<_> = imported.left_out.iter().map(|l| (l.what.as_str(), l.rows)).collect();
        assert_eq!(
            left_out,
            [("OpenPosition, SUMMARY", 1), ("Trade, EXECUTION", 1), ("asset category OPT", 1)]
        );
    }

    #[test]
    fn the_statement_s_account_and_last_day_stand_in() {
        let bare = XML
            .replace("<OpenPosition accountId=\"U0000001\"", "<OpenPosition accountId=\"-\"")
            .replace(" reportDate=\"20250630\"", "");
        assert_eq!(trades_of(&bare), EXPECTED);
    }

    #[test]
    fn a_bad_value_is_a_fault_of_its_line() {
        for (from, to, line, part) in [
            (
                "quantity=\"10\" buySell=\"SELL\"",
                "quantity=\"10\" buySell=\"SOLD\"",
                13,
                "buySell: SOLD: expected SELL or BUY",
            ),
            (
                "currency=\"USD\" assetCategory=\"STK\" symbol=\"ZED B\"",
                "symbol=\"ZED B\"",
                8,
                "currency: missing: expected USD",
            ),
            (
                "20240510;093000\" h",
                "10/05/2024\" h",
                8,
                "openDateTime: 10/05/2024: expected a date such as 20250131",
            ),
            ("cost=\"1000\"", "cost=\"10\"", 13, "fifoPnlRealized: -100.5: a loss above the cost"),
            (
                "tradeDate=\"20250303\" dateTime=\"20250303;100000\"",
                "tradeDate=\"20230303\"",
                13,
                "before it was opened",
            ),
            ("\"20250210;093000\"", "\"20250710;093000\"", 7, "up to the report date 2025-06-30"),
            ("symbol=\"ZED B\"", "symbol=\"&nope;\"", 8, "symbol: &nope;"),
        ] {
            let faults = faults_of(&XML.replace(from, to));
            assert_eq!(faults.len(), 1, "{to}: {faults:?}");
            assert_eq!(faults[0].0, Some(line), "{to}: {faults:?}");
            assert!(faults[0].1.contains(part), "{to}: {faults:?}");
        }
        let sold = XML.replace(
            "quantity=\"10\" buySell=\"SELL\" cost=\"1000\"",
            "quantity=\"-10\" buySell=\"SELL\" cost=\"-1000\"",
        );
        assert_eq!(trades_of(&sold), EXPECTED);
    }

    #[test]
    fn short_lots_and_other_currencies_are_left_out_and_named() {
        let zed = "currency=\"USD\" assetCategory=\"STK\" symbol=\"ZED B\"";
        for (from, to, what, rows) in [
            ("position=\"50\"", "position=\"-50\"", "short lots of QQA", 3),
            (
                "side=\"Long\" levelOfDetail=\"LOT\" openDateTime=\"20250210",
                "side=\"Short\" levelOfDetail=\"LOT\" openDateTime=\"20250210",
                "short lots of QQA",
                3,
            ),
            ("quantity=\"10\" buySell=\"SELL\"", "quantity=\"10\" buySell=\"BUY\"", "short lots of YAK", 2),
            ("quantity=\"10\" buySell=\"SELL\"", "quantity=\"-10\"", "short lots of YAK", 2),
            (zed, "currency=\"CHF\" symbol=\"ZED B\"", "lots in CHF of ZED B", 3),
        ] {
            let file = XML.replace(from, to);
            let imported = import(file.as_bytes(), &ImportOptions::default()).unwrap();
            assert!(imported.left_out.contains(&LeftOut::rows(what, 1)), "{to}: {:?}", imported.left_out);
            assert_eq!(trades_of(&file).lines().count(), rows + 1, "{to}");
        }
        let all = XML.replace("currency=\"USD\"", "currency=\"EUR\"");
        assert!(faults_of(&all)[0].1.contains("no long lot of a stock or fund in US dollars"));
    }

    /// One purchase of 100, half of it sold at a loss 13 days later: the half still held does not replace the
    /// half sold (Rev. Rul. 56-602).
    #[test]
    fn what_is_held_of_a_purchase_is_no_purchase_of_its_own() {
        let open = "<OpenPosition accountId=\"U1\" currency=\"USD\" assetCategory=\"STK\" symbol=\"QQA\" position=\"50\" \
                    costBasisMoney=\"5000\" levelOfDetail=\"LOT\" reportDate=\"20250630\" openDateTime=\"20250102;093000\"/>";
        let sold = "<Lot accountId=\"U1\" currency=\"USD\" assetCategory=\"STK\" symbol=\"QQA\" quantity=\"50\" \
                    buySell=\"SELL\" cost=\"5000\" fifoPnlRealized=\"-1000\" openDateTime=\"20250102;093000\" \
                    tradeDate=\"20250115\" levelOfDetail=\"CLOSED_LOT\"/>";
        let file =
            format!("<FlexQueryResponse><FlexStatement>{open}{sold}</FlexStatement></FlexQueryResponse>");
        assert_eq!(
            trades_of(&file),
            "date,account,action,symbol,quantity,amount,lot,acquired\n\
             2025-01-02,U1,buy,QQA,100.000000,10000.0000,QQA@2025-01-02,\n\
             2025-01-15,U1,sell,QQA,50.000000,4000.0000,QQA@2025-01-02,\n"
        );
        // A purchase at a later time or by another order is a different purchase.
        let two = file.replacen("093000", "100000", 1);
        assert!(trades_of(&two).contains("transfer_in"), "{}", trades_of(&two));
        let orders = file.replacen("accountId", "originatingOrderID=\"7\" accountId", 1);
        let orders = orders.replace("<Lot ", "<Lot origOrderID=\"8\" ");
        assert!(trades_of(&orders).contains("transfer_in"), "{}", trades_of(&orders));
        assert!(!trades_of(&orders.replace("\"8\"", "\"7\"")).contains("transfer_in"));
    }

    #[test]
    fn a_statement_tells_what_its_accounts_are() {
        let kind = "<AccountInformation accountId=\"U0000001\" name=\"PHILIP ROTH\" customerType=\"IRA Traditional\"/>";
        let xml = XML.replace("<OpenPositions>", &format!("{kind}<OpenPositions>"));
        let alias = XML.replace(
            "accountId=\"U0000001\" currency",
            "accountId=\"U0000001\" acctAlias=\"My IRA\" currency",
        );
        let csv = format!("\"ClientAccountID\",\"CustomerType\"\n\"U0000001\",\"IRA\"\n{CSV}");
        for file in [&xml, &alias, &csv] {
            let imported = import(file.as_bytes(), &ImportOptions::default()).unwrap();
            assert_eq!(
                super::super::accounts_csv(&imported.accounts),
                "account,kind\nU0000001,ira\n",
                "{file}"
            );
            assert_eq!(trades_of(file), EXPECTED);
            let held = super::super::holdings(file.as_bytes(), &ImportOptions::default()).unwrap();
            assert!(
                held.lots.iter().all(|l| l.account.starts_with("U0000001 ") && l.account.contains("IRA")),
                "{held:?}"
            );
        }
        assert!(import(XML.as_bytes(), &ImportOptions::default()).unwrap().notes.is_empty());
    }

    /// A lot whose holding period starts before its purchase, bought within 30 days of a losing sale of the
    /// same ticker.
    #[test]
    fn a_tacked_lot_beside_a_losing_sale_is_a_fault() {
        let file = XML.replace("symbol=\"YAK\"", "symbol=\"QQA\"");
        let faults = faults_of(&file);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].0, Some(7));
        assert!(faults[0].1.contains("line 13"), "{faults:?}");
        assert!(import(file.replace("-100.5", "100.5").as_bytes(), &ImportOptions::default()).is_ok());
    }

    #[test]
    fn a_statement_cut_short_or_without_lots_is_refused() {
        let cut = XML.split("</Trades>").next().unwrap();
        assert!(faults_of(cut)[0].1.contains("the file ends before"));
        assert!(
            faults_of(&XML.replace("LOT\"", "SUMMARY\"").replace("CLOSED_", ""))[0]
                .1
                .contains("without lots")
        );
        assert!(
            faults_of(&CSV.replace("LOT\"", "SUMMARY\"").replace("CLOSED_", ""))[0]
                .1
                .contains("without lots")
        );
        assert_eq!(faults_of(&XML.replace("</OpenPositions>", "</Positions>"))[0].0, Some(10));
        assert!(faults_of("<html></html>")[0].1.contains("web page"));
        assert!(faults_of("<a/>")[0].1.contains("no Flex statement"));
    }
}
