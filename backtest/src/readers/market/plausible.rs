//! Finds questionable prices: gaps, stale prices, jumps, and splits that the prices do not follow.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use unisleeve_core::mandates::CheckConfig;
use unisleeve_core::market::{Action, Panel};

use super::finding::{Finding, FindingKind};
use unisleeve_core::market::is_open;

/// Split ratios common enough to suspect behind a jump.
const SPLITS: [f64; 10] = [1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 20.0, 50.0];
/// Relative tolerance for matching such a ratio.
const CLOSE: f64 = 0.03;

/// Findings about a panel. `untraded` lists sessions without volume, by security.
pub(crate) fn implausible(
    panel: &Panel,
    check: &CheckConfig,
    untraded: &BTreeMap<u32, Vec<NaiveDate>>,
) -> Vec<Finding> {
    let n = panel.securities.len();
    // By (session, security): new shares per old share, and dollars paid or handed out per share.
    let mut ratio: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let mut paid: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (session, action) in &panel.actions {
        let at = (*session, action.security().index());
        match action {
            Action::Split { ratio: r, .. } => {
                let (new, old) = r.parts();
                *ratio.entry(at).or_insert(1.0) *= new as f64 / old as f64;
            }
            Action::SpinOff { value, .. } => *paid.entry(at).or_default() += value.to_f64(),
            Action::Delisting { .. } => {}
        }
    }
    for (session, d) in &panel.distributions {
        *paid.entry((*session, d.security.index())).or_default() += d.per_share.to_f64();
    }
    let mut findings = calendar(&panel.sessions);
    for (s, security) in panel.securities.iter().enumerate().filter(|(_, s)| s.kind != "spun") {
        let mut seen = Seen {
            symbol: &security.symbol,
            check,
            found: &mut findings,
            gap: None,
            still: None,
            jump: None,
        };
        // Session index and close of the last price.
        let mut last: Option<(usize, f64)> = None;
        for t in 0..panel.sessions.len() {
            let close = panel.closes.get(t * n + s).copied().unwrap_or_default().to_f64();
            if close == 0.0 {
                continue;
            }
            let date = panel.sessions[t];
            if let Some((before, price)) = last {
                if before + 1 < t {
                    seen.gap(panel.sessions[before + 1], panel.sessions[t - 1], t - before - 1);
                }
                seen.still(panel.sessions[before], date, (close - price).abs() < f64::EPSILON);
                // An action counts on the session of its price. Actions within a gap are ignored.
                let split = ratio.get(&(t, s)).copied();
                let more = paid.get(&(t, s)).copied().unwrap_or(0.0);
                seen.moved(date, (price, close), split, more);
            }
            last = Some((t, close));
        }
        seen.finish();
    }
    for (s, days) in untraded {
        if let (Some(security), Some(first), Some(last)) =
            (panel.securities.get(*s as usize), days.first(), days.last())
        {
            let detail = format!("{} sessions with a price and no volume", days.len());
            let found =
                Finding::new(FindingKind::NoVolume, &security.symbol, (*first, *last), days.len(), detail);
            findings.push(found);
        }
    }
    findings
}

/// Compares the sessions with the exchange's calendar.
fn calendar(sessions: &[NaiveDate]) -> Vec<Finding> {
    let (Some(first), Some(last)) = (sessions.first(), sessions.last()) else { return Vec::new() };
    let days = |of: Vec<NaiveDate>, kind| {
        let listed = of.iter().take(10).map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let more = if of.len() > 10 { ", ..." } else { "" };
        let (from, to) = (*of.first()?, *of.last()?);
        Some(Finding::new(kind, "all", (from, to), of.len(), format!("{listed}{more}")))
    };
    let open = first.iter_days().take_while(|d| d <= last).filter(|d| is_open(*d));
    let missing = open.filter(|d| sessions.binary_search(d).is_err()).collect();
    let unknown = sessions.iter().copied().filter(|d| !is_open(*d)).collect();
    [days(missing, FindingKind::MissingSession), days(unknown, FindingKind::UnknownSession)]
        .into_iter()
        .flatten()
        .collect()
}

/// Observations about one security.
struct Seen<'a> {
    symbol: &'a str,
    check: &'a CheckConfig,
    found: &'a mut Vec<Finding>,
    /// First and last day without a price, and the number of such sessions.
    gap: Option<(NaiveDate, NaiveDate, usize)>,
    /// First and last day of the current run of equal closes, and its length.
    still: Option<(NaiveDate, NaiveDate, usize)>,
    /// Jumps: first and last day, count, size of the largest, and its description.
    jump: Option<(NaiveDate, NaiveDate, usize, f64, String)>,
}

impl Seen<'_> {
    fn gap(&mut self, from: NaiveDate, to: NaiveDate, days: usize) {
        let (first, _, count) = self.gap.unwrap_or((from, to, 0));
        self.gap = Some((first, to, count + days));
    }

    fn still(&mut self, before: NaiveDate, date: NaiveDate, is_same: bool) {
        if is_same {
            let (first, _, count) = self.still.unwrap_or((before, date, 1));
            self.still = Some((first, date, count + 1));
        } else {
            self.end_still();
        }
    }

    fn end_still(&mut self) {
        if let Some((from, to, count)) = self.still.take().filter(|s| s.2 >= self.check.stale) {
            let detail = format!("the same close for {count} sessions");
            self.found.push(Finding::new(FindingKind::StalePrice, self.symbol, (from, to), count, detail));
        }
    }

    fn moved(&mut self, date: NaiveDate, (price, close): (f64, f64), split: Option<f64>, paid: f64) {
        let total = (close + paid) * split.unwrap_or(1.0) / price - 1.0;
        if total.abs() <= self.check.jump {
            return;
        }
        let at = |kind, detail: String| Finding::new(kind, self.symbol, (date, date), 1, detail);
        if let Some(split) = split {
            let detail =
                format!("{split} new shares for an old one, but the price went from {price} to {close}");
            self.found.push(at(FindingKind::SplitMismatch, detail));
            return;
        }
        let fits =
            |r: f64| (price / close / r - 1.0).abs() < CLOSE || (close / price / r - 1.0).abs() < CLOSE;
        if let Some(r) = SPLITS.iter().find(|r| fits(**r)) {
            let detail = format!("from {price} to {close}: about {r} for 1, without a split");
            self.found.push(at(FindingKind::UndeclaredSplit, detail));
            return;
        }
        let detail = format!("{:+.1}% on {date}, from {price} to {close}", 100.0 * total);
        let (first, _, count, largest, words) =
            self.jump.take().unwrap_or((date, date, 0, 0.0, String::new()));
        let is_larger = total.abs() > largest;
        let largest = if is_larger { total.abs() } else { largest };
        self.jump = Some((first, date, count + 1, largest, if is_larger { detail } else { words }));
    }

    fn finish(mut self) {
        self.end_still();
        if let Some((from, to, count)) = self.gap {
            let detail = format!("{count} sessions without a price between its first and its last");
            self.found.push(Finding::new(FindingKind::MissingPrice, self.symbol, (from, to), count, detail));
        }
        if let Some((from, to, count, _, detail)) = self.jump {
            self.found.push(Finding::new(FindingKind::Jump, self.symbol, (from, to), count, detail));
        }
    }
}
