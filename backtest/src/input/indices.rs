//! Files that say who belonged to an index: `date,symbol,weight`; or `symbol,start,end`; or, for caps, `date,symbol,cap`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use unisleeve_core::market::{Cap, Drift, Market, MemberFault, Membership, Span};
use unisleeve_core::setup::{Config, IndexConfig};
use unisleeve_core::units::SecurityId;

use super::finding::{Finding, FindingKind};
use super::prices::date;
use super::table::{Faults, Table};
use crate::failure::Failure;

/// Which securities the prices have, by symbol.
pub(super) struct Lookup<'a> {
    /// Security of a symbol; none without a price.
    pub find: &'a dyn Fn(&str) -> Option<SecurityId>,
    /// Name of a security's company.
    pub name: &'a dyn Fn(&str) -> String,
}

/// What an index's files say.
#[derive(Default)]
struct Read {
    weights: BTreeMap<NaiveDate, Vec<(SecurityId, f64)>>,
    spans: Vec<Span>,
    caps: Vec<(NaiveDate, String, String, f64)>,
    /// Symbols without a price: from when to when they were members.
    unknown: BTreeMap<String, (NaiveDate, NaiveDate)>,
}

/// Reads an index and adds it to the market.
///
/// # Errors
/// Every fault of a file, or an index that is empty.
pub(super) fn add_index(
    index: &IndexConfig,
    files: &[PathBuf],
    config: &Config,
    market: &mut Market,
    lookup: &Lookup<'_>,
) -> Result<Vec<Finding>, Failure> {
    let mut read = Read::default();
    for file in files {
        read.file(&Table::read(file)?, config, lookup)?;
    }
    let mut findings = Vec::new();
    let failed = |e: unisleeve_core::market::MarketError| Failure::input(format!("data.indices: {e}"));
    if !read.weights.is_empty() {
        let dated: Vec<_> = std::mem::take(&mut read.weights).into_iter().collect();
        market.add_index(&index.name, &dated, Drift::Price).map_err(failed)?;
        findings.extend(read.unknown_members(&BTreeMap::new()));
        return Ok(findings);
    }
    let lost = read.lost();
    findings.extend(read.unknown_members(&lost));
    findings.extend(read.halve());
    let caps: Vec<Cap> = read
        .caps
        .iter()
        .filter_map(|(date, symbol, _, dollars)| {
            Some(Cap { date: *date, security: (lookup.find)(symbol)?, dollars: *dollars })
        })
        .collect();
    let membership = Membership { name: index.name.clone(), spans: read.spans, caps };
    let (_, faults) = market.add_membership(&membership, config.start).map_err(failed)?;
    for f in faults {
        let symbol = market.securities().get(f.security.index()).map_or("", |s| s.symbol.as_str());
        let (kind, what) = match f.fault {
            MemberFault::NoPrice => (FindingKind::MemberWithoutPrice, "no price"),
            MemberFault::NoCap => (FindingKind::MemberWithoutCap, "no market cap"),
        };
        let detail =
            format!("a member of {} with {what}, up to {:.3}% of the index", index.name, 100.0 * f.weight);
        findings.push(Finding::new(kind, symbol, (f.from, f.to), 1, detail));
    }
    Ok(findings)
}

