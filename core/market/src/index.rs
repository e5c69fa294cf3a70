//! Indices: dated weights that drift until the next date, with total return or with price.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{Market, MarketError};
use unisleeve_units::SecurityId;

/// An index of the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexId(pub usize);

/// What weights do between their dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drift {
    /// Each member's income is reinvested in it: weights follow total return.
    TotalReturn,
    /// Weights follow price, as market caps do; income is reinvested in the whole index at each close.
    Price,
}

/// Weights that add up to 1, ascending by security, from the close of a session on.
pub(super) type Dated = (usize, Vec<(SecurityId, f64)>);

/// Weights by date, and the level that follows from them.
#[derive(Debug, Clone)]
pub struct Index {
    /// Name.
    pub name: String,
    /// Ascending by session.
    pub(super) weights: Vec<Dated>,
    /// What they do between their dates.
    pub(super) drift: Drift,
    /// Total-return level by session: 1 up to the first date.
    pub(super) level: Vec<f64>,
}

impl Market {
    /// Adds an index with weights from given dates on (each taken at the first session on or after it). Weights are
    /// normalised over the members that have a price there.
    ///
    /// # Errors
    /// When no member has a weight and a price.
    pub fn add_index(
        &mut self,
        name: &str,
        dated: &[(NaiveDate, Vec<(SecurityId, f64)>)],
        drift: Drift,
    ) -> Result<IndexId, MarketError> {
        let n = self.panel.securities.len();
        let mut weights = Vec::new();
        for (date, members) in dated {
            let session =
                self.panel.sessions.partition_point(|d| d < date).min(self.panel.sessions.len() - 1);
            let mut held: Vec<(SecurityId, f64)> = members
                .iter()
                .copied()
                .filter(|(s, w)| *w > 0.0 && s.index() < n && self.total[session * n + s.index()] > 0.0)
                .collect();
            let sum: f64 = held.iter().map(|(_, w)| w).sum();
            if held.is_empty() || !sum.is_finite() {
                return Err(MarketError::EmptyIndex { name: name.to_owned(), date: *date });
            }
            held.sort_by_key(|(s, _)| *s);
            for (_, w) in &mut held {
                *w /= sum;
            }
            weights.push((session, held));
        }
        weights.sort_by_key(|(s, _)| *s);
        Ok(self.push_index(name, weights, drift))
    }

    /// Adds an index from weights that are in order already.
    pub(super) fn push_index(&mut self, name: &str, weights: Vec<Dated>, drift: Drift) -> IndexId {
        if drift == Drift::Price && self.prices.is_empty() {
            self.prices = Arc::new(self.growth(false));
        }
        let level = match drift {
            Drift::TotalReturn => self.level_held(&weights),
            Drift::Price => self.level_reinvested(&weights),
        };
        self.indices.push(Arc::new(Index { name: name.to_owned(), weights, drift, level }));
        IndexId(self.indices.len() - 1)
    }

    /// The index of a name.
    pub fn index(&self, name: &str) -> Option<IndexId> {
        self.indices.iter().position(|i| i.name == name).map(IndexId)
    }

    /// Names of the indices, in the order in which they were added.
    pub fn index_names(&self) -> Vec<String> {
        self.indices.iter().map(|i| i.name.clone()).collect()
    }

    /// Every security that an index holds at some time in a span of dates, ascending.
    pub fn members(&self, index: IndexId, start: NaiveDate, end: NaiveDate) -> Vec<SecurityId> {
        let weights = &self.indices[index.0].weights;
        let first = self.panel.sessions.partition_point(|d| *d < start);
        let last = self.panel.sessions.partition_point(|d| *d <= end);
        // The list in force at the start counts too.
        let from = weights.partition_point(|(s, _)| *s <= first).saturating_sub(1);
        let lists = weights.iter().skip(from).take_while(|(s, _)| *s < last);
        let mut members: Vec<SecurityId> = lists.flat_map(|(_, w)| w.iter().map(|(s, _)| *s)).collect();
        members.sort_unstable();
        members.dedup();
        members
    }

    /// The session from which on each security is known to matter: the first list of an index that changes its members that
    /// has it; the first session of all for a security that no such index has.
    pub fn listed_from(&self) -> Vec<usize> {
        let mut from = vec![usize::MAX; self.panel.securities.len()];
        for index in self.indices.iter().filter(|i| i.weights.len() > 1) {
            for (session, members) in &index.weights {
                for (s, _) in members {
                    from[s.index()] = from[s.index()].min(*session);
                }
            }
        }
        from.into_iter().map(|f| if f == usize::MAX { 0 } else { f }).collect()
    }

    /// How far each security has grown, as an index's weights follow it.
    pub(super) fn followed(&self, drift: Drift) -> &[f64] {
        match drift {
            Drift::TotalReturn => &self.total,
            Drift::Price => &self.prices,
        }
    }

    /// The level of lists that are each bought once and held.
    fn level_held(&self, weights: &[Dated]) -> Vec<f64> {
        let (t, n) = (self.panel.sessions.len(), self.panel.securities.len());
        let mut level = vec![1.0; t];
        for (i, (from, members)) in weights.iter().enumerate() {
            let to = weights.get(i + 1).map_or(t - 1, |next| next.0);
            for session in from + 1..=to {
                let growth: f64 = members
                    .iter()
                    .map(|(s, w)| w * self.total[session * n + s.index()] / self.total[from * n + s.index()])
                    .sum();
                level[session] = level[*from] * growth;
            }
        }
        level
    }

    /// The level where the day's income goes into the whole index.
    fn level_reinvested(&self, weights: &[Dated]) -> Vec<f64> {
        let (t, n) = (self.panel.sessions.len(), self.panel.securities.len());
        let mut level = vec![1.0; t];
        for (i, (from, members)) in weights.iter().enumerate() {
            let to = weights.get(i + 1).map_or(t - 1, |next| next.0);
            for session in from + 1..=to {
                let (mut before, mut after) = (0.0, 0.0);
                for (s, w) in members {
                    let (was, is) = ((session - 1) * n + s.index(), session * n + s.index());
                    let dollars = w * self.prices[was] / self.prices[from * n + s.index()];
                    before += dollars;
                    after += dollars * (self.total[is] / self.total[was]);
                }
                level[session] = level[session - 1] * (after / before);
            }
        }
        level
    }
}
