//! Reads `securities.csv`: names, sectors, asset classes and kinds.

use std::collections::BTreeMap;
use std::path::Path;

use unisleeve_core::books::history::DividendKind;
use unisleeve_core::mandates::PriceBasis;
use unisleeve_core::market::Security;
use unisleeve_core::units::Rate;

use super::known::{Known, income_kind};
use crate::failure::Failure;
use crate::readers::table::{Column, Faults, Renamed, Table};

/// Adds a file's securities, keyed by symbol in capitals. Facts that are already known are kept.
pub(crate) fn load(
    path: &Path,
    renamed: &Renamed,
    known: &mut BTreeMap<String, Known>,
) -> Result<(), Failure> {
    let table = Table::read(path)?;
    let symbol = table.header.need("symbol", renamed)?;
    let [name, sector, class, kind, basis, dividend_kind, group, expense, wash_sale] =
        table.header.find_all(
            [
                "name",
                "sector",
                "asset_class",
                "kind",
                "basis",
                "dividend_kind",
                "identical_group",
                "expense_ratio",
                "wash_sale",
            ],
            renamed,
        )?;
    let mut faults = Faults::new(&table.name);
    let mut securities = BTreeMap::new();
    for (line, row) in &table.rows {
        let field = |c: &Option<Column>| c.as_ref().map(|c| c.of(row)).unwrap_or_default();
        let text = |c: &Option<Column>| field(c).to_owned();
        let expense_ratio = match field(&expense) {
            "" => Rate::ZERO,
            text => {
                let ratio =
                    text.parse::<f64>().ok().filter(|x| (0.0..=0.1).contains(x)).and_then(Rate::from_f64);
                if ratio.is_none() {
                    faults.add(
                        *line,
                        &format!("expense_ratio {text}: expected a fraction a year from 0 to 0.1"),
                    );
                }
                ratio.unwrap_or_default()
            }
        };
        let security = Security {
            symbol: symbol.of(row).to_owned(),
            name: text(&name),
            sector: text(&sector),
            asset_class: text(&class),
            kind: text(&kind),
            expense_ratio,
        };
        let basis = match field(&basis) {
            "" => None,
            "raw" => Some(PriceBasis::Raw),
            "split" | "split_adjusted" => Some(PriceBasis::Split),
            "total" => Some(PriceBasis::Total),
            other => {
                faults.add(*line, &format!("basis {other}: expected raw, split or total"));
                None
            }
        };
        let dividend_kind = match field(&dividend_kind) {
            "" => None,
            word => {
                let kind = income_kind(word);
                if kind.is_none() {
                    faults.add(
                        *line,
                        &format!("dividend_kind {word}: expected qualified, ordinary or interest"),
                    );
                }
                kind
            }
        };
        let key = security.symbol.to_uppercase();
        if key.is_empty() {
            faults.add(*line, "symbol is empty: expected a ticker");
            continue;
        }
        let message = format!("{} stands here a second time: expected each symbol once", security.symbol);
        let is_exempt = is_exempt(field(&wash_sale), *line, &mut faults);
        let one = Known { security, basis, dividend_kind, identical_group: text(&group), is_exempt };
        if securities.insert(key, one).is_some() {
            faults.add(*line, &message);
        }
    }
    faults.finish()?;
    for (symbol, one) in securities {
        known.entry(symbol).or_insert(one);
    }
    Ok(())
}

/// Whether the wash sale rule leaves a security alone.
fn is_exempt(word: &str, line: u64, faults: &mut Faults) -> bool {
    let is_exempt = word.eq_ignore_ascii_case("exempt");
    if !is_exempt && !word.is_empty() {
        faults.add(line, &format!("wash_sale {word}: expected exempt, or nothing"));
    }
    is_exempt
}

/// The facts about securities that a history of trades needs.
#[derive(Debug, Default)]
pub(crate) struct HistorySecurities {
    /// Symbols that are substantially identical to others: `(symbol, name of the group)`.
    pub identical: Vec<(String, String)>,
    /// How a symbol's dividends are taxed.
    pub dividend_kinds: Vec<(String, DividendKind)>,
    /// Funds.
    pub funds: Vec<String>,
    /// What the wash sale rule does not cover.
    pub exempt: Vec<String>,
}

/// Reads `symbol` with at least one of `identical_group`, `dividend_kind`, `kind` and `wash_sale`.
///
/// # Errors
/// When the file can't be read, a column is missing, or a kind is unknown.
pub(crate) fn read_history_securities(path: &Path) -> Result<HistorySecurities, Failure> {
    let table = Table::read(path)?;
    let none = Renamed::new();
    let symbol = table.header.need("symbol", &none)?;
    let [group, kind, type_of, wash_sale] =
        table.header.find_all(["identical_group", "dividend_kind", "kind", "wash_sale"], &none)?;
    if [&group, &kind, &type_of, &wash_sale].iter().all(|column| column.is_none()) {
        return Err(table.header.missing("identical_group"));
    }
    let mut faults = Faults::new(&table.name);
    let mut securities = HistorySecurities::default();
    for (line, row) in &table.rows {
        let field = |c: &Option<Column>| c.as_ref().map(|c| c.of(row)).unwrap_or_default();
        let name = symbol.of(row).to_owned();
        match (field(&kind), DividendKind::parse(field(&kind))) {
            ("", _) => {}
            (_, Some(kind)) => securities.dividend_kinds.push((name.clone(), kind)),
            (word, None) => {
                faults.add(*line, &format!("dividend_kind {word}: expected {}", DividendKind::WORDS));
            }
        }
        if field(&type_of).eq_ignore_ascii_case("fund") {
            securities.funds.push(name.clone());
        }
        if is_exempt(field(&wash_sale), *line, &mut faults) {
            securities.exempt.push(name.clone());
        }
        if group.is_some() {
            securities.identical.push((name, field(&group).to_owned()));
        }
    }
    faults.finish()?;
    Ok(securities)
}
