//! Active share: the part of a portfolio that differs from its benchmark.

use std::collections::BTreeMap;

use unisleeve_engine::ArmResult;
use unisleeve_market::View;
use unisleeve_units::{Money, SecurityId};

/// Active share, `½ Σ |w_p - w_b|` over securities (Cremers and Petajisto, 2009), as a fraction. It is 0 for
/// the benchmark itself, and 1 for a portfolio without short positions that holds none of its names.
///
/// Both lists hold weights of the portfolio value in the same order, one for each security in either. `None`
/// where the lists are empty, have different lengths, or contain a weight that is not finite.
///
/// ```
/// use unisleeve_study::measure::active_share;
///
/// let share = active_share(&[0.6, 0.4, 0.0], &[0.5, 0.3, 0.2]).unwrap();
/// assert!((share - 0.2).abs() < 1e-12);
/// assert_eq!(active_share(&[1.0], &[]), None);
/// ```
pub fn active_share(portfolio: &[f64], benchmark: &[f64]) -> Option<f64> {
    if portfolio.is_empty() || portfolio.len() != benchmark.len() {
        return None;
    }
    let mut sum = 0.0;
    for (p, b) in portfolio.iter().zip(benchmark) {
        sum += (p - b).abs();
    }
    sum.is_finite().then_some(0.5 * sum)
}

/// Active share of the whole portfolio at the last session against the policy mix. The mix has policy
/// weights, with each index looked through to its members. Cash counts as a holding that the mix does not
/// have. A fund counts as one security, so a sleeve that holds a fund of an index of stocks shares nothing
/// with that index.
pub fn active_share_at_end(result: &ArmResult, last: &View<'_>) -> Option<f64> {
    let mark = result.journal.marks.last()?;
    let total = Some(mark.value.to_f64()).filter(|v| *v > 0.0)?;
    let mut weights: BTreeMap<SecurityId, (f64, f64)> = BTreeMap::new();
    for (security, lot) in &result.lots {
        let value = Money::of(lot.quantity, last.last_close(*security).unwrap_or_default());
        weights.entry(*security).or_default().0 += value.to_f64() / total;
    }
    for sleeve in result.setup.sleeves(last.date()) {
        for (security, weight) in sleeve.index.map(|i| last.index_weights(i)).unwrap_or_default() {
            weights.entry(security).or_default().1 += sleeve.weight * weight;
        }
    }
    let (mut portfolio, mut benchmark): (Vec<f64>, Vec<f64>) = weights.into_values().unzip();
    portfolio.push(mark.cash.to_f64() / total);
    benchmark.push(0.0);
    active_share(&portfolio, &benchmark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_differences() {
        let near = |p: &[f64], b: &[f64], x: f64| (active_share(p, b).unwrap() - x).abs() < 1e-12;
        assert!(near(&[0.5, 0.5], &[0.5, 0.5], 0.0));
        assert!(near(&[1.0, 0.0], &[0.0, 1.0], 1.0));
        assert!(near(&[0.6, 0.4, 0.0], &[0.5, 0.3, 0.2], 0.2));
    }

    #[test]
    fn undefined_is_none() {
        assert_eq!(active_share(&[], &[]), None);
        assert_eq!(active_share(&[1.0], &[0.5, 0.5]), None);
        assert_eq!(active_share(&[f64::NAN], &[1.0]), None);
        assert_eq!(active_share(&[f64::INFINITY], &[1.0]), None);
    }
}
