//! Reads the members of an index: `date,symbol,weight`, `symbol,start,end`, or `date,symbol,cap` for market
//! caps.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;
use unisleeve_core::mandates::{Config, IndexConfig};
use unisleeve_core::market::{Cap, Drift, Market, MemberFault, Membership, Span};
use unisleeve_core::units::SecurityId;

use super::finding::{Finding, FindingKind};
use crate::failure::Failure;
use crate::readers::date::date;
use crate::readers::table::{Faults, Table};

/// Finds securities in the prices by symbol.
pub(crate) struct Lookup<'a> {
    /// The security that a symbol stands for on a day; `None` without a price.
    pub on: &'a dyn Fn(&str, NaiveDate) -> Option<SecurityId>,
    /// The securities that it stands for during a period, each with its part of the period; empty without a
    /// price.
    pub between: &'a Between<'a>,
    /// Company name of a symbol.
    pub name: &'a dyn Fn(&str) -> String,
}

/// Function that returns the securities of a symbol during a period.
type Between<'a> =
    dyn Fn(&str, NaiveDate, Option<NaiveDate>) -> Vec<(SecurityId, NaiveDate, Option<NaiveDate>)> + 'a;

/// The content of an index's files.
#[derive(Default)]
struct Read {
    weights: BTreeMap<NaiveDate, Vec<(SecurityId, f64)>>,
    spans: Vec<Span>,
    caps: Vec<Listed>,
    /// Symbols without a price, with first and last day of membership.
    unknown: BTreeMap<String, (NaiveDate, NaiveDate)>,
}

/// A row of a list of market caps.
#[derive(Debug, Clone, PartialEq)]
struct Listed {
    date: NaiveDate,
    symbol: String,
    /// `None` if the prices lack it.
    security: Option<SecurityId>,
    company: String,
    dollars: f64,
}

/// Reads an index and adds it to the market.
///
/// # Errors
/// All faults of a file, or an index without members.
pub(crate) fn add_index(
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
    findings.extend(read.divide());
    let caps: Vec<Cap> = read
        .caps
        .iter()
        .filter_map(|c| Some(Cap { date: c.date, security: c.security?, dollars: c.dollars }))
        .collect();
    if caps.is_empty() && !read.spans.is_empty() {
        let mut members: Vec<SecurityId> = read.spans.iter().map(|s| s.security).collect();
        members.sort_unstable();
        members.dedup();
        let detail = format!("{} members without any market cap: all weigh the same", members.len());
        findings.push(Finding::of(FindingKind::EqualWeights, &index.name, members.len(), detail));
    }
    let membership = Membership { name: index.name.clone(), spans: read.spans, caps };
    let (_, faults) = market.add_membership(&membership, config.start).map_err(failed)?;
    for f in faults {
        let symbol = market.securities().get(f.security.index()).map_or("", |s| s.symbol.as_str());
        let weight = 100.0 * f.weight;
        let without = |what: &str| {
            format!("a member of {} with no {what}, up to {weight:.3}% of the index", index.name)
        };
        let (kind, detail) = match f.fault {
            MemberFault::NoPrice => (FindingKind::MemberWithoutPrice, without("price")),
            MemberFault::NoCap => (FindingKind::MemberWithoutCap, without("market cap")),
            MemberFault::CapJump(times) => (
                FindingKind::CapJump,
                format!("{times:.2} times the cap before it, carried forward by price"),
            ),
        };
        findings.push(Finding::new(kind, symbol, (f.from, f.to), 1, detail));
    }
    Ok(findings)
}

