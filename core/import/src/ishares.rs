//! iShares fund holdings: an index on one day, as a fund holds it.
//!
//! Equity rows become members, with the fund's weight as a fraction. All other rows (cash, futures, equity
//! without a ticker) are left out and listed with their weight. The weights of the members are *not* scaled
//! up to 1. Tickers are brought to normal form (see [`super::symbol`]); if two rows then have the same
//! ticker, that is a fault.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::fault::{ImportFault, shown};
use super::record::{LeftOut, Member, Weight};
use super::row::{Column, SourceRow};
use super::table::{Record, rows};
use super::value::{PERCENT, named_month_date, percent};
use super::{Content, Imported, Kind};

pub(super) const TICKER: Column = Column::new("Ticker", &["ticker"]);
const NAME: Column = Column::new("Name", &["name"]);
const SECTOR: Column = Column::new("Sector", &["sector"]);
pub(super) const CLASS: Column = Column::new("Asset Class", &["assetclass"]);
pub(super) const WEIGHT: Column = Column::new("Weight (%)", &["weight%", "weight"]);

/// The metadata row with the date of the holdings, as a folded name.
const AS_OF: &str = "fundholdingsasof";

/// Range of the total weight, in units of 1e-8, outside which a note says that rows may be missing.
const WHOLE: std::ops::RangeInclusive<i64> = 98_000_000..=102_000_000;

/// Imports the holdings from the metadata rows, the header, and the records after it.
pub(super) fn import(
    metadata: &[Record],
    header: &Record,
    records: &[Record],
) -> Result<Imported, Vec<ImportFault>> {
    let mut faults = Vec::new();
    let date = as_of(metadata, &mut faults);
    let required = [TICKER, NAME, CLASS, WEIGHT];
    let rows = rows(header, records, &required, &mut faults);
    if required.iter().any(|c| !header.names(*c)) {
        return Err(faults);
    }
    let mut members: BTreeMap<String, (u64, Member)> = BTreeMap::new();
    let mut order = Vec::new();
    let mut left_out: BTreeMap<String, (u64, Weight)> = BTreeMap::new();
    let mut total = Weight::default();
    for row in &rows {
        let Some((weight, class)) = weight_and_class(row, &mut faults) else { continue };
        total = total.plus(weight);
        let equity = class.eq_ignore_ascii_case("equity");
        if !equity || row.text(TICKER).is_empty() {
            let what = if equity { "Equity without a ticker".to_owned() } else { shown(class) };
            let entry = left_out.entry(what).or_default();
            *entry = (entry.0 + 1, entry.1.plus(weight));
            continue;
        }
        let Some(symbol) = row.symbol(TICKER, &mut faults) else { continue };
        if weight < Weight::default() || weight > Weight(100_000_000) {
            faults.push(row.fault(WEIGHT, "expected 0 to 100 percent for equity"));
            continue;
        }
        if let Some((line, _)) = members.get(&symbol) {
            let expected = format!("is {symbol}, as on line {line}: expected each ticker once");
            faults.push(row.fault(TICKER, expected));
            continue;
        }
        let member = Member {
            symbol: symbol.clone(),
            weight,
            name: row.text(NAME).to_owned(),
            sector: row.text(SECTOR).to_owned(),
            asset_class: "Equity".to_owned(),
        };
        order.push(symbol.clone());
        members.insert(symbol, (row.line, member));
    }
    if members.is_empty() && faults.is_empty() {
        faults.push(ImportFault::file("holds no equity: expected rows with the asset class Equity"));
    }
    let (Some(date), true) = (date, faults.is_empty()) else { return Err(faults) };
    let members: Vec<Member> = order.iter().filter_map(|s| members.remove(s)).map(|(_, m)| m).collect();
    let kept = members.iter().fold(Weight::default(), |sum, m| sum.plus(m.weight));
    let mut notes =
        vec![format!("the weights kept add up to {kept} of the fund; they are not scaled up to 1")];
    if !WHOLE.contains(&total.0) {
        notes.push(format!("all rows together add up to {total} of the fund: rows may be missing"));
    }
    let left_out = left_out
        .into_iter()
        .map(|(what, (rows, weight))| LeftOut { what, rows, weight: Some(weight) })
        .collect();
    Ok(Imported {
        kind: Kind::IsharesHoldings,
        content: Content::Index { date, members },
        accounts: Vec::new(),
        left_out,
        notes,
        disallowed_by_broker: None,
    })
}

fn weight_and_class<'a>(row: &'a SourceRow, faults: &mut Vec<ImportFault>) -> Option<(Weight, &'a str)> {
    let class = row.text(CLASS);
    if class.is_empty() {
        faults.push(row.fault(CLASS, "expected an asset class such as Equity or Cash"));
    }
    let weight = percent(row.text(WEIGHT));
    if weight.is_none() {
        faults.push(row.fault(WEIGHT, PERCENT));
    }
    weight.filter(|_| !class.is_empty()).map(|w| (Weight(w), class))
}

