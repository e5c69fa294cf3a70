//! Builds a market from the files that a configuration names.

pub(crate) mod finding;
mod folder;
mod indices;
mod known;
mod listings;
mod one_security;
mod panel;
mod plausible;
mod prices;
mod quotes;
mod risk;
pub(crate) mod securities;
mod symbols;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};
use unisleeve_core::mandates::{Config, DataConfig, PriceFile};
use unisleeve_core::market::Market;

use crate::failure::Failure;
use finding::Finding;
use indices::{Lookup, add_index};
use listings::REUSED_AFTER;
use panel::assemble;
use plausible::implausible;
use prices::{Named, Reading, Source};
use quotes::Quotes;

/// A market and the findings about its data.
#[derive(Debug)]
pub struct Loaded {
    /// The market with the configuration's indices.
    pub market: Market,
    /// What is questionable about the data, and how the run treats it.
    pub findings: Vec<Finding>,
    /// Groups of symbols that a securities file calls substantially identical.
    pub identical: Vec<Vec<String>>,
    /// Symbols that a securities file exempts from the wash-sale rule.
    pub wash_exempt: Vec<String>,
}

/// Calendar days that contain this many sessions, with a margin for holidays.
fn days_of(sessions: usize) -> u64 {
    (sessions as u64 * 7).div_ceil(5) * 105 / 100 + 30
}

/// Loads the market. `folder` is the configuration's folder. `replaced` is used instead of `data.folder`.
///
/// # Errors
/// All faults of the first file that has any.
pub fn load_market(
    config: &Config,
    data: &DataConfig,
    folder: &Path,
    replaced: Option<&Path>,
) -> Result<Loaded, Failure> {
    // `data.folder` may also be a pattern for a folder of files with one security each.
    let pattern = data.folder.as_ref().filter(|f| f.contains('*'));
    let own = data.folder.as_ref().filter(|f| !f.contains('*')).map(|f| folder.join(f));
    let place = replaced.map(Path::to_path_buf).or(own);
    let path = |file: &str| -> PathBuf {
        let there = place.as_ref().map(|p| p.join(file));
        let beside = folder.join(file);
        there.filter(|t| t.exists() || !beside.exists()).unwrap_or(beside)
    };
    let mut known = BTreeMap::new();
    for file in &data.securities {
        securities::load(&path(file), &config.columns, &mut known)?;
    }
    let since = config.policy.iter().filter_map(|s| s.since).fold(config.start, NaiveDate::min);
    let from = since.checked_sub_days(Days::new(days_of(config.risk.window))).unwrap_or(NaiveDate::MIN);
    let volumes = config.trading.impact > 0.0;
    let reading = Reading { columns: &config.columns, known: &known, span: (from, config.end), volumes };
    let sources = sources(data, pattern, &path)?;
    let mut quotes = Quotes::default();
    for source in &sources {
        quotes.read(&reading, source)?;
    }
    if quotes.rows.is_empty() {
        let files = names(&sources);
        return Err(Failure::input(format!(
            "{files}: no price from {from} to {}, the run and the sessions before it for the risk model: expected some",
            config.end
        )));
    }
    let reused_after = data.reused_after.unwrap_or(REUSED_AFTER);
    let mut made = assemble(quotes, &known, reused_after, config.start)?;
    let mut findings = std::mem::take(&mut made.findings);
    findings.extend(implausible(&made.panel, &data.check, &made.untraded));
    let mut market = Market::new(made.panel).map_err(|e| Failure::input(e.to_string()))?;
    let find = |symbol: &str| made.listings.plain(made.symbols.find(symbol)?);
    let on = |symbol: &str, day| made.listings.on(made.symbols.find(symbol)?, day);
    let between = |symbol: &str, from, to| {
        made.symbols.find(symbol).map(|s| made.listings.between(s, from, to)).unwrap_or_default()
    };
    let name =
        |symbol: &str| known.get(&symbol.to_uppercase()).map_or(String::new(), |k| k.security.name.clone());
    for index in &data.indices {
        let files: Vec<PathBuf> = index.files.iter().map(|f| path(f)).collect();
        let lookup = Lookup { on: &on, between: &between, name: &name };
        findings.extend(add_index(index, &files, config, &mut market, &lookup)?);
    }
    if let Some(files) = &data.risk {
        let [exposures, covariance, specific] =
            [&files.exposures, &files.covariance, &files.specific].map(|f| path(f));
        let paths = risk::Paths { exposures: &exposures, covariance: &covariance, specific: &specific };
        let symbols: Vec<String> = market.securities().iter().map(|s| s.symbol.clone()).collect();
        let (given, more) = risk::read(&paths, &config.columns, &find, &symbols)?;
        market = market.with_risk(given);
        findings.extend(more);
    }
    findings.sort_by(|a, b| (a.kind, &a.symbol, a.from).cmp(&(b.kind, &b.symbol, b.from)));
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for k in known.values().filter(|k| !k.identical_group.is_empty()) {
        if find(&k.security.symbol).is_some() {
            groups.entry(&k.identical_group).or_default().push(k.security.symbol.clone());
        }
    }
    let identical = groups.into_values().filter(|g| g.len() > 1).collect();
    let here = |k: &&known::Known| k.is_exempt && find(&k.security.symbol).is_some();
    let wash_exempt = known.values().filter(here).map(|k| k.security.symbol.clone()).collect();
    Ok(Loaded { market, findings, identical, wash_exempt })
}

