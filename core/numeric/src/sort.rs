//! The one order that several layers sort by.

/// Sorts pairs by number, the smallest first, then by position.
#[inline]
pub fn sort_pairs(pairs: &mut [(f64, usize)]) {
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
}
