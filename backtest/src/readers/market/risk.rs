//! Reads a risk model from files: exposures, factor covariance and specific variances, with or without dates.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use unisleeve_core::market::{GivenFigures, GivenRisk};
use unisleeve_core::units::SecurityId;

use super::finding::{Finding, FindingKind};
use crate::failure::Failure;
use crate::readers::date::date;
use crate::readers::table::{Column, Faults, Renamed, Table};

/// Paths of the three files.
pub(crate) struct Paths<'a> {
    pub exposures: &'a Path,
    pub covariance: &'a Path,
    pub specific: &'a Path,
}

/// Rows of a file: line, date (the earliest date if there is no such column), name, and the numbers in the
/// order of the requested columns.
struct Figures {
    name: String,
    header: Vec<String>,
    rows: Vec<(u64, NaiveDate, String, Vec<f64>)>,
}

/// Covariance matrices by date.
type Matrices = Vec<(NaiveDate, Vec<Vec<f64>>)>;

/// Reads the files. `symbols` are those with a price; other symbols are ignored.
///
/// # Errors
/// All faults of the first file that has any.
pub(crate) fn read(
    paths: &Paths<'_>,
    renamed: &Renamed,
    find: &dyn Fn(&str) -> Option<SecurityId>,
    symbols: &[String],
) -> Result<(GivenRisk, Vec<Finding>), Failure> {
    let covariance = figures(paths.covariance, "factor", None, renamed)?;
    let factors = covariance.header.clone();
    let exposures = figures(paths.exposures, "symbol", Some(&factors), renamed)?;
    let specific = figures(paths.specific, "symbol", Some(&["variance".to_owned()]), renamed)?;
    let mut faults = Faults::new(&specific.name);
    for (line, .., numbers) in &specific.rows {
        if let Some(variance) = numbers.first().filter(|v| **v <= 0.0) {
            faults.add(*line, &format!("variance {variance}: expected an annual variance above zero"));
        }
    }
    faults.finish()?;
    let known = |rows: &Figures| -> Vec<(NaiveDate, SecurityId, Vec<f64>)> {
        let of = |(_, date, symbol, numbers): &(u64, NaiveDate, String, Vec<f64>)| {
            Some((*date, find(symbol)?, numbers.clone()))
        };
        rows.rows.iter().filter_map(of).collect()
    };
    let (exposures, own) = (known(&exposures), known(&specific));
    let mut findings = Vec::new();
    for symbol in symbols {
        let Some(security) = find(symbol) else { continue };
        let missing = match (exposures.iter().any(|x| x.1 == security), own.iter().any(|x| x.1 == security)) {
            (true, true) => continue,
            (false, true) => "exposures",
            (true, false) => "specific variance",
            (false, false) => "exposures or specific variance",
        };
        let detail = format!("no {missing} in the risk files");
        findings.push(Finding::of(FindingKind::WithoutRisk, symbol, 1, detail));
    }
    let given = GivenRisk::new(GivenFigures {
        covariance: matrices(&covariance)?,
        factors,
        exposures,
        specific: own.into_iter().filter_map(|(d, s, x)| Some((d, s, *x.first()?))).collect(),
    })
    .map_err(|e| Failure::input(format!("{}: {e}", covariance.name)))?;
    Ok((given, findings))
}

/// Reads `[date,]KEY,NUMBER,...`. The numbers are the `wanted` columns, or all other columns if `wanted` is
/// `None`.
fn figures(path: &Path, key: &str, wanted: Option<&[String]>, renamed: &Renamed) -> Result<Figures, Failure> {
    let table = Table::read(path)?;
    let columns = &table.header;
    let symbol = columns.need(key, renamed)?.place();
    let dated = columns.find("date", renamed)?;
    let others = || {
        (0..columns.names().len()).filter(|i| *i != symbol && Some(*i) != dated.as_ref().map(Column::place))
    };
    let header: Vec<String> = match wanted {
        Some(names) => names.to_vec(),
        None => others().filter_map(|i| columns.names().get(i).cloned()).collect(),
    };
    let place = |name: &String| columns.place(name)?.ok_or_else(|| columns.missing(name));
    let places = header.iter().map(place).collect::<Result<Vec<usize>, Failure>>()?;
    let mut faults = Faults::new(&table.name);
    let mut rows = Vec::new();
    let mut seen = BTreeMap::new();
    for (line, row) in &table.rows {
        let text = dated.as_ref().map(|c| c.of(row));
        let Some(day) = text.map_or(Some(NaiveDate::MIN), date) else {
            faults.add(
                *line,
                &format!("date {}: expected a date such as 2018-02-07", text.unwrap_or_default()),
            );
            continue;
        };
        let name = row.get(symbol).unwrap_or_default().to_owned();
        if name.is_empty() {
            faults.add(*line, &format!("{key} is empty: expected a name"));
            continue;
        }
        let mut numbers = Vec::with_capacity(places.len());
        for (place, column) in places.iter().zip(&header) {
            let text = row.get(*place).unwrap_or_default();
            match text.parse::<f64>() {
                Ok(x) if x.is_finite() && x.abs() < 1e6 => numbers.push(x),
                _ => faults.add(*line, &format!("{column} {text}: expected a number below a million")),
            }
        }
        if let Some(first) = seen.insert((day, name.to_uppercase()), *line) {
            faults.add(*line, &format!("{name} stands on line {first} already: expected it once a date"));
        }
        rows.push((*line, day, name, numbers));
    }
    if rows.is_empty() {
        faults.add(1, "no rows: expected figures below the header");
    }
    faults.finish()?;
    Ok(Figures { name: table.name, header, rows })
}

