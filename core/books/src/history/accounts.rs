//! Reads the accounts file: `account,kind,owner`.

use std::collections::BTreeMap;

use super::table::Table;
use super::{Fault, FaultKind};
use unisleeve_units::AccountKind;

/// How an account is taxed, and who owns it. The household files one return, so the owner does not change any
/// tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// How it is taxed.
    pub kind: AccountKind,
    /// Owner, as written in the file.
    pub owner: String,
}

/// Accounts by name.
pub type AccountList = BTreeMap<String, Owner>;

/// Reads an accounts file.
///
/// # Errors
/// All faults: a missing column, or a fault for each line that can't be read.
pub fn parse_accounts(bytes: &[u8]) -> Result<AccountList, Vec<Fault>> {
    let mut table = Table::new(bytes).map_err(|f| vec![f])?;
    let (Some(name), Some(kind)) = (table.column("account"), table.column("kind")) else {
        let missing = if table.column("account").is_none() { "account" } else { "kind" };
        let kind = FaultKind::NoColumn { name: missing, expected: "account, kind, owner" };
        return Err(vec![Fault { line: 1, kind }]);
    };
    let owner = table.column("owner");
    let (mut list, mut faults) = (AccountList::new(), Vec::new());
    table.each(&mut faults, |record, faults| {
        let text = record.text(Some(kind));
        let known = AccountKind::parse(text);
        let account = record.text(Some(name));
        let fault = match known {
            _ if account.is_empty() => FaultKind::Field {
                column: "account",
                value: String::new(),
                expected: "the name of an account",
            },
            None => FaultKind::Field { column: "kind", value: text.to_owned(), expected: AccountKind::WORDS },
            Some(kind) => {
                let owner = Owner { kind, owner: record.text(owner).to_owned() };
                if list.insert(account.to_owned(), owner).is_none() {
                    return;
                }
                FaultKind::AccountTwice(account.to_owned())
            }
        };
        faults.push(Fault { line: record.line, kind: fault });
    });
    if faults.is_empty() { Ok(list) } else { Err(faults) }
}
