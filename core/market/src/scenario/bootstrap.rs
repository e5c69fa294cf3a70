//! Futures drawn from real sessions by the stationary block bootstrap (Politis and Romano 1994,
//! doi:10.1080/01621459.1994.10476870).
//!
//! A future consists of blocks of consecutive real sessions. A block starts at a uniformly drawn session, has
//! a geometric length, and continues at the first session after the last. All securities take returns and
//! income from the same real session, which keeps the cross-section, crashes and the clustering within a
//! block.
//!
//! A security with a close on the last real session has a future. Where it has no return on the drawn
//! session, a donor of the same kind, asset class and sector stands in for a whole block; the donor's
//! specific risk is typical of the sector. Companies do not leave: the bootstrap has no mergers, delistings
//! or additions.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::MAX_SEED;
use super::calendar;
use super::config::Step;
use super::faults::{ScenarioError, ScenarioFault};
use super::rng::{Purpose, Stream};
use crate::{Distribution, Drift, Market, Panel, View};
use unisleeve_units::{IncomeKind, Price, SecurityId};

/// How futures are drawn from real sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct BootstrapSettings {
    /// Seed, up to 2^53.
    pub seed: u64,
    /// Length of the futures in years, above 0 and up to 60.
    pub years: f64,
    /// Mean length of a block in sessions, 1 to 2,520. Default 63, a quarter of a year, which is longer than
    /// most clusters of volatility.
    pub block: f64,
    /// Real sessions kept before the future; the risk model needs them.
    pub history: usize,
}

impl Default for BootstrapSettings {
    fn default() -> Self {
        Self { seed: 0, years: 10.0, block: 63.0, history: 505 }
    }
}

/// A security's return over one session, with the part that is paid out.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    /// Growth factor of price and income together; zero where there is no return.
    growth: f64,
    /// Fraction of that growth that is paid out.
    paid: f64,
}

/// Draws futures of a real market.
#[derive(Debug, Clone)]
pub struct Bootstrap {
    market: Arc<Market>,
    settings: BootstrapSettings,
    /// Securities with a future, in the panel's order.
    kept: Vec<SecurityId>,
    /// Last closes of these securities.
    last: Vec<Price>,
    /// Kind of income of each security, taken from what it paid most of in dollars. All of its future income
    /// has this kind.
    kinds: Vec<IncomeKind>,
    /// Returns of the sessions after the first: `cells[t * kept + i]`.
    cells: Vec<Cell>,
    rows: usize,
    /// Group of each security. Members of a group may stand in for one another.
    groups: Vec<usize>,
    future: Vec<NaiveDate>,
}

impl Bootstrap {
    /// Reads the returns of a market with daily sessions.
    ///
    /// # Errors
    /// All faults together: settings out of range, fewer than 252 sessions, or no security with a close on
    /// the last session.
    pub fn new(market: &Arc<Market>, settings: BootstrapSettings) -> Result<Self, ScenarioError> {
        let mut faults = Vec::new();
        let mut fault =
            |key: &str, message: String| faults.push(ScenarioFault { key: key.to_owned(), message });
        if settings.seed > MAX_SEED {
            fault("seed", format!("{}: expected 0 to {MAX_SEED}", settings.seed));
        }
        if !(settings.years > 0.0 && settings.years <= 60.0) {
            fault("years", format!("{}: expected a number above 0 and up to 60", settings.years));
        }
        if !(1.0..=2_520.0).contains(&settings.block) {
            fault("block", format!("{}: expected a number from 1 to 2520", settings.block));
        }
        let dates = market.dates();
        if dates.len() < 252 {
            fault("data", format!("{} sessions: expected 252 or more to draw from", dates.len()));
        }
        let (first, end) = (dates[0], dates[dates.len() - 1]);
        let views: Vec<View<'_>> = market.sessions(first, end).collect();
        let view = views[views.len() - 1];
        let count = market.securities().len() as u32;
        let kept: Vec<SecurityId> = (0..count).map(SecurityId).filter(|s| view.close(*s).is_some()).collect();
        if kept.is_empty() {
            fault(
                "data",
                format!("no security has a close on {end}, the last session: expected one or more"),
            );
        }
        if !faults.is_empty() {
            return Err(ScenarioError::Faults { faults });
        }
        let mut made = Self {
            market: Arc::clone(market),
            last: kept.iter().map(|s| view.close(*s).unwrap_or_default()).collect(),
            kinds: Vec::new(),
            cells: vec![Cell::default(); kept.len() * (views.len() - 1)],
            rows: views.len() - 1,
            groups: groups(market, &kept),
            future: calendar::future(
                end.checked_add_days(Days::new(1)).unwrap_or(end),
                settings.years,
                Step::Daily,
            ),
            kept,
            settings,
        };
        made.read(&views);
        Ok(made)
    }

