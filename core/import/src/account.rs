//! Finds the kind of an account from a broker's label: `Rollover IRA ...123`, `ROTH IRA`,
//! `Individual 401(k)`, `HSA Brokerage`.
//!
//! Sales in such accounts are not taxed (IRC 408(e), 408A, 223(e), 501(a)), so the kind must stay with the
//! lots: the account keeps its name, and the accounts file states its kind.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::DEFAULT_ACCOUNT;
use super::fault::shown;
use super::record::{TradeRow, table};
use super::row::{Column, SourceRow};

/// Longest label accepted as an account name, in characters.
const LONGEST: usize = 100;

const NUMBER: Column = Column::new("Account Number", &["accountnumber", "account"]);
const NAME: Column = Column::new("Account Name", &["accountname", "accountnickname"]);

/// An account in the file, with its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Name, as in rows of `TRADES.csv`.
    pub account: String,
    /// `taxable`, `ira`, `roth`, `hsa` or `401k`.
    pub kind: &'static str,
}

/// The kind that a label states; `None` if it states none, as for most taxable accounts.
pub(super) fn kind_of(label: &str) -> Option<&'static str> {
    let lower = label.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let has = |list: &[&str]| words.iter().any(|w| list.contains(w));
    let folded: String = words.concat();
    let plan = ["401k", "401a", "403b", "457b"].iter().any(|p| folded.contains(p))
        || has(&["401", "403", "457", "tsp", "keogh", "pcra", "brokeragelink", "psp"])
        || folded.contains("profitsharing");
    let ira = has(&[
        "ira",
        "iras",
        "sepira",
        "sarsep",
        "simpleira",
        "rolloverira",
        "traditionalira",
        "rollover",
        "contributory",
    ]) || words.contains(&"sep") && words.len() <= 3;
    // Roth may be a person's name: next to a word for a taxable account it is taken as a name.
    let person = has(&["individual", "joint", "tod", "trust", "custodial", "community", "brokerage"]);
    let roth = has(&["rothira", "roth401k"]) || has(&["roth"]) && (plan || ira || !person);
    if roth {
        Some("roth")
    } else if has(&["hsa"]) || folded.contains("healthsavings") {
        Some("hsa")
    } else if plan {
        Some("401k")
    } else if ira {
        Some("ira")
    } else {
        None
    }
}

/// Whether a label names a tax-favored account of a kind that the ledger does not support.
fn is_unknown_kind(label: &str) -> bool {
    let lower = label.to_lowercase();
    let has = |word| lower.split(|c: char| !c.is_alphanumeric()).any(|w| w == word);
    ["529", "coverdell", "esa", "annuity", "pension", "able"].into_iter().any(has)
}

/// The account named in a title: `Positions for account Roth IRA ...001 as of 09:00 AM` gives
/// `Roth IRA ...001`.
pub(super) fn of_title(title: &str) -> Option<&str> {
    let (_, behind) = title.split_once(" for ")?;
    let (name, _) = behind.split_once(" as of ").unwrap_or((behind, ""));
    let name = name.strip_prefix("account ").unwrap_or(name).trim();
    as_name(name)
}

/// A label as an account name, if it can be one.
pub(super) fn as_name(label: &str) -> Option<&str> {
    let label = label.trim();
    let fits = !label.is_empty() && label.chars().count() <= LONGEST && !label.contains(char::is_control);
    let sentence = label.ends_with('.') || label.to_ascii_lowercase().starts_with("there are no");
    (fits && !sentence).then_some(label)
}

/// The account that a row names in its own columns, number and name joined; `None` if the file has no such
/// columns.
pub(super) fn of_row(row: &SourceRow) -> Option<String> {
    let names = [NUMBER, NAME].map(|column| row.text(column));
    let name = names.into_iter().filter_map(as_name).collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}

