//! Quantiles of a list of numbers.

/// The value at the part `p` (0 to 1) of an ascending list, between neighbors by their distance (Hyndman and Fan 1996,
/// definition 7). `None` for an empty list.
pub fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = p * last as f64;
    let below = libm::floor(at) as usize;
    let (low, high) = (*sorted.get(below)?, *sorted.get((below + 1).min(last))?);
    Some(low + (at - below as f64) * (high - low))
}

/// The median, in any order: the mean of the middle two of an even number. `None` for an empty list.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    quantile(&values, 0.5)
}

#[cfg(test)]
mod tests {
    use super::{median, quantile};

    #[test]
    fn quantiles_lie_between_neighbors() {
        let values = [1.0, 2.0, 4.0, 8.0, 16.0];
        assert_eq!(quantile(&values, 0.5), Some(4.0));
        assert_eq!(quantile(&values, 0.9), Some(8.0 + 0.6 * 8.0));
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[3.0], 0.05), Some(3.0));
    }

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_middle_two() {
        assert_eq!(median(vec![8.0, 1.0, 4.0, 2.0]), Some(3.0));
        assert_eq!(median(vec![5.0, 1.0, 4.0]), Some(4.0));
        assert_eq!(median(Vec::new()), None);
    }
}
