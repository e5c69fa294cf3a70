//! Active share: how much of a portfolio differs from its benchmark.

/// `½ Σ |w_p - w_b|` over securities (Cremers and Petajisto, 2009), a fraction: 0 for the benchmark itself, 1 for a
/// portfolio without short positions that shares no name with it.
///
/// The weights are of value, in the same order, one for each security that either holds. None where there are no
/// securities, where one side names more of them than the other, or where a weight is not finite.
///
/// ```
/// use unisleeve_core::measure::active_share;
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