impl Read {
    fn file(&mut self, table: &Table, config: &Config, lookup: &Lookup<'_>) -> Result<(), Failure> {
        let mut faults = Faults::new(&table.name);
        let column = |name: &str| table.column(name, &config.columns);
        let Some(symbol) = column("symbol") else {
            return Err(Failure::input(format!("{}:1: no column `symbol`", table.name)));
        };
        let [day, weight, start, end, cap, name] =
            ["date", "weight", "start", "end", "cap", "name"].map(column);
        let number = |text: &str| text.parse::<f64>().ok().filter(|x| x.is_finite() && *x >= 0.0);
        match (day, weight, cap, start) {
            (Some(day), Some(value), _, _) | (Some(day), None, Some(value), _) => {
                let is_weight = column("weight").is_some();
                let what = if is_weight { "weight" } else { "cap" };
                for (line, row) in &table.rows {
                    let Some(when) = date(day.of(row)) else {
                        faults.add(*line, &format!("date {}: expected a date such as 2018-02-07", day.of(row)));
                        continue;
                    };
                    let (ticker, text) = (symbol.of(row), value.of(row));
                    // A member that the list has no figure for is a member all the same.
                    if text.is_empty() && !is_weight {
                        continue;
                    }
                    let Some(x) = number(text) else {
                        faults.add(*line, &format!("{what} {text}: expected a number of zero or more"));
                        continue;
                    };
                    if when > config.end {
                        continue;
                    }
                    let company = name.as_ref().map(|n| n.of(row)).unwrap_or_default();
                    let known = (lookup.find)(ticker);
                    if known.is_none() {
                        self.without_price(ticker, when, when);
                    }
                    match (is_weight, known) {
                        (true, Some(s)) => self.weights.entry(when).or_default().push((s, x)),
                        (true, None) => {}
                        (false, _) => {
                            let company =
                                if company.is_empty() { (lookup.name)(ticker) } else { company.to_owned() };
                            self.caps.push((when, ticker.to_owned(), company, x));
                        }
                    }
                }
            }
            (_, _, _, Some(start)) => {
                for (line, row) in &table.rows {
                    let ticker = symbol.of(row);
                    let last = end.as_ref().map(|c| c.of(row)).unwrap_or_default();
                    let (Some(from), to) = (date(start.of(row)), date(last)) else {
                        let text = start.of(row);
                        faults.add(*line, &format!("start {text}: expected a date such as 2018-02-07"));
                        continue;
                    };
                    if to.is_none() && !last.is_empty() {
                        faults.add(*line, &format!("end {last}: expected a date or nothing"));
                        continue;
                    }
                    if to.is_some_and(|to| to <= from) {
                        faults.add(*line, &format!("end {last}: expected a date after the start, {from}"));
                        continue;
                    }
                    if from > config.end || to.is_some_and(|to| to <= config.start) {
                        continue;
                    }
                    match (lookup.find)(ticker) {
                        Some(security) => self.spans.push(Span { security, from, to }),
                        None => {
                            let (first, last) = (from.max(config.start), to.unwrap_or(config.end).min(config.end));
                            self.without_price(ticker, first, last);
                        }
                    }
                }
            }
            _ => {
                return Err(Failure::input(format!(
                    "{}:1: expected the columns date,symbol,weight or date,symbol,cap or symbol,start,end",
                    table.name
                )));
            }
        }
        faults.finish()
    }

    fn without_price(&mut self, symbol: &str, from: NaiveDate, to: NaiveDate) {
        let span = self.unknown.entry(symbol.to_owned()).or_insert((from, to));
        *span = (span.0.min(from), span.1.max(to));
    }

    /// Largest weight, by cap, of each symbol on one of the lists.
    fn lost(&self) -> BTreeMap<String, f64> {
        let mut sums: BTreeMap<NaiveDate, f64> = BTreeMap::new();
        for (date, _, _, dollars) in &self.caps {
            *sums.entry(*date).or_default() += dollars;
        }
        let mut largest: BTreeMap<String, f64> = BTreeMap::new();
        for (date, symbol, _, dollars) in &self.caps {
            let weight = sums.get(date).map_or(0.0, |sum| dollars / sum);
            let of = largest.entry(symbol.clone()).or_default();
            *of = if weight > *of { weight } else { *of };
        }
        largest
    }

    fn unknown_members(&self, lost: &BTreeMap<String, f64>) -> Vec<Finding> {
        let about = |symbol: &String| match lost.get(symbol) {
            Some(weight) => format!("no price at all; up to {:.3}% of the index by its market cap", 100.0 * weight),
            None => "no price at all, and no market cap either".to_owned(),
        };
        let each = self.unknown.iter();
        each.map(|(s, span)| Finding::new(FindingKind::UnknownMember, s, *span, 1, about(s))).collect()
    }

    /// Divides a cap that several symbols of one company have alike on a date. Companies are told by the first word of their
    /// names: two companies of exactly the same worth are not one.
    fn halve(&mut self) -> Vec<Finding> {
        let first = |name: &str| name.split([' ', '.', ',']).next().unwrap_or_default().to_uppercase();
        let mut classes: BTreeMap<(NaiveDate, String, u64), Vec<usize>> = BTreeMap::new();
        for (at, (date, _, company, dollars)) in self.caps.iter().enumerate() {
            if !company.is_empty() {
                classes.entry((*date, first(company), dollars.to_bits())).or_default().push(at);
            }
        }
        let mut found: BTreeMap<String, (NaiveDate, NaiveDate, usize)> = BTreeMap::new();
        for ((date, ..), members) in classes.into_iter().filter(|(_, m)| m.len() > 1) {
            let symbols: Vec<&str> = members.iter().filter_map(|m| Some(self.caps.get(*m)?.1.as_str())).collect();
            let entry = found.entry(symbols.join(" and ")).or_insert((date, date, 0));
            (entry.1, entry.2) = (date, entry.2 + 1);
            let parts = members.len() as f64;
            for m in members {
                if let Some(cap) = self.caps.get_mut(m) {
                    cap.3 /= parts;
                }
            }
        }
        found
            .into_iter()
            .map(|(symbols, (from, to, count))| {
                let detail = format!("one and the same market cap on {count} dates");
                Finding::new(FindingKind::ShareClasses, &symbols, (from, to), count, detail)
            })
            .collect()
    }
}