/// The price files to read and what the configuration says of each. A folder is expanded to its files.
fn sources(
    data: &DataConfig,
    pattern: Option<&String>,
    path: &dyn Fn(&str) -> PathBuf,
) -> Result<Vec<Source>, Failure> {
    let mut all = Vec::new();
    let each = pattern.map(|folder| PriceFile { folder: folder.clone(), ..PriceFile::default() });
    for file in data.prices.iter().chain(&each) {
        let basis = file.basis;
        if file.folder.is_empty() {
            let symbol = match file.symbol.as_str() {
                "" => Named::ByColumns,
                symbol => Named::Given(symbol.to_owned()),
            };
            all.push(Source { path: path(&file.file), basis, symbol });
        } else {
            let found = folder::files(&file.folder, path)?;
            all.extend(found.into_iter().map(|(s, path)| Source { path, basis, symbol: Named::ByFile(s) }));
        }
    }
    if all.is_empty() {
        return Err(Failure::input("data.prices: no file: expected at least one price file"));
    }
    if all.len() > usize::from(u16::MAX) {
        let message = format!("data.prices: {} files: expected at most {}", all.len(), u16::MAX);
        return Err(Failure::input(message));
    }
    Ok(all)
}

/// Lists file names for messages; of many, only the first few.
fn names(sources: &[Source]) -> String {
    const NAMED: usize = 3;
    let named = sources.iter().take(NAMED).map(|s| s.path.display().to_string());
    let named = named.collect::<Vec<_>>().join(", ");
    if sources.len() > NAMED { format!("{named} and {} more", sources.len() - NAMED) } else { named }
}

#[cfg(test)]
mod tests {
    use unisleeve_core::mandates::{IndexConfig, PriceBasis};

    use super::*;
    use crate::readers::FindingKind;

