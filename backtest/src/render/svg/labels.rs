//! Places labels at the ends of lines. Labels of lines that end close together are moved apart.

/// Vertical positions at least `gap` apart and in the order of `wanted`. They stay between `top` and `bottom`
/// as far as space permits.
pub(super) fn spread(wanted: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut heights = wanted.to_vec();
    let mut least = top;
    for i in &order {
        heights[*i] = if heights[*i] < least { least } else { heights[*i] };
        least = heights[*i] + gap;
    }
    let mut most = bottom;
    for i in order.iter().rev() {
        heights[*i] = if heights[*i] > most { most } else { heights[*i] };
        most = heights[*i] - gap;
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn labels_keep_their_order_and_their_distance() {
        assert_eq!(spread(&[50.0, 51.0, 10.0], 16.0, 0.0, 100.0), [50.0, 66.0, 10.0]);
        assert_eq!(spread(&[98.0, 99.0], 16.0, 0.0, 100.0), [84.0, 100.0]);
        assert!(spread(&[], 16.0, 0.0, 100.0).is_empty());
    }
}
