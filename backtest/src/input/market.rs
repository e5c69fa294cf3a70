//! From the files that a configuration names to a market.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};
use unisleeve_core::market::Market;
use unisleeve_core::setup::{Config, DataConfig};

use super::finding::Finding;
use super::indices::{Lookup, add_index};
use super::panel::assemble;
use super::plausible::implausible;
use super::prices::{Quotes, Reading};
use super::securities;
use crate::failure::Failure;

/// A market, and what is questionable about it.
#[derive(Debug)]
pub struct Loaded {
    /// The market with the configuration's indices.
    pub market: Market,
    /// What is questionable, and what the run does about it.
    pub findings: Vec<Finding>,
    /// Groups of symbols that a file of securities calls substantially identical.
    pub identical: Vec<Vec<String>>,
}

/// Days that have as many sessions as a window, and some to spare for holidays.
fn days_of(sessions: usize) -> u64 {
    (sessions as u64 * 7).div_ceil(5) * 105 / 100 + 30
}

/// Reads the files. `folder` is where the configuration is; `data` replaces `data.folder`.
///
/// # Errors
/// Every fault of the first file that has one.
pub fn load_market(
    config: &Config,
    data: &DataConfig,
    folder: &Path,
    replaced: Option<&Path>,
) -> Result<Loaded, Failure> {
    if data.prices.is_empty() {
        return Err(Failure::input("data.prices: no file: expected at least one price file"));
    }
    let place = replaced.map(Path::to_path_buf).or_else(|| data.folder.as_ref().map(|f| folder.join(f)));
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
    let reading = Reading { columns: &config.columns, known: &known, span: (from, config.end) };
    let mut quotes = Quotes::default();
    for file in &data.prices {
        quotes.read(&reading, file, &path(&file.file))?;
    }
    let files = data.prices.iter().map(|f| path(&f.file).display().to_string()).collect::<Vec<_>>().join(", ");
    if quotes.quotes.is_empty() {
        return Err(Failure::input(format!("{files}: no price up to {}: expected some", config.end)));
    }
    let mut made = assemble(quotes, &known)?;
    let mut findings = std::mem::take(&mut made.findings);
    findings.extend(implausible(&made.panel, &data.check, &made.untraded));
    let mut market = Market::new(made.panel).map_err(|e| Failure::input(e.to_string()))?;
    let find = |symbol: &str| made.place.get(made.symbols.find(symbol)? as usize).copied().flatten();
    let name = |symbol: &str| known.get(&symbol.to_uppercase()).map_or(String::new(), |k| k.security.name.clone());
    for index in &data.indices {
        let files: Vec<PathBuf> = index.files.iter().map(|f| path(f)).collect();
        let lookup = Lookup { find: &find, name: &name };
        findings.extend(add_index(index, &files, config, &mut market, &lookup)?);
    }
    findings.sort_by(|a, b| (a.kind, &a.symbol, a.from).cmp(&(b.kind, &b.symbol, b.from)));
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for k in known.values().filter(|k| !k.identical_group.is_empty()) {
        if find(&k.security.symbol).is_some() {
            groups.entry(&k.identical_group).or_default().push(k.security.symbol.clone());
        }
    }
    let identical = groups.into_values().filter(|g| g.len() > 1).collect();
    Ok(Loaded { market, findings, identical })
}
