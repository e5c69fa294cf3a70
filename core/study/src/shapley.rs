//! Shapley values: what each of several changes contributes to a figure, whatever the order in which they
//! are made.
//!
//! Let `v(S)` be a figure with the changes `S` made. The Shapley value (Shapley 1953) of change `i` among `n`
//! is its marginal contribution `v(S + i) - v(S)`, averaged over all orders of making the changes. The values
//! add up to `v(all) - v(none)`.
//!
//! With up to [`MOST_EXACT`] changes all sets are run. With more, the average is taken over sampled orders in
//! antithetic pairs: an order and its reverse (Mitchell, Cooper, Frank and Holmes 2022, *Sampling
//! permutations for Shapley value estimation*, J. Mach. Learn. Res. 23). Each pair is one draw; its standard
//! error comes from the spread between pairs.

use unisleeve_numeric::{open_uniform, standard_deviation};

/// Largest number of changes whose sets are all run: 128 sets.
pub const MOST_EXACT: usize = 7;

/// Values of changes, in whole units such as ten-thousandths of a dollar.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// Value of each change. They add up to the total exactly.
    pub values: Vec<i64>,
    /// Standard error of each value from the sampling of orders, in the same unit. `None` if all sets were
    /// run, or if there is only one pair of orders.
    pub errors: Option<Vec<f64>>,
}

/// Values from all sets. `v` gives the figure of a set as bits; there are at most [`MOST_EXACT`] changes.
pub fn exact(changes: usize, v: &dyn Fn(usize) -> i64) -> Values {
    let n = changes.min(MOST_EXACT);
    let factorial = |k: usize| (1..=k as i128).product::<i128>();
    let whole = factorial(n);
    let sum_of = |i: usize| -> i128 {
        let without = (0..1usize << n).filter(|bits| bits & 1 << i == 0);
        without
            .map(|bits| {
                let size = bits.count_ones() as usize;
                let weight = factorial(size) * factorial(n - 1 - size);
                weight * (i128::from(v(bits | 1 << i)) - i128::from(v(bits)))
            })
            .sum()
    };
    let total = i128::from(v((1 << n) - 1)) - i128::from(v(0));
    Values { values: whole_units(&(0..n).map(sum_of).collect::<Vec<_>>(), whole, total), errors: None }
}

/// Values over sampled orders, which come in antithetic pairs ([`orders`]).
pub fn sampled(changes: usize, orders: &[Vec<usize>], v: &dyn Fn(usize) -> i64) -> Values {
    let mut sums = vec![0i128; changes];
    // The mean of each pair, by change.
    let mut draws: Vec<Vec<f64>> = vec![Vec::new(); changes];
    for pair in orders.chunks(2) {
        let mut of_pair = vec![0i128; changes];
        for order in pair {
            let mut set = 0;
            for i in order {
                let next = set | 1 << i;
                of_pair[*i] += i128::from(v(next)) - i128::from(v(set));
                set = next;
            }
        }
        for (i, x) in of_pair.iter().enumerate() {
            sums[i] += x;
            draws[i].push(*x as f64 / pair.len() as f64);
        }
    }
    let total = i128::from(v((1 << changes) - 1)) - i128::from(v(0));
    let error = |d: &Vec<f64>| standard_deviation(d).map(|s| s / libm::sqrt(d.len() as f64));
    Values {
        values: whole_units(&sums, orders.len().max(1) as i128, total),
        errors: draws.iter().map(error).collect(),
    }
}

/// `pairs` antithetic pairs of orders of `changes` changes: each order is followed by its reverse. The same
/// seed gives the same orders.
pub fn orders(changes: usize, pairs: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut state = seed;
    let mut all = Vec::with_capacity(2 * pairs);
    for _ in 0..pairs {
        let mut order: Vec<usize> = (0..changes).collect();
        for last in (1..changes).rev() {
            let at = (open_uniform(next(&mut state)) * (last + 1) as f64) as usize;
            order.swap(at.min(last), last);
        }
        let reverse = order.iter().rev().copied().collect();
        all.extend([order, reverse]);
    }
    all
}

/// `SplitMix64` (Steele, Lea and Flood 2014): good enough to shuffle a few orders.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Divides sums by `whole` in whole units that add up to `total`: the remainder goes to the largest
/// fractions.
fn whole_units(sums: &[i128], whole: i128, total: i128) -> Vec<i64> {
    let mut left = total;
    let mut values = Vec::with_capacity(sums.len());
    let mut remainders: Vec<(i128, usize)> = Vec::with_capacity(sums.len());
    for (i, sum) in sums.iter().enumerate() {
        let floor = sum.div_euclid(whole);
        left -= floor;
        values.push(i64::try_from(floor).unwrap_or_default());
        remainders.push((sum.rem_euclid(whole), i));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, i) in remainders.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        values[i] += 1;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORTH: [i64; 10] = [5, -3, 0, 11, 2, 0, 7, 100, -40, 1];

    fn additive(bits: usize) -> i64 {
        1_000 + (0..WORTH.len()).filter(|i| bits & 1 << i != 0).map(|i| WORTH[i]).sum::<i64>()
    }

    #[test]
    fn additive_games_give_each_its_own() {
        assert_eq!(exact(7, &additive).values, WORTH[..7]);
        let sampled = sampled(10, &orders(10, 4, 1), &additive);
        assert_eq!(sampled.values, WORTH);
        assert!(sampled.errors.unwrap().iter().all(|e| *e == 0.0));
    }

    /// Two changes that only work together get half of the value each. The odd unit goes to the first.
    #[test]
    fn what_two_do_together_is_shared_and_adds_up() {
        let v = |bits: usize| if bits & 0b11 == 0b11 { 7 } else { 0 };
        assert_eq!(exact(3, &v).values, [4, 3, 0]);
    }

    /// A rough game of ten changes: all 1,024 sets against sampled orders, whose values add up exactly and lie
    /// within four standard errors.
    #[test]
    fn sampled_orders_agree_with_all_sets() {
        let v = |bits: usize| {
            let n = bits.count_ones() as i64;
            additive(bits) * 100 + 37 * n * n + if bits & 0b101 == 0b101 { 900 } else { 0 }
        };
        let all: Vec<f64> = (0..10)
            .map(|i| {
                let factorial = |k: usize| (1..=k).fold(1.0, |f, k| f * k as f64);
                let without = (0..1024usize).filter(|b| b & 1 << i == 0);
                without.fold(0.0, |sum, b| {
                    let size = b.count_ones() as usize;
                    let weight = factorial(size) * factorial(9 - size) / factorial(10);
                    sum + weight * (v(b | 1 << i) - v(b)) as f64
                })
            })
            .collect();
        for seed in 0..20 {
            let found = sampled(10, &orders(10, 16, seed), &v);
            assert_eq!(found.values.iter().sum::<i64>(), v(1023) - v(0));
            for ((x, truth), error) in found.values.iter().zip(&all).zip(found.errors.unwrap()) {
                assert!((*x as f64 - truth).abs() <= 4.0 * error + 1.0, "seed {seed}: {x} {truth} {error}");
            }
        }
    }

    #[test]
    fn orders_are_permutations_followed_by_their_reverse() {
        let all = orders(12, 5, 7);
        assert_eq!((all.len(), &all), (10, &orders(12, 5, 7)));
        for pair in all.chunks(2) {
            let mut sorted = pair[0].clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..12).collect::<Vec<_>>());
            assert!(pair[0].iter().eq(pair[1].iter().rev()));
        }
    }
}
