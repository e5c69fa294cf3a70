//! Recognizes a file by its content; its name does not matter.

use super::fault::ImportFault;
use super::row::Column;
use super::table::{Record, header_at};
use super::{fidelity, flex, ishares, schwab};

/// A CSV export that can be imported. For a file with a single header, the index of the header record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Csv {
    Schwab,
    Fidelity,
    Ibkr,
    Ishares(usize),
}

/// Known exports without lots: the columns that identify them, and the message.
const WITHOUT_LOTS: [(&[&str], &str); 4] = [
    (
        &["symbol", "mktvalmarketvalue"],
        "is Schwab's positions export, which has no lots: export Realized Gain/Loss with Lot Details instead",
    ),
    (
        &["symbol", "securitytype", "costbasis"],
        "is Schwab's positions export, which has no lots: export Realized Gain/Loss with Lot Details instead",
    ),
    (
        &["accountnumber", "symbol", "currentvalue"],
        "is Fidelity's positions export, which has no lots: export Closed Lots (Tax Information) instead",
    ),
    (
        &["symbol", "closeddate", "proceeds"],
        "is Schwab's Realized Gain/Loss without Opened Date, which has no lots: export its Lot Details instead",
    ),
];

/// What can be imported, for messages.
pub(super) const KNOWN: &str = "expected Schwab Realized Gain/Loss - Lot Details, Fidelity closed lots, an IBKR Flex \
                                statement (XML or CSV) or iShares holdings";

/// Whether a text is XML or HTML rather than CSV.
pub(super) fn is_xml(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

/// Checks that XML is a Flex statement. `known` names the accepted files, for messages.
///
/// # Errors
/// If it is something else.
pub(super) fn xml(text: &str, known: &str) -> Result<(), ImportFault> {
    if text.contains("<FlexStatementResponse") {
        return Err(ImportFault::file("is the answer to a Flex request, not the statement itself"));
    }
    if text.contains("<FlexQueryResponse") || text.contains("<FlexStatement") {
        return Ok(());
    }
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    if start.contains("<html") {
        return Err(ImportFault::file(format!("is a web page: {known}")));
    }
    Err(ImportFault::file(format!("is XML, but no Flex statement: {known}")))
}

/// Recognizes the CSV export.
///
/// # Errors
/// If it is unknown, or an export without lots. In the second case the message names the export that has
/// them.
pub(super) fn csv(records: &[Record]) -> Result<Csv, ImportFault> {
    let with = |columns: &[Column]| header_at(records, |r| columns.iter().all(|c| r.names(*c)));
    if header_at(records, fidelity::is_header).is_some() {
        return Ok(Csv::Fidelity);
    }
    if header_at(records, schwab::is_header).is_some() {
        return Ok(Csv::Schwab);
    }
    if let Some(at) = with(&[ishares::TICKER, ishares::CLASS]) {
        return Ok(Csv::Ishares(at));
    }
    if header_at(records, flex::is_header).is_some() {
        return Ok(Csv::Ibkr);
    }
    let names = |record: &Record, keys: &[&str]| {
        let folded = record.folded();
        keys.iter().all(|key| folded.iter().any(|f| f == key))
    };
    for (keys, message) in WITHOUT_LOTS {
        if header_at(records, |r| names(r, keys)).is_some() {
            return Err(ImportFault::file(message));
        }
    }
    if let Some(fault) = flex_without_level(records) {
        return Err(fault);
    }
    Err(ImportFault::file(format!("is not known: {KNOWN}")))
}

/// The fault for a Flex statement without `levelOfDetail`, which is needed to tell lots from totals.
pub(super) fn flex_without_level(records: &[Record]) -> Option<ImportFault> {
    let is_header = |r: &Record| {
        let folded = r.folded();
        ["symbol", "opendatetime"].iter().all(|key| folded.iter().any(|f| f == key))
    };
    header_at(records, is_header)?;
    Some(ImportFault::file(
        "is a Flex statement without levelOfDetail: expected that column (add it to the query)",
    ))
}

#[cfg(test)]
mod tests {
    use super::super::{ImportOptions, import};

    #[test]
    fn what_can_t_be_imported_says_why() {
        for (file, part) in [
            (
                "\"Positions for account Example as of 09:00 AM ET, 01/05/2026\"\n\n\"Symbol\",\"Description\",\
                 \"Qty (Quantity)\",\"Price\",\"Mkt Val (Market Value)\",\"Cost Basis\",\"Security Type\",\n\
                 \"QQA\",\"QUILL\",\"1\",\"$2.00\",\"$2.00\",\"$1.00\",\"Equity\",\n",
                "Schwab's positions export, which has no lots: export Realized Gain/Loss with Lot Details",
            ),
            (
                "Account Number,Account name,Symbol,Description,Quantity,Last price,Current value,Type\n",
                "Fidelity's positions export, which has no lots: export Closed Lots",
            ),
            ("Symbol,Name,Closed Date,Quantity,Proceeds,Cost Basis (CB)\n", "without Opened Date"),
            ("accountId,symbol,openDateTime,position\n", "without levelOfDetail"),
            ("a,b\n1,2\n", "is not known: expected Schwab"),
            ("hello", "is not known"),
            ("", "is empty"),
            ("<FlexStatementResponse/>", "not the statement itself"),
        ] {
            let faults = import(file.as_bytes(), &ImportOptions::default()).unwrap_err();
            assert_eq!(faults.len(), 1, "{file}: {faults:?}");
            assert!(faults[0].to_string().contains(part), "{file}: {faults:?}");
        }
    }
}
