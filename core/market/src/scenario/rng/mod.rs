//! Random numbers: uniform bits from ChaCha8, and samplers on libm, which give the same bits on every
//! platform.

mod mixture;

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

pub(super) use mixture::Mixture;
use unisleeve_numeric::{normal_quantile, open_uniform};

/// What a stream of bits is used for. Each purpose of each path has its own bits, so that adding a fund
/// changes no stock.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// Traits of the names at the first session.
    Names = 1,
    /// The market factor.
    Market,
    /// Log volatility.
    Volatility,
    /// Sector factors.
    Sectors,
    /// Style factors.
    Styles,
    /// One asset class.
    Class,
    /// Specific returns of stocks.
    Specific,
    /// Number of mergers, delistings and deletions.
    Events,
    /// Which stocks merge or fail.
    Victims,
    /// Traits of additions.
    Additions,
    /// Tracking error of a fund.
    Fund,
    /// Blocks of sessions in a bootstrap.
    Blocks,
}

/// A stream of uniform bits. Seed, purpose and number are the cipher's key; the path is its stream number.
#[derive(Debug)]
pub(super) struct Stream(ChaCha8Rng);

/// Stream number of the history that all paths share. Paths count from 0.
pub(super) const HISTORY: u64 = u64::MAX;

impl Stream {
    /// Stream number `which` of a purpose.
    pub(super) fn new(seed: u64, path: u64, purpose: Purpose, which: usize) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&(purpose as u64).to_le_bytes());
        key[16..24].copy_from_slice(&(which as u64).to_le_bytes());
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(path);
        Self(rng)
    }

    /// 64 uniform bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Fills a slice with uniform bits, 64 for each entry.
    pub(super) fn fill(&mut self, bits: &mut [u64]) {
        for b in bits {
            *b = self.0.next_u64();
        }
    }

    /// Uniform in (0, 1).
    pub(super) fn uniform(&mut self) -> f64 {
        open_uniform(self.bits())
    }

    /// Standard normal.
    pub(super) fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    /// A uniform whole number below `n`, which must be above zero. The bias is below 2^-40 for the small `n`
    /// used here.
    pub(super) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    /// A Poisson count with mean `mean`, by inversion; at most 1,000.
    pub(super) fn count(&mut self, mean: f64) -> usize {
        let u = self.uniform();
        let mut p = libm::exp(-mean);
        let (mut sum, mut n) = (p, 0);
        while u > sum && n < 1_000 {
            n += 1;
            p *= mean / f64::from(n);
            sum += p;
        }
        n as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_path_purpose_and_number_alone() {
        let first = |seed, path, purpose, which| Stream::new(seed, path, purpose, which).bits();
        let a = first(1, 0, Purpose::Market, 0);
        assert_eq!(a, first(1, 0, Purpose::Market, 0));
        for b in [
            first(2, 0, Purpose::Market, 0),
            first(1, 1, Purpose::Market, 0),
            first(1, 0, Purpose::Specific, 0),
            first(1, 0, Purpose::Market, 1),
        ] {
            assert_ne!(a, b);
        }
    }

    #[test]
    fn counts_have_their_mean_and_variance() {
        let mut s = Stream::new(3, 0, Purpose::Events, 0);
        let n = 20_000;
        let draws: Vec<f64> = (0..n).map(|_| s.count(2.5) as f64).collect();
        let mean = draws.iter().sum::<f64>() / f64::from(n);
        let variance = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(n);
        assert!((mean - 2.5).abs() < 0.04 && (variance - 2.5).abs() < 0.12, "{mean} {variance}");
    }
}
