//! Active weights of a direct index: how far each name's weight is above or below its index weight.
//!
//! The active weight is `w_p - w_b` for each security in either. `w_p` is its fraction of the sleeve's
//! holdings (cash belongs to no sleeve), `w_b` its weight in the sleeve's index, at the same close. Active
//! weights add up to zero. Half the sum of their absolute values is the sleeve's active share (Cremers and
//! Petajisto, 2009). All figures are fractions.

use std::collections::BTreeMap;

use unisleeve_engine::ArmResult;
use unisleeve_market::View;
use unisleeve_units::{Money, SecurityId};

/// A security's weight in a sleeve and in the index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActiveWeight {
    /// Security.
    pub security: SecurityId,
    /// Weight in the sleeve.
    pub held: f64,
    /// Weight in the index.
    pub index: f64,
}

impl ActiveWeight {
    /// Active weight: weight in the sleeve minus weight in the index.
    pub fn active(&self) -> f64 {
        self.held - self.index
    }
}

/// Active weights of a sleeve.
#[derive(Debug, Clone, PartialEq)]
pub struct SleeveWeights {
    /// Sleeve.
    pub sleeve: String,
    /// Ascending by active weight, the most underweight first.
    pub weights: Vec<ActiveWeight>,
}

/// Active weights from values held and index weights, the most underweight first. `held` may be in any order
/// and list a security several times. `None` where nothing is held.
pub fn active_weights(held: &[(SecurityId, f64)], index: &[(SecurityId, f64)]) -> Option<Vec<ActiveWeight>> {
    let mut total = 0.0;
    let mut weights: BTreeMap<SecurityId, (f64, f64)> = BTreeMap::new();
    for (security, value) in held {
        total += value;
        weights.entry(*security).or_default().0 += value;
    }
    for (security, weight) in index {
        weights.entry(*security).or_default().1 += weight;
    }
    if !total.is_finite() || total <= 0.0 {
        return None;
    }
    let weight = |(security, (value, index)): (SecurityId, (f64, f64))| ActiveWeight {
        security,
        held: value / total,
        index,
    };
    let mut all: Vec<ActiveWeight> = weights.into_iter().map(weight).collect();
    all.sort_by(|a, b| a.active().total_cmp(&b.active()).then(a.security.cmp(&b.security)));
    Some(all)
}

/// Active weights at the last session, for each sleeve that holds an index name by name.
pub fn active_weights_at_end(result: &ArmResult, last: &View<'_>) -> Vec<SleeveWeights> {
    let sleeves = result.setup.sleeves(last.date()).iter().enumerate();
    sleeves
        .filter(|(_, spec)| spec.holdings.len() > 1)
        .filter_map(|(s, spec)| {
            let index = last.index_weights(spec.index?);
            let held: Vec<(SecurityId, f64)> = result
                .lots
                .iter()
                .filter(|(_, lot)| lot.sleeve.index() == s)
                .map(|(id, lot)| {
                    (*id, Money::of(lot.quantity, last.last_close(*id).unwrap_or_default()).to_f64())
                })
                .collect();
            let weights = active_weights(&held, &index).filter(|_| index.len() > 1)?;
            Some(SleeveWeights { sleeve: spec.name.clone(), weights })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_and_under_add_up_to_zero() {
        let s = SecurityId;
        // 60 and 20 + 20 of 100 are held, and nothing of the third.
        let held = [(s(0), 60.0), (s(1), 20.0), (s(1), 20.0)];
        let found = active_weights(&held, &[(s(0), 0.5), (s(1), 0.3), (s(2), 0.2)]).unwrap();
        let order: Vec<u32> = found.iter().map(|w| w.security.0).collect();
        assert_eq!(order, [2, 0, 1], "the third is under, the second as much over as the first");
        for (w, active) in found.iter().zip([-0.2, 0.1, 0.1]) {
            assert!((w.active() - active).abs() < 1e-12, "{w:?}");
        }
        assert!(found.iter().map(ActiveWeight::active).sum::<f64>().abs() < 1e-12);
    }

    #[test]
    fn nothing_held_has_no_weights() {
        assert_eq!(active_weights(&[], &[(SecurityId(0), 1.0)]), None);
        assert_eq!(active_weights(&[(SecurityId(0), f64::NAN)], &[]), None);
    }
}
