//! Price files, long (`date,symbol,close,...`) or wide (`date,AAA,BBB,...`), into a market.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use unisleeve_core::market::{Distribution, Market, Panel, Security};
use unisleeve_core::setup::{Config, DataConfig, PriceBasis, PriceFile};
use unisleeve_core::units::{IncomeKind, Price, SecurityId};

use super::securities;
use super::table::{Faults, Table};
use crate::failure::Failure;

/// A price with what it paid, by symbol and date.
type Cells = BTreeMap<(NaiveDate, u32), (Price, Option<(IncomeKind, Price)>)>;

/// Reads a configuration's price files. `folder` is where relative paths start. The second part of the answer says what
/// was done about the data, in sentences.
///
/// # Errors
/// Every fault of the first file that has one.
pub fn load_market(
    config: &Config,
    data: &DataConfig,
    folder: &Path,
) -> Result<(Market, Vec<String>), Failure> {
    if data.prices.is_empty() {
        return Err(Failure::input("data.prices: no file: expected at least one price file"));
    }
    let known = match &data.securities {
        Some(file) => securities::load(&folder.join(file), &config.columns)?,
        None => BTreeMap::new(),
    };
    let mut loader =
        Loader { columns: &config.columns, symbols: Vec::new(), cells: Cells::new(), rounded: 0 };
    for file in &data.prices {
        loader.file(file, folder)?;
    }
    let rounded = loader.rounded;
    let panel = loader.panel(&known);
    let market = Market::new(panel).map_err(|e| Failure::input(e.to_string()))?;
    let mut notes = Vec::new();
    if rounded > 0 {
        notes.push(format!(
            "{rounded} prices or dividends had more than 6 decimals and were rounded half-even."
        ));
    }
    if data.prices.iter().any(|f| f.basis == PriceBasis::Total) {
        notes.push(
            "Prices include reinvested dividends: those dividends go untaxed, and deferral is overstated."
                .to_owned(),
        );
    }
    Ok((market, notes))
}

struct Loader<'a> {
    columns: &'a BTreeMap<String, String>,
    symbols: Vec<String>,
    cells: Cells,
    rounded: usize,
}