    fn read_with(files: &[(&str, &str, &str)], more: impl Fn(&mut Config)) -> Result<Loaded, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let mut data = DataConfig::default();
        for (name, basis, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
            let basis = match *basis {
                "raw" => PriceBasis::Raw,
                "total" => PriceBasis::Total,
                "split" => PriceBasis::Split,
                _ => continue,
            };
            data.prices.push(PriceFile { file: (*name).to_owned(), basis, ..PriceFile::default() });
        }
        let mut config = Config {
            start: NaiveDate::from_ymd_opt(2020, 1, 2).unwrap(),
            end: NaiveDate::from_ymd_opt(2020, 1, 31).unwrap(),
            policy: Vec::new(),
            data: Some(data),
            ..Config::default()
        };
        more(&mut config);
        let data = config.data.clone().unwrap();
        load_market(&config, &data, folder.path(), None)
    }

    fn read(files: &[(&str, &str, &str)]) -> Result<Loaded, Failure> {
        read_with(files, |_| ())
    }

    fn faults(text: &str) -> String {
        match read(&[("p.csv", "split", text)]) {
            Err(Failure::Input(messages)) => messages.join("\n"),
            other => panic!("{other:?}"),
        }
    }

    fn kinds(loaded: &Loaded) -> Vec<(FindingKind, &str)> {
        loaded.findings.iter().map(|f| (f.kind, f.symbol.as_str())).collect()
    }

    #[test]
    fn long_and_wide_files_give_the_same_market() {
        let long = "\u{feff}Date,Symbol,Close,Dividend\r\n2020-01-02,AAA,10.5,\r\n2020-01-02,\"BBB\",20,\r\n2020-01-03,AAA,11,\r\n2020-01-03,BBB,19,\r\n";
        let wide = "date,AAA,BBB\n2020-01-02,10.5,20\n2020-01-03 00:00:00,11,19\n";
        let a = read(&[("l.csv", "split", long)]).unwrap().market;
        let b = read(&[("w.csv", "split", wide)]).unwrap().market;
        assert_eq!(a.hash(), b.hash());
        assert_eq!(a.securities().len(), 2);
    }

    #[test]
    fn parquet_gives_the_same_market_as_text() {
        use crate::readers::parquet::{Column, Text, Values};
        use crate::results::parquet::write_columns;
        let long = "date,symbol,close,dividend\n2020-01-02,AAA,10.5,\n2020-01-02,BBB,20,\n2020-01-03,AAA,11,0.25\n2020-01-03,BBB,19.123456,\n";
        let text = read(&[("l.csv", "split", long)]).unwrap().market;
        let day = |d| NaiveDate::from_ymd_opt(2020, 1, d);
        let mut symbols = Text::default();
        for s in ["AAA", "BBB", "AAA", "BBB"] {
            symbols.push(Some(s));
        }
        let column = |name: &str, values| Column { name: name.to_owned(), values };
        let columns = [
            column("date", Values::Date(vec![day(2), day(2), day(3), day(3)])),
            column("symbol", Values::Text(symbols)),
            column("close", Values::Float(vec![Some(10.5), Some(20.0), Some(11.0), Some(19.123_456)])),
            column("dividend", Values::Float(vec![None, Some(f64::NAN), Some(0.25), None])),
        ];
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("p.parquet"), write_columns(&columns, &[]).unwrap()).unwrap();
        let mut config = Config {
            start: NaiveDate::from_ymd_opt(2020, 1, 2).unwrap(),
            end: NaiveDate::from_ymd_opt(2020, 1, 31).unwrap(),
            policy: Vec::new(),
            ..Config::default()
        };
        let prices = vec![PriceFile { file: "p.parquet".to_owned(), ..PriceFile::default() }];
        let data = DataConfig { prices, ..DataConfig::default() };
        config.data = Some(data.clone());
        let binary = load_market(&config, &data, folder.path(), None).unwrap().market;
        assert_eq!(text.hash(), binary.hash());
    }

    #[test]
    fn every_fault_is_named_with_its_line() {
        let text = "date,symbol,close\n2020-01-02,A,0\n2020-01-03,A,NaN\n2020-01-01,A,5\n2020-13-01,A,5\n2020-01-03,A,-1\n2020-01-06,,7\n";
        let found = faults(text);
        for (line, part) in [
            (2, "close 0: expected a price above zero"),
            (3, "close NaN: expected a price above zero"),
            (5, "date 2020-13-01: expected a date"),
            (6, "close -1: expected a price above zero"),
            (7, "symbol is empty: expected a ticker"),
        ] {
            assert!(
                found.lines().any(|l| l.contains(&format!("p.csv:{line}:")) && l.contains(part)),
                "{line} {found}"
            );
        }
        for (text, part) in [
            ("date,symbol\n2020-01-02,A\n", "no column `close`"),
            ("day,symbol,close\n2020-01-02,A,1\n", "no column `date`"),
            ("date,symbol,close\n2020-01-02,A\n", "2 fields: expected 3"),
            ("date,symbol,close\n", "no rows"),
            ("date,A\n2020-01-02,abc\n", "A abc: expected a price above zero"),
            (
                "date,symbol,close\n2020-01-06,A,7\n2020-01-06,A,7\n",
                "p.csv:3: A on 2020-01-06 stands here a second time",
            ),
            ("date,symbol,close,split\n2020-01-02,A,5,x\n", "split x: expected new shares for an old one"),
            (
                "date,symbol,close,dividend,dividend_kind\n2020-01-02,A,5,1,cash\n",
                "dividend_kind cash: expected",
            ),
            ("date,symbol,close\n2030-01-02,A,5\n", "no price from 2017-"),
        ] {
            assert!(faults(text).contains(part), "{part}: {}", faults(text));
        }
    }

    #[test]
    fn a_dividend_beside_total_returns_would_count_twice() {
        let text = "date,symbol,close,dividend\n2020-01-02,A,5,0.1\n";
        let Err(Failure::Input(m)) = read(&[("p.csv", "total", text)]) else { panic!() };
        assert!(m[0].contains("p.csv:2:") && m[0].contains("count twice"));
    }

    #[test]
    fn splits_and_spin_offs_of_raw_prices_leave_total_return_as_it_was() {
        let text = "date,symbol,close,spinoff,split\n2020-01-02,A,100,,\n2020-01-03,A,50,,2\n2020-01-06,A,40,10,\n2020-01-07,A,40,,\n";
        let loaded = read(&[("p.csv", "raw", text)]).unwrap();
        let dates = loaded.market.dates().to_vec();
        let a = loaded.market.find("A").unwrap();
        let returns: Vec<f64> =
            loaded.market.sessions(dates[1], dates[3]).map(|v| v.total_return(a, 0).unwrap()).collect();
        assert_eq!(returns, [0.0, 0.0, 0.0]);
        assert!(kinds(&loaded).contains(&(FindingKind::SpinOffWithoutPrice, "A")));
        assert!(loaded.market.find("A.SPUN").is_some());
    }

    #[test]
    fn adjusted_prices_leave_their_splits_out() {
        let text = "date,symbol,close,split\n2020-01-02,A,50,\n2020-01-03,A,51,2\n";
        let loaded = read(&[("p.csv", "split", text)]).unwrap();
        assert!(kinds(&loaded).contains(&(FindingKind::SplitAdjusted, "A")));
    }

    #[test]
    fn what_is_questionable_is_found() {
        let text = "date,symbol,close,volume,split\n\
            2020-01-02,GAP,10,5,\n2020-01-02,SPLIT,90,5,\n2020-01-02,JUMP,10,5,\n2020-01-02,BAD,10,5,\n2020-01-02,END,3,0,\n\
            2020-01-03,SPLIT,30,5,\n2020-01-03,JUMP,17,5,\n2020-01-03,BAD,10,5,3\n\
            2020-01-04,GAP,10,5,\n2020-01-04,SPLIT,30,5,\n2020-01-04,JUMP,17,5,\n2020-01-04,BAD,10,5,\n\
            2020-01-08,GAP,10,5,\n2020-01-08,SPLIT,30,5,\n2020-01-08,JUMP,17,5,\n2020-01-08,BAD,10,5,\n";
        let loaded = read(&[("p.csv", "raw", text)]).unwrap();
        let found = kinds(&loaded);
        for expected in [
            (FindingKind::MissingSession, "all"),
            (FindingKind::UnknownSession, "all"),
            (FindingKind::MissingPrice, "GAP"),
            (FindingKind::UndeclaredSplit, "SPLIT"),
            (FindingKind::Jump, "JUMP"),
            (FindingKind::SplitMismatch, "BAD"),
            (FindingKind::Delisting, "END"),
            (FindingKind::NoVolume, "END"),
        ] {
            assert!(found.contains(&expected), "{expected:?} in {found:?}");
        }
    }

    fn index(files: &[(&str, &str)]) -> Result<Loaded, Failure> {
        let prices =
            "date,symbol,close\n2020-01-02,A,10\n2020-01-02,B,10\n2020-01-03,A,10\n2020-01-03,B,20\n";
        let mut all = vec![("p.csv", "raw", prices)];
        all.extend(files.iter().map(|(name, text)| (*name, "", *text)));
        read_with(&all, |config| {
            let files = files.iter().map(|(name, _)| (*name).to_owned()).collect();
            let name = "index".to_owned();
            config.data.as_mut().unwrap().indices = vec![IndexConfig { name, files }];
        })
    }

    #[test]
    fn an_index_of_spans_and_caps() {
        let spans = "symbol,start,end\nA,2019-01-01,\nB,2019-01-01,\nGONE,2019-01-01,\n";
        let caps = "date,symbol,cap\n2020-01-01,A,300\n2020-01-01,B,100\n2020-01-01,GONE,100\n";
        let loaded = index(&[("m.csv", spans), ("c.csv", caps)]).unwrap();
        let id = loaded.market.index("index").unwrap();
        let days = loaded.market.dates().to_vec();
        let last = loaded.market.sessions(days[1], days[1]).next().unwrap();
        let weights: Vec<f64> = last.index_weights(id).into_iter().map(|(_, w)| w).collect();
        assert_eq!(weights, [0.6, 0.4]);
        let lost = loaded.findings.iter().find(|f| f.kind == FindingKind::UnknownMember).unwrap();
        assert!(lost.symbol == "GONE" && lost.detail.contains("20.000%"), "{lost:?}");
    }

    #[test]
    fn an_index_of_dated_weights() {
        let loaded = index(&[("w.csv", "date,symbol,weight\n2020-01-02,A,0.5\n2020-01-02,B,0.5\n")]).unwrap();
        let id = loaded.market.index("index").unwrap();
        let days = loaded.market.dates().to_vec();
        let last = loaded.market.sessions(days[1], days[1]).next().unwrap();
        assert!((last.index_weights(id)[1].1 - 2.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn broken_memberships_are_refused_with_their_line() {
        for (text, part) in [
            ("symbol,start,end\nA,2019-13-01,\n", "m.csv:2: start 2019-13-01: expected a date"),
            ("symbol,start,end\nA,2019-01-01,x\n", "m.csv:2: end x: expected a date or nothing"),
            ("symbol,start,end\nA,2021-01-01,2020-01-01\n", "m.csv:2: end 2020-01-01: expected a date after"),
            ("date,symbol,weight\n2020-01-02,A,-1\n", "m.csv:2: weight -1: expected a number"),
            ("date,symbol,cap\n2020-01-02,A,much\n", "m.csv:2: cap much: expected a number"),
            ("date,name\n2020-01-02,A\n", "no column `symbol`"),
            ("date,symbol\n2020-01-02,A\n", "expected the columns date,symbol,weight"),
            ("symbol,start,end\nC,2019-01-01,\n", "no member has a weight above zero"),
        ] {
            let Err(Failure::Input(messages)) = index(&[("m.csv", text)]) else { panic!("{part}") };
            assert!(messages.join("\n").contains(part), "{part}: {messages:?}");
        }
    }
}
