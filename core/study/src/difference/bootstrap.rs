//! A confidence interval for the mean of figures from overlapping start dates.
//!
//! Runs that overlap share years, so their figures are no independent draws. The stationary bootstrap (Politis
//! and Romano 1994) draws blocks of neighboring start dates, of geometric length with a given mean, around the
//! circle of all dates; the standard error is the standard deviation of the drawn means.
//!
//! Two corrections, checked by simulation:
//!
//! - Breaking neighbors apart loses covariance. Where `L` runs share data, those `k` apart correlate as
//!   `1 - k / L`, so the variance is scaled by `L / (1 + 2 Σ_(k<L) (1 - 1/L)^k (1 - k/L))`.
//! - With few blocks the error is itself uncertain, and too small: `n` dates hold about `m = n / L` independent
//!   draws. The variance is scaled by `m / (m - 1)`, and the interval takes Student's t with `m - 1` degrees of
//!   freedom.

use unisleeve_numeric::{mean, standard_deviation, student_t};

/// Drawn samples.
const DRAWS: usize = 2_000;
/// Seed of the draws.
const SEED: u64 = 0x5e7_0b5;

/// `SplitMix64` (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in `[0, 1)`.
    fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.bits() % n as u64) as usize
    }
}

/// 95% confidence interval of the mean of `values`, given in the order of their start dates, of which
/// `overlapping` share data. `None` with fewer than two values or fewer than two blocks.
pub fn interval(values: &[f64], overlapping: usize) -> Option<[f64; 2]> {
    let (n, block) = (values.len(), overlapping.max(1));
    let blocks = n as f64 / block as f64;
    let center = mean(values)?;
    if n < 2 || blocks < 2.0 {
        return None;
    }
    let mut random = Random(SEED);
    let mut means = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        let (mut at, mut sum) = (random.below(n), 0.0);
        for _ in 0..n {
            sum += values[at];
            let is_new_block = random.unit() * (block as f64) < 1.0;
            at = if is_new_block { random.below(n) } else { (at + 1) % n };
        }
        means.push(sum / n as f64);
    }
    let (mut kept, mut part) = (1.0, 1.0);
    for k in 1..block {
        part *= 1.0 - 1.0 / block as f64;
        kept += 2.0 * part * (1.0 - k as f64 / block as f64);
    }
    let scale = block as f64 / kept * blocks / (blocks - 1.0);
    let error = standard_deviation(&means)? * scale.sqrt();
    let half = student_t(blocks as usize - 1) * error;
    Some([center - half, center + half])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Averages over five years of independent yearly draws, from start dates a year apart.
    fn overlapping(random: &mut Random, dates: usize) -> Vec<f64> {
        let mut normal = || {
            let mut sum = -6.0;
            (0..12).for_each(|_| sum += random.unit());
            sum
        };
        let years: Vec<f64> = (0..dates + 4).map(|_| normal()).collect();
        years.windows(5).map(|w| mean(w).unwrap()).collect()
    }

    /// The interval holds the true mean, zero, in about 95% of samples, even with few blocks.
    #[test]
    fn it_covers_the_truth() {
        for dates in [12, 20, 40] {
            let mut random = Random(7);
            let trials = 300;
            let holds =
                |values: &[f64]| interval(values, 5).is_some_and(|[low, high]| low < 0.0 && high > 0.0);
            let held = (0..trials).filter(|_| holds(&overlapping(&mut random, dates))).count();
            let share = held as f64 / f64::from(trials);
            println!("seed 7, {dates} start dates: {share}");
            assert!((0.91..=1.0).contains(&share), "{dates} start dates: {share}");
        }
    }

    #[test]
    fn independent_draws_get_the_usual_interval() {
        let values: Vec<f64> = (0..50).map(|i| f64::from(i % 10)).collect();
        let [low, high] = interval(&values, 1).unwrap();
        let usual = student_t(49) * standard_deviation(&values).unwrap() / 50.0_f64.sqrt();
        assert!(((high - low) / 2.0 / usual - 1.0).abs() < 0.05, "{low} to {high}, usually {usual}");
        assert!((0.5 * (low + high) - 4.5).abs() < 1e-12);
    }

    #[test]
    fn too_few_start_dates_have_none() {
        assert_eq!(interval(&[], 1), None);
        assert_eq!(interval(&[1.0], 1), None);
        assert_eq!(interval(&[1.0, 2.0, 3.0], 2), None);
    }
}
