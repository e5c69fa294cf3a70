//! `securities.csv`: names, sectors, asset classes and kinds.

use std::collections::BTreeMap;
use std::path::Path;

use unisleeve_core::market::Security;

use super::table::{Faults, Table};
use crate::failure::Failure;

/// Securities by symbol in capitals.
pub(super) fn load(
    path: &Path,
    renamed: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Security>, Failure> {
    let table = Table::read(path)?;
    let column = |name: &str| table.column(name, renamed);
    let Some(symbol) = column("symbol") else {
        return Err(Failure::input(format!("{}:1: no column `symbol`", table.name)));
    };
    let (name, sector, class, kind) =
        (column("name"), column("sector"), column("asset_class"), column("kind"));
    let mut faults = Faults::new(&table.name);
    let mut securities = BTreeMap::new();
    for (line, row) in &table.rows {
        let field = |at: Option<usize>| at.and_then(|i| row.get(i)).unwrap_or_default().to_owned();
        let security = Security {
            symbol: field(Some(symbol)),
            name: field(name),
            sector: field(sector),
            asset_class: field(class),
            kind: field(kind),
        };
        if security.symbol.is_empty() {
            faults.add(*line, "symbol is empty: expected a ticker");
        } else if securities.insert(security.symbol.to_uppercase(), security.clone()).is_some() {
            faults.add(
                *line,
                &format!("{} stands here a second time: expected each symbol once", security.symbol),
            );
        }
    }
    faults.finish()?;
    Ok(securities)
}

/// Symbols that are substantially identical to others: `(symbol, name of the group)`.
///
/// # Errors
/// When the file can't be read or a column is missing.
pub(crate) fn read_identical_groups(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    let table = Table::read(path)?;
    let none = BTreeMap::new();
    let (symbol, group) = (table.column("symbol", &none), table.column("identical_group", &none));
    let (Some(symbol), Some(group)) = (symbol, group) else {
        let missing = if symbol.is_none() { "symbol" } else { "identical_group" };
        return Err(Failure::input(format!("{}:1: no column `{missing}`", table.name)));
    };
    let field = |row: &csv::StringRecord, at: usize| row.get(at).unwrap_or_default().to_owned();
    Ok(table.rows.iter().map(|(_, row)| (field(row, symbol), field(row, group))).collect())
}
