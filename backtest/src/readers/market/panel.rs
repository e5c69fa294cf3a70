//! Builds a panel from quotes: sessions, closes, distributions, splits and spin-offs.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use unisleeve_core::mandates::PriceBasis;
use unisleeve_core::market::{Action, Distribution, Panel, Security};
use unisleeve_core::units::{Price, Ratio, SecurityId, Shares};

use super::finding::{Finding, FindingKind};
use super::known::Known;
use super::listings::Listings;
use super::quotes::{Event, Quotes};
use super::symbols::Symbols;
use crate::failure::Failure;
use crate::readers::table::Faults;

/// Most cells (sessions times securities): 20 years of 50,000 securities. Each cell takes about 30 bytes.
const MOST: usize = 250_000_000;

/// A panel with the files' symbols and the findings about them.
pub(crate) struct Assembled {
    pub panel: Panel,
    /// The listings of each symbol, with their panel positions.
    pub listings: Listings,
    pub symbols: Symbols,
    pub findings: Vec<Finding>,
    /// Sessions without volume, by security.
    pub untraded: BTreeMap<u32, Vec<NaiveDate>>,
}

/// Builds the panel. The result does not depend on the order of rows, columns and files.
///
/// # Errors
/// When a security has two prices on a day, or there are more cells than allowed.
pub(crate) fn assemble(
    mut quotes: Quotes,
    known: &BTreeMap<String, Known>,
    reused_after: usize,
    start: NaiveDate,
) -> Result<Assembled, Failure> {
    let new = quotes.symbols.sort();
    let renumbered = |s: u32| new.get(s as usize).copied().unwrap_or(s);
    for q in &mut quotes.rows {
        q.security = renumbered(q.security);
    }
    for (_, security, _) in &mut quotes.events {
        *security = renumbered(*security);
    }
    quotes.splits_left_out =
        std::mem::take(&mut quotes.splits_left_out).into_iter().map(|(s, n)| (renumbered(s), n)).collect();
    // Sorts in place, because the rows of a large file are most of the memory.
    quotes.rows.sort_unstable_by_key(|q| (q.day, q.security, q.file, q.line));
    quotes.events.sort_by_key(|(day, security, _)| (*day, *security));
    twice(&quotes)?;
    let mut sessions: Vec<NaiveDate> = quotes.rows.iter().map(|q| q.day).collect();
    sessions.dedup();
    // A wide file's date column has no price, so it has no listing.
    let listings = Listings::of(&quotes.rows, quotes.symbols.names.len(), reused_after, start);
    let mut securities: Vec<Security> = Vec::new();
    let mut findings = notes(&quotes, &listings, known);
    for (at, symbol) in quotes.symbols.names.iter().enumerate() {
        let of = match known.get(&symbol.to_uppercase()) {
            Some(known) => known.security.clone(),
            None => Security { symbol: symbol.clone(), ..Security::default() },
        };
        for (i, listing) in listings.all(at as u32).iter().enumerate() {
            let name = listings.name(at as u32, listing, &quotes.symbols);
            let symbol = if name == *symbol { of.symbol.clone() } else { name };
            if let Some(before) = i.checked_sub(1).and_then(|b| listings.all(at as u32).get(b)) {
                let detail = format!(
                    "no price for {} sessions after {}: another share from {} on, called {symbol}",
                    listing.gap, before.last, listing.first
                );
                let (kind, days) = (FindingKind::ReusedSymbol, (before.last, listing.first));
                findings.push(Finding::new(kind, &of.symbol, days, 1, detail));
            }
            securities.push(Security { symbol, ..of.clone() });
        }
    }
    let spun = without_prices(&quotes, &listings, &sessions, &mut securities, &mut findings);

    let (t, n) = (sessions.len(), securities.len());
    if t.saturating_mul(n) > MOST {
        let files = quotes.files.iter().take(3).map(|f| f.name.as_str()).collect::<Vec<_>>().join(", ");
        return Err(Failure::input(format!(
            "{files}: {n} securities on {t} sessions: expected at most {MOST} of them in all"
        )));
    }
    let has_volumes = quotes.rows.iter().any(|q| q.volume.is_positive());
    let mut panel = Panel {
        closes: vec![Price::ZERO; t * n],
        volumes: if has_volumes { vec![Shares::ZERO; t * n] } else { Vec::new() },
        sessions,
        securities,
        distributions: Vec::new(),
        actions: Vec::new(),
    };
    let mut untraded: BTreeMap<u32, Vec<NaiveDate>> = BTreeMap::new();
    let mut last = vec![0; n];
    let mut session = 0;
    for q in &quotes.rows {
        while panel.sessions.get(session).is_some_and(|d| *d < q.day) {
            session += 1;
        }
        // Every quote belongs to a listing.
        let Some(security) = listings.on(q.security, q.day) else { continue };
        if let Some(cell) = panel.closes.get_mut(session * n + security.index()) {
            *cell = q.close;
        }
        if let Some(cell) = panel.volumes.get_mut(session * n + security.index()) {
            *cell = q.volume;
        }
        if q.dividend.is_positive() {
            let paid = Distribution { security, kind: q.kind, per_share: q.dividend };
            panel.distributions.push((session, paid));
        }
        if !q.traded {
            untraded.entry(security.0).or_default().push(q.day);
        }
        if let Some(l) = last.get_mut(security.index()) {
            *l = session;
        }
    }
    let events: Vec<(usize, SecurityId, &Event)> = quotes
        .events
        .iter()
        .filter_map(|(day, s, event)| {
            let security = listings.on(*s, *day)?;
            Some((panel.sessions.partition_point(|d| d < day), security, event))
        })
        .collect();
    for (session, security, event) in events {
        match event {
            Event::Split(ratio) => panel.actions.push((session, Action::Split { security, ratio: *ratio })),
            Event::SpinOff(value, child) => {
                let child = child.as_ref().and_then(|c| quotes.symbols.find(c));
                let day = panel.sessions.get(session).copied().unwrap_or_default();
                let child = child.and_then(|c| listings.on(c, day));
                let close =
                    |s: SecurityId| panel.closes.get(session * n + s.index()).copied().unwrap_or_default();
                let priced = child.filter(|c| close(*c).is_positive());
                let (child, ratio) = match (priced, spun.get(&security)) {
                    (Some(c), _) => (c, Ratio::new(i128::from(value.raw()), i128::from(close(c).raw()))),
                    (None, Some(c)) => (*c, Some(Ratio::ONE)),
                    (None, None) => continue,
                };
                let own = panel.closes.get_mut(session * n + child.index()).filter(|_| priced.is_none());
                if let Some(cell) = own {
                    *cell = *value;
                }
                let ratio = ratio.unwrap_or(Ratio::ONE);
                let (value, is_priced) = (*value, priced.is_some());
                panel.actions.push((session, Action::SpinOff { security, child, ratio, value, is_priced }));
            }
        }
    }
    for (at, session) in last.iter().enumerate() {
        let security = SecurityId(at as u32);
        let is_spun = spun.values().any(|s| *s == security);
        if session + 1 < t && !is_spun {
            panel.actions.push((session + 1, Action::Delisting { security }));
            let date = panel.sessions[*session];
            let close = panel.closes[session * n + at];
            findings.push(Finding::new(
                FindingKind::Delisting,
                &panel.securities[at].symbol,
                (date, date),
                1,
                format!("the last price is {close} on {date}"),
            ));
        }
    }
    Ok(Assembled { panel, listings, symbols: quotes.symbols, findings, untraded })
}