/// The account of a table that has no account column.
///
/// It is the label above the table, if that is an account name; otherwise `given`, the name for files that
/// name no account. A title counts only if it states a kind: then it replaces the default name. If the caller
/// gave a name of its own, that name stays, and `labels` maps it to the title.
pub(super) fn of_table(
    label: Option<&str>,
    title: Option<&str>,
    given: &str,
    labels: &mut BTreeMap<String, String>,
) -> String {
    if let Some(label) = label.and_then(as_name) {
        return label.to_owned();
    }
    let titled = title.and_then(of_title).filter(|name| kind_of(name).is_some() || is_unknown_kind(name));
    match titled {
        Some(name) if given == DEFAULT_ACCOUNT => return name.to_owned(),
        Some(name) => labels.insert(given.to_owned(), name.to_owned()),
        None => None,
    };
    given.to_owned()
}

/// The kinds of the file's accounts, and notes for the user about them.
pub(super) fn told(rows: &[TradeRow], labels: &BTreeMap<String, String>) -> (Vec<Account>, Vec<String>) {
    let names: BTreeSet<&str> = rows.iter().map(|r| r.account.as_str()).collect();
    let mut accounts = Vec::with_capacity(names.len());
    let mut notes = Vec::new();
    for name in names {
        let label = labels.get(name).map_or(name, String::as_str);
        let kind = kind_of(label);
        if let Some(kind) = kind {
            notes.push(format!(
                "account \"{}\" is of the kind {kind}: give `unisleeve ledger` an accounts file that says so (--out \
                 writes one), or its lots are taxed",
                shown(name)
            ));
        } else if is_unknown_kind(label) {
            notes.push(format!(
                "account \"{}\" may not be taxable, and its kind is none of ira, roth, hsa and 401k: it counts as taxable",
                shown(label)
            ));
        }
        accounts.push(Account { account: name.to_owned(), kind: kind.unwrap_or("taxable") });
    }
    (accounts, notes)
}

/// The contents of an accounts file for `unisleeve ledger --accounts`.
pub fn accounts_csv(accounts: &[Account]) -> String {
    table(&["account", "kind"], accounts.iter().map(|a| vec![a.account.clone(), a.kind.to_owned()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_tell_the_kind() {
        for (label, kind) in [
            ("Individual 401(k) ...111", Some("401k")),
            ("Company 403(b) plan", Some("401k")),
            ("BrokerageLink", Some("401k")),
            ("HSA Brokerage ...222", Some("hsa")),
            ("Health Savings Account", Some("hsa")),
            ("ROTH IRA", Some("roth")),
            ("Roth Contributory IRA ...333", Some("roth")),
            ("Roth 401(k)", Some("roth")),
            ("Roth_Conversion ...1", Some("roth")),
            ("RothIRA", Some("roth")),
            ("Rollover IRA", Some("ira")),
            ("SEP-IRA", Some("ira")),
            ("Inherited_IRA", Some("ira")),
            ("ira", Some("ira")),
            ("IRA Traditional New", Some("ira")),
            ("Individual ...333", None),
            ("Joint Tenant ...333", None),
            ("Miranda Smith", None),
            ("Philip Roth Individual TOD", None),
            ("Example_Account", None),
            ("taxable", None),
            ("Hirai Family Trust", None),
            ("", None),
        ] {
            assert_eq!(kind_of(label), kind, "{label}");
        }
    }

    #[test]
    fn titles_tell_the_account() {
        assert_eq!(
            of_title("Positions for account Roth IRA ...001 as of 09:00 AM ET, 2026/01/05"),
            Some("Roth IRA ...001")
        );
        assert_eq!(
            of_title("Realized Gain/Loss - Lot Details for Rollover_IRA as of Mon Jan 05"),
            Some("Rollover_IRA")
        );
        assert_eq!(of_title("A title"), None);
        let mut labels = BTreeMap::new();
        let mut of = |label, title, given| of_table(label, title, given, &mut labels);
        assert_eq!(of(None, Some("Lots for Joint as of today"), "x"), "x");
        assert_eq!(of(None, Some("Lots for HSA as of today"), "taxable"), "HSA");
        assert_eq!(of(Some("Joint ...1"), None, "x"), "Joint ...1");
        assert_eq!(of(Some("There are no transactions available."), None, "x"), "x");
        assert_eq!(of(None, Some("Lots for HSA as of today"), "x"), "x");
        assert_eq!(labels, BTreeMap::from([("x".to_owned(), "HSA".to_owned())]));
    }
}