/// Builds one matrix per date, with rows in the order of the columns.
fn matrices(covariance: &Figures) -> Result<Matrices, Failure> {
    let mut dates: Vec<NaiveDate> = covariance.rows.iter().map(|r| r.1).collect();
    dates.sort_unstable();
    dates.dedup();
    let mut faults = Faults::new(&covariance.name);
    for (line, _, factor, _) in &covariance.rows {
        if !covariance.header.iter().any(|h| h.eq_ignore_ascii_case(factor)) {
            faults.add(
                *line,
                &format!("factor {factor}: expected one of the columns {}", covariance.header.join(", ")),
            );
        }
    }
    let mut all = Vec::new();
    for date in dates {
        let mut matrix = Vec::new();
        for factor in &covariance.header {
            let same =
                |r: &&(u64, NaiveDate, String, Vec<f64>)| r.1 == date && r.2.eq_ignore_ascii_case(factor);
            match covariance.rows.iter().find(same) {
                Some((.., numbers)) => matrix.push(numbers.clone()),
                None => faults.add(
                    1,
                    &format!("no row of factor {factor}: expected one for each column, on each date"),
                ),
            }
        }
        all.push((date, matrix));
    }
    faults.finish()?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPOSURES: &str = "symbol,market,size\nA,1.0,0.2\nB,0.8,-0.1\nZ,1,1\n";
    const COVARIANCE: &str = "factor,market,size\nmarket,0.03,0.002\nsize,0.002,0.01\n";
    const SPECIFIC: &str = "symbol,variance\nA,0.05\nB,0.06\n";

    fn read_texts(
        exposures: &str,
        covariance: &str,
        specific: &str,
    ) -> Result<(GivenRisk, Vec<Finding>), Failure> {
        let folder = tempfile::tempdir().unwrap();
        let [e, c, s] =
            [("e.csv", exposures), ("c.csv", covariance), ("s.csv", specific)].map(|(name, text)| {
                let path = folder.path().join(name);
                std::fs::write(&path, text).unwrap();
                path
            });
        let find =
            |symbol: &str| ["A", "B", "C"].iter().position(|s| *s == symbol).map(|s| SecurityId(s as u32));
        let symbols = ["A", "B", "C"].map(str::to_owned);
        let paths = Paths { exposures: &e, covariance: &c, specific: &s };
        read(&paths, &BTreeMap::new(), &find, &symbols)
    }

    #[test]
    fn what_is_missing_is_said() {
        let (given, findings) = read_texts(EXPOSURES, COVARIANCE, SPECIFIC).unwrap();
        assert_eq!(given.start(), Some(NaiveDate::MIN), "without dates they hold throughout");
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].symbol.as_str(), findings[0].kind), ("C", FindingKind::WithoutRisk));
    }

    #[test]
    fn each_fault_has_its_sentence() {
        let cases = [
            (("symbol,market\nA,1\n", COVARIANCE, SPECIFIC), "e.csv:1: no column `size`"),
            (("symbol,market,size\nA,x,1\n", COVARIANCE, SPECIFIC), "e.csv:2: market x: expected a number"),
            (("symbol,market,size\nA,1,inf\n", COVARIANCE, SPECIFIC), "e.csv:2: size inf: expected a number"),
            (
                ("symbol,market,size\nA,1,1\na,1,1\n", COVARIANCE, SPECIFIC),
                "e.csv:3: a stands on line 2 already",
            ),
            (
                ("date,symbol,market,size\n2020-13-01,A,1,1\n", COVARIANCE, SPECIFIC),
                "e.csv:2: date 2020-13-01",
            ),
            (("symbol,market,size\n", COVARIANCE, SPECIFIC), "e.csv:1: no rows"),
            ((EXPOSURES, "factor,market,size\nmarket,0.03,0.002\n", SPECIFIC), "no row of factor size"),
            (
                (EXPOSURES, "factor,market\nmarket,0.03\nsize,0.01\n", SPECIFIC),
                "c.csv:3: factor size: expected one of",
            ),
            (
                (EXPOSURES, "factor,market,size\nmarket,0.03,0.1\nsize,0.1,0.01\n", SPECIFIC),
                "variance below zero",
            ),
            ((EXPOSURES, "factor,market,size\nmarket,0.03,0.1\nsize,0,0.01\n", SPECIFIC), "not symmetric"),
            (
                (EXPOSURES, COVARIANCE, "symbol,variance\nA,0\n"),
                "s.csv:2: variance 0: expected an annual variance above",
            ),
            ((EXPOSURES, COVARIANCE, "symbol,var\nA,1\n"), "s.csv:1: no column `variance`"),
        ];
        for ((e, c, s), part) in cases {
            match read_texts(e, c, s) {
                Err(Failure::Input(messages)) => {
                    assert!(messages.iter().any(|m| m.contains(part)), "{part}: {messages:?}");
                }
                other => panic!("{part}: {other:?}"),
            }
        }
    }
}
