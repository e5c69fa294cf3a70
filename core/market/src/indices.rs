//! The indices of a market.

use super::index::{Dated, Drift, Index, IndexId};
use super::{Market, MarketError};
use chrono::NaiveDate;
use std::sync::Arc;
use unisleeve_units::SecurityId;

impl Market {
    /// Adds an index with weights by date. Each list takes effect at the first session on or after its date.
    /// Weights are normalized over the members that have a price there.
    ///
    /// # Errors
    /// When no member has a weight above zero and a price.
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

    /// Adds an index from weights that are sorted and normalized.
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

    /// Finds an index by name.
    pub fn index(&self, name: &str) -> Option<IndexId> {
        self.indices.iter().position(|i| i.name == name).map(IndexId)
    }

    /// Names of the indices, in the order in which they were added.
    pub fn index_names(&self) -> Vec<String> {
        self.indices.iter().map(|i| i.name.clone()).collect()
    }

    /// Every security that the index holds at some time from `start` to `end`, ascending.
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

    /// The first session at which each security is known to matter. For a security in an index whose members
    /// change, this is the session of the first list that names it. For any other security it is session 0.
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

    /// Cumulative growth of each security in the measure that the weights follow: total return or price.
    pub(super) fn followed(&self, drift: Drift) -> &[f64] {
        match drift {
            Drift::TotalReturn => &self.total,
            Drift::Price => &self.prices,
        }
    }

    /// Index level where each list is bought once and held until the next.
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

    /// Index level where each session's income is reinvested in the whole index.
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