/// Refuses a second price of a security on the same day.
fn twice(quotes: &Quotes) -> Result<(), Failure> {
    let mut faults: BTreeMap<u16, Faults> = BTreeMap::new();
    for pair in quotes.rows.windows(2).filter(|p| (p[0].day, p[0].security) == (p[1].day, p[1].security)) {
        let (q, file) = (&pair[1], pair[1].file);
        let name = quotes.files.get(file as usize).map_or("", |f| f.name.as_str());
        let symbol = quotes.symbols.names.get(q.security as usize).map_or("", String::as_str);
        faults.entry(file).or_insert_with(|| Faults::new(name)).add(
            u64::from(q.line),
            &format!("{symbol} on {} stands here a second time: expected one price a day", q.day),
        );
    }
    faults.into_values().try_for_each(Faults::finish)
}

/// Findings about the files themselves.
fn notes(quotes: &Quotes, listings: &Listings, known: &BTreeMap<String, Known>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &quotes.files {
        // The result must not depend on the folder of the files.
        let name =
            Path::new(&file.name).file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        if file.total {
            let detail = "closes include reinvested dividends".to_owned();
            findings.push(Finding::of(FindingKind::TotalReturn, &name, 1, detail));
        }
        if file.rounded > 0 {
            let detail = format!("{} prices or dividends with more than 6 decimals", file.rounded);
            findings.push(Finding::of(FindingKind::Rounded, &name, file.rounded, detail));
        }
    }
    let priced = |s: &usize| !listings.all(*s as u32).is_empty();
    for (security, symbol) in quotes.symbols.names.iter().enumerate().filter(|(s, _)| priced(s)) {
        let splits = quotes.splits_left_out.get(&(security as u32)).copied().unwrap_or(0);
        let basis = known.get(&symbol.to_uppercase()).and_then(|k| k.basis);
        if splits > 0 || basis == Some(PriceBasis::Split) {
            let detail = format!("adjusted for splits beforehand; {splits} splits of the file left out");
            findings.push(Finding::of(FindingKind::SplitAdjusted, symbol, splits, detail));
        }
    }
    findings
}

/// Adds a security `SYM.SPUN` for each company that hands out shares that have no price of their own.
fn without_prices(
    quotes: &Quotes,
    listings: &Listings,
    sessions: &[NaiveDate],
    securities: &mut Vec<Security>,
    findings: &mut Vec<Finding>,
) -> BTreeMap<SecurityId, SecurityId> {
    let mut spun = BTreeMap::new();
    let (Some(first), Some(last)) = (sessions.first(), sessions.last()) else { return spun };
    for (day, s, event) in &quotes.events {
        let Event::SpinOff(value, child) = event else { continue };
        let child = child.as_ref().and_then(|c| quotes.symbols.find(c));
        let has_price = child
            .is_some_and(|c| quotes.rows.binary_search_by_key(&(*day, c), |q| (q.day, q.security)).is_ok());
        let parent = listings.on(*s, *day);
        let Some(parent) = parent.filter(|_| !has_price && day >= first && day <= last) else { continue };
        let name = quotes.symbols.names.get(*s as usize).map_or("", String::as_str);
        let detail = format!("{value} per share handed out on {day}");
        findings.push(Finding::new(FindingKind::SpinOffWithoutPrice, name, (*day, *day), 1, detail));
        spun.entry(parent).or_insert_with(|| {
            let of = securities.get(parent.index()).cloned().unwrap_or_default();
            securities.push(Security {
                symbol: format!("{name}.SPUN"),
                name: format!("handed out by {name}"),
                kind: "spun".to_owned(),
                ..of
            });
            SecurityId((securities.len() - 1) as u32)
        });
    }
    spun
}
