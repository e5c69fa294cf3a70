//! Whether a mean differs from zero, corrected for the number of means that are looked at.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// Two-sided p-value of the hypothesis that the mean of independent draws is zero (Student's t). `None` with
/// fewer than two draws, or if all are equal and not zero.
pub(crate) fn p_value(draws: &[f64]) -> Option<f64> {
    let n = draws.len() as f64;
    let mean = draws.iter().sum::<f64>() / n;
    let squares: f64 = draws.iter().map(|x| (x - mean) * (x - mean)).sum();
    if draws.len() < 2 || (squares == 0.0 && mean != 0.0) {
        return None;
    }
    if mean == 0.0 {
        return Some(1.0);
    }
    let error = (squares / (n - 1.0) / n).sqrt();
    let law = StudentsT::new(0.0, 1.0, n - 1.0).ok()?;
    Some(2.0 * law.cdf(-(mean / error).abs()))
}

/// Holm's adjusted p-values (Holm 1979): below 5% where a mean differs from zero although this many are
/// looked at. Missing values stay missing and do not count as looks.
pub(crate) fn holm(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(f64, usize)> = p.iter().enumerate().filter_map(|(i, p)| Some(((*p)?, i))).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut adjusted = vec![None; p.len()];
    let (mut least, looks) = (0.0_f64, order.len());
    for (rank, (p, i)) in order.into_iter().enumerate() {
        least = least.max((looks - rank) as f64 * p).min(1.0);
        adjusted[i] = Some(least);
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Holm's own rule: the smallest p-value times the number of looks, the next times one less, never falling.
    #[test]
    fn values_are_adjusted_step_by_step() {
        let p = [Some(0.01), None, Some(0.04), Some(0.03), Some(0.005)];
        let found: Vec<Option<f64>> = holm(&p);
        let expected = [Some(0.03), None, Some(0.06), Some(0.06), Some(0.02)];
        for (a, b) in found.iter().zip(expected) {
            assert_eq!(a.is_some(), b.is_some());
            assert!((a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs() < 1e-12, "{found:?}");
        }
        assert_eq!(holm(&[Some(0.9), Some(0.8)]), [Some(1.0), Some(1.0)]);
    }

    /// Five draws with mean 2 and standard error 0.707: t = 2.83 with 4 degrees of freedom, p = 0.047.
    #[test]
    fn a_p_value_by_hand() {
        let p = p_value(&[0.0, 1.0, 2.0, 3.0, 4.0]).unwrap();
        assert!((p - 0.0474).abs() < 1e-3, "{p}");
        assert_eq!((p_value(&[1.0]), p_value(&[1.0, 1.0]), p_value(&[1.0, -1.0])), (None, None, Some(1.0)));
    }
}
