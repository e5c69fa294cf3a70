//! Drift by asset class: how far its weight is from policy on scheduled rebalancing days.
//!
//! `drift = value of the class / base of all - policy weight × (1 - off)`. `off` is the fraction of the
//! portfolio in sleeves without an index (lots that the policy does not ask for, weight 0); policy weights
//! apply to the rest. Cash belongs to no class.
//!
//! - *Found*: before the day's trades, with the cash of the close before, against the policy until then. The
//!   first session of a run has no such figure.
//! - *Left*: at the day's close, against the policy from then on.
//!
//! All figures are fractions of the portfolio. Averages and maxima are of absolute values. Days on which
//! nothing is invested are skipped.

use serde::Serialize;
use unisleeve_numeric::mean;

use unisleeve_books::journal::SleeveMark;
use unisleeve_engine::ArmResult;
use unisleeve_mandates::Band;

/// Drift of one asset class.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct ClassDrift {
    /// Asset class.
    pub asset_class: String,
    /// Average absolute drift found.
    pub average_found: Option<f64>,
    /// Largest absolute drift found.
    pub largest_found: Option<f64>,
    /// Average absolute drift left.
    pub average_left: Option<f64>,
    /// Largest absolute drift left.
    pub largest_left: Option<f64>,
}

/// A sleeve for this purpose: its class (`None` without an index), policy weight and value.
type Slice = (Option<usize>, f64, f64);

/// Signed drift of each of `classes` classes in a portfolio worth `total` dollars. `None` where nothing is
/// invested.
fn deviations(sleeves: &[Slice], total: f64, classes: usize) -> Option<Vec<f64>> {
    let (mut off, mut invested) = (0.0, 0.0);
    for (class, _, value) in sleeves {
        invested += value;
        off += if class.is_none() { *value } else { 0.0 };
    }
    if total <= 0.0 || invested <= 0.0 {
        return None;
    }
    let mut drift = vec![0.0; classes];
    for (class, weight, value) in sleeves {
        if let Some(d) = class.and_then(|c| drift.get_mut(c)) {
            *d += Band::drift(*value, *weight, off, total);
        }
    }
    Some(drift)
}

/// Drift by asset class, in the order in which the policy first names them.
pub fn drift(result: &ArmResult) -> Vec<ClassDrift> {
    let (journal, setup) = (&result.journal, &result.setup);
    let mut names: Vec<&str> = Vec::new();
    for s in setup.phases.iter().flat_map(|p| &p.sleeves).filter(|s| s.index.is_some()) {
        if !names.contains(&s.asset_class.as_str()) {
            names.push(&s.asset_class);
        }
    }
    let mut found: Vec<Vec<f64>> = vec![Vec::new(); names.len()];
    let mut left = found.clone();
    let days: Vec<&[SleeveMark]> = journal.sleeve_marks.chunk_by(|a, b| a.date == b.date).collect();
    let mut at = 0;
    for date in &journal.rebalancings {
        while days.get(at).and_then(|d| d.first()).is_some_and(|m| m.date < *date) {
            at += 1;
        }
        let mark = journal.marks.partition_point(|m| m.date < *date);
        let (Some(day), Some(close)) = (days.get(at), journal.marks.get(mark)) else { continue };
        let slices = |policy, value: &dyn Fn(&SleeveMark) -> f64| -> Vec<Slice> {
            setup
                .sleeves(policy)
                .iter()
                .zip(*day)
                .map(|(s, m)| {
                    let class = names.iter().position(|n| *n == s.asset_class && s.index.is_some());
                    (class, s.weight, value(m))
                })
                .collect()
        };
        let note = |into: &mut Vec<Vec<f64>>, sleeves: &[Slice], total: f64| {
            for (list, d) in into.iter_mut().zip(deviations(sleeves, total, names.len()).unwrap_or_default())
            {
                list.push(d.abs());
            }
        };
        note(&mut left, &slices(*date, &|m| m.value.to_f64()), close.value.to_f64());
        if let Some(before) = mark.checked_sub(1).and_then(|i| journal.marks.get(i)) {
            let sleeves = slices(before.date, &|m| (m.value - m.net).to_f64());
            let mut total = before.cash.to_f64();
            for (_, _, value) in &sleeves {
                total += value;
            }
            note(&mut found, &sleeves, total);
        }
    }
    let largest = |x: &[f64]| x.iter().copied().reduce(|a, b| if b > a { b } else { a });
    names
        .iter()
        .zip(found.iter().zip(&left))
        .map(|(name, (found, left))| ClassDrift {
            asset_class: (*name).to_owned(),
            average_found: mean(found),
            largest_found: largest(found),
            average_left: mean(left),
            largest_left: largest(left),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: &[f64], expected: &[f64]) {
        let same = found.len() == expected.len();
        assert!(same && found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    /// Two sleeves form a class of 60%; the other class has 40%.
    #[test]
    fn sleeves_of_a_class_add_up() {
        let sleeves = [(Some(0), 0.45, 500.0), (Some(0), 0.15, 130.0), (Some(1), 0.40, 350.0)];
        near(&deviations(&sleeves, 1_000.0, 2).unwrap(), &[0.03, -0.05]);
    }

    /// A fifth of the portfolio is in lots that the policy does not ask for, so 60/40 applies to the other
    /// 80%.
    #[test]
    fn what_is_off_policy_lowers_the_base() {
        let sleeves = [(Some(0), 0.60, 480.0), (Some(1), 0.40, 300.0), (None, 0.0, 200.0)];
        near(&deviations(&sleeves, 1_000.0, 2).unwrap(), &[0.0, -0.02]);
    }

    #[test]
    fn nothing_invested_has_no_drift() {
        assert_eq!(deviations(&[(Some(0), 1.0, 0.0)], 1_000.0, 1), None);
        assert_eq!(deviations(&[(Some(0), 1.0, 5.0)], 0.0, 1), None);
    }
}