impl Loader<'_> {
    fn file(&mut self, file: &PriceFile, folder: &Path) -> Result<(), Failure> {
        let table = Table::read(&folder.join(&file.file))?;
        let mut faults = Faults::new(&table.name);
        let Some(date) = table.column("date", self.columns) else {
            return Err(Failure::input(format!("{}:1: no column `date`", table.name)));
        };
        if table.rows.is_empty() {
            return Err(Failure::input(format!("{}: no rows: expected prices below the header", table.name)));
        }
        match table.column("symbol", self.columns) {
            Some(symbol) => self.long(&table, file.basis, date, symbol, &mut faults),
            None => self.wide(&table, date, &mut faults),
        }
        faults.finish()
    }

    fn long(&mut self, table: &Table, basis: PriceBasis, date: usize, symbol: usize, faults: &mut Faults) {
        let column = |name: &str| table.column(name, self.columns);
        let Some(close) = column("close") else {
            faults.add(1, "no column `close`");
            return;
        };
        let (dividend, kind) = (column("dividend"), column("dividend_kind"));
        let unsupported = [("split", column("split")), ("spinoff", column("spinoff"))];
        let mut previous = None;
        for (line, row) in &table.rows {
            let field = |at: usize| row.get(at).unwrap_or_default();
            let Some(day) = day(field(date), *line, &mut previous, false, faults) else { continue };
            let Some(price) = self.price(field(close), "close", *line, faults) else { continue };
            for (name, at) in unsupported {
                let text = at.map(field).unwrap_or_default();
                if !matches!(text, "" | "0" | "1" | "0.0" | "1.0") {
                    faults.add(
                        *line,
                        &format!(
                            "{name} {text}: expected none: give prices adjusted for splits and spin-offs"
                        ),
                    );
                }
            }
            let paid = match dividend.map(field) {
                None | Some("" | "0" | "0.0") => None,
                Some(text) => {
                    if basis == PriceBasis::Total {
                        let message =
                            format!("dividend {text} beside basis = \"total\": it would count twice");
                        faults.add(*line, &message);
                    }
                    let Some(amount) = self.price(text, "dividend", *line, faults) else { continue };
                    let kind = match kind.map(field).unwrap_or_default() {
                        "" | "qualified" => IncomeKind::QualifiedDividend,
                        "ordinary" => IncomeKind::OrdinaryDividend,
                        "interest" => IncomeKind::Interest,
                        other => {
                            let message =
                                format!("dividend_kind {other}: expected qualified, ordinary or interest");
                            faults.add(*line, &message);
                            continue;
                        }
                    };
                    Some((kind, amount))
                }
            };
            let name = field(symbol);
            if name.is_empty() {
                faults.add(*line, "symbol is empty: expected a ticker");
                continue;
            }
            let security = self.security(name);
            if self.cells.insert((day, security), (price, paid)).is_some() {
                faults.add(
                    *line,
                    &format!("{name} on {day} stands here a second time: expected one price a day"),
                );
            }
        }
    }

    fn wide(&mut self, table: &Table, date: usize, faults: &mut Faults) {
        let mut previous = None;
        let securities: Vec<u32> = table.header.iter().map(|h| self.security(h)).collect();
        for (line, row) in &table.rows {
            let Some(day) = day(row.get(date).unwrap_or_default(), *line, &mut previous, true, faults) else {
                continue;
            };
            for (at, text) in row.iter().enumerate().filter(|(at, text)| *at != date && !text.is_empty()) {
                let name = table.header.get(at).map_or("", String::as_str);
                let Some(price) = self.price(text, name, *line, faults) else { continue };
                let Some(security) = securities.get(at) else { continue };
                if self.cells.insert((day, *security), (price, None)).is_some() {
                    faults.add(
                        *line,
                        &format!("{name} on {day} has a price already: expected one price a day"),
                    );
                }
            }
        }
    }

    fn security(&mut self, symbol: &str) -> u32 {
        let at = self.symbols.iter().position(|s| s.eq_ignore_ascii_case(symbol)).unwrap_or_else(|| {
            self.symbols.push(symbol.to_owned());
            self.symbols.len() - 1
        });
        at as u32
    }

    fn price(&mut self, text: &str, what: &str, line: u64, faults: &mut Faults) -> Option<Price> {
        match Price::parse(text) {
            Ok(d) if d.value.is_positive() => {
                self.rounded += usize::from(d.rounded);
                Some(d.value)
            }
            _ => {
                faults.add(
                    line,
                    &format!("{what} {text}: expected a price above zero (an empty cell for no price)"),
                );
                None
            }
        }
    }

    fn panel(self, known: &BTreeMap<String, Security>) -> Panel {
        let mut sessions: Vec<NaiveDate> = self.cells.keys().map(|(d, _)| *d).collect();
        sessions.dedup();
        // The header's own date column is no security: only symbols with a price count.
        let mut used: Vec<u32> = self.cells.keys().map(|(_, s)| *s).collect();
        used.sort_unstable();
        used.dedup();
        let securities = used
            .iter()
            .filter_map(|s| self.symbols.get(*s as usize))
            .map(|symbol| {
                known
                    .get(&symbol.to_uppercase())
                    .cloned()
                    .unwrap_or_else(|| Security { symbol: symbol.clone(), ..Security::default() })
            })
            .collect();
        let n = used.len();
        let mut closes = vec![Price::ZERO; sessions.len() * n];
        let mut distributions = Vec::new();
        for ((date, security), (price, paid)) in &self.cells {
            // Both lists hold every key of `cells`.
            let session = sessions.partition_point(|d| d < date);
            let at = used.partition_point(|s| s < security);
            if let Some(cell) = closes.get_mut(session * n + at) {
                *cell = *price;
            }
            if let Some((kind, per_share)) = paid {
                let security = SecurityId(at as u32);
                distributions.push((session, Distribution { security, kind: *kind, per_share: *per_share }));
            }
        }
        Panel { sessions, securities, closes, distributions }
    }
}

