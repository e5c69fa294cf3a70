//! A total order for pairs of a number and an index.

/// Sorts by number, smallest first, then by index. The result does not depend on the input order.
#[inline]
pub fn sort_pairs(pairs: &mut [(f64, usize)]) {
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
}