/// The date in the metadata row.
fn as_of(metadata: &[Record], faults: &mut Vec<ImportFault>) -> Option<NaiveDate> {
    const NAME: &str = "Fund Holdings as of";
    const EXPECTED: &str = "expected a date such as Jan 31, 2025";
    let Some((record, names)) =
        metadata.iter().map(|r| (r, r.folded())).find(|(_, names)| names.first().is_some_and(|n| n == AS_OF))
    else {
        faults.push(ImportFault::file(format!("no row {NAME:?} above the header: {EXPECTED}")));
        return None;
    };
    // Without quotes the date falls into two cells: `Jan 31` and ` 2025`.
    let text = record.cells.iter().skip(1).take(names.len().saturating_sub(1)).filter(|c| !c.is_empty());
    let text = text.cloned().collect::<Vec<_>>().join(", ");
    let date = named_month_date(&text);
    if date.is_none() {
        faults.push(ImportFault::value(record.line, NAME, &text, EXPECTED));
    }
    date
}

#[cfg(test)]
mod tests {
    use super::super::{ImportOptions, import, membership_csv, securities_csv};
    use super::*;

    const FILE: &str = include_str!("fixtures/ishares.csv");

    fn faults_of(file: &str) -> Vec<(Option<u64>, String)> {
        let faults = import(file.as_bytes(), &ImportOptions::default()).unwrap_err();
        faults.into_iter().map(|f| (f.line, f.to_string())).collect()
    }

    #[test]
    fn equity_becomes_members_and_the_rest_is_listed() {
        for file in
            [FILE.to_owned(), FILE.replace('\n', "\r\n"), FILE.replace("\"Jan 30, 2026\"", "30-Jan-2026")]
        {
            let imported = import(file.as_bytes(), &ImportOptions::default()).unwrap();
            let Content::Index { date, members } = &imported.content else { panic!("{imported:?}") };
            assert_eq!(
                membership_csv(*date, members),
                "date,symbol,weight\n2026-01-30,QQA,0.9025\n2026-01-30,BRK.B,0.08\n"
            );
            assert_eq!(
                securities_csv(members),
                "symbol,name,sector,asset_class,kind\n\
                 QQA,\"QUILL & ARROW INC, CLASS A\",Information Technology,Equity,stock\n\
                 BRK.B,BERKSHIRE HATHAWAY INC CLASS B,Financials,Equity,stock\n"
            );
            let left_out: Vec<_> = imported
                .left_out
                .iter()
                .map(|l| (l.what.as_str(), l.rows, l.weight.unwrap().to_string()))
                .collect();
            assert_eq!(
                left_out,
                [
                    ("Cash", 1, "0.018".to_owned()),
                    ("Cash Collateral and Margins", 1, "-0.0006".to_owned()),
                    ("Equity without a ticker", 1, "0.0001".to_owned()),
                ]
            );
            assert_eq!(
                imported.notes,
                ["the weights kept add up to 0.9825 of the fund; they are not scaled up to 1"]
            );
        }
    }

    /// Current files end with a quoted text of several lines, which has more commas than the header.
    #[test]
    fn a_footer_of_several_lines_is_prose() {
        let list = (1..30).map(|n| format!("Index {n}")).collect::<Vec<_>>().join(", ");
        let rows = FILE.split("\n\n").next().unwrap();
        let file = format!(
            "{rows}\n\u{a0}\n\"An example.\nIt is not sponsored by {list}.\nAll rights reserved.\"\n"
        );
        let imported = import(file.as_bytes(), &ImportOptions::default()).unwrap();
        let Content::Index { members, .. } = &imported.content else { panic!("{imported:?}") };
        assert_eq!(members.len(), 2);
        // An open quote before a row swallows that row: this is a fault, whatever follows.
        for (from, to) in [
            ("\"USD\",\"-\"\n\"BRKB\"", "\"USD\",\"-\n\"BRKB\""),
            (
                "\n\"BRKB\",\"BERKSHIRE HATHAWAY INC CLASS B\",\"Financials\",\"Equity\",",
                "\n\"BRKB,BERKSHIRE HATHAWAY INC CLASS B,Financials,Equity,",
            ),
            ("\"BRKB\",", "\"BRKB,"),
        ] {
            let broken = file.replace(from, to);
            assert_ne!(broken, file);
            assert!(!faults_of(&broken).is_empty(), "{to}");
        }
        let bare = file.replace("\"BRKB\"", "\"BRKB").replace("\",\"", ",");
        assert!(!faults_of(&bare).is_empty());
    }

    #[test]
    fn missing_rows_show_in_the_total() {
        let part: Vec<&str> = FILE.lines().filter(|l| !l.contains("\"QQA\"")).collect();
        let imported = import(part.join("\n").as_bytes(), &ImportOptions::default()).unwrap();
        assert!(imported.notes[1].contains("rows may be missing"), "{:?}", imported.notes);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (from, to, line, part) in [
            ("\"QQA\"", "\"BRK B\"", Some(12), "Ticker: BRKB: is BRK.B, as on line 11"),
            ("\"90.25\"", "\"ninety\"", Some(11), "Weight (%): ninety: expected a percentage"),
            ("\"90.25\"", "\"190.25\"", Some(11), "expected 0 to 100 percent"),
            ("\"Equity\"", "\"\"", Some(11), "Asset Class: empty: expected an asset class"),
            ("\"Jan 30, 2026\"", "\"-\"", Some(2), "Fund Holdings as of: -: expected a date"),
            ("Fund Holdings as of", "Holdings", None, "no row \"Fund Holdings as of\""),
            ("Weight (%)", "Share", Some(10), "no column \"Weight (%)\""),
            ("\"Equity\"", "\"Bond\"", None, "holds no equity"),
        ] {
            let faults = faults_of(&FILE.replace(from, to));
            assert!(faults.iter().any(|(l, m)| *l == line && m.contains(part)), "{from} {to}: {faults:?}");
        }
    }
}