/// Reads a date and checks that it does not come before the row above (in a wide file: that it comes after).
fn day(
    text: &str,
    line: u64,
    previous: &mut Option<NaiveDate>,
    strictly: bool,
    faults: &mut Faults,
) -> Option<NaiveDate> {
    // Some exports carry a time behind the date.
    let date = text.get(..10).and_then(|t| t.parse::<NaiveDate>().ok());
    let Some(date) = date.filter(|_| matches!(text.as_bytes().get(10), None | Some(b' ' | b'T'))) else {
        faults.add(line, &format!("date {text}: expected a date such as 2018-02-07"));
        return None;
    };
    if let Some(before) = previous.filter(|p| date < *p || (strictly && date == *p)) {
        faults.add(line, &format!("date {date} follows {before}: expected ascending dates"));
        return None;
    }
    *previous = Some(date);
    Some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(files: &[(&str, &str, &str)]) -> Result<(Market, Vec<String>), Failure> {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config { data: Some(DataConfig::default()), ..Config::default() };
        for (name, basis, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
            let basis = match *basis {
                "raw" => PriceBasis::Raw,
                "total" => PriceBasis::Total,
                _ => PriceBasis::Split,
            };
            config.data.as_mut().unwrap().prices.push(PriceFile { file: (*name).to_owned(), basis });
        }
        let data = config.data.clone().unwrap();
        load_market(&config, &data, folder.path())
    }

    fn faults(text: &str) -> String {
        match read(&[("p.csv", "split", text)]) {
            Err(Failure::Input(messages)) => messages.join("\n"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn long_and_wide_files_give_the_same_market() {
        let long = "\u{feff}Date,Symbol,Close,Dividend\r\n2020-01-02,AAA,10.5,\r\n2020-01-02,\"BBB\",20,\r\n2020-01-03,AAA,11,\r\n2020-01-03,BBB,19,\r\n";
        let wide = "date,AAA,BBB\n2020-01-02,10.5,20\n2020-01-03 00:00:00,11,19\n";
        let (a, _) = read(&[("l.csv", "split", long)]).unwrap();
        let (b, _) = read(&[("w.csv", "split", wide)]).unwrap();
        assert_eq!(a.hash(), b.hash());
        assert_eq!(a.securities().len(), 2);
    }

    #[test]
    fn every_fault_is_named_with_its_line() {
        let text = "date,symbol,close\n2020-01-02,A,0\n2020-01-03,A,NaN\n2020-01-01,A,5\n2020-13-01,A,5\n2020-01-03,A,-1\n2020-01-06,A,7\n2020-01-06,A,7\n";
        let found = faults(text);
        for (line, part) in [
            (2, "close 0: expected a price above zero"),
            (3, "close NaN: expected a price above zero"),
            (4, "date 2020-01-01 follows 2020-01-03: expected ascending dates"),
            (5, "date 2020-13-01: expected a date"),
            (6, "close -1: expected a price above zero"),
            (8, "stands here a second time"),
        ] {
            assert!(
                found.lines().any(|l| l.contains(&format!("p.csv:{line}:")) && l.contains(part)),
                "{line} {found}"
            );
        }
        assert!(faults("date,symbol\n2020-01-02,A\n").contains("no column `close`"));
        assert!(faults("day,symbol,close\n2020-01-02,A,1\n").contains("no column `date`"));
        assert!(faults("date,symbol,close\n2020-01-02,A\n").contains("2 fields: expected 3"));
        assert!(faults("date,symbol,close\n").contains("no rows"));
        assert!(faults("date,A\n2020-01-02,abc\n").contains("A abc: expected a price above zero"));
        assert!(faults("date,symbol,close,split\n2020-01-02,A,5,2\n").contains("split 2"));
    }

    #[test]
    fn a_dividend_beside_total_returns_would_count_twice() {
        let text = "date,symbol,close,dividend\n2020-01-02,A,5,0.1\n";
        let Err(Failure::Input(m)) = read(&[("p.csv", "total", text)]) else { panic!() };
        assert!(m[0].contains("p.csv:2:") && m[0].contains("count twice"));
    }
}
