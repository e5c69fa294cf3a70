//! Stable sorting where it is not hot. The standard library's sort is compiled anew for every type and every closure, 4 kB of
//! WebAssembly each; these all share one, of positions, at the price of an allocation and of a call through a pointer.

use core::cmp::Ordering;

/// Sorts by a comparison.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut order: Vec<u32> = (0..items.len() as u32).collect();
    positions(&mut order, &mut |a, b| match (items.get(a as usize), items.get(b as usize)) {
        (Some(a), Some(b)) => compare(a, b),
        // Positions are those of items.
        _ => Ordering::Equal,
    });
    // `order` is a permutation: each of its cycles is walked once, bringing to every place the item that belongs there.
    for start in 0..order.len() {
        let mut at = start;
        loop {
            let from = order[at] as usize;
            order[at] = at as u32;
            if from == start || from == at {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

/// Sorts by a key.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by the items' own order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts numbers, the smallest first.
pub fn sort_ascending(numbers: &mut [f64]) {
    sort_by(numbers, f64::total_cmp);
}

/// Sorts pairs by number, then by position: in place, for where it is hot.
#[inline(never)]
pub fn sort_pairs(pairs: &mut [(f64, usize)]) {
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
}

#[inline(never)]
fn positions(order: &mut [u32], compare: &mut dyn FnMut(u32, u32) -> Ordering) {
    // Positions break ties: stable, with the smaller of the library's two sorts.
    order.sort_unstable_by(|a, b| compare(*a, *b).then(a.cmp(b)));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The standard library's stable sort, for lists of every length up to 60 with many ties.
    #[test]
    fn as_the_standard_library_sorts() {
        let mut state = 7_u64;
        for length in 0..60 {
            let mut ours: Vec<(u64, usize)> = (0..length)
                .map(|i| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    ((state >> 33) % 9, i)
                })
                .collect();
            let mut theirs = ours.clone();
            sort_by(&mut ours, |a, b| a.0.cmp(&b.0));
            theirs.sort_by_key(|a| a.0);
            assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn keys_and_numbers() {
        let mut words = ["pear", "fig", "apple", "kiwi"];
        sort_by_key(&mut words, |w| w.len());
        assert_eq!(words, ["fig", "pear", "kiwi", "apple"]);
        sort(&mut words);
        assert_eq!(words, ["apple", "fig", "kiwi", "pear"]);
        let mut numbers = [2.0, -1.0, 0.5];
        sort_ascending(&mut numbers);
        assert!(numbers.windows(2).all(|w| w[0] < w[1]));
    }
}