impl Read {
    fn file(&mut self, table: &Table, config: &Config, lookup: &Lookup<'_>) -> Result<(), Failure> {
        let mut faults = Faults::new(&table.name);
        let symbol = table.header.need("symbol", &config.columns)?;
        let [day, weight, start, end, cap, name] =
            table.header.find_all(["date", "weight", "start", "end", "cap", "name"], &config.columns)?;
        let is_weight = weight.is_some();
        let number = |text: &str| text.parse::<f64>().ok().filter(|x| x.is_finite() && *x >= 0.0);
        match (day, weight, cap, start) {
            (Some(day), Some(value), _, _) | (Some(day), None, Some(value), _) => {
                let what = if is_weight { "weight" } else { "cap" };
                for (line, row) in &table.rows {
                    let Some(when) = date(day.of(row)) else {
                        faults
                            .add(*line, &format!("date {}: expected a date such as 2018-02-07", day.of(row)));
                        continue;
                    };
                    let (ticker, text) = (symbol.of(row), value.of(row));
                    // A company without a known cap remains a member.
                    if matches!(text, "" | "0") && !is_weight {
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
                    let known = (lookup.on)(symbol.first(row), when);
                    if known.is_none() {
                        self.without_price(ticker, when, when);
                    }
                    match (is_weight, known) {
                        (true, Some(s)) => self.weights.entry(when).or_default().push((s, x)),
                        (true, None) => {}
                        (false, _) => {
                            let company =
                                if company.is_empty() { (lookup.name)(ticker) } else { company.to_owned() };
                            self.caps.push(Listed {
                                date: when,
                                symbol: ticker.to_owned(),
                                security: known,
                                company,
                                dollars: x,
                            });
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
                    let parts = (lookup.between)(symbol.first(row), from, to);
                    if parts.is_empty() {
                        let (first, last) =
                            (from.max(config.start), to.unwrap_or(config.end).min(config.end));
                        self.without_price(ticker, first, last);
                    }
                    let span = |(security, from, to)| Span { security, from, to };
                    self.spans.extend(parts.into_iter().map(span));
                }
            }
            _ => {
                return Err(table.header.fault(
                    "expected the columns date,symbol,weight or date,symbol,cap or symbol,start,end",
                ));
            }
        }
        faults.finish()
    }

    fn without_price(&mut self, symbol: &str, from: NaiveDate, to: NaiveDate) {
        let span = self.unknown.entry(symbol.to_owned()).or_insert((from, to));
        *span = (span.0.min(from), span.1.max(to));
    }

    /// The largest weight, by cap, that each symbol without a price has on any list.
    fn lost(&self) -> BTreeMap<String, f64> {
        let mut sums: BTreeMap<NaiveDate, f64> = BTreeMap::new();
        for c in &self.caps {
            *sums.entry(c.date).or_default() += c.dollars;
        }
        let mut largest: BTreeMap<String, f64> = BTreeMap::new();
        for c in self.caps.iter().filter(|c| c.security.is_none()) {
            let weight = sums.get(&c.date).map_or(0.0, |sum| c.dollars / sum);
            let of = largest.entry(c.symbol.clone()).or_default();
            *of = if weight > *of { weight } else { *of };
        }
        largest
    }

    fn unknown_members(&self, lost: &BTreeMap<String, f64>) -> Vec<Finding> {
        let about = |symbol: &String| match lost.get(symbol) {
            Some(weight) => format!(
                "no symbol that the prices have; up to {:.3}% of the index by its market cap",
                100.0 * weight
            ),
            None => "no symbol that the prices have, and no market cap either".to_owned(),
        };
        let each = self.unknown.iter();
        each.map(|(s, span)| Finding::new(FindingKind::UnknownMember, s, *span, 1, about(s))).collect()
    }

    /// Divides the cap of a company with several share classes when each class carries the whole company's
    /// cap. This is assumed when two classes have caps within 10% of each other on some date. On each date
    /// the cap is split equally among all classes that are members then, including those missing from the
    /// list.
    fn divide(&mut self) -> Vec<Finding> {
        const ALIKE: f64 = 0.9;
        // Groups of symbols that had the same company name and similar caps on some date.
        let mut groups: Vec<Vec<(SecurityId, String)>> = Vec::new();
        let mut by_company: BTreeMap<(NaiveDate, String), Vec<(SecurityId, &Listed)>> = BTreeMap::new();
        for c in self.caps.iter().filter(|c| !c.company.is_empty()) {
            if let Some(security) = c.security {
                by_company.entry((c.date, company_of(&c.company))).or_default().push((security, c));
            }
        }
        for pair in by_company.values().flat_map(|members| members.windows(2)) {
            let [(a, x), (b, y)] = [pair[0], pair[1]];
            let (x_name, y_name) = ((a, x.symbol.clone()), (b, y.symbol.clone()));
            let (x, y) = (x.dollars, y.dollars);
            if a == b || (if x < y { x / y } else { y / x }) < ALIKE {
                continue;
            }
            match groups.iter_mut().find(|g| g.contains(&x_name) || g.contains(&y_name)) {
                Some(group) => {
                    let new: Vec<_> = [x_name, y_name].into_iter().filter(|s| !group.contains(s)).collect();
                    group.extend(new);
                }
                None => groups.push(vec![x_name, y_name]),
            }
        }
        let mut findings = Vec::new();
        let dates: BTreeSet<NaiveDate> = self.caps.iter().map(|c| c.date).collect();
        for group in groups {
            let mut divided: Vec<NaiveDate> = Vec::new();
            for date in &dates {
                let is_member = |class: &&(SecurityId, String)| {
                    let on = |s: &Span| {
                        s.security == class.0 && s.from <= *date && s.to.is_none_or(|to| *date < to)
                    };
                    self.spans.is_empty() || self.spans.iter().any(on)
                };
                let here = |c: &&mut Listed| {
                    c.date == *date && group.iter().any(|(security, _)| Some(*security) == c.security)
                };
                let members: Vec<(SecurityId, String)> = group.iter().filter(is_member).cloned().collect();
                let parts = members.len() as f64;
                let mut part = None;
                for cap in self.caps.iter_mut().filter(here).filter(|_| members.len() > 1) {
                    cap.dollars /= parts;
                    part = Some(cap.clone());
                }
                let Some(part) = part else { continue };
                divided.push(*date);
                for (security, symbol) in members {
                    let security = Some(security);
                    if !self.caps.iter().any(|c| c.date == *date && c.security == security) {
                        self.caps.push(Listed { symbol, security, ..part.clone() });
                    }
                }
            }
            if let (Some(first), Some(last)) = (divided.first(), divided.last()) {
                let detail =
                    format!("each carries the whole company's market cap on {} dates", divided.len());
                let names = group.iter().map(|(_, s)| s.as_str()).collect::<Vec<_>>().join(" and ");
                findings.push(Finding::new(
                    FindingKind::ShareClasses,
                    &names,
                    (*first, *last),
                    divided.len(),
                    detail,
                ));
            }
        }
        findings
    }
}

/// A company's name without the mark of its share class: `Class A`, `-A`, `'C'`.
fn company_of(name: &str) -> String {
    let name = name.trim().to_uppercase();
    let name = name.split(" CLASS ").next().unwrap_or_default();
    let name = name.strip_suffix('\'').and_then(|n| n.rsplit_once('\'')).map_or(name, |(n, _)| n);
    let is_letter = |tail: &str| tail.len() == 1 && tail.chars().all(char::is_alphabetic);
    match name.rsplit_once('-') {
        Some((company, class)) if is_letter(class) => company.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_shares_are_one_company() {
        for (a, b) in [
            ("Alphabet Inc Class A", "Alphabet Inc Class C"),
            ("Google'C'", "Google"),
            ("Discovery Communications-A", "Discovery Communications-C"),
        ] {
            assert_eq!(company_of(a), company_of(b));
        }
        assert_ne!(company_of("General Dynamics"), company_of("General Mills"));
        assert_eq!(company_of("Coca-Cola"), "COCA-COLA");
    }
}
