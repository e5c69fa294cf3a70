//! The 95% interval of a mean over overlapping start dates, again: a stationary bootstrap (Politis and Romano
//! 1994), whose error is corrected for breaking neighbors apart and for few blocks. The documentation of the
//! interval in summary.json has the formula.

use unisleeve_core::numeric::{mean, standard_deviation, student_t};

const DRAWS: usize = 2_000;
const SEED: u64 = 0x005e_70b5;

/// Random numbers of `SplitMix64` (Steele, Lea and Flood 2014).
struct Draw {
    state: u64,
}

impl Draw {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn one_of(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }
}

/// The interval of the mean of `values`, in order of their start dates, of which `block` share data. `None`
/// where fewer than two blocks fit.
pub(super) fn interval(values: &[f64], block: usize) -> Option<[f64; 2]> {
    let (count, length) = (values.len(), block as f64);
    let blocks = count as f64 / length;
    if count < 2 || blocks < 2.0 {
        return None;
    }
    let mut draw = Draw { state: SEED };
    let mut means = Vec::new();
    for _ in 0..DRAWS {
        let (mut at, mut sum) = (draw.one_of(count), 0.0);
        for _ in 0..count {
            sum += values[at];
            // A block ends with the probability of one over its mean length.
            let uniform = (draw.next() >> 11) as f64 / (1u64 << 53) as f64;
            at = if uniform * length < 1.0 { draw.one_of(count) } else { (at + 1) % count };
        }
        means.push(sum / count as f64);
    }
    let lost = |k: usize| 2.0 * libm::pow(1.0 - 1.0 / length, k as f64) * (1.0 - k as f64 / length);
    let kept = (1..block).fold(1.0, |sum, k| sum + lost(k));
    let variance = length / kept * blocks / (blocks - 1.0);
    let half = student_t(blocks as usize - 1) * standard_deviation(&means)? * variance.sqrt();
    let center = mean(values)?;
    Some([center - half, center + half])
}