    fn read(&mut self, views: &[View<'_>]) {
        let n = self.kept.len();
        let mut place = vec![None; self.market.securities().len()];
        for (i, s) in self.kept.iter().enumerate() {
            place[s.index()] = Some(i);
        }
        let mut by_kind = vec![[0.0; 3]; n];
        for (t, view) in views.iter().skip(1).enumerate() {
            let mut paid = vec![0.0; n];
            for d in view.distributions() {
                let Some(i) = place[d.security.index()] else { continue };
                paid[i] += d.per_share.to_f64();
                by_kind[i][d.kind as usize] += d.per_share.to_f64();
            }
            for (i, s) in self.kept.iter().enumerate() {
                let (Some(r), Some(close)) = (view.total_return(*s, 0), view.close(*s)) else { continue };
                let part = paid[i] / (close.to_f64() + paid[i]);
                self.cells[t * n + i] = Cell { growth: 1.0 + r, paid: part };
            }
        }
        self.kinds = by_kind
            .iter()
            .map(|k| {
                if k[2] > k[0] && k[2] > k[1] {
                    IncomeKind::Interest
                } else if k[1] > k[0] {
                    IncomeKind::OrdinaryDividend
                } else {
                    IncomeKind::QualifiedDividend
                }
            })
            .collect();
    }

    /// Last session of the futures.
    pub fn end(&self) -> NaiveDate {
        self.future.last().copied().unwrap_or_default()
    }

    /// First session of the futures.
    pub fn start(&self) -> NaiveDate {
        self.future.first().copied().unwrap_or_default()
    }

    /// Builds path number `path`: the last real sessions adjusted for splits, one future, and the market's
    /// indices. An index keeps the members it had on the last real session.
    ///
    /// # Errors
    /// When the prices do not form a valid market, or an index has no member with a future.
    pub fn path(&self, path: u64) -> Result<Market, ScenarioError> {
        let n = self.kept.len();
        let history = self.settings.history.min(self.rows);
        let real = self.market.dates();
        let dates: Vec<NaiveDate> =
            real[real.len() - 1 - history..].iter().chain(&self.future).copied().collect();
        let mut panel = Panel {
            securities: self.kept.iter().map(|s| self.market.securities()[s.index()].clone()).collect(),
            closes: vec![Price::ZERO; dates.len() * n],
            sessions: dates,
            ..Panel::default()
        };
        self.past(history, &mut panel);
        let mut prices: Vec<f64> = self.last.iter().map(|p| p.to_f64()).collect();
        let mut stream = Stream::new(self.settings.seed, path, Purpose::Blocks, 0);
        let mut donors: Vec<usize> = (0..n).collect();
        let mut row = 0;
        for t in 0..self.future.len() {
            if t == 0 || stream.uniform() * self.settings.block < 1.0 {
                row = stream.below(self.rows);
                self.find_donors(row, &mut stream, &mut donors);
            } else {
                row = (row + 1) % self.rows;
            }
            for i in 0..n {
                let own = self.cells[row * n + i];
                let cell = if own.growth > 0.0 { own } else { self.cells[row * n + donors[i]] };
                // A donor may have a gap too.
                let growth = if cell.growth > 0.0 { cell.growth } else { 1.0 };
                let whole = prices[i] * growth;
                let per_share = Price::from_raw((whole * cell.paid * 1e6) as i64);
                let price = whole - per_share.to_f64();
                prices[i] = price.clamp(1e-6, 1e9);
                let session = history + 1 + t;
                panel.closes[session * n + i] = Price::from_f64(prices[i]).unwrap_or_default();
                if per_share.is_positive() {
                    let (security, kind) = (SecurityId(i as u32), self.kinds[i]);
                    panel.distributions.push((session, Distribution { security, kind, per_share }));
                }
            }
        }
        let from = panel.sessions[0];
        let last = panel.sessions[history];
        let mut market = Market::new(panel)?;
        self.add_indices(&mut market, from, last)?;
        Ok(market)
    }

    /// Fills in the last real sessions, going back from the last close by growth and income.
    fn past(&self, history: usize, panel: &mut Panel) {
        let n = self.kept.len();
        for i in 0..n {
            let mut price = self.last[i].to_f64();
            panel.closes[history * n + i] = self.last[i];
            for back in 0..history {
                let cell = self.cells[(self.rows - 1 - back) * n + i];
                let session = history - back;
                if cell.growth <= 0.0 {
                    // A gap is bridged; before the first return there is no price.
                    let earlier = (0..self.rows - 1 - back).any(|r| self.cells[r * n + i].growth > 0.0);
                    if !earlier {
                        break;
                    }
                } else {
                    let before = price / (cell.growth * (1.0 - cell.paid));
                    let per_share = Price::from_f64(before * cell.growth * cell.paid).unwrap_or_default();
                    if per_share.is_positive() {
                        let (security, kind) = (SecurityId(i as u32), self.kinds[i]);
                        panel.distributions.push((session, Distribution { security, kind, per_share }));
                    }
                    price = before;
                }
                panel.closes[(session - 1) * n + i] = Price::from_f64(price).unwrap_or_default();
            }
        }
    }

    /// Draws for each security another of its group that has a return on the row; the security itself where
    /// there is none.
    fn find_donors(&self, row: usize, stream: &mut Stream, donors: &mut [usize]) {
        let n = self.kept.len();
        let listed: Vec<usize> = (0..n).filter(|i| self.cells[row * n + i].growth > 0.0).collect();
        for (i, donor) in donors.iter_mut().enumerate() {
            let mut same = listed.iter().filter(|j| self.groups[**j] == self.groups[i]);
            let count = same.clone().count();
            let chosen = if count > 0 { same.nth(stream.below(count)) } else { None };
            *donor = chosen.copied().unwrap_or(i);
        }
    }

    fn add_indices(
        &self,
        market: &mut Market,
        from: NaiveDate,
        last: NaiveDate,
    ) -> Result<(), ScenarioError> {
        let mut place = vec![None; self.market.securities().len()];
        for (i, s) in self.kept.iter().enumerate() {
            place[s.index()] = Some(SecurityId(i as u32));
        }
        for name in self.market.index_names() {
            let Some(index) = self.market.index(&name) else { continue };
            let at = |date| {
                let view = self.market.sessions(date, date).next();
                let weights = view.map(|v| v.index_weights(index)).unwrap_or_default();
                let kept = weights.iter().filter_map(|(s, w)| Some((place[s.index()]?, *w)));
                (date, kept.collect::<Vec<_>>())
            };
            // An index has no weights before its first date.
            let mut dated = vec![at(from), at(last)];
            dated.retain(|(_, weights)| !weights.is_empty());
            dated.dedup_by_key(|(date, _)| *date);
            market.add_index(&name, &dated, Drift::Price)?;
        }
        Ok(())
    }
}

/// Group number of each security: the same for equal kind, asset class and sector.
fn groups(market: &Market, kept: &[SecurityId]) -> Vec<usize> {
    let of = |s: &SecurityId| {
        let s = &market.securities()[s.index()];
        (&s.kind, &s.asset_class, &s.sector)
    };
    let mut all: Vec<_> = kept.iter().map(of).collect();
    all.sort_unstable();
    all.dedup();
    kept.iter().map(|s| all.binary_search(&of(s)).unwrap_or(0)).collect()
}
