//! Indices: dated weights that drift with total return until the next date.

use chrono::NaiveDate;

use super::{Market, MarketError};
use crate::units::SecurityId;

/// An index of the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexId(pub(super) usize);

/// Weights by date, and the level that follows from them.
#[derive(Debug, Clone)]
pub struct Index {
    /// Name.
    pub name: String,
    /// `(session, weights that add up to 1)`, ascending.
    pub(super) weights: Vec<(usize, Vec<(SecurityId, f64)>)>,
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
        let level = self.level_of(&weights);
        self.indices.push(Index { name: name.to_owned(), weights, level });
        Ok(IndexId(self.indices.len() - 1))
    }

    fn level_of(&self, weights: &[(usize, Vec<(SecurityId, f64)>)]) -> Vec<f64> {
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
}
